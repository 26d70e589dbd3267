/* Pools of gift codes: their counts, their threshold.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/gift_int.h"

#include "core/manifest.h"
#include "store/audit.h"
#include "store/rows.h"

#include <apr_strings.h>

typedef struct pools_t {
    const kuji_act_t *act;
    const char *slug;
    kuji_rows_t rows;
} pools_t;

static apr_status_t read_pool(void *item, const PGresult *res, int i,
                              apr_pool_t *pool)
{
    kuji_gift_pool_t *row = item;

    (void)pool;
    row->prize = kuji_pg_text(res, i, 0);
    row->name = kuji_pg_text(res, i, 1);
    row->has_pool = kuji_pg_int(res, i, 2) != 0;
    row->warn_at = kuji_pg_int(res, i, 3);
    row->left = kuji_pg_int(res, i, 4);
    row->assigned = kuji_pg_int(res, i, 5);
    row->voided = kuji_pg_int(res, i, 6);
    row->owed = kuji_pg_int(res, i, 7);
    row->units = kuji_pg_int(res, i, 8);
    return APR_SUCCESS;
}

static apr_status_t read_pools(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    pools_t *p = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, p->act->tenant);
    kuji_args_text(&args, p->slug);
    kuji_args_text(&args, "");
    rv = kuji_pg_query(&res, conn, KUJI_Q_GIFT_CAMPAIGN, &args, pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv == APR_SUCCESS ? KUJI_ENOTFOUND : rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, kuji_pg_int(res, 0, 0));
    return kuji_rows_read(&p->rows, conn, KUJI_Q_GIFT_POOLS, &args, pool);
}

apr_status_t kuji_gift_pools(const kuji_gift_pool_t **pools, int *count,
                             const kuji_act_t *act, const char *slug,
                             apr_pool_t *pool)
{
    pools_t p = {act, slug, KUJI_ROWS(kuji_gift_pool_t, read_pool)};
    apr_status_t rv =
        kuji_pg_transact(act->pg, act->tenant, read_pools, &p, pool);

    *pools = p.rows.items;
    *count = p.rows.count;
    return rv;
}

apr_status_t kuji_gift__pool(kuji_gift_place_t *place, const char **why,
                             const kuji_act_t *act, kuji_conn_t *conn,
                             const char *slug, const char *prize,
                             apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_text(&args, slug);
    kuji_args_text(&args, prize);
    rv = kuji_pg_query(&res, conn, KUJI_Q_GIFT_CAMPAIGN, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1 || !kuji_pg_bool(res, 0, 3)) {
        *why = PQntuples(res) != 1
                   ? "there is no such campaign"
                   : "the campaign has no gift-code prize of that code";
        return KUJI_ENOTFOUND;
    }
    place->campaign_id = kuji_pg_int(res, 0, 0);
    place->object =
        apr_pstrcat(pool, "campaign:", kuji_pg_text(res, 0, 1), NULL);
    kuji_args_init(&args, pool);
    kuji_args_int(&args, place->campaign_id);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_text(&args, prize);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_GIFT_POOL_ADD, &args, pool);
    if (rv == APR_SUCCESS) {
        kuji_args_init(&args, pool);
        kuji_args_int(&args, place->campaign_id);
        kuji_args_text(&args, prize);
        rv = kuji_pg_query(&res, conn, KUJI_Q_GIFT_POOL, &args, pool);
    }
    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        rv = KUJI_EDATABASE; /* it was just made */
    }
    if (rv == APR_SUCCESS) {
        place->id = kuji_pg_int(res, 0, 0);
        place->warn_at = kuji_pg_int(res, 0, 1);
    }
    return rv;
}

typedef struct warn_t {
    const kuji_act_t *act;
    const char **why, *slug, *prize;
    int64_t warn_at;
} warn_t;

static apr_status_t set_warn(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    warn_t *w = baton;
    kuji_gift_place_t place;
    kuji_args_t args;
    apr_status_t rv =
        kuji_gift__pool(&place, w->why, w->act, conn, w->slug, w->prize, pool);

    if (rv == APR_SUCCESS) {
        kuji_args_init(&args, pool);
        kuji_args_int(&args, place.id);
        kuji_args_int(&args, w->warn_at);
        rv = kuji_pg_query(NULL, conn, KUJI_Q_GIFT_POOL_WARN, &args, pool);
    }
    return rv == APR_SUCCESS
               ? kuji_audit_add(w->act, conn, "gift.warn", place.object,
                                json_pack("{s:s, s:I, s:I}", "prize", w->prize,
                                          "before", (json_int_t)place.warn_at,
                                          "after", (json_int_t)w->warn_at),
                                pool)
               : rv;
}

apr_status_t kuji_gift_warn(const char **why, const kuji_act_t *act,
                            const char *slug, const char *prize,
                            int64_t warn_at, apr_pool_t *pool)
{
    warn_t w = {act, why, slug, prize, warn_at};

    if (warn_at < 0 || warn_at > KUJI_INT_MAX) {
        *why = "the threshold must be 0 to 2^53 - 1";
        return KUJI_EINVAL;
    }
    return kuji_pg_transact(act->pg, act->tenant, set_warn, &w, pool);
}
