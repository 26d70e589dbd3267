/* Any bytes as a JSON body: what is accepted is an object that reads the same
 * after it was written again.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/json.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(json_t *doc, apr_pool_t *pool)
{
    const char *why;
    json_t *again;
    char *text = json_dumps(doc, JSON_COMPACT);

    if (!json_is_object(doc) || !text) {
        abort();
    }
    if (kuji_json_object(&again, &why, text, strlen(text), pool) ||
        !json_equal(doc, again)) {
        abort();
    }
    free(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *why = NULL;
    apr_pool_t *pool;
    json_t *doc;

    apr_pool_create(&pool, NULL);
    if (kuji_json_object(&doc, &why, (const char *)data, size, pool) ==
        APR_SUCCESS) {
        check(doc, pool);
    }
    else if (!why) {
        abort();
    }
    apr_pool_destroy(pool);
    return 0;
}
