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

static apr_status_t seal_person(const unsigned char **blob, apr_size_t *len,
                                unsigned char user[KUJI_DIGEST_LEN],
                                const work_t *w, kuji_conn_t *conn,
                                apr_pool_t *pool)
{
    json_t *doc =
        json_pack("{s:s, s:s, s:s}", "sub", w->person->subject, "name",
                  w->person->name, "picture", w->person->picture);
    char *text = json_dumps(doc, JSON_COMPACT);
    kuji_vault_t *vault;
    apr_status_t rv = text ? kuji_vault_open(&vault, w->act, conn, pool)
                           : KUJI_EINVAL; /* a name that is no UTF-8 */

    json_decref(doc);
    if (rv == APR_SUCCESS) {
        kuji_vault_seal(blob, len, vault,
                        kuji_line__purpose(w->uuid, w->digest, pool), text,
                        strlen(text), pool);
        kuji_vault_line(user, vault, w->person->subject);
        kuji_vault_close(vault);
    }
    free(text);
    return rv;
}

static apr_status_t put(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    const kuji_line_person_t *person = w->person;
    unsigned char user[KUJI_DIGEST_LEN];
    const unsigned char *blob;
    apr_size_t len;
    kuji_args_t args;
    apr_status_t rv = seal_person(&blob, &len, user, w, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
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
    kuji_args_bytes(&args, user, sizeof(user));
    kuji_args_text(&args, person->base ? person->language : NULL);
    kuji_args_text(&args, person->language ? person->base : NULL);
    return kuji_pg_query(NULL, conn, KUJI_Q_LINE_PERSON_PUT, &args, pool);
}

apr_status_t kuji_line_person_put(const kuji_line_person_t *person,
                                  int64_t campaign_id, const char *uuid,
                                  const unsigned char digest[KUJI_DIGEST_LEN],
                                  const kuji_act_t *act, apr_pool_t *pool)
{
    work_t w = {.act = act,
                .person = person,
                .campaign_id = campaign_id,
                .uuid = uuid,
                .digest = digest};

    return kuji_pg_transact(act->pg, act->tenant, put, &w, pool);
}

static const char *member(const json_t *doc, const char *name, apr_pool_t *pool)
{
    const char *text = json_string_value(json_object_get(doc, name));

    return apr_pstrdup(pool, text ? text : "");
}

/* What is sealed in a row. */
static apr_status_t open_person(kuji_person_line_t *line,
                                const kuji_claims_t *c, const PGresult *res,
                                const unsigned char *participant)
{
    kuji_vault_t *vault;
    const char *text;
    json_t *doc;
    apr_status_t rv = kuji_vault_open(&vault, c->act, c->conn, c->pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_vault_text(&text, vault,
                             kuji_line__purpose(c->uuid, participant, c->pool),
                             res, 0, 1, c->pool);
        kuji_vault_close(vault);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    doc = json_loads(text, 0, NULL);
    line->subject = member(doc, "sub", c->pool);
    line->name = member(doc, "name", c->pool);
    line->picture = member(doc, "picture", c->pool);
    json_decref(doc);
    return APR_SUCCESS;
}

apr_status_t kuji_line__held(const kuji_person_line_t **line,
                             const kuji_claims_t *c,
                             const unsigned char participant[KUJI_DIGEST_LEN])
{
    kuji_person_line_t *found = apr_pcalloc(c->pool, sizeof(*found));
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
    rv = open_person(found, c, res, participant);
    if (rv == APR_SUCCESS) {
        *line = found;
    }
    return rv == KUJI_ECRYPT ? APR_SUCCESS : rv;
}
