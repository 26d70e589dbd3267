/* What winners give about themselves: sealed, with digests to find it by.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/claim_int.h"

#include "core/mail_address.h"
#include "store/audit.h"
#include "store/outbox.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS 86400000

typedef struct submit_t {
    const kuji_act_t *act;
    const char **why, *slug;
    uint64_t n;
    const unsigned char *participant;
    const json_t *data;
    kuji_claim_by_e by;
    int version;                   /* that was shown; -1: none was */
    const kuji_claim_sent_t *sent; /* NULL: not by the winner's own form */
} submit_t;

static apr_status_t write_identifiers(const kuji_claims_t *c,
                                      const kuji_vault_t *vault, uint64_t n,
                                      const json_t *data)
{
    const kuji_identifier_t *list;
    const unsigned char **digests;
    unsigned char *bytes;
    kuji_args_t args;
    apr_status_t rv;
    int count, i;

    kuji_claims__args(&args, c, n);
    rv = kuji_pg_query(NULL, c->conn, KUJI_Q_CLAIM_FORGET_IDENTIFIERS, &args,
                       c->pool);
    kuji_person_identifiers(&list, &count, data, c->pool);
    if (rv != APR_SUCCESS || count == 0) {
        return rv;
    }
    bytes = apr_palloc(c->pool, (apr_size_t)count * KUJI_DIGEST_LEN);
    digests = apr_palloc(c->pool, (apr_size_t)count * sizeof(*digests));
    for (i = 0; i < count; i++) {
        digests[i] = bytes + i * KUJI_DIGEST_LEN;
        kuji_vault_identifier(bytes + i * KUJI_DIGEST_LEN, vault, &list[i]);
    }
    kuji_args_init(&args, c->pool);
    kuji_args_uuid(&args, c->act->tenant);
    kuji_args_int(&args, c->id);
    kuji_args_int(&args, (int64_t)n);
    kuji_args_bytes_array(&args, digests, NULL, KUJI_DIGEST_LEN, count);
    return kuji_pg_query(NULL, c->conn, KUJI_Q_CLAIM_IDENTIFIERS, &args,
                         c->pool);
}

static apr_status_t write_data(const kuji_claims_t *c, uint64_t n,
                               int64_t due_at, const json_t *data)
{
    char *text = json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS);
    const unsigned char *blob;
    apr_size_t len;
    kuji_vault_t *vault = NULL;
    kuji_args_t args;
    apr_status_t rv =
        text ? kuji_vault_open(&vault, c->act, c->conn, c->pool) : APR_ENOMEM;

    if (rv == APR_SUCCESS) {
        kuji_vault_seal(
            &blob, &len, vault,
            kuji_vault_purpose("claim", c->uuid, (int64_t)n, c->pool), text,
            strlen(text), c->pool);
        kuji_claims__args(&args, c, n);
        kuji_args_uuid(&args, c->act->tenant);
        kuji_args_bytes(&args, blob, len);
        kuji_args_int(&args, due_at);
        rv = kuji_pg_query(NULL, c->conn, KUJI_Q_CLAIM_DATA, &args, c->pool);
    }
    if (rv == APR_SUCCESS) {
        rv = write_identifiers(c, vault, n, data);
    }
    kuji_vault_close(vault);
    if (text) {
        sodium_memzero(text, strlen(text));
    }
    free(text);
    return rv;
}

static apr_status_t refuse(const submit_t *s, const char *why)
{
    *s->why = why;
    return KUJI_ESTATE;
}

static apr_status_t may_submit(const submit_t *s, const kuji_claims_t *c,
                               const kuji_claim_lock_t *lock)
{
    int again =
        lock->state == KUJI_CLAIM_CLAIMED && lock->kind == KUJI_KIND_PARCEL;
    apr_status_t rv = kuji_claims__own(lock, s->participant, s->why);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (c->erased || lock->is_erased) {
        return refuse(s, "personal data of this draw was erased");
    }
    if (!again &&
        (lock->state != KUJI_CLAIM_WON ||
         !kuji_claim_may(lock->kind, lock->state, KUJI_CLAIM_CLAIMED, s->by))) {
        return refuse(s, "nothing can be given for the prize as it is now");
    }
    if (s->participant && (again ? lock->due_at && lock->now >= lock->due_at
                                 : kuji_claims__late(c, lock))) {
        return refuse(s, "the time to claim is over");
    }
    return APR_SUCCESS;
}

static apr_status_t drop_json(void *doc)
{
    json_decref(doc);
    return APR_SUCCESS;
}

/* Names of the fields that differ. */
static json_t *changed_fields(const json_t *before, const json_t *after)
{
    json_t *names = json_array(), *value;
    const char *name;

    json_object_foreach((json_t *)after, name, value)
    {
        if (!json_equal(value, json_object_get(before, name))) {
            json_array_append_new(names, json_string(name));
        }
    }
    json_object_foreach((json_t *)before, name, value)
    {
        if (!json_object_get(after, name)) {
            json_array_append_new(names, json_string(name));
        }
    }
    return names;
}

static apr_status_t read_before(json_t **before, const kuji_claims_t *c,
                                uint64_t n)
{
    const char *text = NULL;
    kuji_vault_t *vault;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    *before = NULL;
    kuji_claims__args(&args, c, n);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_CLAIM_GET, &args, c->pool);
    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        rv = KUJI_EDATABASE; /* it is locked: it is there */
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_vault_open(&vault, c->act, c->conn, c->pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = kuji_vault_text(
        &text, vault, kuji_vault_purpose("claim", c->uuid, (int64_t)n, c->pool),
        res, 0, 4, c->pool);
    kuji_vault_close(vault);
    if (rv == APR_SUCCESS && text) {
        *before = json_loads(text, 0, NULL);
        apr_pool_cleanup_register(c->pool, *before, drop_json,
                                  apr_pool_cleanup_null);
    }
    return rv;
}

/* A mail address that was not given before. */
static int is_new_address(const json_t *before, const json_t *after)
{
    const char *text = json_string_value(json_object_get(after, "mail"));
    kuji_mail_address_t address;

    return text &&
           !json_equal(json_object_get(before, "mail"),
                       json_object_get(after, "mail")) &&
           kuji_mail_address_read(&address, text, strlen(text), 0) ==
               APR_SUCCESS;
}

/* A win whose winner no gate has asked for an address: the form has. */
static apr_status_t mail_win(const submit_t *s, const kuji_claims_t *c,
                             const json_t *before)
{
    return s->sent && s->sent->base && is_new_address(before, s->data)
               ? kuji_outbox_form(s->act, c->conn, c->id, s->n, s->participant,
                                  s->sent->language, s->sent->base, c->pool)
               : APR_SUCCESS;
}

/* What was given before is replaced, unless it is the same again or somebody
 * has changed it since the form was shown. */
static apr_status_t submit_again(const submit_t *s, const kuji_claims_t *c,
                                 const kuji_claim_lock_t *lock)
{
    json_t *before;
    apr_status_t rv = read_before(&before, c, s->n);

    if (rv != APR_SUCCESS || json_equal(before, s->data)) {
        return rv;
    }
    if (s->version >= 0 && s->version != lock->version) {
        *s->why = "it was changed meanwhile";
        return KUJI_ECONFLICT;
    }
    rv = write_data(c, s->n, lock->due_at, s->data);
    if (rv == APR_SUCCESS) {
        rv = mail_win(s, c, before);
    }
    return rv == APR_SUCCESS
               ? kuji_audit_add(
                     s->act, c->conn, "claim.again", kuji_claims__object(c),
                     json_pack("{s:I}", "n", (json_int_t)s->n), c->pool)
               : rv;
}

static apr_status_t submit_first(const submit_t *s, const kuji_claims_t *c,
                                 const kuji_claim_lock_t *lock)
{
    apr_status_t rv = write_data(
        c, s->n, c->days ? lock->updated_at + c->days * DAY_MS : 0, s->data);

    if (rv == APR_SUCCESS) {
        rv = kuji_claims__move(c, lock, KUJI_CLAIM_CLAIMED);
    }
    return rv == APR_SUCCESS ? mail_win(s, c, NULL) : rv;
}

static apr_status_t submit(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    submit_t *s = baton;
    const kuji_claim_lock_t *lock;
    kuji_claims_t c;
    apr_status_t rv =
        kuji_claims__open(&c, s->why, s->act, conn, s->slug, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_claims__lock_one(&lock, s->why, &c, s->n);
    }
    if (rv == APR_SUCCESS) {
        rv = may_submit(s, &c, lock);
    }
    if (rv == APR_SUCCESS) {
        rv = lock->state == KUJI_CLAIM_CLAIMED ? submit_again(s, &c, lock)
                                               : submit_first(s, &c, lock);
    }
    return rv == APR_SUCCESS && s->sent
               ? kuji_consent__give(s->act, conn, c.id, s->participant,
                                    &s->sent->consents, pool)
               : rv;
}

static apr_status_t run(submit_t *s, apr_pool_t *pool)
{
    apr_status_t rv = kuji_person_check(s->why, s->data, pool);

    return rv == APR_SUCCESS
               ? kuji_pg_transact(s->act->pg, s->act->tenant, submit, s, pool)
               : rv;
}

apr_status_t kuji_claim_send(const char **why, const kuji_act_t *act,
                             const char *slug, uint64_t n,
                             const unsigned char participant[16],
                             const json_t *data, const kuji_claim_sent_t *sent,
                             apr_pool_t *pool)
{
    submit_t s = {act,         why,  slug,           n,
                  participant, data, KUJI_BY_WINNER, sent->version,
                  sent};

    return run(&s, pool);
}

apr_status_t kuji_claim_submit(const char **why, const kuji_act_t *act,
                               const char *slug, uint64_t n,
                               const unsigned char participant[16],
                               const json_t *data, kuji_claim_by_e by,
                               apr_pool_t *pool)
{
    submit_t s = {act, why, slug, n, participant, data, by, -1, NULL};

    return run(&s, pool);
}

static apr_status_t correct(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    submit_t *s = baton;
    const kuji_claim_lock_t *lock;
    json_t *before = NULL;
    kuji_claims_t c;
    apr_status_t rv =
        kuji_claims__open(&c, s->why, s->act, conn, s->slug, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_claims__lock_one(&lock, s->why, &c, s->n);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!lock->has_data) {
        return refuse(s, "there is nothing to correct");
    }
    if (lock->version != s->version) {
        *s->why = "somebody else has changed it meanwhile";
        return KUJI_ECONFLICT;
    }
    rv = read_before(&before, &c, s->n);
    if (rv == APR_SUCCESS) {
        rv = write_data(&c, s->n, lock->due_at, s->data);
    }
    return rv == APR_SUCCESS
               ? kuji_audit_add(
                     s->act, conn, "claim.correct", kuji_claims__object(&c),
                     json_pack("{s:I, s:o}", "n", (json_int_t)s->n, "fields",
                               changed_fields(before, s->data)),
                     pool)
               : rv;
}

apr_status_t kuji_claim_correct(const char **why, const kuji_act_t *act,
                                const char *slug, uint64_t n, int version,
                                const json_t *data, apr_pool_t *pool)
{
    submit_t s = {act, why, slug, n, NULL, data, KUJI_BY_OWNER, version, NULL};
    apr_status_t rv = kuji_person_check(why, data, pool);

    return rv == APR_SUCCESS
               ? kuji_pg_transact(act->pg, act->tenant, correct, &s, pool)
               : rv;
}
