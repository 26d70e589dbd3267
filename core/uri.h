/* Queries and forms, written.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_URI_H
#define KUJI_CORE_URI_H

#include <apr_pools.h>

/** text with everything but RFC 3986's unreserved characters as %XX: good in a
 * path, a query, and a form's body. */
const char *kuji_uri_escape(const char *text, apr_pool_t *pool);

/** "name=value&…" of pairs; a NULL name ends them, a NULL value leaves its name
 * out. */
typedef struct kuji_uri_pair_t {
    const char *name, *value;
} kuji_uri_pair_t;
const char *kuji_uri_form(const kuji_uri_pair_t *pairs, apr_pool_t *pool);

#endif
