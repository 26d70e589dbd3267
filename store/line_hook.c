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

/* Who did something when, for a statement's arrays. */
typedef struct people_t {
    const unsigned char **user, **person;
    apr_size_t *len;
    int64_t *at;
    int count;
} people_t;

static void people_init(people_t *people, int most, apr_pool_t *pool)
{
    apr_size_t room = (apr_size_t)most + 1;

    people->user = apr_palloc(pool, room * sizeof(*people->user));
    people->person = apr_palloc(pool, room * sizeof(*people->person));
    people->len = apr_pcalloc(pool, room * sizeof(*people->len));
    people->at = apr_palloc(pool, room * sizeof(*people->at));
    people->count = 0;
}

/* is_friend: LINE's user id is kept, sealed. */
static void people_add(people_t *people, const work_t *w,
                       const kuji_line_event_t *event, int is_friend)
{
    unsigned char *digest = apr_palloc(w->pool, KUJI_DIGEST_LEN);
    int i = people->count++;

    kuji_vault_line(digest, w->vault, event->user);
    people->user[i] = digest;
    people->at[i] = event->at;
    people->person[i] = NULL;
    if (is_friend) {
        seal(&people->person[i], &people->len[i], w, digest, event->user);
    }
}

static void people_args(kuji_args_t *args, const people_t *people,
                        const work_t *w)
{
    kuji_args_init(args, w->pool);
    kuji_args_uuid(args, w->act->tenant);
    kuji_args_bytes_array(args, people->user, NULL, KUJI_DIGEST_LEN,
                          people->count);
    kuji_args_int_array(args, people->at, people->count);
    kuji_args_bytes_array(args, people->person, people->len, 0, people->count);
}

static apr_status_t put_friends(work_t *w, const kuji_line_event_t **events,
                                int count)
{
    people_t people;
    kuji_args_t args;
    int i;

    people_init(&people, count, w->pool);
    for (i = 0; i < count; i++) {
        if (events[i]->kind != KUJI_LINE_TEXT) {
            people_add(&people, w, events[i],
                       events[i]->kind == KUJI_LINE_FOLLOW);
        }
    }
    if (people.count == 0) {
        return APR_SUCCESS;
    }
    people_args(&args, &people, w);
    return kuji_pg_query(NULL, w->conn, KUJI_Q_LINE_FRIENDS_PUT, &args,
                         w->pool);
}

/* Of these users, those whom the database has named: the first event of each.
 */
static apr_status_t choose(kuji_outbox_asker_t *askers, int *count,
                           const people_t *people, const PGresult *named,
                           const kuji_line_event_t **events, apr_pool_t *pool)
{
    apr_hash_t *may = apr_hash_make(pool);
    const unsigned char *user;
    apr_size_t len;
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; rv == APR_SUCCESS && i < PQntuples(named); i++) {
        rv = kuji_pg_bytes(&user, &len, named, i, 0, pool);
        if (rv == APR_SUCCESS && len == KUJI_DIGEST_LEN) {
            apr_hash_set(may, user, KUJI_DIGEST_LEN, "");
        }
    }
    *count = 0;
    for (i = 0; rv == APR_SUCCESS && i < people->count; i++) {
        if (apr_hash_get(may, people->user[i], KUJI_DIGEST_LEN)) {
            apr_hash_set(may, people->user[i], KUJI_DIGEST_LEN, NULL);
            askers[*count].user = events[i]->user;
            askers[(*count)++].reply = events[i]->reply;
        }
    }
    return rv;
}

/* These all are texts with the keyword. */
static apr_status_t answer(work_t *w, const kuji_line_event_t **events,
                           int count, int64_t campaign_id)
{
    kuji_outbox_asker_t *askers =
        apr_palloc(w->pool, ((apr_size_t)count + 1) * sizeof(*askers));
    people_t people;
    kuji_args_t args;
    PGresult *named;
    apr_status_t rv;
    int i, n = 0;

    people_init(&people, count, w->pool);
    for (i = 0; i < count; i++) {
        people_add(&people, w, events[i], 1);
    }
    people_args(&args, &people, w);
    kuji_args_int(&args, KUJI_LINE_PACE_MS);
    rv = kuji_pg_query(&named, w->conn, KUJI_Q_LINE_ANSWERS, &args, w->pool);
    if (rv == APR_SUCCESS) {
        rv = choose(askers, &n, &people, named, events, w->pool);
    }
    return rv == APR_SUCCESS && n
               ? kuji_outbox_answer(w->act, w->conn, campaign_id, w->hook->base,
                                    askers, n, w->pool)
               : rv;
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
    const kuji_line_event_t **asking =
        apr_palloc(w->pool, ((apr_size_t)count + 1) * sizeof(*asking));
    int64_t campaign_id;
    apr_status_t rv;
    int i, n = 0;

    for (i = 0; i < count; i++) {
        if (events[i]->kind == KUJI_LINE_TEXT &&
            kuji_line_is_keyword(events[i]->text, w->hook->keyword, w->pool)) {
            asking[n++] = events[i];
        }
    }
    if (n == 0) {
        return APR_SUCCESS;
    }
    rv = find_campaign(&campaign_id, w);
    return rv == APR_SUCCESS && campaign_id ? answer(w, asking, n, campaign_id)
                                            : rv;
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
