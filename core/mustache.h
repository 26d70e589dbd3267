/* Mustache templates over jansson values: the whole public spec without
 * lambdas, inheritance included. Beyond it, {{#count.is_one}} asks whether a
 * number, or a text of one, is 1: English has another word then. A compiled set
 * is immutable and may be rendered by many threads.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_MUSTACHE_H
#define KUJI_CORE_MUSTACHE_H

#include <apr_pools.h>
#include <jansson.h>

typedef struct kuji_mustache_t kuji_mustache_t;

/** Finds the source of partial or parent name; NULL: there is none (renders as
 * nothing). Called at render time; memory lives as long as the render. */
typedef const kuji_mustache_t *kuji_mustache_find_fn(void *baton,
                                                     const char *name);

/** Compiles text; result in pool, text is copied. KUJI_EINVAL with *why (line
 * and reason, in pool). */
apr_status_t kuji_mustache_compile(const kuji_mustache_t **out,
                                   const char **why, const char *text,
                                   apr_size_t len, apr_pool_t *pool);

/** Renders over data (borrowed) into *out, zero-terminated, in pool.
 * KUJI_ETOOBIG past max_len bytes or 64 levels of nesting. find may be NULL. */
apr_status_t kuji_mustache_render(const char **out, apr_size_t *out_len,
                                  const kuji_mustache_t *tmpl, json_t *data,
                                  kuji_mustache_find_fn *find, void *baton,
                                  apr_size_t max_len, apr_pool_t *pool);

/** As kuji_mustache_render, for what is no HTML: values stand as they are, and
 * partials are nothing. */
apr_status_t kuji_mustache_render_text(const char **out, apr_size_t *out_len,
                                       const kuji_mustache_t *tmpl,
                                       json_t *data, apr_size_t max_len,
                                       apr_pool_t *pool);

/** The name of the first tag that is neither a value nor a section of one of
 * names (NULL-terminated), in pool; NULL: there is none. */
const char *kuji_mustache_stranger(const kuji_mustache_t *tmpl,
                                   const char *const *names, apr_pool_t *pool);

#endif
