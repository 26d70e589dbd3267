/* Any bytes as a name, a phone number, a mail address, a tracking number: what
 * comes out is short, well-formed, and stays the same when it is normalised
 * again; and a name is found by itself.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/name.h"
#include "core/person.h"
#include "core/utf8.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_utf8(const char *text)
{
    apr_size_t left = strlen(text), used;
    uint32_t c;

    for (; left > 0; text += used, left -= used) {
        used = kuji_utf8_next(&c, (const unsigned char *)text, left);
        if (used == 0) {
            abort();
        }
    }
}

static void check_found(const char *text)
{
    const kuji_name_query_t *query;
    apr_pool_t *pool;
    json_t *data = json_object();

    apr_pool_create(&pool, NULL);
    json_object_set_new(data, "name", json_string(text));
    kuji_name_query(&query, text, pool);
    if (query && !kuji_name_matches(query, data)) {
        abort();
    }
    json_decref(data);
    apr_pool_destroy(pool);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char out[KUJI_IDENTIFIER_MAX + 1], again[KUJI_IDENTIFIER_MAX + 1];
    int kind;

    for (kind = 0; kind < KUJI_IDENTIFIER_LAST; kind++) {
        if (kuji_identifier_normalise(out, (kuji_identifier_e)kind,
                                      (const char *)data, size)) {
            continue;
        }
        if (!*out || strlen(out) > KUJI_IDENTIFIER_MAX) {
            abort();
        }
        check_utf8(out);
        if (kuji_identifier_normalise(again, (kuji_identifier_e)kind, out,
                                      strlen(out)) == APR_SUCCESS &&
            strcmp(out, again) != 0) {
            abort();
        }
        if (kind == KUJI_IDENTIFIER_NAME) {
            check_found(out);
        }
    }
    if (kuji_person_tracking(out, (const char *)data, size) == APR_SUCCESS &&
        (!*out || strlen(out) > KUJI_TRACKING_MAX)) {
        abort();
    }
    return 0;
}
