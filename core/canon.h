/* Canonical JSON: RFC 8785 over strings, integers within +-(2^53 - 1),
 * booleans, null, arrays and objects (fairness.md, preamble). Reals do not
 * exist here, so no number formatting can ever be ambiguous.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CANON_H
#define KUJI_CORE_CANON_H

#include <apr_pools.h>
#include <jansson.h>

/** Deepest nesting of arrays and objects. */
#define KUJI_CANON_DEPTH 64

/** Writes value canonically into *bytes (in pool, zero-terminated, *len without
 * the zero). KUJI_EINVAL for a real or an integer out of range, KUJI_ETOOBIG
 * below KUJI_CANON_DEPTH levels. */
apr_status_t kuji_canon_dump(const char **bytes, apr_size_t *len,
                             const json_t *value, apr_pool_t *pool);

/** Parses bytes that must be canonical already: no duplicate key, no spare
 * space, well-formed Unicode. *value is released with pool. On KUJI_EINVAL
 * *why says in English what is wrong (in pool or static). An array or an
 * object only. */
apr_status_t kuji_canon_load(json_t **value, const char **why,
                             const char *bytes, apr_size_t len,
                             apr_pool_t *pool);

/** Writes text as a JSON string with its quotes into out, which has room for
 * 6 * len + 2 bytes; returns the length. NULL out only counts. */
apr_size_t kuji_canon_string(char *out, const char *text, apr_size_t len);

#endif
