/* Which type an image is, its bounds and its name.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/image_int.h"

typedef struct format_t {
    const char *mime, *ext;
    int (*clean)(kuji_image_work_t *w);
} format_t;

static const format_t formats[KUJI_IMAGE_TYPES] = {
    [KUJI_IMAGE_PNG] = {"image/png", "png", kuji_image__png},
    [KUJI_IMAGE_JPEG] = {"image/jpeg", "jpg", kuji_image__jpeg},
    [KUJI_IMAGE_WEBP] = {"image/webp", "webp", kuji_image__webp},
    [KUJI_IMAGE_GIF] = {"image/gif", "gif", kuji_image__gif},
};

const char *kuji_image_mime(kuji_image_type_e type)
{
    return formats[type].mime;
}

const char *kuji_image_ext(kuji_image_type_e type)
{
    return formats[type].ext;
}

int kuji_image__size(kuji_image_work_t *w, uint32_t width, uint32_t height)
{
    if (!width || !height) {
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    if (width > KUJI_IMAGE_SIDE_MAX || height > KUJI_IMAGE_SIDE_MAX ||
        width * height > KUJI_IMAGE_AREA_MAX) {
        return kuji_image__bad(w, "the image has more than 8192 pixels on a "
                                  "side or 40 million in all");
    }
    w->width = (int)width;
    w->height = (int)height;
    return 1;
}

/* -1: none of ours. */
static int type_of(const unsigned char *bytes, apr_size_t len)
{
    if (len >= 8 && !memcmp(bytes, "\x89PNG\r\n\x1a\n", 8)) {
        return KUJI_IMAGE_PNG;
    }
    if (len >= 3 && !memcmp(bytes, "\xff\xd8\xff", 3)) {
        return KUJI_IMAGE_JPEG;
    }
    if (len >= 6 &&
        (!memcmp(bytes, "GIF87a", 6) || !memcmp(bytes, "GIF89a", 6))) {
        return KUJI_IMAGE_GIF;
    }
    if (len >= 12 && !memcmp(bytes, "RIFF", 4) &&
        !memcmp(bytes + 8, "WEBP", 4)) {
        return KUJI_IMAGE_WEBP;
    }
    return -1;
}

apr_status_t kuji_image_clean(kuji_image_t *image, const char **why,
                              const void *bytes, apr_size_t len,
                              apr_pool_t *pool)
{
    kuji_image_work_t w = {.at = bytes};
    int type;

    if (len > KUJI_IMAGE_MAX) {
        *why = "the image has more than 5 MiB";
        return KUJI_ETOOBIG;
    }
    type = type_of(bytes, len);
    if (type < 0) {
        *why = "not a PNG, JPEG, WebP or GIF image";
        return KUJI_EINVAL;
    }
    w.end = w.at + len;
    w.out = apr_palloc(pool, len + KUJI_IMAGE_SLACK);
    image->bytes = w.out;
    if (!formats[type].clean(&w)) {
        *why = w.why;
        return KUJI_EINVAL;
    }
    image->type = (kuji_image_type_e)type;
    image->width = w.width;
    image->height = w.height;
    image->len = (apr_size_t)(w.out - image->bytes);
    return APR_SUCCESS;
}

/* -- names ----------------------------------------------------------------- */

void kuji_image_name(char *out, const unsigned char hash[KUJI_IMAGE_HASH_LEN],
                     kuji_image_type_e type)
{
    static const char digits[] = "0123456789abcdef";
    int i;

    for (i = 0; i < KUJI_IMAGE_HASH_LEN; i++) {
        *out++ = digits[hash[i] >> 4];
        *out++ = digits[hash[i] & 15];
    }
    *out++ = '.';
    strcpy(out, formats[type].ext);
}

static int hex_value(char c)
{
    return c >= '0' && c <= '9'   ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
                                  : -1;
}

static int read_ext(kuji_image_type_e *type, const char *ext, apr_size_t len)
{
    int i;

    for (i = 0; i < KUJI_IMAGE_TYPES; i++) {
        if (strlen(formats[i].ext) == len &&
            !memcmp(formats[i].ext, ext, len)) {
            if (type) {
                *type = (kuji_image_type_e)i;
            }
            return 1;
        }
    }
    return 0;
}

int kuji_image_name_read(unsigned char *hash, kuji_image_type_e *type,
                         const char *name, apr_size_t len)
{
    int i, high, low;

    if (len < 2 * KUJI_IMAGE_HASH_LEN + 1 ||
        name[2 * KUJI_IMAGE_HASH_LEN] != '.') {
        return 0;
    }
    for (i = 0; i < KUJI_IMAGE_HASH_LEN; i++) {
        high = hex_value(name[2 * i]);
        low = hex_value(name[2 * i + 1]);
        if (high < 0 || low < 0) {
            return 0;
        }
        if (hash) {
            hash[i] = (unsigned char)(high << 4 | low);
        }
    }
    return read_ext(type, name + 2 * KUJI_IMAGE_HASH_LEN + 1,
                    len - 2 * KUJI_IMAGE_HASH_LEN - 1);
}
