/* Whether the database can take draws now.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_HEALTH_H
#define KUJI_STORE_HEALTH_H

#include "store/pg.h"

/** The schema this code was written for. */
#define KUJI_SCHEMA_VERSION 5

/** One statement over one connection. KUJI_EBUSY: not reachable; KUJI_ESTATE:
 * it cannot be written to; KUJI_EVERIFY: another schema version. *why (may not
 * be NULL): a static sentence, NULL on success. */
apr_status_t kuji_health_check(const char **why, kuji_pg_t *pg,
                               apr_pool_t *pool);

#endif
