/* What only rows that LINE carries need.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/outbox_int.h"

#include "store/secret.h"

#include <sodium.h>
#include <string.h>

const char *kuji_outbox__channel(kuji_outbox_channel_e channel)
{
    return channel == KUJI_OUTBOX_LINE ? "line" : "mail";
}

apr_status_t kuji_outbox_answer(const kuji_act_t *act, kuji_conn_t *conn,
                                int64_t campaign_id, const char *base,
                                const char *user, const char *reply,
                                apr_pool_t *pool)
{
    const char *id = kuji_uuid_make(pool);
    const unsigned char *address, *data;
    apr_size_t address_len, data_len;
    json_t *doc = json_pack("{s:s}", "reply", reply);
    kuji_vault_t *vault;
    kuji_args_t args;
    apr_status_t rv = kuji_vault_open(&vault, act, conn, pool);

    if (rv == APR_SUCCESS) {
        kuji_vault_seal(&address, &address_len, vault,
                        kuji_outbox__of_row("to", id, pool), user, strlen(user),
                        pool);
        rv = kuji_outbox__seal(&data, &data_len, vault, id, doc, pool);
        kuji_vault_close(vault);
    }
    json_decref(doc);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, id);
    kuji_args_int(&args, campaign_id);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_int(&args, KUJI_LINE_ANSWER_MS);
    kuji_args_text(&args, "ja");
    kuji_args_text(&args, base);
    kuji_args_bytes(&args, address, address_len);
    kuji_args_bytes(&args, data, data_len);
    return kuji_pg_query(NULL, conn, KUJI_Q_OUTBOX_ANSWER, &args, pool);
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
