/* Any bytes as Japan Post's list: every place that comes out has a code of
 * seven digits, a prefecture, a city, and a town without brackets.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/postal.h"

#include <apr_general.h>
#include <apr_pools.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static apr_status_t see(void *baton, const kuji_postal_place_t *p)
{
    (void)baton;
    if (strlen(p->code) != KUJI_POSTAL_LEN ||
        strspn(p->code, "0123456789") != KUJI_POSTAL_LEN ||
        !kuji_is_prefecture(p->prefecture) || !*p->city ||
        strlen(p->town) > KUJI_POSTAL_NAME_MAX || strstr(p->town, "（")) {
        abort();
    }
    return APR_SUCCESS;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *why = NULL;
    int64_t line = 0;
    apr_pool_t *pool;
    apr_status_t rv;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    rv = kuji_postal_read(&line, &why, (const char *)data, size, see, NULL,
                          pool);
    if (rv != APR_SUCCESS && !why) {
        abort();
    }
    apr_pool_destroy(pool);
    return 0;
}
