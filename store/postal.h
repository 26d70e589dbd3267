/* Postal codes and their places: the installation's, no tenant's.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_POSTAL_H
#define KUJI_STORE_POSTAL_H

#include "core/postal.h"
#include "store/pg.h"

/** Replaces the list by a file's (kuji_postal_read) in one transaction; *count
 * places. sample: it is the shipped sample, not the whole list. KUJI_EINVAL,
 * KUJI_ETOOBIG with *why and *line. */
apr_status_t kuji_postal_import(int64_t *count, int64_t *line, const char **why,
                                kuji_pg_t *pg, const char *bytes,
                                apr_size_t len, int sample, apr_pool_t *pool);

/** What all places of a code have in common, "" where they differ; *found 0:
 * there is no such code, or no list. */
typedef struct kuji_postal_found_t {
    int found; /* places, at most KUJI_POSTAL_PLACES_MAX */
    const char *prefecture, *city, *town;
} kuji_postal_found_t;
#define KUJI_POSTAL_PLACES_MAX 200
/** code: seven digits. */
apr_status_t kuji_postal_find(kuji_postal_found_t *found, kuji_pg_t *pg,
                              const char *code, apr_pool_t *pool);

#endif
