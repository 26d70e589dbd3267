/* SPDX-License-Identifier: Apache-2.0 */
#include "store/consent.h"

#include "store/rows.h"

#include <sodium.h>
#include <string.h>

const char *kuji_consent_name(kuji_consent_e kind)
{
    static const char *const names[KUJI_CONSENT_KINDS] = {"terms", "marketing",
                                                          "profile"};

    return names[kind];
}

static void hash_text(crypto_hash_sha256_state *state, const char *text)
{
    text = text ? text : "";
    crypto_hash_sha256_update(state, (const unsigned char *)text,
                              strlen(text) + 1);
}

void kuji_consent_digest(unsigned char out[KUJI_DIGEST_LEN],
                         const char *campaign_uuid,
                         const kuji_consent_text_t *text)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    hash_text(&state, campaign_uuid);
    hash_text(&state, kuji_consent_name(text->kind));
    hash_text(&state, text->language);
    hash_text(&state, text->wording);
    hash_text(&state, text->purpose);
    crypto_hash_sha256_final(&state, hash);
    memcpy(out, hash, KUJI_DIGEST_LEN);
}

/* One statement about a campaign's consents. */
typedef struct write_t {
    const kuji_act_t *act;
    int64_t campaign_id;
    const unsigned char *participant, *digest;
    const kuji_consent_text_t *text;
    int64_t changed;
} write_t;

static void begin(kuji_args_t *args, const write_t *w, apr_pool_t *pool)
{
    kuji_args_init(args, pool);
    kuji_args_int(args, w->campaign_id);
}

static apr_status_t keep(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    write_t *w = baton;
    kuji_args_t args;

    begin(&args, w, pool);
    kuji_args_bytes(&args, w->digest, KUJI_DIGEST_LEN);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_text(&args, kuji_consent_name(w->text->kind));
    kuji_args_text(&args, w->text->language);
    kuji_args_text(&args, w->text->wording);
    kuji_args_text(&args, w->text->purpose);
    return kuji_pg_query(NULL, conn, KUJI_Q_CONSENT_TEXT_ADD, &args, pool);
}

apr_status_t kuji_consent_keep(const kuji_act_t *act, int64_t campaign_id,
                               const unsigned char digest[KUJI_DIGEST_LEN],
                               const kuji_consent_text_t *text,
                               apr_pool_t *pool)
{
    write_t w = {
        .act = act, .campaign_id = campaign_id, .digest = digest, .text = text};

    return kuji_pg_transact(act->pg, act->tenant, keep, &w, pool);
}

apr_status_t
kuji_consent__give(const kuji_act_t *act, kuji_conn_t *conn,
                   int64_t campaign_id,
                   const unsigned char participant[KUJI_DIGEST_LEN],
                   const kuji_consents_given_t *given, apr_pool_t *pool)
{
    const unsigned char *who[KUJI_CONSENTS_MAX], *words[KUJI_CONSENTS_MAX];
    kuji_args_t args;
    int i;

    if (given->count == 0) {
        return APR_SUCCESS;
    }
    for (i = 0; i < given->count; i++) {
        who[i] = participant;
        words[i] = given->digests[i];
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_null_int(&args);
    kuji_args_bytes_array(&args, who, NULL, KUJI_DIGEST_LEN, given->count);
    kuji_args_bytes_array(&args, words, NULL, KUJI_DIGEST_LEN, given->count);
    kuji_args_text(&args, given->page);
    return kuji_pg_query(NULL, conn, KUJI_Q_CONSENT_ADD, &args, pool);
}

apr_status_t kuji_consent__end(int64_t *count, kuji_conn_t *conn,
                               int64_t campaign_id,
                               const unsigned char participant[KUJI_DIGEST_LEN],
                               kuji_consent_e kind, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    kuji_args_bytes(&args, participant, KUJI_DIGEST_LEN);
    kuji_args_text(&args, kuji_consent_name(kind));
    rv = kuji_pg_query(&res, conn, KUJI_Q_CONSENT_WITHDRAW, &args, pool);
    *count = rv == APR_SUCCESS ? kuji_pg_changed(res) : 0;
    return rv;
}

static apr_status_t withdraw(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    write_t *w = baton;

    return kuji_consent__end(&w->changed, conn, w->campaign_id, w->participant,
                             KUJI_CONSENT_MARKETING, pool);
}

apr_status_t kuji_consent_withdraw(
    int64_t *count, const kuji_act_t *act, int64_t campaign_id,
    const unsigned char participant[KUJI_DIGEST_LEN], apr_pool_t *pool)
{
    write_t w = {
        .act = act, .campaign_id = campaign_id, .participant = participant};
    apr_status_t rv =
        kuji_pg_transact(act->pg, act->tenant, withdraw, &w, pool);

    *count = w.changed;
    return rv;
}

static apr_status_t read_row(void *item, const PGresult *res, int i,
                             apr_pool_t *pool)
{
    kuji_consent_t *row = item;

    (void)pool;
    row->kind = kuji_pg_text(res, i, 0);
    row->language = kuji_pg_text(res, i, 1);
    row->wording = kuji_pg_text(res, i, 2);
    row->purpose = kuji_pg_text(res, i, 3);
    row->at = kuji_pg_int(res, i, 4);
    row->withdrawn_at = kuji_pg_int(res, i, 5);
    row->page = kuji_pg_text(res, i, 6);
    return APR_SUCCESS;
}

apr_status_t
kuji_consent__list(const kuji_consent_t **list, int *count, kuji_conn_t *conn,
                   int64_t campaign_id,
                   const unsigned char participant[KUJI_DIGEST_LEN],
                   apr_pool_t *pool)
{
    kuji_rows_t rows = KUJI_ROWS(kuji_consent_t, read_row);
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    kuji_args_bytes(&args, participant, KUJI_DIGEST_LEN);
    rv = kuji_rows_read(&rows, conn, KUJI_Q_CONSENT_LIST, &args, pool);
    *list = rows.items;
    *count = rows.count;
    return rv;
}
