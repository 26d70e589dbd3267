/* Erasing one person. The campaign's row is locked first, as a batch of draws
 * locks it: a batch that has read the salt has written it back before it goes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/person.h"

#include "store/audit.h"
#include "store/claim_int.h"
#include "store/outbox.h"
#include "store/person_int.h"
#include "store/secret.h"

#include <apr_strings.h>
#include <string.h>

typedef struct erase_t {
    const kuji_act_t *act;
    const char **why, *slug;
    uint64_t n; /* whoever made this draw; or: */
    const unsigned char (*asking)[KUJI_DIGEST_LEN];
    int nasking;
    kuji_erasure_t *erasure;
    /* within the transaction */
    kuji_conn_t *conn;
    apr_pool_t *pool;
    int64_t id;
    const char *uuid;
    int is_closed;
    const unsigned char *participant; /* of those, the one at hand */
    int64_t *numbers;
    int count;
    int64_t draws, claims;     /* of the one at hand */
    kuji_outbox_where_t where; /* address NULL: not known */
} erase_t;

static apr_status_t lock(erase_t *e)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    memset(&e->where, 0, sizeof(e->where));
    kuji_args_init(&args, e->pool);
    kuji_args_uuid(&args, e->act->tenant);
    kuji_args_text(&args, e->slug);
    rv = kuji_pg_query(&res, e->conn, KUJI_Q_PERSON_LOCK, &args, e->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        *e->why = "there is no such campaign";
        return KUJI_ENOTFOUND;
    }
    e->id = kuji_pg_int(res, 0, 0);
    e->uuid = kuji_pg_text(res, 0, 1);
    e->is_closed = strcmp(kuji_pg_text(res, 0, 2), "closed") == 0;
    return APR_SUCCESS;
}

static apr_status_t find_participant(erase_t *e)
{
    apr_size_t len;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, e->pool);
    kuji_args_int(&args, e->id);
    kuji_args_int(&args, (int64_t)e->n);
    rv = kuji_pg_query(&res, e->conn, KUJI_Q_PERSON_OF_DRAW, &args, e->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        *e->why = "there is no such draw";
        return KUJI_ENOTFOUND;
    }
    if (PQgetisnull(res, 0, 0)) {
        *e->why = "whoever made this draw was erased already";
        return KUJI_ESTATE;
    }
    return kuji_pg_bytes(&e->participant, &len, res, 0, 0, e->pool);
}

static void begin(kuji_args_t *args, const erase_t *e)
{
    kuji_args_init(args, e->pool);
    kuji_args_int(args, e->id);
}

static apr_status_t find_draws(erase_t *e)
{
    kuji_args_t args;
    PGresult *res;
    int i;
    apr_status_t rv;

    begin(&args, e);
    kuji_args_bytes(&args, e->participant, KUJI_DIGEST_LEN);
    kuji_args_null_int(&args); /* no limit */
    rv = kuji_pg_query(&res, e->conn, KUJI_Q_PERSON_DRAWS, &args, e->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    e->count = PQntuples(res);
    e->numbers =
        apr_palloc(e->pool, sizeof(*e->numbers) * ((apr_size_t)e->count + 1));
    for (i = 0; i < e->count; i++) {
        e->numbers[i] = kuji_pg_int(res, i, 0);
    }
    return APR_SUCCESS;
}

/* One statement over all of the person's draws; *changed may be NULL. */
static apr_status_t over_draws(erase_t *e, kuji_query_e query, int64_t *changed)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    begin(&args, e);
    kuji_args_int_array(&args, e->numbers, e->count);
    rv = kuji_pg_query(&res, e->conn, query, &args, e->pool);
    if (rv == APR_SUCCESS && changed) {
        *changed = kuji_pg_changed(res);
    }
    return rv;
}

static apr_status_t bury(erase_t *e)
{
    kuji_args_t args;

    begin(&args, e);
    kuji_args_bytes(&args, e->participant, KUJI_DIGEST_LEN);
    return kuji_pg_query(NULL, e->conn,
                         e->is_closed ? KUJI_Q_PERSON_REMOVE
                                      : KUJI_Q_PERSON_TOMBSTONE,
                         &args, e->pool);
}

static apr_status_t forget_gates(erase_t *e)
{
    kuji_args_t args;

    begin(&args, e);
    kuji_args_bytes(&args, e->participant, KUJI_DIGEST_LEN);
    kuji_args_int_array(&args, e->numbers, e->count);
    return kuji_pg_query(NULL, e->conn, KUJI_Q_PERSON_FORGET_GATES, &args,
                         e->pool);
}

/* Where the counters of the one at hand are until the close: whoever drew
 * nothing has none. */
static const unsigned char *tombstone(const erase_t *e)
{
    return e->is_closed || e->count == 0 ? NULL : e->participant;
}

/* Keeps the sums, and the tombstone (NULL: none). */
static apr_status_t write_erasure(erase_t *e, const char *id, int64_t draws,
                                  int64_t claims, const unsigned char *stone)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, e->pool);
    kuji_args_uuid(&args, id);
    kuji_args_int(&args, e->id);
    kuji_args_uuid(&args, e->act->tenant);
    kuji_args_text(&args, "request");
    kuji_args_int(&args, draws);
    kuji_args_int(&args, claims);
    kuji_args_bytes(&args, stone, KUJI_DIGEST_LEN);
    rv = kuji_pg_query(&res, e->conn, KUJI_Q_PERSON_ERASURE, &args, e->pool);
    if (rv == APR_SUCCESS) {
        e->erasure->at = kuji_pg_int(res, 0, 0);
    }
    return rv;
}

static apr_status_t forget_consents(erase_t *e)
{
    kuji_args_t args;

    begin(&args, e);
    kuji_args_bytes(&args, e->participant, KUJI_DIGEST_LEN);
    return kuji_pg_query(NULL, e->conn, KUJI_Q_CONSENT_FORGET, &args, e->pool);
}

/* Where the receipt can be mailed to, before that is forgotten. An address that
 * does not open keeps nobody from being erased. */
static apr_status_t find_mail(erase_t *e)
{
    apr_status_t rv;

    if (e->where.address || !e->act->keys) {
        return APR_SUCCESS;
    }
    rv = kuji_outbox_where(&e->where, e->act, e->conn, e->id, e->uuid,
                           e->participant, e->pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_outbox_forget_codes(e->act, e->conn, e->id, e->where.address,
                                      e->pool);
    }
    return rv == KUJI_ENOTFOUND || rv == KUJI_ECRYPT ? APR_SUCCESS : rv;
}

static apr_status_t mail_receipt(erase_t *e)
{
    json_t *data = json_pack("{s:s}", "receipt", e->erasure->id);
    kuji_outbox_letter_t letter = {.kind = KUJI_MAIL_ERASED,
                                   .campaign_id = e->id,
                                   .address = e->where.address,
                                   .language = e->where.language,
                                   .base = e->where.base,
                                   .data = data,
                                   .useful = KUJI_MAIL_WEEK_MS};
    apr_status_t rv = e->where.address
                          ? kuji_outbox_add(e->act, e->conn, &letter, e->pool)
                          : APR_SUCCESS;

    json_decref(data);
    return rv;
}

/* The participant at hand. */
static apr_status_t forget(erase_t *e)
{
    apr_status_t rv = find_draws(e);

    if (rv == APR_SUCCESS) {
        rv = find_mail(e);
    }
    if (rv == APR_SUCCESS) {
        rv = over_draws(e, KUJI_Q_PERSON_FORGET_IDENTIFIERS, NULL);
    }
    if (rv == APR_SUCCESS) {
        rv = over_draws(e, KUJI_Q_PERSON_FORGET_DETAILS, &e->claims);
    }
    if (rv == APR_SUCCESS) {
        rv = over_draws(e, KUJI_Q_PERSON_FORGET_GIFTS, NULL);
    }
    if (rv == APR_SUCCESS) {
        rv = over_draws(e, KUJI_Q_PERSON_UNLINK, &e->draws);
    }
    if (rv == APR_SUCCESS) {
        rv = forget_consents(e);
    }
    if (rv == APR_SUCCESS) {
        rv = forget_gates(e);
    }
    return rv == APR_SUCCESS ? bury(e) : rv;
}

/* What is said of it: in the audit log, and to whoever is reached by mail. */
static apr_status_t tell(erase_t *e)
{
    const kuji_erasure_t *r = e->erasure;
    apr_status_t rv = mail_receipt(e);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    return kuji_audit_add(e->act, e->conn, "person.erase",
                          apr_pstrcat(e->pool, "campaign:", e->uuid, NULL),
                          json_pack("{s:s, s:I, s:I}", "receipt", r->id,
                                    "draws", (json_int_t)r->draws, "claims",
                                    (json_int_t)r->claims),
                          e->pool);
}

static apr_status_t erase(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    erase_t *e = baton;
    apr_status_t rv;

    e->conn = conn;
    e->pool = pool;
    rv = lock(e);
    if (rv == APR_SUCCESS) {
        rv = find_participant(e);
    }
    if (rv == APR_SUCCESS) {
        rv = forget(e);
    }
    if (rv == APR_SUCCESS) {
        e->erasure->id = kuji_uuid_make(pool);
        e->erasure->draws = e->draws;
        e->erasure->claims = e->claims;
        rv =
            write_erasure(e, e->erasure->id, e->draws, e->claims, tombstone(e));
    }
    return rv == APR_SUCCESS ? tell(e) : rv;
}

/* Whether more than counters is held of the participant at hand. */
static apr_status_t is_held(int *held, erase_t *e)
{
    PGresult *res;
    apr_status_t rv =
        kuji_person__known(&res, e->conn, &e->id, &e->participant, 1, e->pool);

    *held = rv == APR_SUCCESS && PQntuples(res) == 1;
    return rv;
}

/* Each digest has its tombstone, and so a row; the sums stand in the first,
 * whose number is the receipt's. */
static apr_status_t erase_asking(erase_t *e)
{
    kuji_erasure_t *r = e->erasure;
    const unsigned char *first = NULL;
    int i, held, found = 0;
    apr_status_t rv = APR_SUCCESS;

    for (i = 0; i < e->nasking && rv == APR_SUCCESS; i++) {
        e->participant = e->asking[i];
        rv = is_held(&held, e);
        if (rv != APR_SUCCESS || !held) {
            continue;
        }
        rv = forget(e);
        r->draws += e->draws;
        r->claims += e->claims;
        if (rv == APR_SUCCESS && first && tombstone(e)) {
            rv = write_erasure(e, kuji_uuid_make(e->pool), 0, 0, tombstone(e));
        }
        first = first ? first : tombstone(e);
        found = 1;
    }
    if (rv == APR_SUCCESS && !found) {
        *e->why = "nothing is held of whoever asks";
        return KUJI_ESTATE;
    }
    r->id = kuji_uuid_make(e->pool);
    return rv == APR_SUCCESS
               ? write_erasure(e, r->id, r->draws, r->claims, first)
               : rv;
}

static apr_status_t erase_mine(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    erase_t *e = baton;
    apr_status_t rv;

    e->conn = conn;
    e->pool = pool;
    memset(e->erasure, 0, sizeof(*e->erasure));
    rv = lock(e);
    if (rv == APR_SUCCESS) {
        rv = erase_asking(e);
    }
    return rv == APR_SUCCESS ? tell(e) : rv;
}

apr_status_t kuji_person_erase(kuji_erasure_t *erasure, const char **why,
                               const kuji_act_t *act, const char *slug,
                               uint64_t n, apr_pool_t *pool)
{
    erase_t e = {
        .act = act, .why = why, .slug = slug, .n = n, .erasure = erasure};

    return kuji_pg_transact(act->pg, act->tenant, erase, &e, pool);
}

apr_status_t
kuji_person_erase_mine(kuji_erasure_t *erasure, const char **why,
                       const kuji_act_t *act, const char *slug,
                       const unsigned char (*participants)[KUJI_DIGEST_LEN],
                       int count, apr_pool_t *pool)
{
    erase_t e = {.act = act,
                 .why = why,
                 .slug = slug,
                 .asking = participants,
                 .nasking = count,
                 .erasure = erasure};

    return kuji_pg_transact(act->pg, act->tenant, erase_mine, &e, pool);
}

typedef struct receipt_t {
    kuji_erasure_t *erasure;
    int64_t campaign_id;
    const char *id;
} receipt_t;

static apr_status_t read_receipt(void *baton, kuji_conn_t *conn,
                                 apr_pool_t *pool)
{
    receipt_t *r = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, r->campaign_id);
    kuji_args_uuid(&args, r->id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PERSON_RECEIPT, &args, pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv == APR_SUCCESS ? KUJI_ENOTFOUND : rv;
    }
    r->erasure->id = r->id;
    r->erasure->at = kuji_pg_int(res, 0, 0);
    r->erasure->draws = kuji_pg_int(res, 0, 1);
    r->erasure->claims = kuji_pg_int(res, 0, 2);
    return APR_SUCCESS;
}

apr_status_t kuji_erasure_get(kuji_erasure_t *erasure, const kuji_act_t *act,
                              int64_t campaign_id, const char *id,
                              apr_pool_t *pool)
{
    receipt_t r = {erasure, campaign_id, id};

    return kuji_pg_transact(act->pg, act->tenant, read_receipt, &r, pool);
}
