/* Wins that nobody claimed in time, or soon will not have.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/claim_int.h"

#include "store/audit.h"
#include "store/campaign.h"
#include "store/event.h"

#define DAY_MS 86400000
/** Claims of one transaction. */
#define PAGE 1000

typedef struct expire_t {
    const kuji_act_t *act;
    const int *stop;
    PGresult *campaigns;
    int row;                /* the campaign at hand */
    int64_t last;           /* n of the page before */
    int64_t count, highest; /* of the page at hand */
} expire_t;

static apr_status_t read_campaigns(void *baton, kuji_conn_t *conn,
                                   apr_pool_t *pool)
{
    expire_t *e = baton;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, e->act->tenant);
    return kuji_pg_query(&e->campaigns, conn, KUJI_Q_CLAIM_EXPIRING, &args,
                         pool);
}

/* The next wins of the campaign that are due; one audit row names them all. */
static apr_status_t expire_page(void *baton, kuji_conn_t *conn,
                                apr_pool_t *pool)
{
    expire_t *e = baton;
    kuji_claims_t c = {.act = e->act, .conn = conn, .pool = pool};
    int64_t numbers[PAGE];
    json_t *list = json_array();
    kuji_args_t args;
    PGresult *res;
    int i;
    apr_status_t rv;

    c.id = kuji_pg_int(e->campaigns, e->row, 0);
    c.uuid = kuji_pg_text(e->campaigns, e->row, 1);
    kuji_args_init(&args, pool);
    kuji_args_int(&args, c.id);
    kuji_args_int(&args, kuji_pg_int(e->campaigns, e->row, 3) * DAY_MS);
    kuji_args_int(&args, e->last);
    kuji_args_int(&args, PAGE);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CLAIM_DUE, &args, pool);
    e->count = rv == APR_SUCCESS ? PQntuples(res) : 0;
    for (i = 0; i < e->count; i++) {
        numbers[i] = kuji_pg_int(res, i, 0);
        json_array_append_new(list, json_integer((json_int_t)numbers[i]));
        e->highest = numbers[i];
    }
    if (e->count == 0) {
        json_decref(list);
        return rv;
    }
    rv = kuji_claims__set(&c, numbers, (int)e->count, KUJI_CLAIM_EXPIRED, pool);
    if (rv != APR_SUCCESS) {
        json_decref(list);
        return rv;
    }
    return kuji_audit_add(e->act, conn, "claim.expired",
                          kuji_claims__object(&c),
                          json_pack("{s:o}", "n", list), pool);
}

apr_status_t kuji_claim_expire(int64_t *count, const kuji_act_t *act,
                               const int *stop, apr_pool_t *pool)
{
    expire_t e = {.act = act, .stop = stop};
    apr_pool_t *page;
    apr_status_t rv = apr_pool_create(&page, pool);

    *count = 0;
    if (rv == APR_SUCCESS) {
        rv = kuji_pg_transact(act->pg, act->tenant, read_campaigns, &e, pool);
    }
    for (e.row = 0; rv == APR_SUCCESS && e.row < PQntuples(e.campaigns);
         e.row++) {
        e.last = 0;
        do {
            if (stop && __atomic_load_n(stop, __ATOMIC_ACQUIRE)) {
                return KUJI_EBUSY;
            }
            rv = kuji_pg_transact(act->pg, act->tenant, expire_page, &e, page);
            if (rv == APR_SUCCESS && e.count) {
                *count += e.count;
                e.last = e.highest;
            }
            apr_pool_clear(page);
        } while (rv == APR_SUCCESS && e.count == PAGE);
    }
    return rv;
}

typedef struct expired_t {
    int64_t campaign_id;
    int limit;
    PGresult *res;
} expired_t;

static apr_status_t read_expired(void *baton, kuji_conn_t *conn,
                                 apr_pool_t *pool)
{
    expired_t *e = baton;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, e->campaign_id);
    kuji_args_int(&args, e->limit);
    return kuji_pg_query(&e->res, conn, KUJI_Q_CLAIM_EXPIRED, &args, pool);
}

apr_status_t kuji_claim_expired(const kuji_claim_expired_t **claims, int *count,
                                const kuji_act_t *act, int64_t campaign_id,
                                int limit, apr_pool_t *pool)
{
    expired_t e = {campaign_id, limit, NULL};
    kuji_claim_expired_t *list;
    int i;
    apr_status_t rv =
        kuji_pg_transact(act->pg, act->tenant, read_expired, &e, pool);

    *count = rv == APR_SUCCESS ? PQntuples(e.res) : 0;
    list = apr_palloc(pool, sizeof(*list) * ((apr_size_t)*count + 1));
    for (i = 0; i < *count; i++) {
        list[i].n = (uint64_t)kuji_pg_int(e.res, i, 0);
        list[i].prize = kuji_pg_text(e.res, i, 1);
    }
    *claims = list;
    return rv;
}

apr_status_t kuji_claim_return(int64_t *count, const char **why,
                               const kuji_act_t *act, const char *slug,
                               int limit, apr_pool_t *pool)
{
    const kuji_campaign_view_t *view;
    const kuji_claim_expired_t *claims;
    kuji_event_t event;
    apr_pool_t *one;
    int n = 0, i;
    apr_status_t rv = kuji_campaign_get(&view, act, slug, pool);

    *count = 0;
    if (rv != APR_SUCCESS) {
        *why = "there is no such campaign";
        return rv;
    }
    if (view->method != KUJI_ODDS && view->method != KUJI_BOX) {
        *why = "units of this method do not go back";
        return KUJI_ESTATE;
    }
    rv = kuji_claim_expired(&claims, &n, act, view->id, limit, pool);
    if (rv == APR_SUCCESS) {
        rv = apr_pool_create(&one, pool);
    }
    for (i = 0; rv == APR_SUCCESS && i < n; i++) {
        rv = kuji_event_void(&event, why, act, slug, claims[i].n, 1, "expired",
                             NULL, one);
        *count += rv == APR_SUCCESS;
        /* Somebody else was first. */
        rv = rv == KUJI_ECONFLICT ? APR_SUCCESS : rv;
        apr_pool_clear(one);
    }
    return rv;
}
