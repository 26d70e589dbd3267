/* SPDX-License-Identifier: Apache-2.0 */
#include "web/json.h"

#include <apr_strings.h>

static apr_status_t release(void *doc)
{
    json_decref(doc);
    return APR_SUCCESS;
}

apr_status_t kuji_json_object(json_t **doc, const char **why, const char *text,
                              apr_size_t len, apr_pool_t *pool)
{
    json_error_t error;

    *doc = json_loadb(text, len, JSON_REJECT_DUPLICATES, &error);
    if (!*doc) {
        *why = apr_psprintf(pool, "no valid JSON at byte %d", error.position);
        return KUJI_EINVAL;
    }
    apr_pool_cleanup_register(pool, *doc, release, apr_pool_cleanup_null);
    *why = "the body must be a JSON object";
    return json_is_object(*doc) ? APR_SUCCESS : KUJI_EINVAL;
}
