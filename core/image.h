/* Uploaded images: recognised by their content, bounded, and rewritten without
 * anything that is not the picture. Only the container is read; no pixel is
 * decoded, so that no decoder stands between a stranger's bytes and us.
 *
 * Sources: PNG (W3C, third edition), JPEG (ITU-T T.81, JFIF), GIF89a, WebP
 * (RFC 9649).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_IMAGE_H
#define KUJI_CORE_IMAGE_H

#include "core/error.h"

#include <apr_pools.h>

/** Largest upload, bytes. */
#define KUJI_IMAGE_MAX ((apr_size_t)5 * 1024 * 1024)
/** Longest side and largest area, pixels: what a phone's browser can hold. */
#define KUJI_IMAGE_SIDE_MAX 8192
#define KUJI_IMAGE_AREA_MAX 40000000

typedef enum kuji_image_type_e {
    KUJI_IMAGE_PNG,
    KUJI_IMAGE_JPEG,
    KUJI_IMAGE_WEBP,
    KUJI_IMAGE_GIF,
    KUJI_IMAGE_TYPES
} kuji_image_type_e;

typedef struct kuji_image_t {
    kuji_image_type_e type;
    int width, height;          /* pixels, as shown (after a JPEG's turning) */
    const unsigned char *bytes; /* rewritten, in pool */
    apr_size_t len;
} kuji_image_t;

/** Rewrites an image. Kept: what browsers need to show it, an animation's loop
 * count and a JPEG's orientation. Gone: Exif, XMP, ICC profiles (colours read
 * as sRGB), texts, comments, thumbnails, unknown parts and whatever follows the
 * image's end. Rewriting the result changes nothing.
 *
 * KUJI_ETOOBIG: larger than KUJI_IMAGE_MAX. KUJI_EINVAL: none of the four
 * types, or cut off, damaged, too many pixels; *why says which in one English
 * sentence. */
apr_status_t kuji_image_clean(kuji_image_t *image, const char **why,
                              const void *bytes, apr_size_t len,
                              apr_pool_t *pool);

/** "image/png"; "png". */
const char *kuji_image_mime(kuji_image_type_e type);
const char *kuji_image_ext(kuji_image_type_e type);

/* An image is called by the SHA-256 of its bytes and its type's extension:
 * 64 lower-case hex digits, a dot, "png", "jpg", "webp" or "gif". */
#define KUJI_IMAGE_HASH_LEN 32
#define KUJI_IMAGE_NAME_MAX 69

/** out has room for KUJI_IMAGE_NAME_MAX + 1. */
void kuji_image_name(char *out, const unsigned char hash[KUJI_IMAGE_HASH_LEN],
                     kuji_image_type_e type);
/** Whether name, len bytes, is an image's; hash and type may be NULL. */
int kuji_image_name_read(unsigned char *hash, kuji_image_type_e *type,
                         const char *name, apr_size_t len);

#endif
