/* SPDX-License-Identifier: Apache-2.0 */
#include "store/event_int.h"

#include "core/draw.h"
#include "store/audit.h"

#include <apr_strings.h>
#include <string.h>

#define NOTE_MAX 2000

apr_status_t kuji_event__lock(kuji_append_t *a, const kuji_manifest_t **m,
                              const kuji_event_ask_t *ask, kuji_conn_t *conn,
                              apr_pool_t *pool)
{
    apr_status_t rv =
        kuji_append_lock(a, ask->why, ask->act, conn, ask->slug, pool);

    if (rv == APR_SUCCESS && strcmp(a->status, "closed") == 0) {
        *ask->why = "the campaign is closed";
        rv = KUJI_ESTATE;
    }
    if (rv == APR_SUCCESS && ask->note && strlen(ask->note) > NOTE_MAX) {
        *ask->why = "the note is longer than 2000 bytes";
        rv = KUJI_EINVAL;
    }
    return rv == APR_SUCCESS ? kuji_append_manifest(m, ask->why, a) : rv;
}

apr_status_t kuji_event__append(kuji_append_t *a, kuji_leaf_t *leaf,
                                const kuji_event_ask_t *ask, const char *action,
                                json_t *detail)
{
    apr_status_t rv;

    leaf->by = leaf->reason ? ask->act->actor : NULL;
    rv = kuji_append_leaf(a, leaf, &ask->event->leaf);
    if (rv != APR_SUCCESS) {
        json_decref(detail);
        return rv;
    }
    ask->event->i = leaf->i;
    ask->event->t = leaf->t;
    ask->event->leaf_len = strlen(ask->event->leaf);
    json_object_set_new(detail, "leaf", json_integer((json_int_t)leaf->i));
    if (ask->note) {
        json_object_set_new(detail, "note", json_string(ask->note));
    }
    return kuji_audit_add(ask->act, a->conn, action,
                          apr_pstrcat(a->pool, "campaign:", a->uuid, NULL),
                          detail, a->pool);
}

apr_status_t kuji_event__finish(kuji_append_t *a, kuji_leaf_t *leaf,
                                const kuji_event_ask_t *ask, const char *action,
                                json_t *detail)
{
    apr_status_t rv = kuji_event__append(a, leaf, ask, action, detail);

    return rv == APR_SUCCESS ? kuji_append_flush(a) : rv;
}

apr_status_t kuji_event__reason(const kuji_event_ask_t *ask)
{
    if (ask->reason && kuji_ledger_reason_ok(ask->reason)) {
        return APR_SUCCESS;
    }
    *ask->why = "the reason must be one of added, declined, disqualified, "
                "duplicate, unreachable, expired, error and early";
    return KUJI_EINVAL;
}

apr_status_t kuji_event__not_frozen(const kuji_append_t *a,
                                    const kuji_manifest_t *m,
                                    const kuji_event_ask_t *ask)
{
    if (m->beacon && !a->raffled_at && a->t > m->beacon->time) {
        *ask->why = "the beacon has spoken: nothing changes before the raffle";
        return KUJI_ESTATE;
    }
    return APR_SUCCESS;
}

apr_status_t kuji_event__award(kuji_append_t *a, int prize, int64_t units)
{
    kuji_args_t args;

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_int(&args, prize);
    kuji_args_int(&args, units);
    return kuji_pg_query(NULL, a->conn, KUJI_Q_EVENT_AWARD, &args, a->pool);
}

apr_status_t kuji_event__holds(kuji_append_t *a, int *prize, uint64_t n)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    *prize = KUJI_BLANK;
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_int(&args, (int64_t)n);
    rv = kuji_pg_query(&res, a->conn, KUJI_Q_EVENT_CLAIM, &args, a->pool);
    if (rv == APR_SUCCESS && PQntuples(res) == 1 && !kuji_pg_bool(res, 0, 1)) {
        *prize = (int)kuji_pg_int(res, 0, 0);
    }
    return rv;
}

typedef struct stock_t {
    kuji_event_ask_t ask;
    const char *prize;
    int64_t units;
} stock_t;

static apr_status_t stock_allowed(const stock_t *s, const kuji_append_t *a,
                                  const kuji_manifest_t *m)
{
    if (m->method == KUJI_MOMENT) {
        *s->ask.why = "winning moments are fixed: no unit can be added";
        return KUJI_ESTATE;
    }
    if (a->raffled_at) {
        *s->ask.why = "the raffle has been run";
        return KUJI_ESTATE;
    }
    if (kuji_manifest_prize(m, s->prize) == KUJI_BLANK) {
        *s->ask.why = "the campaign has no such prize";
        return KUJI_ENOTFOUND;
    }
    return kuji_event__not_frozen(a, m, &s->ask);
}

/* What a verifier would not count is not added. */
static apr_status_t check_room(const stock_t *s, kuji_append_t *a,
                               const kuji_manifest_t *m)
{
    kuji_state_t state = {.blanks_left = a->blanks_left};
    const kuji_append_prize_t *prizes;
    int i, count;
    apr_status_t rv = kuji_append_prizes(&prizes, &count, a);

    if (rv != APR_SUCCESS || count != m->nprizes) {
        return rv != APR_SUCCESS ? rv : KUJI_EDATABASE;
    }
    state.stock = apr_pcalloc(a->pool, sizeof(*state.stock) * count);
    for (i = 0; i < count; i++) {
        state.stock[i].left = prizes[i].left;
        state.stock[i].added = prizes[i].added;
    }
    if (s->units >
        kuji_draw_stock_room(m, &state, kuji_manifest_prize(m, s->prize))) {
        *s->ask.why = "units: more than 2^53 - 1 in all";
        rv = KUJI_ETOOBIG;
    }
    return rv;
}

static apr_status_t stock_work(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    stock_t *s = baton;
    kuji_leaf_t leaf = {.kind = KUJI_LEAF_STOCK,
                        .prize = s->prize,
                        .units = s->units,
                        .reason = s->ask.reason};
    const kuji_manifest_t *m;
    kuji_append_t a;
    kuji_args_t args;
    apr_status_t rv = kuji_event__lock(&a, &m, &s->ask, conn, pool);

    if (rv == APR_SUCCESS) {
        rv = stock_allowed(s, &a, m);
    }
    if (rv == APR_SUCCESS) {
        rv = check_room(s, &a, m);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, a.id);
    kuji_args_int(&args, kuji_manifest_prize(m, s->prize));
    kuji_args_int(&args, s->units);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_EVENT_STOCK, &args, pool);
    return rv == APR_SUCCESS
               ? kuji_event__finish(&a, &leaf, &s->ask, "campaign.stock",
                                    json_pack("{s:s, s:I}", "prize", s->prize,
                                              "units", (json_int_t)s->units))
               : rv;
}

apr_status_t kuji_event_stock(kuji_event_t *event, const char **why,
                              const kuji_act_t *act, const char *slug,
                              const char *prize, int64_t units,
                              const char *reason, const char *note,
                              apr_pool_t *pool)
{
    stock_t s = {
        {act, slug, reason ? reason : "added", note, why, event}, prize, units};
    apr_status_t rv = kuji_event__reason(&s.ask);

    if (rv == APR_SUCCESS && (units < 1 || units > KUJI_INT_MAX)) {
        *why = "units must be 1 or more";
        rv = KUJI_EINVAL;
    }
    return rv == APR_SUCCESS
               ? kuji_pg_transact(act->pg, act->tenant, stock_work, &s, pool)
               : rv;
}

/* Remembers the void; its row's key is the rule that there is one an n. */
static apr_status_t void_add(kuji_append_t *a, const kuji_event_ask_t *ask,
                             uint64_t n, int returned)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_int(&args, (int64_t)n);
    kuji_args_int(&args, (int64_t)a->tree.size);
    kuji_args_bool(&args, returned);
    kuji_args_uuid(&args, a->act->tenant);
    kuji_args_text(&args, ask->note ? ask->note : "");
    rv = kuji_pg_query(&res, a->conn, KUJI_Q_EVENT_VOID_ADD, &args, a->pool);
    if (rv == APR_SUCCESS && kuji_pg_changed(res) != 1) {
        *ask->why = "it is void already";
        rv = KUJI_ECONFLICT;
    }
    return rv;
}

/* The prize goes: its claim ends, and where it is returned so does the award.
 */
static apr_status_t void_win(kuji_append_t *a, uint64_t n, int prize,
                             int returned)
{
    kuji_args_t args;
    apr_status_t rv = APR_SUCCESS;

    if (prize == KUJI_BLANK) {
        return APR_SUCCESS;
    }
    if (returned) {
        rv = kuji_event__award(a, prize, -1);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_int(&args, (int64_t)n);
    kuji_args_int(&args, a->t);
    return kuji_pg_query(NULL, a->conn, KUJI_Q_EVENT_CLAIM_VOID, &args,
                         a->pool);
}

apr_status_t kuji_event__void(kuji_append_t *a, const kuji_manifest_t *m,
                              const kuji_event_ask_t *ask, uint64_t n,
                              int returned)
{
    kuji_leaf_t leaf = {.kind = KUJI_LEAF_VOID,
                        .n = n,
                        .returned = returned,
                        .reason = ask->reason};
    int prize;
    apr_status_t rv;

    if (n < 1 || n >= (uint64_t)a->next_n) {
        *ask->why = "there is no such draw";
        return KUJI_ENOTFOUND;
    }
    rv = void_add(a, ask, n, returned);
    if (rv == APR_SUCCESS) {
        rv = kuji_event__holds(a, &prize, n);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (returned && (prize == KUJI_BLANK || m->method == KUJI_MOMENT)) {
        *ask->why = prize == KUJI_BLANK
                        ? "it holds no prize that could be returned"
                        : "a winning moment cannot be returned";
        return KUJI_EINVAL;
    }
    rv = void_win(a, n, prize, returned);
    return rv == APR_SUCCESS
               ? kuji_event__append(a, &leaf, ask, "campaign.void",
                                    json_pack("{s:I, s:b, s:s}", "n",
                                              (json_int_t)n, "returned",
                                              returned, "reason", ask->reason))
               : rv;
}

typedef struct void_t {
    kuji_event_ask_t ask;
    uint64_t n;
    int returned;
} void_t;

static apr_status_t void_work(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    void_t *v = baton;
    const kuji_manifest_t *m;
    kuji_append_t a;
    apr_status_t rv = kuji_event__lock(&a, &m, &v->ask, conn, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_event__not_frozen(&a, m, &v->ask);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_event__void(&a, m, &v->ask, v->n, v->returned);
    }
    return rv == APR_SUCCESS ? kuji_append_flush(&a) : rv;
}

apr_status_t kuji_event_void(kuji_event_t *event, const char **why,
                             const kuji_act_t *act, const char *slug,
                             uint64_t n, int returned, const char *reason,
                             const char *note, apr_pool_t *pool)
{
    void_t v = {{act, slug, reason, note, why, event}, n, returned != 0};
    apr_status_t rv = kuji_event__reason(&v.ask);

    return rv == APR_SUCCESS
               ? kuji_pg_transact(act->pg, act->tenant, void_work, &v, pool)
               : rv;
}
