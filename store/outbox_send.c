/* The sender's side of the outbox: taking mails, and saying what became of
 * them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/outbox_int.h"

#include "core/claim.h"
#include "core/mail_address.h"
#include "store/line_int.h"

#include <apr_strings.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

/* Columns of outbox_read. */
enum {
    ID,
    KIND,
    N,
    TRIES,
    LANGUAGE,
    BASE,
    OWN_ADDRESS,
    ADDRESS,
    PARTICIPANT,
    DATA,
    UUID,
    SLUG,
    TIME_ZONE,
    CONFIG,
    POS,
    CLAIM,
    CLAIM_AT,
    TRACKING,
    NOW,
    TITLE,
    CREATED,
    GIVEN,
    HANDED,
    PERSON,
    FRIEND
};

typedef struct take_t {
    const kuji_act_t *act;
    kuji_outbox_channel_e channel;
    int limit, count;
    int64_t lease;
    kuji_outbox_mail_t *mails;
} take_t;

static apr_status_t drop_json(void *doc)
{
    json_decref(doc);
    return APR_SUCCESS;
}

static const json_t *parse(const char *text, apr_pool_t *pool)
{
    json_t *doc = text ? json_loads(text, 0, NULL) : NULL;

    if (doc) {
        apr_pool_cleanup_register(pool, doc, drop_json, apr_pool_cleanup_null);
    }
    return doc;
}

static const char *text_or_null(const PGresult *res, int row, int col)
{
    return PQgetisnull(res, row, col) ? NULL : kuji_pg_text(res, row, col);
}

static apr_status_t read_digest(const unsigned char **digest,
                                const PGresult *res, int row, apr_pool_t *pool)
{
    apr_size_t len;
    apr_status_t rv = kuji_pg_bytes(digest, &len, res, row, PARTICIPANT, pool);

    return rv == APR_SUCCESS && len != KUJI_DIGEST_LEN ? KUJI_EDATABASE : rv;
}

/* LINE's user id, of who came by LINE. */
static apr_status_t open_user(kuji_outbox_mail_t *mail,
                              const kuji_vault_t *vault, const PGresult *res,
                              int row, apr_pool_t *pool)
{
    const unsigned char *digest;
    const char *text;
    apr_status_t rv = read_digest(&digest, res, row, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_vault_text(
            &text, vault,
            kuji_line__purpose(kuji_pg_text(res, row, UUID), digest, pool), res,
            row, PERSON, pool);
    }
    if (rv == APR_SUCCESS) {
        mail->address =
            json_string_value(json_object_get(parse(text, pool), "sub"));
        if (!mail->address || !mail->base) {
            mail->skip = mail->address ? "no link" : "no address";
        }
    }
    return rv;
}

apr_status_t kuji_outbox__given(const char **address, const kuji_vault_t *vault,
                                const PGresult *res, int row, int col,
                                const char *campaign_uuid, int64_t n,
                                apr_pool_t *pool)
{
    const char *text, *typed;
    kuji_mail_address_t read;
    apr_status_t rv = kuji_vault_text(
        &text, vault, kuji_vault_purpose("claim", campaign_uuid, n, pool), res,
        row, col, pool);

    typed = rv == APR_SUCCESS
                ? json_string_value(json_object_get(parse(text, pool), "mail"))
                : NULL;
    *address = typed && kuji_mail_address_read(&read, typed, strlen(typed),
                                               0) == APR_SUCCESS
                   ? apr_pstrdup(pool, read.text)
                   : NULL;
    return rv;
}

/* Of what the winner gave with the claim. */
static apr_status_t open_given(kuji_outbox_mail_t *mail,
                               const kuji_vault_t *vault, const PGresult *res,
                               int row, apr_pool_t *pool)
{
    apr_status_t rv =
        kuji_outbox__given(&mail->address, vault, res, row, GIVEN,
                           kuji_pg_text(res, row, UUID), mail->n, pool);

    if (!mail->address) {
        mail->skip = "no address";
    }
    return rv;
}

static apr_status_t open_address(kuji_outbox_mail_t *mail,
                                 const kuji_vault_t *vault, const PGresult *res,
                                 int row, apr_pool_t *pool)
{
    const unsigned char *digest;
    apr_status_t rv;

    if (!PQgetisnull(res, row, OWN_ADDRESS)) {
        return kuji_vault_text(&mail->address, vault,
                               kuji_outbox__of_row("to", mail->id, pool), res,
                               row, OWN_ADDRESS, pool);
    }
    if (!PQgetisnull(res, row, PERSON)) {
        return open_user(mail, vault, res, row, pool);
    }
    if (PQgetisnull(res, row, ADDRESS) && mail->by_line) {
        mail->skip = "no address";
        return APR_SUCCESS;
    }
    if (PQgetisnull(res, row, ADDRESS)) {
        return open_given(mail, vault, res, row, pool);
    }
    rv = read_digest(&digest, res, row, pool);
    return rv == APR_SUCCESS ? kuji_vault_text(&mail->address, vault,
                                               kuji_outbox__of_participant(
                                                   kuji_pg_text(res, row, UUID),
                                                   digest, pool),
                                               res, row, ADDRESS, pool)
                             : rv;
}

static apr_status_t open_rest(kuji_outbox_mail_t *mail,
                              const kuji_vault_t *vault, const PGresult *res,
                              int row, apr_pool_t *pool)
{
    const char *text;
    apr_status_t rv = kuji_vault_text(
        &text, vault, kuji_outbox__of_row("says", mail->id, pool), res, row,
        DATA, pool);

    if (rv == APR_SUCCESS) {
        mail->data = parse(text, pool);
        rv = kuji_vault_text(&mail->tracking, vault,
                             kuji_vault_purpose("tracking",
                                                kuji_pg_text(res, row, UUID),
                                                mail->n, pool),
                             res, row, TRACKING, pool);
    }
    return rv;
}

/* What was true when the row was written may be over. */
static void look_at_claim(kuji_outbox_mail_t *mail, const PGresult *res,
                          int row)
{
    const char *state = text_or_null(res, row, CLAIM);
    int64_t days =
        json_integer_value(json_object_get(mail->config, "claim_days"));

    if (mail->n == 0) {
        return;
    }
    if (!state) {
        mail->skip = "no win";
    }
    else if (strcmp(state, "void") == 0 || strcmp(state, "expired") == 0 ||
             (mail->kind == KUJI_MAIL_REMIND && strcmp(state, "won") != 0)) {
        mail->skip = strcmp(state, "void") == 0 ? "void" : "over";
    }
    else {
        mail->prize = (int)kuji_pg_int(res, row, POS);
    }
    if (days > 0 && state && strcmp(state, "won") == 0) {
        mail->deadline = kuji_pg_int(res, row, CLAIM_AT) + days * DAY_MS;
    }
}

static void read_row(kuji_outbox_mail_t *mail, const PGresult *res, int row,
                     apr_pool_t *pool)
{
    memset(mail, 0, sizeof(*mail));
    mail->id = kuji_pg_text(res, row, ID);
    mail->kind = kuji_mail_kind(kuji_pg_text(res, row, KIND));
    mail->n = kuji_pg_int(res, row, N);
    mail->tries = (int)kuji_pg_int(res, row, TRIES);
    mail->language = text_or_null(res, row, LANGUAGE);
    mail->base = text_or_null(res, row, BASE);
    mail->slug = kuji_pg_text(res, row, SLUG);
    mail->time_zone = kuji_pg_text(res, row, TIME_ZONE);
    mail->tenant_title = kuji_pg_text(res, row, TITLE);
    mail->config = parse(kuji_pg_text(res, row, CONFIG), pool);
    mail->created_at = kuji_pg_int(res, row, CREATED);
    mail->now = kuji_pg_int(res, row, NOW);
    mail->handed_at = kuji_pg_int(res, row, HANDED);
    mail->is_friend =
        PQgetisnull(res, row, FRIEND) ? -1 : kuji_pg_bool(res, row, FRIEND);
    mail->prize = -1;
    look_at_claim(mail, res, row);
}

static apr_status_t read_taken(take_t *t, const PGresult *ids,
                               kuji_conn_t *conn, apr_pool_t *pool)
{
    const char **list =
        apr_palloc(pool, sizeof(*list) * ((apr_size_t)PQntuples(ids) + 1));
    kuji_vault_t *vault;
    kuji_args_t args;
    PGresult *res;
    int i, n = 0;
    apr_status_t rv;

    for (i = 0; i < PQntuples(ids); i++) {
        if (!PQgetisnull(ids, i, 0)) {
            list[n++] = kuji_pg_text(ids, i, 0);
        }
    }
    if (n == 0) {
        return APR_SUCCESS;
    }
    kuji_args_init(&args, pool);
    kuji_args_text_array(&args, list, n);
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_READ, &args, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_vault_open(&vault, t->act, conn, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    t->mails =
        apr_palloc(pool, sizeof(*t->mails) * ((apr_size_t)PQntuples(res) + 1));
    for (i = 0; i < PQntuples(res); i++) {
        kuji_outbox_mail_t *mail = &t->mails[t->count++];

        read_row(mail, res, i, pool);
        mail->by_line = t->channel == KUJI_OUTBOX_LINE;
        rv = open_address(mail, vault, res, i, pool);
        if (rv == APR_SUCCESS) {
            rv = open_rest(mail, vault, res, i, pool);
        }
        if (rv != APR_SUCCESS) {
            mail->skip = "does not open";
        }
    }
    kuji_vault_close(vault);
    return APR_SUCCESS;
}

static apr_status_t take(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    take_t *t = baton;
    kuji_args_t args;
    PGresult *ids;
    apr_status_t rv;

    t->count = 0;
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, t->act->tenant);
    kuji_args_int(&args, t->limit);
    kuji_args_int(&args, t->lease);
    kuji_args_text(&args, kuji_outbox__channel(t->channel));
    rv = kuji_pg_query(&ids, conn, KUJI_Q_OUTBOX_TAKE, &args, pool);
    return rv == APR_SUCCESS ? read_taken(t, ids, conn, pool) : rv;
}

apr_status_t kuji_outbox_take(const kuji_outbox_mail_t **mails, int *count,
                              const kuji_act_t *act,
                              kuji_outbox_channel_e channel, int limit,
                              int64_t lease, apr_pool_t *pool)
{
    take_t t = {.act = act, .channel = channel, .limit = limit, .lease = lease};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, take, &t, pool);

    *mails = t.mails;
    *count = rv == APR_SUCCESS ? t.count : 0;
    return rv;
}

typedef struct end_t {
    const char *id, *state, *reason;
    int64_t wait, back;
    int in_doubt;
} end_t;

static apr_status_t end_one(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const end_t *e = baton;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, e->id);
    kuji_args_text(&args, e->state);
    kuji_args_text(&args, e->reason);
    kuji_args_int(&args, e->wait);
    kuji_args_int(&args, e->back);
    kuji_args_bool(&args, e->in_doubt);
    return kuji_pg_query(NULL, conn, KUJI_Q_OUTBOX_END, &args, pool);
}

apr_status_t kuji_outbox_end(const kuji_act_t *act, const char *id,
                             kuji_outbox_end_e end, const char *reason,
                             int64_t wait, int in_doubt, apr_pool_t *pool)
{
    static const char *const states[] = {"sent", "bounced", "queued", "queued",
                                         "gave_up"};
    end_t e = {id,      states[end], reason, wait, end == KUJI_OUTBOX_BACK,
               in_doubt};

    return kuji_pg_transact(act->pg, act->tenant, end_one, &e, pool);
}

apr_status_t kuji_outbox_tenants(const char *const **tenants, int *count,
                                 kuji_pg_t *pg, kuji_outbox_channel_e channel,
                                 apr_pool_t *pool)
{
    const char **list;
    kuji_conn_t *conn;
    kuji_args_t args;
    PGresult *res;
    int i;
    apr_status_t rv = kuji_pg_acquire(&conn, pg);

    *count = 0;
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_text(&args, kuji_outbox__channel(channel));
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_TENANTS, &args, pool);
    kuji_pg_release(conn);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    list = apr_palloc(pool, sizeof(*list) * ((apr_size_t)PQntuples(res) + 1));
    for (i = 0; i < PQntuples(res); i++) {
        list[i] = kuji_pg_text(res, i, 0);
    }
    *tenants = list;
    *count = PQntuples(res);
    return APR_SUCCESS;
}

apr_status_t kuji_outbox_waits(int64_t *ms, kuji_pg_t *pg,
                               kuji_outbox_channel_e channel, apr_pool_t *pool)
{
    kuji_conn_t *conn;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv = kuji_pg_acquire(&conn, pg);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_text(&args, kuji_outbox__channel(channel));
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_WAITS, &args, pool);
    kuji_pg_release(conn);
    if (rv == APR_SUCCESS) {
        *ms = kuji_pg_int(res, 0, 0);
    }
    return rv;
}
