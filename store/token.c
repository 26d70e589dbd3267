/* SPDX-License-Identifier: Apache-2.0 */
#include "store/token.h"

#include "core/sha256.h"
#include "store/audit.h"
#include "store/rows.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define RANDOM_LEN 32
#define NAME_MAX_BYTES 200

void kuji_token_digest(unsigned char digest[32], const char *text,
                       apr_size_t len)
{
    kuji_sha256(digest, text, len);
}

static void make(char *text)
{
    unsigned char random[RANDOM_LEN];

    randombytes_buf(random, sizeof(random));
    memcpy(text, "kuji_", 5);
    sodium_bin2base64(text + 5, KUJI_TOKEN_LEN + 1 - 5, random, sizeof(random),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    sodium_memzero(random, sizeof(random));
}

/* "read,draw" to its parts; each one once at most, at least one. */
static apr_status_t split(const char **parts, int *count, const char *scopes,
                          apr_pool_t *pool)
{
    static const char *const known[] = {"read", "draw", "write"};
    char *state, *word;
    unsigned seen = 0, i;

    *count = 0;
    for (word = apr_strtok(apr_pstrdup(pool, scopes), ",", &state); word;
         word = apr_strtok(NULL, ",", &state)) {
        for (i = 0; i < 3 && strcmp(known[i], word) != 0; i++) {
        }
        if (i == 3 || seen & 1u << i) {
            return KUJI_EINVAL;
        }
        seen |= 1u << i;
        parts[(*count)++] = known[i];
    }
    return *count ? APR_SUCCESS : KUJI_EINVAL;
}

typedef struct create_t {
    const kuji_act_t *act;
    const char *name, *scopes;
    const char *parts[3];
    int nparts;
    unsigned char digest[32];
    int64_t id;
} create_t;

static apr_status_t insert(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    create_t *c = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, c->act->tenant);
    kuji_args_text(&args, c->name);
    kuji_args_bytes(&args, c->digest, sizeof(c->digest));
    kuji_args_text_array(&args, c->parts, c->nparts);
    rv = kuji_pg_query(&res, conn, KUJI_Q_TOKEN_INSERT, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    c->id = kuji_pg_int(res, 0, 0);
    return kuji_audit_add(
        c->act, conn, "token.create",
        apr_psprintf(pool, "token:%" APR_INT64_T_FMT, (apr_int64_t)c->id),
        json_pack("{s:s, s:s}", "name", c->name, "scopes", c->scopes), pool);
}

apr_status_t kuji_token_create(char *text, int64_t *id, const char **why,
                               const kuji_act_t *act, const char *name,
                               const char *scopes, apr_pool_t *pool)
{
    create_t c = {.act = act, .name = name, .scopes = scopes};
    apr_status_t rv;

    if (!*name || strlen(name) > NAME_MAX_BYTES) {
        *why = "the token's name must be 1 to 200 bytes";
        return KUJI_EINVAL;
    }
    if (split(c.parts, &c.nparts, scopes, pool) != APR_SUCCESS) {
        *why = "scopes must be some of read, draw and write, with commas";
        return KUJI_EINVAL;
    }
    make(text);
    kuji_token_digest(c.digest, text, KUJI_TOKEN_LEN);
    rv = kuji_pg_transact(act->pg, act->tenant, insert, &c, pool);
    *id = c.id;
    return rv;
}

typedef struct revoke_t {
    const kuji_act_t *act;
    int64_t id;
    const char **why;
} revoke_t;

static apr_status_t revoke_one(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    revoke_t *r = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, r->act->tenant);
    kuji_args_int(&args, r->id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_TOKEN_REVOKE, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        *r->why = "there is no such token in force";
        return KUJI_ENOTFOUND;
    }
    return kuji_audit_add(
        r->act, conn, "token.revoke",
        apr_psprintf(pool, "token:%" APR_INT64_T_FMT, (apr_int64_t)r->id),
        json_pack("{s:s}", "name", kuji_pg_text(res, 0, 0)), pool);
}

apr_status_t kuji_token_revoke(const char **why, const kuji_act_t *act,
                               int64_t id, apr_pool_t *pool)
{
    revoke_t r = {act, id, why};

    return kuji_pg_transact(act->pg, act->tenant, revoke_one, &r, pool);
}

static apr_status_t read_row(void *item, const PGresult *res, int i,
                             apr_pool_t *pool)
{
    kuji_token_row_t *row = item;

    (void)pool;
    row->id = kuji_pg_int(res, i, 0);
    row->name = kuji_pg_text(res, i, 1);
    row->scopes = kuji_pg_text(res, i, 2);
    row->created_at = kuji_pg_int(res, i, 3);
    row->revoked_at = kuji_pg_int(res, i, 4);
    return APR_SUCCESS;
}

apr_status_t kuji_token_list(const kuji_token_row_t **tokens, int *count,
                             const kuji_act_t *act, apr_pool_t *pool)
{
    kuji_rows_t rows = KUJI_ROWS(kuji_token_row_t, read_row);
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    rv = kuji_rows_list(&rows, act, KUJI_Q_TOKEN_LIST, &args, pool);
    *tokens = rows.items;
    *count = rows.count;
    return rv;
}
