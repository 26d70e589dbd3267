/* SPDX-License-Identifier: Apache-2.0 */
#include "store/link.h"

#include "core/gates.h"
#include "store/batch.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* Bound to its row. */
static const char *purpose_of(const unsigned char digest[KUJI_DIGEST_LEN],
                              apr_pool_t *pool)
{
    char hex[2 * KUJI_DIGEST_LEN + 1];

    sodium_bin2hex(hex, sizeof(hex), digest, KUJI_DIGEST_LEN);
    return apr_pstrcat(pool, "link:", hex, NULL);
}

/* {"participant", "data"?} as text; NULL: the data is too long. */
static const char *text_of(const kuji_link_new_t *link, apr_pool_t *pool)
{
    json_t *doc = json_pack("{s:s, s:O*}", "participant", link->participant,
                            "data", link->data);
    char *data = link->data ? json_dumps(link->data, JSON_COMPACT) : NULL;
    char *all = json_dumps(doc, JSON_COMPACT);
    const char *text = NULL;

    if (all && (!data || strlen(data) <= KUJI_LINK_DATA_MAX)) {
        text = apr_pstrdup(pool, all);
    }
    free(data);
    free(all);
    json_decref(doc);
    return text;
}

static apr_status_t digests_of(unsigned char digest[KUJI_DIGEST_LEN],
                               unsigned char who[KUJI_DIGEST_LEN],
                               kuji_vault_t *vault, const char *uuid,
                               const char *token, const char *participant)
{
    apr_status_t rv = kuji_vault_digest(digest, vault, uuid, "link", token,
                                        KUJI_LINK_TOKEN_LEN);

    return rv == APR_SUCCESS
               ? kuji_vault_participant(who, vault, uuid, participant,
                                        strlen(participant))
               : rv;
}

apr_status_t kuji_link_put(const kuji_link_new_t *link, const char *token,
                           int64_t campaign_id, const char *uuid,
                           kuji_vault_t *vault, const kuji_act_t *act,
                           kuji_conn_t *conn, apr_pool_t *pool)
{
    unsigned char digest[KUJI_DIGEST_LEN], who[KUJI_DIGEST_LEN];
    const char *text = text_of(link, pool);
    const unsigned char *sealed;
    apr_size_t len;
    kuji_args_t args;
    apr_status_t rv =
        text ? digests_of(digest, who, vault, uuid, token, link->participant)
             : KUJI_ETOOBIG;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_vault_seal(&sealed, &len, vault, purpose_of(digest, pool), text,
                    strlen(text), pool);
    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    kuji_args_int(&args, link->expires_at);
    kuji_args_int(&args, link->draws);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_bytes(&args, digest, sizeof(digest));
    kuji_args_bytes(&args, who, sizeof(who));
    kuji_args_bytes(&args, sealed, len);
    return kuji_pg_query(NULL, conn, KUJI_Q_LINK_ADD, &args, pool);
}

/* -- making one ------------------------------------------------------------ */

typedef struct issue_t {
    const kuji_act_t *act;
    const char *slug, *token;
    const kuji_link_new_t *link;
    int64_t expires_at;
    const char **why;
} issue_t;

static apr_status_t check_campaign(issue_t *i, const PGresult *res)
{
    json_t *config;
    unsigned gates;

    if (PQntuples(res) != 1) {
        *i->why = "there is no such campaign";
        return KUJI_ENOTFOUND;
    }
    config = json_loads(kuji_pg_text(res, 0, 4), 0, NULL);
    gates = kuji_gates_of(config);
    json_decref(config);
    if (!(gates & KUJI_GATE_API)) {
        *i->why = "the campaign does not have the gate api";
        return KUJI_ESTATE;
    }
    if (strcmp(kuji_pg_text(res, 0, 2), "published") != 0 &&
        strcmp(kuji_pg_text(res, 0, 2), "paused") != 0) {
        *i->why = "the campaign is not published, or closed";
        return KUJI_ESTATE;
    }
    i->expires_at =
        i->link->expires_at ? i->link->expires_at : kuji_pg_int(res, 0, 3);
    if (i->expires_at <= kuji_pg_int(res, 0, 5)) {
        *i->why = "expires_at is not in the future";
        return KUJI_EINVAL;
    }
    return APR_SUCCESS;
}

static apr_status_t insert(issue_t *i, kuji_conn_t *conn, int64_t campaign_id,
                           const char *uuid, apr_pool_t *pool)
{
    kuji_link_new_t link = *i->link;
    kuji_vault_t *vault = NULL;
    apr_status_t rv = kuji_vault_open(&vault, i->act, conn, pool);

    link.expires_at = i->expires_at;
    if (rv == APR_SUCCESS) {
        rv = kuji_link_put(&link, i->token, campaign_id, uuid, vault, i->act,
                           conn, pool);
    }
    kuji_vault_close(vault);
    return rv;
}

static apr_status_t issue(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    issue_t *i = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_text(&args, i->slug);
    rv = kuji_pg_query(&res, conn, KUJI_Q_LINK_CAMPAIGN, &args, pool);
    if (rv == APR_SUCCESS) {
        rv = check_campaign(i, res);
    }
    return rv == APR_SUCCESS ? insert(i, conn, kuji_pg_int(res, 0, 0),
                                      kuji_pg_text(res, 0, 1), pool)
                             : rv;
}

static const char *check_new(const kuji_link_new_t *link)
{
    apr_size_t len = strlen(link->participant);

    if (len < 1 || len > KUJI_PARTICIPANT_MAX) {
        return "participant has 1 to 128 bytes";
    }
    if (link->draws < 1 || link->draws > KUJI_LINK_DRAWS_MAX) {
        return "draws is a number of 1 to 100";
    }
    if (link->expires_at < 0) {
        return "expires_at is a time in ms";
    }
    return link->data && !json_is_object(link->data) ? "data is an object"
                                                     : NULL;
}

apr_status_t kuji_link_issue(char *token, int64_t *expires_at, const char **why,
                             const kuji_act_t *act, const char *slug,
                             const kuji_link_new_t *link, apr_pool_t *pool)
{
    unsigned char random[16];
    issue_t i = {
        .act = act, .slug = slug, .token = token, .link = link, .why = why};
    apr_status_t rv;

    if ((*why = check_new(link))) {
        return KUJI_EINVAL;
    }
    if (!text_of(link, pool)) {
        *why = "data is longer than 1024 bytes";
        return KUJI_EINVAL;
    }
    randombytes_buf(random, sizeof(random));
    sodium_bin2base64(token, KUJI_LINK_TOKEN_LEN + 1, random, sizeof(random),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    rv = kuji_pg_transact(act->pg, act->tenant, issue, &i, pool);
    *expires_at = i.expires_at;
    return rv;
}

/* -- reading --------------------------------------------------------------- */

apr_status_t kuji_link_open(json_t **doc, const kuji_vault_t *vault,
                            const PGresult *res, int row, int digest_col,
                            int sealed_col, apr_pool_t *pool)
{
    const unsigned char *digest;
    const char *text = NULL;
    apr_size_t len;
    apr_status_t rv = kuji_pg_bytes(&digest, &len, res, row, digest_col, pool);

    if (rv == APR_SUCCESS && len != KUJI_DIGEST_LEN) {
        rv = KUJI_EDATABASE;
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_vault_text(&text, vault, purpose_of(digest, pool), res, row,
                             sealed_col, pool);
    }
    *doc = text ? json_loads(text, 0, NULL) : NULL;
    return rv == APR_SUCCESS && !*doc ? KUJI_ECRYPT : rv;
}

/* With a vault for this one. */
static apr_status_t open_one(json_t **doc, const kuji_act_t *act,
                             kuji_conn_t *conn, const PGresult *res,
                             int digest_col, int sealed_col, apr_pool_t *pool)
{
    kuji_vault_t *vault = NULL;
    apr_status_t rv = kuji_vault_open(&vault, act, conn, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_link_open(doc, vault, res, 0, digest_col, sealed_col, pool);
    }
    kuji_vault_close(vault);
    return rv;
}

typedef struct find_t {
    const kuji_act_t *act;
    int64_t campaign_id;
    const unsigned char *digest;
    int participant;
    kuji_link_row_t *row;
} find_t;

static apr_status_t read_row(find_t *f, kuji_conn_t *conn, const PGresult *res,
                             apr_pool_t *pool)
{
    kuji_link_row_t *row = apr_pcalloc(pool, sizeof(*row));
    const unsigned char *session;
    apr_status_t rv = APR_SUCCESS;
    apr_size_t len;
    json_t *doc;

    row->uses_left = (int)kuji_pg_int(res, 0, 0);
    row->expired = kuji_pg_int(res, 0, 1) <= kuji_pg_int(res, 0, 5);
    row->taken = !PQgetisnull(res, 0, 2);
    if (row->taken) {
        rv = kuji_pg_bytes(&session, &len, res, 0, 2, pool);
        if (rv == APR_SUCCESS && len == KUJI_DIGEST_LEN) {
            memcpy(row->session, session, len);
        }
    }
    if (rv == APR_SUCCESS && f->participant) {
        rv = open_one(&doc, f->act, conn, res, 3, 4, pool);
        if (rv == APR_SUCCESS) {
            row->participant = apr_pstrdup(
                pool, json_string_value(json_object_get(doc, "participant")));
            json_decref(doc);
        }
    }
    f->row = row;
    return rv;
}

static apr_status_t find(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    find_t *f = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, f->campaign_id);
    kuji_args_bytes(&args, f->digest, KUJI_DIGEST_LEN);
    rv = kuji_pg_query(&res, conn, KUJI_Q_LINK_GET, &args, pool);
    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        rv = KUJI_ENOTFOUND;
    }
    return rv == APR_SUCCESS ? read_row(f, conn, res, pool) : rv;
}

apr_status_t kuji_link_find(const kuji_link_row_t **link, const kuji_act_t *act,
                            int64_t campaign_id,
                            const unsigned char digest[KUJI_DIGEST_LEN],
                            int participant, apr_pool_t *pool)
{
    find_t f = {act, campaign_id, digest, participant, NULL};
    apr_status_t rv = kuji_pg_show(act->pg, act->tenant, find, &f, pool);

    *link = f.row;
    return rv;
}

typedef struct data_t {
    const kuji_act_t *act;
    int64_t campaign_id;
    uint64_t n;
    const char *data;
} data_t;

static apr_status_t read_data(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    data_t *d = baton;
    kuji_args_t args;
    PGresult *res;
    json_t *doc;
    char *text;
    apr_status_t rv;

    d->data = NULL;
    kuji_args_init(&args, pool);
    kuji_args_int(&args, d->campaign_id);
    kuji_args_int(&args, (int64_t)d->n);
    rv = kuji_pg_query(&res, conn, KUJI_Q_LINK_OF_DRAW, &args, pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv;
    }
    rv = open_one(&doc, d->act, conn, res, 0, 1, pool);
    if (rv == APR_SUCCESS) {
        text = json_dumps(json_object_get(doc, "data"), JSON_COMPACT);
        d->data = apr_pstrdup(pool, text);
        free(text);
        json_decref(doc);
    }
    return rv;
}

apr_status_t kuji_link_data(const char **data, const kuji_act_t *act,
                            int64_t campaign_id, uint64_t n, apr_pool_t *pool)
{
    data_t d = {act, campaign_id, n, NULL};
    apr_status_t rv = kuji_pg_show(act->pg, act->tenant, read_data, &d, pool);

    *data = d.data;
    return rv;
}
