/* What the world may know of a campaign.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/campaign_int.h"

#include <string.h>

const char *kuji_phase_name(kuji_phase_e phase)
{
    static const char *const names[] = {"draft",  "before",   "open",
                                        "paused", "sold_out", "closed"};

    return names[phase];
}

kuji_phase_e kuji_campaign__phase(const kuji_campaign_view_t *v, int sold_out)
{
    if (strcmp(v->status, "draft") == 0) {
        return KUJI_PHASE_DRAFT;
    }
    if (strcmp(v->status, "closed") == 0 || v->now >= v->closes_at) {
        return KUJI_PHASE_CLOSED;
    }
    if (strcmp(v->status, "paused") == 0) {
        return KUJI_PHASE_PAUSED;
    }
    if (v->now < v->opens_at) {
        return KUJI_PHASE_BEFORE;
    }
    return sold_out ? KUJI_PHASE_SOLD_OUT : KUJI_PHASE_OPEN;
}

void kuji_campaign__read(kuji_campaign_view_t *v, const PGresult *res, int row)
{
    v->id = kuji_pg_int(res, row, 0);
    v->uuid = kuji_pg_text(res, row, 1);
    v->slug = kuji_pg_text(res, row, 2);
    v->title = kuji_pg_text(res, row, 3);
    v->status = kuji_pg_text(res, row, 4);
    v->timezone = kuji_pg_text(res, row, 5);
    v->method = (kuji_method_e)kuji_method_parse(kuji_pg_text(res, row, 6));
    v->opens_at = kuji_pg_int(res, row, 7);
    v->closes_at = kuji_pg_int(res, row, 8);
    v->now = kuji_pg_int(res, row, 9);
    v->version = (int)kuji_pg_int(res, row, 10);
    v->draws = kuji_pg_int(res, row, 11);
    v->size = kuji_pg_int(res, row, 12);
    v->blanks_left =
        kuji_pg_text(res, row, 13) ? kuji_pg_int(res, row, 13) : -1;
    v->raffled_at = kuji_pg_int(res, row, 14);
    v->closed_at = kuji_pg_int(res, row, 15);
    v->config = kuji_pg_text(res, row, 16);
    v->archived_at = kuji_pg_int(res, row, 17);
}

typedef struct view_t {
    const kuji_act_t *act;
    const char *slug; /* NULL: all */
    kuji_campaign_view_t *views;
    int count;
} view_t;

static apr_status_t read_prizes(kuji_campaign_view_t *v, kuji_conn_t *conn,
                                apr_pool_t *pool)
{
    kuji_prize_view_t *prizes;
    int64_t left = v->blanks_left > 0 ? v->blanks_left : 0;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, v->id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CAMPAIGN_PRIZES, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    v->nprizes = PQntuples(res);
    prizes = apr_palloc(pool, sizeof(*prizes) * ((apr_size_t)v->nprizes + 1));
    for (i = 0; i < v->nprizes; i++) {
        prizes[i].code = kuji_pg_text(res, i, 0);
        prizes[i].name = kuji_pg_text(res, i, 1);
        prizes[i].kind = kuji_pg_text(res, i, 2);
        prizes[i].planned = kuji_pg_int(res, i, 3);
        prizes[i].awarded = kuji_pg_int(res, i, 4);
        prizes[i].left = kuji_pg_int(res, i, 5);
        left += prizes[i].left;
    }
    v->prizes = prizes;
    v->phase = kuji_campaign__phase(v, v->method == KUJI_BOX && left == 0);
    return APR_SUCCESS;
}

static apr_status_t read_one(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    view_t *w = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_text(&args, w->slug);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CAMPAIGN_GET, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    w->views = apr_pcalloc(pool, sizeof(*w->views));
    kuji_campaign__read(w->views, res, 0);
    return read_prizes(w->views, conn, pool);
}

apr_status_t kuji_campaign_get(const kuji_campaign_view_t **view,
                               const kuji_act_t *act, const char *slug,
                               apr_pool_t *pool)
{
    view_t w = {act, slug, NULL, 0};
    apr_status_t rv = kuji_pg_show(act->pg, act->tenant, read_one, &w, pool);

    *view = w.views;
    return rv;
}

static apr_status_t read_all(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    view_t *w = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CAMPAIGN_LIST, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    w->count = PQntuples(res);
    w->views =
        apr_pcalloc(pool, sizeof(*w->views) * ((apr_size_t)w->count + 1));
    for (i = 0; i < w->count; i++) {
        kuji_campaign__read(&w->views[i], res, i);
        w->views[i].phase = kuji_campaign__phase(
            &w->views[i], kuji_pg_bool(res, i, KUJI_CAMPAIGN_COLUMNS));
    }
    return APR_SUCCESS;
}

apr_status_t kuji_campaign_list(const kuji_campaign_view_t **views, int *count,
                                const kuji_act_t *act, apr_pool_t *pool)
{
    view_t w = {act, NULL, NULL, 0};
    apr_status_t rv = kuji_pg_show(act->pg, act->tenant, read_all, &w, pool);

    *views = w.views;
    *count = w.count;
    return rv;
}

json_t *kuji_campaign_prizes_json(const kuji_campaign_view_t *view)
{
    json_t *list = json_array();
    int i;

    for (i = 0; i < view->nprizes; i++) {
        const kuji_prize_view_t *p = &view->prizes[i];

        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:I, s:I, s:I}",
                                              "code", p->code, "name", p->name,
                                              "kind", p->kind, "planned",
                                              (json_int_t)p->planned, "awarded",
                                              (json_int_t)p->awarded, "left",
                                              (json_int_t)p->left));
    }
    return list;
}
