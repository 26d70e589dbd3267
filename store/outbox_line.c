/* What only rows that LINE carries need.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/outbox_int.h"

#include "store/audit.h"
#include "store/secret.h"

#include <sodium.h>
#include <string.h>

const char *kuji_outbox__channel(kuji_outbox_channel_e channel)
{
    return channel == KUJI_OUTBOX_LINE ? "line" : "mail";
}

/* Rows' columns: one array each. */
typedef struct answers_t {
    const char **id;
    const unsigned char **address, **data;
    apr_size_t *address_len, *data_len;
} answers_t;

static void make_room(answers_t *a, int count, apr_pool_t *pool)
{
    apr_size_t room = (apr_size_t)count + 1;

    a->id = apr_palloc(pool, room * sizeof(*a->id));
    a->address = apr_palloc(pool, room * sizeof(*a->address));
    a->address_len = apr_palloc(pool, room * sizeof(*a->address_len));
    a->data = apr_palloc(pool, room * sizeof(*a->data));
    a->data_len = apr_palloc(pool, room * sizeof(*a->data_len));
}

static apr_status_t seal_answer(answers_t *a, int i, const kuji_vault_t *vault,
                                const kuji_outbox_asker_t *asker,
                                apr_pool_t *pool)
{
    json_t *doc = json_pack("{s:s}", "reply", asker->reply);
    apr_status_t rv;

    a->id[i] = kuji_uuid_make(pool);
    kuji_vault_seal(&a->address[i], &a->address_len[i], vault,
                    kuji_outbox__of_row("to", a->id[i], pool), asker->user,
                    strlen(asker->user), pool);
    rv = kuji_outbox__seal(&a->data[i], &a->data_len[i], vault, a->id[i], doc,
                           pool);
    json_decref(doc);
    return rv;
}

apr_status_t kuji_outbox_answer(const kuji_act_t *act, kuji_conn_t *conn,
                                int64_t campaign_id, const char *base,
                                const kuji_outbox_asker_t *askers, int count,
                                apr_pool_t *pool)
{
    kuji_vault_t *vault;
    kuji_args_t args;
    answers_t a;
    apr_status_t rv = kuji_vault_open(&vault, act, conn, pool);
    int i;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    make_room(&a, count, pool);
    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        rv = seal_answer(&a, i, vault, &askers[i], pool);
    }
    kuji_vault_close(vault);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_int(&args, KUJI_LINE_ANSWER_MS);
    kuji_args_text(&args, "ja");
    kuji_args_text(&args, base);
    kuji_args_text_array(&args, a.id, count);
    kuji_args_bytes_array(&args, a.address, a.address_len, 0, count);
    kuji_args_bytes_array(&args, a.data, a.data_len, 0, count);
    return kuji_pg_query(NULL, conn, KUJI_Q_OUTBOX_ANSWERS, &args, pool);
}

typedef struct work_t {
    const kuji_act_t *act;
    const char *id, *reason;
    const json_t *data;
    kuji_outbox_channel_e channel;
    int64_t wait;
    int is_friend;
} work_t;

static apr_status_t hand(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const work_t *w = baton;
    const unsigned char *blob;
    apr_size_t len;
    kuji_vault_t *vault;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv = kuji_vault_open(&vault, w->act, conn, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_outbox__seal(&blob, &len, vault, w->id, w->data, pool);
        kuji_vault_close(vault);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->id);
    kuji_args_bytes(&args, blob, len);
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_HAND, &args, pool);
    /* Erased meanwhile, or somebody else's: it is not to be sent. */
    return rv == APR_SUCCESS && kuji_pg_changed(res) != 1 ? KUJI_ENOTFOUND : rv;
}

apr_status_t kuji_outbox_hand(const kuji_act_t *act, const char *id,
                              const json_t *data, apr_pool_t *pool)
{
    work_t w = {.act = act, .id = id, .data = data};

    return kuji_pg_transact(act->pg, act->tenant, hand, &w, pool);
}

static apr_status_t hold(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const work_t *w = baton;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_text(&args, kuji_outbox__channel(w->channel));
    kuji_args_int(&args, w->wait);
    kuji_args_text(&args, w->reason);
    return kuji_pg_query(NULL, conn, KUJI_Q_OUTBOX_HOLD, &args, pool);
}

apr_status_t kuji_outbox_hold(const kuji_act_t *act,
                              kuji_outbox_channel_e channel, int64_t wait,
                              const char *reason, apr_pool_t *pool)
{
    work_t w = {.act = act, .channel = channel, .wait = wait, .reason = reason};

    return kuji_pg_transact(act->pg, act->tenant, hold, &w, pool);
}

static apr_status_t note_friend(void *baton, kuji_conn_t *conn,
                                apr_pool_t *pool)
{
    const work_t *w = baton;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->id);
    kuji_args_bool(&args, w->is_friend);
    return kuji_pg_query(NULL, conn, KUJI_Q_OUTBOX_FRIEND, &args, pool);
}

apr_status_t kuji_outbox_friend(const kuji_act_t *act, const char *id,
                                int is_friend, apr_pool_t *pool)
{
    work_t w = {.act = act, .id = id, .is_friend = is_friend};

    return kuji_pg_transact(act->pg, act->tenant, note_friend, &w, pool);
}

typedef struct held_t {
    const kuji_act_t *act;
    int64_t count, until;
} held_t;

static void held_args(kuji_args_t *args, const held_t *h, apr_pool_t *pool)
{
    kuji_args_init(args, pool);
    kuji_args_uuid(args, h->act->tenant);
    kuji_args_text(args, kuji_outbox__channel(KUJI_OUTBOX_LINE));
    kuji_args_text(args, KUJI_OUTBOX_MONTH);
}

static apr_status_t read_held(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    held_t *h = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    held_args(&args, h, pool);
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_HELD, &args, pool);
    if (rv == APR_SUCCESS) {
        h->count = kuji_pg_int(res, 0, 0);
        h->until = kuji_pg_int(res, 0, 1);
    }
    return rv;
}

apr_status_t kuji_outbox_held(int64_t *count, int64_t *until,
                              const kuji_act_t *act, apr_pool_t *pool)
{
    held_t h = {.act = act};
    apr_status_t rv =
        kuji_pg_transact(act->pg, act->tenant, read_held, &h, pool);

    *count = h.count;
    *until = h.until;
    return rv;
}

static apr_status_t release(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    held_t *h = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    held_args(&args, h, pool);
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_RELEASE, &args, pool);
    h->count = rv == APR_SUCCESS ? kuji_pg_changed(res) : 0;
    return h->count
               ? kuji_audit_add(
                     h->act, conn, "line.again", "line",
                     json_pack("{s:I}", "count", (json_int_t)h->count), pool)
               : rv;
}

apr_status_t kuji_outbox_release(int64_t *count, const kuji_act_t *act,
                                 apr_pool_t *pool)
{
    held_t h = {.act = act};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, release, &h, pool);

    *count = h.count;
    return rv;
}
