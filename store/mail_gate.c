/* SPDX-License-Identifier: Apache-2.0 */
#include "store/mail_gate.h"
#include "core/disposable.h"

#include "store/outbox_int.h"
#include "store/secret.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define TOKEN_BYTES 24
#define TOKEN_MAX 64
#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING

typedef struct gate_t {
    const kuji_act_t *act;
    const kuji_campaign_t *campaign;
    kuji_conn_t *conn;
    apr_pool_t *pool;
} gate_t;

/* -- asking ---------------------------------------------------------------- */

typedef struct ask_t {
    gate_t g;
    const kuji_mail_ask_t *ask;
    kuji_mail_asked_e asked;
    const char *id;
    unsigned char identity[KUJI_DIGEST_LEN], prefix[KUJI_DIGEST_LEN];
} ask_t;

static void digest(unsigned char out[KUJI_DIGEST_LEN], const gate_t *g,
                   const char *label, const char *text)
{
    kuji_seal_digest(out, g->campaign->digest_key, label, text, strlen(text));
}

static void digest_code(unsigned char out[KUJI_DIGEST_LEN], const gate_t *g,
                        const char *id, const char *code)
{
    digest(out, g, "mail code", apr_pstrcat(g->pool, id, " ", code, NULL));
}

static void begin(kuji_args_t *args, const gate_t *g)
{
    kuji_args_init(args, g->pool);
    kuji_args_int(args, g->campaign->id);
}

static int is_uuid(const char *text)
{
    unsigned char bytes[KUJI_UUID_LEN];

    return text && kuji_uuid_parse(bytes, text) == APR_SUCCESS;
}

/* 1: a mail may go; 0: the answer is there already. */
static apr_status_t may_send(int *may, ask_t *a)
{
    const char *before = is_uuid(a->ask->before) ? a->ask->before : NULL;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    *may = 0;
    begin(&args, &a->g);
    kuji_args_bytes(&args, a->identity, KUJI_DIGEST_LEN);
    rv =
        kuji_pg_query(NULL, a->g.conn, KUJI_Q_MAIL_GATE_LOCK, &args, a->g.pool);
    kuji_args_bytes(&args, a->prefix, KUJI_DIGEST_LEN);
    kuji_args_uuid(&args, before);
    if (rv == APR_SUCCESS) {
        rv = kuji_pg_query(&res, a->g.conn, KUJI_Q_MAIL_GATE_COUNTS, &args,
                           a->g.pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (kuji_pg_int(res, 0, 3) >= KUJI_MAIL_PER_PREFIX ||
        kuji_pg_int(res, 0, 4) >= KUJI_MAIL_PER_CAMPAIGN) {
        a->asked = KUJI_MAIL_TOO_MANY;
        return APR_SUCCESS;
    }
    *may = kuji_pg_int(res, 0, 0) < KUJI_MAIL_PER_MINUTE &&
           kuji_pg_int(res, 0, 1) < KUJI_MAIL_PER_HOUR &&
           kuji_pg_int(res, 0, 2) < KUJI_MAIL_PER_DAY;
    if (!*may && !PQgetisnull(res, 0, 5)) {
        a->id = kuji_pg_text(res, 0, 5); /* the code so far still fits */
    }
    return APR_SUCCESS;
}

static apr_status_t write_letter(const ask_t *a, const char *code,
                                 const char *token)
{
    json_t *data = json_pack("{s:s, s:s}", "code", code, "token", token);
    kuji_outbox_letter_t letter = {.kind = KUJI_MAIL_CODE,
                                   .campaign_id = a->g.campaign->id,
                                   .address = a->ask->address->text,
                                   .language = a->ask->language,
                                   .base = a->ask->base,
                                   .data = data,
                                   .useful = KUJI_MAIL_CODE_MS};
    apr_status_t rv = kuji_outbox_add(a->g.act, a->g.conn, &letter, a->g.pool);

    json_decref(data);
    return rv;
}

static apr_status_t write_challenge(const ask_t *a, const kuji_vault_t *vault,
                                    const char *code, const char *token)
{
    unsigned char codes[KUJI_DIGEST_LEN], tokens[KUJI_DIGEST_LEN];
    const unsigned char *address;
    apr_size_t len;
    kuji_args_t args;

    digest_code(codes, &a->g, a->id, code);
    digest(tokens, &a->g, "mail link", token);
    kuji_vault_seal(&address, &len, vault,
                    kuji_outbox__of_row("challenge", a->id, a->g.pool),
                    a->ask->address->text, strlen(a->ask->address->text),
                    a->g.pool);
    kuji_args_init(&args, a->g.pool);
    kuji_args_uuid(&args, a->id);
    kuji_args_int(&args, a->g.campaign->id);
    kuji_args_uuid(&args, a->g.act->tenant);
    kuji_args_int(&args, KUJI_MAIL_CODE_MS);
    kuji_args_text(&args, a->ask->language);
    kuji_args_text(&args, a->ask->base);
    kuji_args_bytes(&args, a->identity, KUJI_DIGEST_LEN);
    kuji_args_bytes(&args, a->prefix, KUJI_DIGEST_LEN);
    kuji_args_bytes(&args, codes, KUJI_DIGEST_LEN);
    kuji_args_bytes(&args, tokens, KUJI_DIGEST_LEN);
    kuji_args_bytes(&args, address, len);
    return kuji_pg_query(NULL, a->g.conn, KUJI_Q_MAIL_GATE_ADD, &args,
                         a->g.pool);
}

static apr_status_t make_challenge(const ask_t *a, const kuji_vault_t *vault)
{
    unsigned char secret[TOKEN_BYTES];
    char code[KUJI_MAIL_CODE_DIGITS + 1], token[TOKEN_MAX];
    apr_status_t rv;

    randombytes_buf(secret, sizeof(secret));
    sodium_bin2base64(token, sizeof(token), secret, sizeof(secret), URLSAFE);
    apr_snprintf(code, sizeof(code), "%06u", randombytes_uniform(1000000));
    rv = write_challenge(a, vault, code, token);
    return rv == APR_SUCCESS ? write_letter(a, code, token) : rv;
}

static apr_status_t ask(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    ask_t *a = baton;
    kuji_identifier_t identifier = {KUJI_IDENTIFIER_MAIL,
                                    a->ask->address->identity};
    kuji_vault_t *vault;
    int may;
    apr_status_t rv;

    a->g.conn = conn;
    a->g.pool = pool;
    a->asked = KUJI_MAIL_ASKED;
    a->id = kuji_uuid_make(pool);
    rv = kuji_vault_open(&vault, a->g.act, conn, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_vault_identifier(a->identity, vault, &identifier);
    digest(a->prefix, &a->g, "mail prefix", a->ask->prefix);
    rv = may_send(&may, a);
    if (rv == APR_SUCCESS && may) {
        rv = make_challenge(a, vault);
    }
    kuji_vault_close(vault);
    return rv;
}

apr_status_t kuji_mail_gate_ask(kuji_mail_asked_e *asked, const char **id,
                                const kuji_act_t *act,
                                const kuji_campaign_t *campaign,
                                const kuji_mail_ask_t *question,
                                apr_pool_t *pool)
{
    ask_t a = {.g = {act, campaign, NULL, NULL}, .ask = question};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, ask, &a, pool);

    *asked = a.asked;
    *id = a.id;
    return rv;
}

/* -- trying ---------------------------------------------------------------- */

/* Columns of mail_gate_find. */
enum { ID, IDENTITY, CODE, TRIES, OVER, LANGUAGE, BASE, ADDRESS };

typedef struct try_t {
    gate_t g;
    kuji_mail_shown_t *shown;
    const char *id, *code; /* a code for a challenge, */
    const char *token;     /* or a link */
    int look;
} try_t;

/* Whole and half-width digits, anything between them left out. 0: no code. */
static int read_code(char out[KUJI_MAIL_CODE_DIGITS + 1], const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    int digits = 0;

    for (; *at; at++) {
        int d = -1;

        if (*at >= '0' && *at <= '9') {
            d = *at - '0';
        }
        else if (at[0] == 0xef && at[1] == 0xbc && at[2] >= 0x90 &&
                 at[2] <= 0x99) {
            d = at[2] - 0x90;
            at += 2;
        }
        else if (at[0] == 0xe3 && at[1] == 0x80 && at[2] == 0x80) {
            at += 2;
            continue;
        }
        else if (strchr(" \t\r\n-", *at)) {
            continue;
        }
        if (d < 0 || digits == KUJI_MAIL_CODE_DIGITS) {
            return 0;
        }
        out[digits++] = (char)('0' + d);
    }
    out[digits] = '\0';
    return digits == KUJI_MAIL_CODE_DIGITS;
}

/* Addresses are kept with their domain in lower case. */
static const char *domain_of(const char *address)
{
    const char *at = strrchr(address, '@');

    return at ? at + 1 : "";
}

static apr_status_t remember(try_t *t, const PGresult *res,
                             const char *participant)
{
    unsigned char who[KUJI_DIGEST_LEN];
    const unsigned char *sealed;
    const char *address, *challenge = kuji_pg_text(res, 0, ID);
    kuji_vault_t *vault;
    apr_size_t len;
    kuji_args_t args;
    apr_status_t rv;

    kuji_seal_digest(who, t->g.campaign->digest_key, "participant", participant,
                     strlen(participant));
    rv = kuji_vault_open(&vault, t->g.act, t->g.conn, t->g.pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = kuji_vault_text(&address, vault,
                         kuji_outbox__of_row("challenge", challenge, t->g.pool),
                         res, 0, ADDRESS, t->g.pool);
    if (rv == APR_SUCCESS) {
        t->shown->disposable = kuji_is_disposable(domain_of(address));
        kuji_vault_seal(
            &sealed, &len, vault,
            kuji_outbox__of_participant(t->g.campaign->uuid, who, t->g.pool),
            address, strlen(address), t->g.pool);
        begin(&args, &t->g);
        kuji_args_bytes(&args, who, KUJI_DIGEST_LEN);
        kuji_args_uuid(&args, t->g.act->tenant);
        kuji_args_text(&args, kuji_pg_text(res, 0, LANGUAGE));
        kuji_args_text(&args, kuji_pg_text(res, 0, BASE));
        kuji_args_bytes(&args, sealed, len);
        rv = kuji_pg_query(NULL, t->g.conn, KUJI_Q_MAIL_GATE_VERIFIED, &args,
                           t->g.pool);
    }
    kuji_vault_close(vault);
    return rv;
}

static apr_status_t mark(const try_t *t, const char *id, int tries, int used)
{
    kuji_args_t args;

    kuji_args_init(&args, t->g.pool);
    kuji_args_uuid(&args, id);
    kuji_args_int(&args, tries);
    kuji_args_bool(&args, used);
    return kuji_pg_query(NULL, t->g.conn, KUJI_Q_MAIL_GATE_TRIED, &args,
                         t->g.pool);
}

static apr_status_t succeed(try_t *t, const PGresult *res)
{
    const unsigned char *identity;
    char hex[2 * KUJI_DIGEST_LEN + 1];
    const char *id = kuji_pg_text(res, 0, ID);
    apr_size_t len;
    apr_status_t rv =
        kuji_pg_bytes(&identity, &len, res, 0, IDENTITY, t->g.pool);

    if (rv != APR_SUCCESS || len != KUJI_DIGEST_LEN) {
        return rv == APR_SUCCESS ? KUJI_EDATABASE : rv;
    }
    sodium_bin2hex(hex, sizeof(hex), identity, len);
    t->shown->tried = KUJI_MAIL_SHOWN;
    t->shown->participant = apr_pstrcat(t->g.pool, "mail:", hex, NULL);
    if (t->look) {
        return APR_SUCCESS;
    }
    rv = mark(t, id, 0, 1);
    return rv == APR_SUCCESS ? remember(t, res, t->shown->participant) : rv;
}

static apr_status_t find(PGresult **res, const try_t *t)
{
    unsigned char token[KUJI_DIGEST_LEN];
    kuji_args_t args;

    begin(&args, &t->g);
    kuji_args_uuid(&args, t->id);
    if (t->token) {
        digest(token, &t->g, "mail link", t->token);
    }
    kuji_args_bytes(&args, t->token ? token : NULL, KUJI_DIGEST_LEN);
    return kuji_pg_query(res, t->g.conn, KUJI_Q_MAIL_GATE_FIND, &args,
                         t->g.pool);
}

static apr_status_t attempt(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    try_t *t = baton;
    unsigned char given[KUJI_DIGEST_LEN];
    char code[KUJI_MAIL_CODE_DIGITS + 1];
    const unsigned char *stored;
    apr_size_t len;
    PGresult *res;
    apr_status_t rv;

    t->g.conn = conn;
    t->g.pool = pool;
    t->shown->tried = KUJI_MAIL_OVER;
    rv = find(&res, t);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv;
    }
    t->shown->language = kuji_pg_text(res, 0, LANGUAGE);
    if (kuji_pg_bool(res, 0, OVER) ||
        kuji_pg_int(res, 0, TRIES) >= KUJI_MAIL_TRIES_MAX) {
        return APR_SUCCESS;
    }
    if (t->token) {
        return succeed(t, res);
    }
    rv = kuji_pg_bytes(&stored, &len, res, 0, CODE, pool);
    if (rv != APR_SUCCESS || len != KUJI_DIGEST_LEN) {
        return rv == APR_SUCCESS ? KUJI_EDATABASE : rv;
    }
    t->shown->tried = KUJI_MAIL_WRONG;
    if (!read_code(code, t->code)) {
        return APR_SUCCESS; /* mistyped, no try: it could not have fitted */
    }
    digest_code(given, &t->g, t->id, code);
    return sodium_memcmp(given, stored, KUJI_DIGEST_LEN) == 0
               ? succeed(t, res)
               : mark(t, t->id, 1, 0);
}

apr_status_t kuji_mail_gate_code(kuji_mail_shown_t *shown,
                                 const kuji_act_t *act,
                                 const kuji_campaign_t *campaign,
                                 const char *id, const char *code,
                                 apr_pool_t *pool)
{
    try_t t = {.g = {act, campaign, NULL, NULL},
               .shown = shown,
               .id = id,
               .code = code};

    memset(shown, 0, sizeof(*shown));
    shown->tried = KUJI_MAIL_OVER;
    return is_uuid(id)
               ? kuji_pg_transact(act->pg, act->tenant, attempt, &t, pool)
               : APR_SUCCESS;
}

apr_status_t kuji_mail_gate_link(kuji_mail_shown_t *shown,
                                 const kuji_act_t *act,
                                 const kuji_campaign_t *campaign,
                                 const char *token, int look, apr_pool_t *pool)
{
    try_t t = {.g = {act, campaign, NULL, NULL},
               .shown = shown,
               .token = token,
               .look = look};

    memset(shown, 0, sizeof(*shown));
    shown->tried = KUJI_MAIL_OVER;
    return kuji_pg_transact(act->pg, act->tenant, attempt, &t, pool);
}

/* -- an address under another id ------------------------------------------- */

typedef struct also_t {
    gate_t g;
    const unsigned char *from, *to;
} also_t;

static apr_status_t reseal(const unsigned char **sealed, apr_size_t *len,
                           const also_t *a, const PGresult *res)
{
    const char *uuid = a->g.campaign->uuid, *address;
    kuji_vault_t *vault;
    apr_status_t rv = kuji_vault_open(&vault, a->g.act, a->g.conn, a->g.pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = kuji_vault_text(&address, vault,
                         kuji_outbox__of_participant(uuid, a->from, a->g.pool),
                         res, 0, 3, a->g.pool);
    if (rv == APR_SUCCESS) {
        kuji_vault_seal(sealed, len, vault,
                        kuji_outbox__of_participant(uuid, a->to, a->g.pool),
                        address, strlen(address), a->g.pool);
    }
    kuji_vault_close(vault);
    return rv;
}

static apr_status_t also(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    also_t *a = baton;
    const unsigned char *sealed;
    apr_size_t len;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    a->g.conn = conn;
    a->g.pool = pool;
    begin(&args, &a->g);
    kuji_args_bytes(&args, a->from, KUJI_DIGEST_LEN);
    kuji_args_bytes(&args, a->to, KUJI_DIGEST_LEN);
    rv = kuji_pg_query(&res, conn, KUJI_Q_MAIL_GATE_KNOWN, &args, pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv;
    }
    rv = reseal(&sealed, &len, a, res);
    if (rv != APR_SUCCESS) {
        return rv == KUJI_ECRYPT ? APR_SUCCESS : rv;
    }
    begin(&args, &a->g);
    kuji_args_bytes(&args, a->to, KUJI_DIGEST_LEN);
    kuji_args_uuid(&args, a->g.act->tenant);
    kuji_args_text(&args, kuji_pg_text(res, 0, 1));
    kuji_args_text(&args, kuji_pg_text(res, 0, 2));
    kuji_args_bytes(&args, sealed, len);
    return kuji_pg_query(NULL, conn, KUJI_Q_MAIL_GATE_VERIFIED, &args, pool);
}

apr_status_t kuji_mail_gate_also(const unsigned char from[KUJI_DIGEST_LEN],
                                 const unsigned char to[KUJI_DIGEST_LEN],
                                 const kuji_act_t *act,
                                 const kuji_campaign_t *campaign,
                                 apr_pool_t *pool)
{
    also_t a = {{act, campaign, NULL, NULL}, from, to};

    return kuji_pg_transact(act->pg, act->tenant, also, &a, pool);
}
