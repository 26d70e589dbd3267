/* Batches of codes as a whole: listing, taking out of use.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/append.h"
#include "store/audit.h"
#include "store/code.h"
#include "store/rows.h"

#include <apr_strings.h>

typedef struct list_t {
    const kuji_act_t *act;
    const char *slug;
    kuji_rows_t rows;
} list_t;

static apr_status_t read_row(void *item, const PGresult *res, int i,
                             apr_pool_t *pool)
{
    kuji_code_batch_row_t *row = item;

    (void)pool;
    row->id = kuji_pg_int(res, i, 0);
    row->size = kuji_pg_int(res, i, 1);
    row->uses = kuji_pg_int(res, i, 2);
    row->spent = kuji_pg_int(res, i, 3);
    row->created_at = kuji_pg_int(res, i, 4);
    row->name = kuji_pg_text(res, i, 5);
    row->disabled = kuji_pg_bool(res, i, 6);
    return APR_SUCCESS;
}

static apr_status_t list(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    list_t *l = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, l->act->tenant);
    kuji_args_text(&args, l->slug);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CODE_CAMPAIGN, &args, pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv == APR_SUCCESS ? KUJI_ENOTFOUND : rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, kuji_pg_int(res, 0, 0));
    return kuji_rows_read(&l->rows, conn, KUJI_Q_CODE_BATCHES, &args, pool);
}

apr_status_t kuji_code_batches(const kuji_code_batch_row_t **rows, int *count,
                               const kuji_act_t *act, const char *slug,
                               apr_pool_t *pool)
{
    list_t l = {act, slug, KUJI_ROWS(kuji_code_batch_row_t, read_row)};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, list, &l, pool);

    *rows = l.rows.items;
    *count = l.rows.count;
    return rv;
}

typedef struct disable_t {
    const kuji_act_t *act;
    const char *slug;
    int64_t id;
    int disable;
    const char **why;
} disable_t;

static apr_status_t refuse(disable_t *d, kuji_append_t *a)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_int(&args, d->id);
    rv = kuji_pg_query(&res, a->conn, KUJI_Q_CODE_BATCH_KNOWN, &args, a->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!kuji_pg_bool(res, 0, 0)) {
        *d->why = "the campaign has no such batch of codes";
        return KUJI_ENOTFOUND;
    }
    *d->why = d->disable ? "the batch is disabled already"
                         : "the batch is not disabled";
    return KUJI_ESTATE;
}

/* Under the campaign's lock: no batch of draws is under way that has read the
 * old state. */
static apr_status_t disable(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    disable_t *d = baton;
    kuji_append_t a;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv = kuji_append_lock(&a, d->why, d->act, conn, d->slug, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, a.id);
    kuji_args_int(&args, d->id);
    kuji_args_bool(&args, d->disable);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CODE_BATCH_DISABLE, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (kuji_pg_changed(res) != 1) {
        return refuse(d, &a);
    }
    return kuji_audit_add(d->act, conn,
                          d->disable ? "codes.disable" : "codes.enable",
                          apr_pstrcat(pool, "campaign:", a.uuid, NULL),
                          json_pack("{s:I}", "batch", (json_int_t)d->id), pool);
}

apr_status_t kuji_code_batch_disable(const char **why, const kuji_act_t *act,
                                     const char *slug, int64_t id, int wanted,
                                     apr_pool_t *pool)
{
    disable_t d = {act, slug, id, wanted, why};

    return kuji_pg_transact(act->pg, act->tenant, disable, &d, pool);
}
