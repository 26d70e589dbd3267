/* Participants who came by LINE.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/line_int.h"

#include "store/vault.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

typedef struct work_t {
    const kuji_act_t *act;
    const char *subject;
    unsigned char found[KUJI_DIGEST_LEN];
    const kuji_line_person_t *person;
    int64_t campaign_id;
    const char *uuid;
    const unsigned char *digest;
    const kuji_consents_given_t *given;
} work_t;

static apr_status_t identify(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    kuji_vault_t *vault;
    apr_status_t rv = kuji_vault_open(&vault, w->act, conn, pool);

    if (rv == APR_SUCCESS) {
        kuji_vault_line(w->found, vault, w->subject);
        kuji_vault_close(vault);
    }
    return rv;
}

apr_status_t kuji_line_identity(const char **id, const char *subject,
                                const kuji_act_t *act, apr_pool_t *pool)
{
    work_t w = {.act = act, .subject = subject};
    char hex[2 * KUJI_DIGEST_LEN + 1];
    apr_status_t rv =
        kuji_pg_transact(act->pg, act->tenant, identify, &w, pool);

    if (rv == APR_SUCCESS) {
        sodium_bin2hex(hex, sizeof(hex), w.found, KUJI_DIGEST_LEN);
        *id = apr_pstrcat(pool, "line:", hex, NULL);
    }
    return rv;
}

const char *kuji_line__purpose(const char *uuid,
                               const unsigned char digest[KUJI_DIGEST_LEN],
                               apr_pool_t *pool)
{
    char hex[2 * KUJI_DIGEST_LEN + 1];

    sodium_bin2hex(hex, sizeof(hex), digest, KUJI_DIGEST_LEN);
    return apr_pstrcat(pool, "line:", uuid, ":", hex, NULL);
}

static const char *member(const json_t *doc, const char *name, apr_pool_t *pool)
{
    const char *text = json_string_value(json_object_get(doc, name));

    return apr_pstrdup(pool, text ? text : "");
}

/* What is sealed in column col of the only row; of whom: digest. */
static apr_status_t open_person(kuji_person_line_t *line,
                                const kuji_vault_t *vault, const PGresult *res,
                                int col, const char *uuid,
                                const unsigned char *digest, apr_pool_t *pool)
{
    const char *text;
    json_t *doc;
    apr_status_t rv =
        kuji_vault_text(&text, vault, kuji_line__purpose(uuid, digest, pool),
                        res, 0, col, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    doc = json_loads(text, 0, NULL);
    line->subject = member(doc, "sub", pool);
    line->name = member(doc, "name", pool);
    line->picture = member(doc, "picture", pool);
    json_decref(doc);
    return APR_SUCCESS;
}

static apr_status_t seal_person(const unsigned char **blob, apr_size_t *len,
                                const kuji_person_line_t *line, const work_t *w,
                                const kuji_vault_t *vault, apr_pool_t *pool)
{
    json_t *doc = json_pack("{s:s, s:s, s:s}", "sub", line->subject, "name",
                            line->name, "picture", line->picture);
    char *text = json_dumps(doc, JSON_COMPACT);

    json_decref(doc);
    if (!text) {
        return KUJI_EINVAL; /* a name that is no UTF-8 */
    }
    kuji_vault_seal(blob, len, vault,
                    kuji_line__purpose(w->uuid, w->digest, pool), text,
                    strlen(text), pool);
    free(text);
    return APR_SUCCESS;
}

/* Name and picture that may still be kept; subject NULL: there are none. */
static apr_status_t read_agreed(kuji_person_line_t *line, const work_t *w,
                                const kuji_vault_t *vault, kuji_conn_t *conn,
                                apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    memset(line, 0, sizeof(*line));
    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->campaign_id);
    kuji_args_bytes(&args, w->digest, KUJI_DIGEST_LEN);
    rv = kuji_pg_query(&res, conn, KUJI_Q_LINE_PERSON_AGREED, &args, pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv;
    }
    rv = open_person(line, vault, res, 0, w->uuid, w->digest, pool);
    return rv == KUJI_ECRYPT ? APR_SUCCESS : rv;
}

/* What is to be sealed of whom. */
static apr_status_t settle_person(kuji_person_line_t *line, const work_t *w,
                                  const kuji_vault_t *vault, kuji_conn_t *conn,
                                  apr_pool_t *pool)
{
    const kuji_line_person_t *person = w->person;
    apr_status_t rv = APR_SUCCESS;

    line->name = person->name;
    line->picture = person->picture;
    if (!person->name || !person->picture) {
        rv = read_agreed(line, w, vault, conn, pool);
        line->name = line->name ? line->name : "";
        line->picture = line->picture ? line->picture : "";
    }
    line->subject = person->subject;
    return rv;
}

static apr_status_t put_row(const work_t *w, kuji_conn_t *conn,
                            const unsigned char *blob, apr_size_t len,
                            const unsigned char user[KUJI_DIGEST_LEN],
                            apr_pool_t *pool)
{
    const kuji_line_person_t *person = w->person;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->campaign_id);
    kuji_args_bytes(&args, w->digest, KUJI_DIGEST_LEN);
    kuji_args_uuid(&args, w->act->tenant);
    if (person->is_friend < 0) {
        kuji_args_text(&args, NULL);
    }
    else {
        kuji_args_bool(&args, person->is_friend);
    }
    kuji_args_bytes(&args, blob, len);
    kuji_args_bytes(&args, user, KUJI_DIGEST_LEN);
    kuji_args_text(&args, person->base ? person->language : NULL);
    kuji_args_text(&args, person->language ? person->base : NULL);
    return kuji_pg_query(NULL, conn, KUJI_Q_LINE_PERSON_PUT, &args, pool);
}

static apr_status_t put(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    unsigned char user[KUJI_DIGEST_LEN];
    const unsigned char *blob = NULL;
    apr_size_t len = 0;
    kuji_person_line_t line;
    kuji_vault_t *vault;
    apr_status_t rv = kuji_vault_open(&vault, w->act, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = settle_person(&line, w, vault, conn, pool);
    if (rv == APR_SUCCESS) {
        rv = seal_person(&blob, &len, &line, w, vault, pool);
    }
    kuji_vault_line(user, vault, w->person->subject);
    kuji_vault_close(vault);
    if (rv == APR_SUCCESS) {
        rv = put_row(w, conn, blob, len, user, pool);
    }
    return rv == APR_SUCCESS && w->given
               ? kuji_consent__give(w->act, conn, w->campaign_id, w->digest,
                                    w->given, pool)
               : rv;
}

apr_status_t kuji_line_person_put(const kuji_line_person_t *person,
                                  int64_t campaign_id, const char *uuid,
                                  const unsigned char digest[KUJI_DIGEST_LEN],
                                  const kuji_consents_given_t *given,
                                  const kuji_act_t *act, apr_pool_t *pool)
{
    work_t w = {.act = act,
                .person = person,
                .campaign_id = campaign_id,
                .uuid = uuid,
                .digest = digest,
                .given = given};

    return kuji_pg_transact(act->pg, act->tenant, put, &w, pool);
}

/* The user id stays, without a name. */
static apr_status_t strip(const work_t *w, kuji_conn_t *conn, apr_pool_t *pool)
{
    const unsigned char *blob;
    apr_size_t len;
    kuji_person_line_t line;
    kuji_vault_t *vault;
    kuji_args_t args;
    apr_status_t rv = kuji_vault_open(&vault, w->act, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = read_agreed(&line, w, vault, conn, pool);
    if (rv == APR_SUCCESS && line.subject) {
        line.name = line.picture = "";
        rv = seal_person(&blob, &len, &line, w, vault, pool);
    }
    kuji_vault_close(vault);
    if (rv != APR_SUCCESS || !line.subject) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->campaign_id);
    kuji_args_bytes(&args, w->digest, KUJI_DIGEST_LEN);
    kuji_args_bytes(&args, blob, len);
    return kuji_pg_query(NULL, conn, KUJI_Q_LINE_PERSON_RESEAL, &args, pool);
}

static apr_status_t withdraw(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const work_t *w = baton;
    int64_t count;
    apr_status_t rv = strip(w, conn, pool);

    return rv == APR_SUCCESS
               ? kuji_consent__end(&count, conn, w->campaign_id, w->digest,
                                   KUJI_CONSENT_PROFILE, pool)
               : rv;
}

apr_status_t kuji_line_withdraw(int64_t campaign_id, const char *uuid,
                                const unsigned char digest[KUJI_DIGEST_LEN],
                                const kuji_act_t *act, apr_pool_t *pool)
{
    work_t w = {
        .act = act, .campaign_id = campaign_id, .uuid = uuid, .digest = digest};

    return kuji_pg_transact(act->pg, act->tenant, withdraw, &w, pool);
}

apr_status_t kuji_line__held(const kuji_person_line_t **line,
                             const kuji_claims_t *c,
                             const unsigned char participant[KUJI_DIGEST_LEN])
{
    kuji_person_line_t *found = apr_pcalloc(c->pool, sizeof(*found));
    kuji_vault_t *vault;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    *line = NULL;
    kuji_args_init(&args, c->pool);
    kuji_args_int(&args, c->id);
    kuji_args_bytes(&args, participant, KUJI_DIGEST_LEN);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_LINE_PERSON_GET, &args, c->pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv;
    }
    found->verified_at = kuji_pg_int(res, 0, 0);
    rv = kuji_vault_open(&vault, c->act, c->conn, c->pool);
    if (rv == APR_SUCCESS) {
        rv = open_person(found, vault, res, 1, c->uuid, participant, c->pool);
        kuji_vault_close(vault);
    }
    if (rv == APR_SUCCESS) {
        *line = found;
    }
    return rv == KUJI_ECRYPT ? APR_SUCCESS : rv;
}
