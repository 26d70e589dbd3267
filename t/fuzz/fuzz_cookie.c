/* Any bytes as a Cookie header: a value is found once or not at all, and none
 * verifies but what the keys have signed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/cookie.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define TENANT "0f8fad5b-d9cb-469f-a165-70867728950e"
#define NOW 1700000000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The keys of the seeds: 01 01 … for key 1, 02 02 … for key 2. */
static void make_keys(kuji_keyfile_t *keys)
{
    int i;

    memset(keys, 0, sizeof(*keys));
    keys->ncookies = 2;
    for (i = 0; i < 2; i++) {
        keys->cookies[i].id = (uint32_t)i + 1;
        memset(keys->cookies[i].key, i + 1, KUJI_KEY_LEN);
    }
}

static void check(const kuji_keyfile_t *keys, const char *value)
{
    char id[KUJI_COOKIE_ID_LEN + 1], again[KUJI_COOKIE_MAX];
    int64_t expires;
    int current;

    if (kuji_cookie_verify(id, &expires, &current, keys, TENANT, value, NOW)) {
        return;
    }
    kuji_cookie_sign(again, keys, TENANT, id, expires);
    if (strlen(id) != KUJI_COOKIE_ID_LEN || expires <= NOW ||
        (current && strcmp(again, value) != 0)) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const names[] = {"kuji", "__Host-kuji"};
    kuji_keyfile_t keys;
    apr_pool_t *pool;
    const char *header, *value;
    unsigned i;

    apr_pool_create(&pool, NULL);
    make_keys(&keys);
    header = apr_pstrmemdup(pool, (const char *)data, size);
    for (i = 0; i < 2; i++) {
        if (kuji_cookie_find(&value, header, names[i], pool) == APR_SUCCESS) {
            check(&keys, value);
        }
    }
    apr_pool_destroy(pool);
    return 0;
}
