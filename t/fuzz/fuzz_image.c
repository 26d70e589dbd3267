/* Any bytes as an image: what comes out is within its bounds and stays the same
 * when it is rewritten again.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/image.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const kuji_image_t *a, apr_pool_t *pool)
{
    kuji_image_t b;
    const char *why;

    if (a->width < 1 || a->height < 1 || a->width > KUJI_IMAGE_SIDE_MAX ||
        a->height > KUJI_IMAGE_SIDE_MAX ||
        a->width * a->height > KUJI_IMAGE_AREA_MAX ||
        kuji_image_clean(&b, &why, a->bytes, a->len, pool) || a->len != b.len ||
        memcmp(a->bytes, b.bytes, a->len) || a->type != b.type ||
        a->width != b.width || a->height != b.height) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool;
    kuji_image_t image;
    const char *why = NULL;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    if (!kuji_image_clean(&image, &why, data, size, pool)) {
        check(&image, pool);
    }
    else if (!why) {
        abort();
    }
    apr_pool_destroy(pool);
    return 0;
}
