/* Any bytes as a pass: none verifies but what the keys have signed, for the
 * scope that it was signed for.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/pass.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define TENANT "0f8fad5b-d9cb-469f-a165-70867728950e"
#define CAMPAIGN "7c9e6679-7425-40de-944b-e07fc1f90ae7"
#define SESSION "AAECAwQFBgcICQoLDA0ODw"
#define NOW 1700000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The key of the seeds: 01 01 … */
static void make_keys(kuji_keyfile_t *keys)
{
    memset(keys, 0, sizeof(*keys));
    keys->ncookies = 1;
    keys->cookies[0].id = 1;
    memset(keys->cookies[0].key, 1, KUJI_KEY_LEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const kuji_pass_scope_t scope = {"mail", TENANT, CAMPAIGN, SESSION};
    static const kuji_pass_scope_t other = {"link", TENANT, CAMPAIGN, SESSION};
    const char *id, *value;
    unsigned marks;
    kuji_keyfile_t keys;
    apr_pool_t *pool;

    apr_pool_create(&pool, NULL);
    make_keys(&keys);
    value = apr_pstrmemdup(pool, (const char *)data, size);
    if (kuji_pass_verify(&id, &marks, &keys, &scope, value, NOW, pool) ==
        APR_SUCCESS) {
        if (!*id || strlen(id) > KUJI_PASS_ID_MAX ||
            kuji_pass_verify(&id, &marks, &keys, &other, value, NOW, pool) ==
                APR_SUCCESS) {
            abort();
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
