/* The database's health, asked with a connection of the pool: what a draw would
 * meet.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/health.h"

static apr_status_t ask(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    PGresult **res = baton;

    return kuji_pg_query(res, conn, KUJI_Q_HEALTH, NULL, pool);
}

apr_status_t kuji_health_check(const char **why, kuji_pg_t *pg,
                               apr_pool_t *pool)
{
    PGresult *res = NULL;
    apr_status_t rv = kuji_pg_transact(pg, NULL, ask, &res, pool);

    *why = "the database cannot be reached";
    if (rv || PQntuples(res) != 1) {
        return rv ? rv : KUJI_EDATABASE;
    }
    *why = "the schema has another version";
    if (kuji_pg_int(res, 0, 0) != KUJI_SCHEMA_VERSION) {
        return KUJI_EVERIFY;
    }
    *why = "the database is read-only";
    if (!kuji_pg_bool(res, 0, 1)) {
        return KUJI_ESTATE;
    }
    *why = NULL;
    return APR_SUCCESS;
}
