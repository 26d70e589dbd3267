/* What is to be mailed, from the transactions that it is about.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/outbox_int.h"

#include "core/mail_address.h"
#include "store/secret.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
#define REMIND_MS (3 * DAY_MS)

const char *
kuji_outbox__of_participant(const char *campaign_uuid,
                            const unsigned char digest[KUJI_DIGEST_LEN],
                            apr_pool_t *pool)
{
    char hex[2 * KUJI_DIGEST_LEN + 1];

    sodium_bin2hex(hex, sizeof(hex), digest, KUJI_DIGEST_LEN);
    return apr_pstrcat(pool, "mail:", campaign_uuid, ":", hex, NULL);
}

const char *kuji_outbox__of_row(const char *label, const char *id,
                                apr_pool_t *pool)
{
    return apr_pstrcat(pool, "mail ", label, ":", id, NULL);
}

int kuji_outbox__identities(
    unsigned char out[KUJI_MAIL_IDENTITIES][KUJI_DIGEST_LEN],
    const kuji_vault_t *vault, const char *address)
{
    static const unsigned folds[KUJI_MAIL_IDENTITIES] = {0, KUJI_MAIL_FOLD};
    kuji_mail_address_t read;
    kuji_identifier_t identifier = {KUJI_IDENTIFIER_MAIL, read.identity};
    int i, count = 0;

    for (i = 0; i < KUJI_MAIL_IDENTITIES; i++) {
        if (kuji_mail_address_read(&read, address, strlen(address), folds[i]) ==
            APR_SUCCESS) {
            kuji_vault_identifier(out[count++], vault, &identifier);
        }
    }
    return count;
}

apr_status_t kuji_outbox__seal(const unsigned char **blob, apr_size_t *len,
                               const kuji_vault_t *vault, const char *id,
                               const json_t *data, apr_pool_t *pool)
{
    char *text = json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS);

    if (!text) {
        return APR_ENOMEM;
    }
    kuji_vault_seal(blob, len, vault, kuji_outbox__of_row("says", id, pool),
                    text, strlen(text), pool);
    sodium_memzero(text, strlen(text));
    free(text);
    return APR_SUCCESS;
}

apr_status_t kuji_outbox_add(const kuji_act_t *act, kuji_conn_t *conn,
                             const kuji_outbox_letter_t *letter,
                             apr_pool_t *pool)
{
    const char *id = kuji_uuid_make(pool);
    const unsigned char *address, *data = NULL;
    apr_size_t address_len, data_len = 0;
    kuji_vault_t *vault;
    kuji_args_t args;
    apr_status_t rv = kuji_vault_open(&vault, act, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_vault_seal(&address, &address_len, vault,
                    kuji_outbox__of_row("to", id, pool), letter->address,
                    strlen(letter->address), pool);
    if (letter->data) {
        rv = kuji_outbox__seal(&data, &data_len, vault, id, letter->data, pool);
    }
    kuji_vault_close(vault);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, id);
    kuji_args_int(&args, letter->campaign_id);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_text(&args, kuji_mail_kind_name(letter->kind));
    kuji_args_int(&args, letter->useful);
    kuji_args_text(&args, letter->language);
    kuji_args_text(&args, letter->base);
    kuji_args_bytes(&args, address, address_len);
    kuji_args_bytes(&args, data, data_len);
    return kuji_pg_query(NULL, conn, KUJI_Q_OUTBOX_ADD, &args, pool);
}

apr_status_t kuji_outbox_draws(const kuji_act_t *act, kuji_conn_t *conn,
                               int64_t campaign_id, kuji_mail_kind_e kind,
                               const int64_t *numbers, int count,
                               apr_pool_t *pool)
{
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_text(&args, kuji_mail_kind_name(kind));
    kuji_args_int_array(&args, numbers, count);
    kuji_args_int(&args, KUJI_MAIL_WEEK_MS);
    return kuji_pg_query(NULL, conn, KUJI_Q_OUTBOX_DRAWS, &args, pool);
}

apr_status_t kuji_outbox_form(const kuji_act_t *act, kuji_conn_t *conn,
                              int64_t campaign_id, uint64_t n,
                              const unsigned char participant[KUJI_DIGEST_LEN],
                              const char *language, const char *base,
                              apr_pool_t *pool)
{
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_text(&args, kuji_mail_kind_name(KUJI_MAIL_WIN));
    kuji_args_int(&args, (int64_t)n);
    kuji_args_bytes(&args, participant, KUJI_DIGEST_LEN);
    kuji_args_int(&args, KUJI_MAIL_WEEK_MS);
    kuji_args_text(&args, language);
    kuji_args_text(&args, base);
    return kuji_pg_query(NULL, conn, KUJI_Q_OUTBOX_FORM, &args, pool);
}

apr_status_t kuji_outbox_where(kuji_outbox_where_t *where,
                               const kuji_act_t *act, kuji_conn_t *conn,
                               int64_t campaign_id, const char *uuid,
                               const unsigned char participant[KUJI_DIGEST_LEN],
                               apr_pool_t *pool)
{
    kuji_vault_t *vault;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    kuji_args_bytes(&args, participant, KUJI_DIGEST_LEN);
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_WHERE, &args, pool);
    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        rv = KUJI_ENOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_vault_open(&vault, act, conn, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = kuji_vault_text(&where->address, vault,
                         kuji_outbox__of_participant(uuid, participant, pool),
                         res, 0, 0, pool);
    kuji_vault_close(vault);
    where->language = kuji_pg_text(res, 0, 1);
    where->base = kuji_pg_text(res, 0, 2);
    where->verified_at = kuji_pg_int(res, 0, 3);
    return rv;
}

apr_status_t kuji_outbox_forget_codes(const kuji_act_t *act, kuji_conn_t *conn,
                                      int64_t campaign_id, const char *address,
                                      apr_pool_t *pool)
{
    unsigned char digests[KUJI_MAIL_IDENTITIES][KUJI_DIGEST_LEN];
    const unsigned char *list[KUJI_MAIL_IDENTITIES];
    kuji_vault_t *vault;
    kuji_args_t args;
    int count, i;
    apr_status_t rv = kuji_vault_open(&vault, act, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    count = kuji_outbox__identities(digests, vault, address);
    kuji_vault_close(vault);
    for (i = 0; i < count; i++) {
        list[i] = digests[i];
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    kuji_args_bytes_array(&args, list, NULL, KUJI_DIGEST_LEN, count);
    return kuji_pg_query(NULL, conn, KUJI_Q_OUTBOX_FORGET_CODES, &args, pool);
}

apr_status_t kuji_outbox_forget_all(kuji_conn_t *conn, int64_t campaign_id,
                                    apr_pool_t *pool)
{
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    return kuji_pg_query(NULL, conn, KUJI_Q_OUTBOX_FORGET_CAMPAIGN, &args,
                         pool);
}

typedef struct remind_t {
    const kuji_act_t *act;
    PGresult *campaigns;
    int row;
} remind_t;

static apr_status_t read_campaigns(void *baton, kuji_conn_t *conn,
                                   apr_pool_t *pool)
{
    remind_t *r = baton;
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, r->act->tenant);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_MAIL_GATE_SWEEP, &args, pool);
    return rv == APR_SUCCESS ? kuji_pg_query(&r->campaigns, conn,
                                             KUJI_Q_CLAIM_EXPIRING, &args, pool)
                             : rv;
}

static apr_status_t remind_one(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    remind_t *r = baton;
    int64_t time = kuji_pg_int(r->campaigns, r->row, 3) * DAY_MS;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, kuji_pg_int(r->campaigns, r->row, 0));
    kuji_args_int(&args, time);
    kuji_args_int(&args, time / 2 < REMIND_MS ? time / 2 : REMIND_MS);
    return kuji_pg_query(NULL, conn, KUJI_Q_OUTBOX_REMIND, &args, pool);
}

apr_status_t kuji_outbox_remind(const kuji_act_t *act, const int *stop,
                                apr_pool_t *pool)
{
    remind_t r = {.act = act};
    apr_pool_t *one;
    apr_status_t rv = apr_pool_create(&one, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_pg_transact(act->pg, act->tenant, read_campaigns, &r, pool);
    }
    for (r.row = 0; rv == APR_SUCCESS && r.row < PQntuples(r.campaigns);
         r.row++) {
        if (stop && __atomic_load_n(stop, __ATOMIC_ACQUIRE)) {
            return KUJI_EBUSY;
        }
        rv = kuji_pg_transact(act->pg, act->tenant, remind_one, &r, one);
        apr_pool_clear(one);
    }
    return rv;
}
