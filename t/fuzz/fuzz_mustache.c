/* Any bytes as a template, rendered over a fixed document, itself among its
 * partials.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/mustache.h"

#include <apr_general.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char document[] =
    "{\"a\":\"<x>\",\"b\":{\"c\":{\"d\":1}},\"l\":[1,\"2\",[3],{\"a\":null}],"
    "\"t\":true,\"f\":false}";

typedef struct set_t {
    const kuji_mustache_t *input, *parent;
} set_t;

static const kuji_mustache_t *find(void *baton, const char *name)
{
    const set_t *set = baton;

    return *name == 's' ? set->input : *name == 'p' ? set->parent : NULL;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char parent[] = "[\n  {{$x}}\n    y\n  {{/x}}\n{{$z}}{{/z}}]";
    const char *out, *why = NULL;
    apr_pool_t *pool;
    apr_size_t len;
    json_t *doc;
    set_t set;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    doc = json_loads(document, 0, NULL);
    if (doc &&
        !kuji_mustache_compile(&set.parent, &why, parent, strlen(parent),
                               pool) &&
        !kuji_mustache_compile(&set.input, &why, (const char *)data, size,
                               pool)) {
        kuji_mustache_render(&out, &len, set.input, doc, find, &set, 1 << 16,
                             pool);
    }
    json_decref(doc);
    apr_pool_destroy(pool);
    return 0;
}
