/* SPDX-License-Identifier: Apache-2.0 */
#include "store/line_hook.h"

#include "store/outbox.h"
#include "store/vault.h"

#include <apr_hash.h>
#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

typedef struct work_t {
    const kuji_act_t *act;
    const kuji_line_hook_t *hook;
    kuji_conn_t *conn;
    const kuji_vault_t *vault;
    apr_pool_t *pool;
    int done;
} work_t;

/* LINE's user id, bound to its row. */
static void seal(const unsigned char **blob, apr_size_t *len, const work_t *w,
                 const unsigned char digest[KUJI_DIGEST_LEN], const char *user)
{
    char hex[2 * KUJI_DIGEST_LEN + 1];

    sodium_bin2hex(hex, sizeof(hex), digest, KUJI_DIGEST_LEN);
    kuji_vault_seal(
        blob, len, w->vault,
        apr_pstrcat(w->pool, "line friend:", w->act->tenant, ":", hex, NULL),
        user, strlen(user), w->pool);
}

/* Events that nobody has carried out: the first of each id, in order. */
static apr_status_t find_new(const kuji_line_event_t ***events, int *count,
                             work_t *w)
{
    const kuji_line_hook_t *hook = w->hook;
    apr_size_t room = sizeof(void *) * ((apr_size_t)hook->count + 1);
    const char **ids = apr_palloc(w->pool, room);
    apr_hash_t *added = apr_hash_make(w->pool);
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    for (i = 0; i < hook->count; i++) {
        ids[i] = hook->events[i].id;
    }
    kuji_args_init(&args, w->pool);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_text_array(&args, ids, hook->count);
    rv = kuji_pg_query(&res, w->conn, KUJI_Q_LINE_EVENTS_ADD, &args, w->pool);
    for (i = 0; rv == APR_SUCCESS && i < PQntuples(res); i++) {
        apr_hash_set(added, kuji_pg_text(res, i, 0), APR_HASH_KEY_STRING, "");
    }
    *events = apr_palloc(w->pool, room);
    *count = 0;
    for (i = 0; rv == APR_SUCCESS && i < hook->count; i++) {
        if (apr_hash_get(added, ids[i], APR_HASH_KEY_STRING)) {
            apr_hash_set(added, ids[i], APR_HASH_KEY_STRING, NULL);
            (*events)[(*count)++] = &hook->events[i];
        }
    }
    return rv;
}

static apr_status_t put_friends(work_t *w, const kuji_line_event_t **events,
                                int count)
{
    apr_size_t room = (apr_size_t)count + 1;
    const unsigned char **user = apr_palloc(w->pool, room * sizeof(*user));
    const unsigned char **person = apr_palloc(w->pool, room * sizeof(*person));
    apr_size_t *len = apr_pcalloc(w->pool, room * sizeof(*len));
    int64_t *at = apr_palloc(w->pool, room * sizeof(*at));
    kuji_args_t args;
    int i, n = 0;

    for (i = 0; i < count; i++) {
        unsigned char *digest = apr_palloc(w->pool, KUJI_DIGEST_LEN);

        if (events[i]->kind == KUJI_LINE_TEXT) {
            continue;
        }
        kuji_vault_line(digest, w->vault, events[i]->user);
        user[n] = digest;
        at[n] = events[i]->at;
        person[n] = NULL;
        if (events[i]->kind == KUJI_LINE_FOLLOW) {
            seal(&person[n], &len[n], w, digest, events[i]->user);
        }
        n++;
    }
    if (n == 0) {
        return APR_SUCCESS;
    }
    kuji_args_init(&args, w->pool);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_bytes_array(&args, user, NULL, KUJI_DIGEST_LEN, n);
    kuji_args_int_array(&args, at, n);
    kuji_args_bytes_array(&args, person, len, 0, n);
    return kuji_pg_query(NULL, w->conn, KUJI_Q_LINE_FRIENDS_PUT, &args,
                         w->pool);
}

static apr_status_t answer(work_t *w, const kuji_line_event_t *event,
                           int64_t campaign_id)
{
    unsigned char digest[KUJI_DIGEST_LEN];
    const unsigned char *person;
    apr_size_t len;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_vault_line(digest, w->vault, event->user);
    seal(&person, &len, w, digest, event->user);
    kuji_args_init(&args, w->pool);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_bytes(&args, digest, sizeof(digest));
    kuji_args_int(&args, event->at);
    kuji_args_bytes(&args, person, len);
    kuji_args_int(&args, KUJI_LINE_PACE_MS);
    rv = kuji_pg_query(&res, w->conn, KUJI_Q_LINE_ANSWERS, &args, w->pool);
    if (rv != APR_SUCCESS || PQntuples(res) == 0) {
        return rv;
    }
    return kuji_outbox_answer(w->act, w->conn, campaign_id, w->hook->base,
                              event->user, event->reply, w->pool);
}

/* 0: there is none now. */
static apr_status_t find_campaign(int64_t *id, work_t *w)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, w->pool);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_text(&args, w->hook->campaign);
    rv = kuji_pg_query(&res, w->conn, KUJI_Q_LINE_CAMPAIGN, &args, w->pool);
    *id = rv == APR_SUCCESS && PQntuples(res) ? kuji_pg_int(res, 0, 0) : 0;
    return rv;
}

static apr_status_t answer_all(work_t *w, const kuji_line_event_t **events,
                               int count)
{
    apr_status_t rv = APR_SUCCESS;
    int64_t campaign_id = -1;
    int i;

    for (i = 0; rv == APR_SUCCESS && campaign_id && i < count; i++) {
        if (events[i]->kind != KUJI_LINE_TEXT ||
            !kuji_line_is_keyword(events[i]->text, w->hook->keyword, w->pool)) {
            continue;
        }
        if (campaign_id < 0) {
            rv = find_campaign(&campaign_id, w);
        }
        if (rv == APR_SUCCESS && campaign_id) {
            rv = answer(w, events[i], campaign_id);
        }
    }
    return rv;
}

static apr_status_t carry_out(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    const kuji_line_event_t **events;
    kuji_vault_t *vault;
    apr_status_t rv;

    w->conn = conn;
    w->pool = pool;
    rv = find_new(&events, &w->done, w);
    if (rv != APR_SUCCESS || w->done == 0) {
        return rv;
    }
    rv = kuji_vault_open(&vault, w->act, conn, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    w->vault = vault;
    rv = put_friends(w, events, w->done);
    if (rv == APR_SUCCESS) {
        rv = answer_all(w, events, w->done);
    }
    kuji_vault_close(vault);
    return rv;
}

apr_status_t kuji_line_hook(int *done, const kuji_line_hook_t *hook,
                            const kuji_act_t *act, apr_pool_t *pool)
{
    work_t w = {.act = act, .hook = hook};
    apr_status_t rv = APR_SUCCESS;

    if (hook->count > 0) {
        rv = kuji_pg_transact(act->pg, act->tenant, carry_out, &w, pool);
    }
    *done = w.done;
    return rv;
}

static apr_status_t sweep(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const kuji_act_t *act = baton;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_int(&args, KUJI_LINE_EVENT_MS);
    return kuji_pg_query(NULL, conn, KUJI_Q_LINE_EVENTS_SWEEP, &args, pool);
}

apr_status_t kuji_line_hook_sweep(const kuji_act_t *act, apr_pool_t *pool)
{
    return kuji_pg_transact(act->pg, act->tenant, sweep, (void *)act, pool);
}
