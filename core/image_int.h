/* Inside of core/image*.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_IMAGE_INT_H
#define KUJI_CORE_IMAGE_INT_H

#include "core/image.h"

#include <stdint.h>
#include <string.h>

/** An image on its way from `at` to `out`. What is written is never longer
 * than what was read, but for KUJI_IMAGE_SLACK bytes. */
typedef struct kuji_image_work_t {
    const unsigned char *at, *end;
    unsigned char *out; /* where the next byte goes */
    int width, height;
    const char *why; /* what is wrong; NULL so far */
} kuji_image_work_t;

#define KUJI_IMAGE_SLACK 64

/** Each returns 1, or 0 with w->why. */
int kuji_image__png(kuji_image_work_t *w);
int kuji_image__jpeg(kuji_image_work_t *w);
int kuji_image__gif(kuji_image_work_t *w);
int kuji_image__webp(kuji_image_work_t *w);

/** 1 to 8 of an Exif block (what follows "Exif" 00 00); 1 if it says nothing.
 */
int kuji_image__orientation(const unsigned char *tiff, apr_size_t len);

/** 0, with the reason. */
static inline int kuji_image__bad(kuji_image_work_t *w, const char *why)
{
    w->why = why;
    return 0;
}

static inline int kuji_image__has(const kuji_image_work_t *w, apr_size_t len)
{
    return (apr_size_t)(w->end - w->at) >= len;
}

static inline void kuji_image__put(kuji_image_work_t *w, const void *bytes,
                                   apr_size_t len)
{
    memcpy(w->out, bytes, len);
    w->out += len;
}

/** Takes the picture's size over; 0 where it is out of bounds. */
int kuji_image__size(kuji_image_work_t *w, uint32_t width, uint32_t height);

#define KUJI_IMAGE_CUT "the image is cut off"
#define KUJI_IMAGE_DAMAGED "the image is damaged"

#endif
