/* Exif: the one entry that changes how a picture is shown.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/image_int.h"

#define ORIENTATION 0x0112
#define TYPE_SHORT 3

static uint32_t number(const unsigned char *in, int bytes, int big)
{
    uint32_t n = 0;
    int i;

    for (i = 0; i < bytes; i++) {
        n = n << 8 | in[big ? i : bytes - 1 - i];
    }
    return n;
}

/* The first directory's entry, 12 bytes: tag, type, count, value. */
static int entry(const unsigned char *e, int big)
{
    uint32_t value = number(e + 8, 2, big);

    if (number(e, 2, big) != ORIENTATION ||
        number(e + 2, 2, big) != TYPE_SHORT || number(e + 4, 4, big) != 1) {
        return 0;
    }
    return value >= 1 && value <= 8 ? (int)value : 0;
}

int kuji_image__orientation(const unsigned char *tiff, apr_size_t len)
{
    int big, found;
    uint32_t at, count;

    if (len < 8 || (memcmp(tiff, "MM\0*", 4) && memcmp(tiff, "II*", 4))) {
        return 1;
    }
    big = *tiff == 'M';
    at = number(tiff + 4, 4, big);
    if (at > len || len - at < 2) {
        return 1;
    }
    count = number(tiff + at, 2, big);
    for (at += 2; count && len - at >= 12; count--, at += 12) {
        found = entry(tiff + at, big);
        if (found) {
            return found;
        }
    }
    return 1;
}
