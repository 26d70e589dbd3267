/* Any bytes as an ID token: what parses has its parts, and no key fits it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/jwt.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const unsigned char x[KUJI_P256_LEN] = {1};
    static apr_pool_t *pool;
    const kuji_jwt_t *jwt;

    if (!pool && (apr_initialize() || apr_pool_create(&pool, NULL))) {
        abort();
    }
    if (kuji_jwt_parse(&jwt, apr_pstrmemdup(pool, (const char *)data, size),
                       pool) == APR_SUCCESS &&
        (!json_is_object(jwt->claims) ||
         kuji_jwt_verify_hs256(jwt, "no key", 6) == APR_SUCCESS ||
         kuji_jwt_verify_es256(jwt, x, x) == APR_SUCCESS)) {
        abort();
    }
    apr_pool_clear(pool);
    return 0;
}
