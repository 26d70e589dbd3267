/* SPDX-License-Identifier: Apache-2.0 */
#include "store/admin_session.h"

#include "core/sha256.h"
#include "store/audit.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING

void kuji_admin_token(char token[KUJI_ADMIN_TOKEN_LEN + 1],
                      unsigned char digest[32])
{
    unsigned char random[32];

    randombytes_buf(random, sizeof(random));
    sodium_bin2base64(token, KUJI_ADMIN_TOKEN_LEN + 1, random, sizeof(random),
                      URLSAFE);
    kuji_sha256(digest, token, KUJI_ADMIN_TOKEN_LEN);
    sodium_memzero(random, sizeof(random));
}

apr_status_t kuji_admin_token_digest(unsigned char digest[32],
                                     const char *token)
{
    if (strlen(token) != KUJI_ADMIN_TOKEN_LEN) {
        return KUJI_EINVAL;
    }
    kuji_sha256(digest, token, KUJI_ADMIN_TOKEN_LEN);
    return APR_SUCCESS;
}

static const char *object_of(const char *admin_id, apr_pool_t *pool)
{
    return apr_pstrcat(pool, "admin:", admin_id, NULL);
}

typedef struct start_t {
    const kuji_act_t *act;
    const kuji_admin_entry_t *entry;
    unsigned char digest[32];
} start_t;

static apr_status_t drop_one(const kuji_act_t *act, kuji_conn_t *conn,
                             const unsigned char *digest, int64_t *changed,
                             apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_bytes(&args, digest, 32);
    rv = kuji_pg_query(&res, conn, KUJI_Q_ADMIN_SESSION_END, &args, pool);
    if (rv == APR_SUCCESS) {
        *changed = kuji_pg_changed(res);
    }
    return rv;
}

/* What is over goes when somebody comes in: no job has to look for it. */
static apr_status_t sweep(const start_t *s, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, s->act->tenant);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_ADMIN_SESSION_SWEEP, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, s->act->tenant);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_LOGIN_SWEEP, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return kuji_login_done(s->act, conn, s->entry->login, s->entry->admin->id,
                           pool);
}

static apr_status_t insert(const start_t *s, kuji_conn_t *conn,
                           apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, s->act->tenant);
    kuji_args_uuid(&args, s->entry->admin->id);
    kuji_args_bytes(&args, s->digest, sizeof(s->digest));
    rv = kuji_pg_query(&res, conn, KUJI_Q_ADMIN_SESSION_INSERT, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    /* Disabled since its password was looked at. */
    return kuji_pg_changed(res) == 1 ? APR_SUCCESS : KUJI_ENOTFOUND;
}

static apr_status_t start(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    start_t *s = baton;
    int64_t changed;
    apr_status_t rv = APR_SUCCESS;

    if (s->entry->before) {
        rv = drop_one(s->act, conn, s->entry->before, &changed, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = sweep(s, conn, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = insert(s, conn, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return kuji_audit_add(s->act, conn, "admin.login",
                          object_of(s->entry->admin->id, pool), NULL, pool);
}

apr_status_t kuji_admin_session_start(char token[KUJI_ADMIN_TOKEN_LEN + 1],
                                      const kuji_act_t *act,
                                      const kuji_admin_entry_t *entry,
                                      apr_pool_t *pool)
{
    start_t s = {.act = act, .entry = entry};

    kuji_admin_token(token, s.digest);
    return kuji_pg_transact(act->pg, act->tenant, start, &s, pool);
}

typedef struct look_t {
    const kuji_act_t *act;
    const unsigned char *digest;
    const kuji_admin_t *admin;
} look_t;

static apr_status_t look(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    look_t *l = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, l->act->tenant);
    kuji_args_bytes(&args, l->digest, 32);
    rv = kuji_pg_query(&res, conn, KUJI_Q_ADMIN_SESSION_FIND, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    l->admin = kuji_admin_row(res, 0, 0, l->act->tenant, pool);
    /* Once a minute is enough to know that it is used. */
    return kuji_pg_bool(res, 0, 3)
               ? kuji_pg_query(NULL, conn, KUJI_Q_ADMIN_SESSION_SEEN, &args,
                               pool)
               : APR_SUCCESS;
}

apr_status_t kuji_admin_session_find(const kuji_admin_t **admin,
                                     const kuji_act_t *act,
                                     const unsigned char digest[32],
                                     apr_pool_t *pool)
{
    look_t l = {act, digest, NULL};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, look, &l, pool);

    *admin = l.admin;
    return rv;
}

typedef struct end_t {
    const kuji_act_t *act;
    const char *id;
    const unsigned char *digest;
    int64_t count;
} end_t;

static apr_status_t end_one(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    end_t *e = baton;
    apr_status_t rv = drop_one(e->act, conn, e->digest, &e->count, pool);

    if (rv != APR_SUCCESS || !e->count) {
        return rv;
    }
    return kuji_audit_add(e->act, conn, "admin.logout",
                          object_of(e->act->actor, pool), NULL, pool);
}

apr_status_t kuji_admin_session_end(const kuji_act_t *act,
                                    const unsigned char digest[32],
                                    apr_pool_t *pool)
{
    end_t e = {act, NULL, digest, 0};

    return kuji_pg_transact(act->pg, act->tenant, end_one, &e, pool);
}

apr_status_t kuji_admin_session_drop(int64_t *count, const kuji_act_t *act,
                                     kuji_conn_t *conn, const char *id,
                                     const unsigned char *but, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_uuid(&args, id);
    kuji_args_bytes(&args, but, 32);
    rv = kuji_pg_query(&res, conn, KUJI_Q_ADMIN_SESSION_END_ALL, &args, pool);
    if (rv == APR_SUCCESS) {
        *count = kuji_pg_changed(res);
    }
    return rv;
}

static apr_status_t end_all(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    end_t *e = baton;
    apr_status_t rv = kuji_admin_session_drop(&e->count, e->act, conn, e->id,
                                              e->digest, pool);

    if (rv != APR_SUCCESS || !e->count) {
        return rv;
    }
    return kuji_audit_add(
        e->act, conn, "admin.logout_all", object_of(e->id, pool),
        json_pack("{s:I}", "sessions", (json_int_t)e->count), pool);
}

apr_status_t kuji_admin_session_end_all(int64_t *count, const kuji_act_t *act,
                                        const char *id,
                                        const unsigned char *but,
                                        apr_pool_t *pool)
{
    end_t e = {act, id, but, 0};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, end_all, &e, pool);

    *count = e.count;
    return rv;
}
