/* Any bytes as a form's date and time: what is taken is written back alike.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/zone.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    apr_pool_t *pool;
    const kuji_zone_t *zone;
    const char *text;
    int64_t ms;

    apr_pool_create(&pool, NULL);
    zone = kuji_zone_load("Asia/Tokyo", pool);
    text = apr_pstrmemdup(pool, (const char *)data, size);
    if (kuji_zone_read_local(&ms, zone, text) == APR_SUCCESS &&
        (ms < -9 * 3600000 ||
         strncmp(kuji_zone_local(zone, ms, pool), text, 16))) {
        abort();
    }
    apr_pool_destroy(pool);
    return 0;
}
