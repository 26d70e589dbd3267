/* SPDX-License-Identifier: Apache-2.0 */
#include "store/invitation.h"

#include "store/audit.h"
#include "store/secret.h"

#include <apr_strings.h>
#include <string.h>

static const char *object_of(const char *id, apr_pool_t *pool)
{
    return apr_pstrcat(pool, "invitation:", id, NULL);
}

typedef struct create_t {
    const kuji_act_t *act;
    const char *id, *login, *role, *admin_id;
    unsigned char digest[32];
} create_t;

static apr_status_t insert(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    create_t *c = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, c->act->tenant);
    kuji_args_text(&args, c->login);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_INVITATION_REPLACE, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_text(&args, c->role);
    kuji_args_uuid(&args, c->admin_id);
    kuji_args_uuid(&args, c->id);
    kuji_args_bytes(&args, c->digest, sizeof(c->digest));
    kuji_args_uuid(&args, c->act->actor);
    rv = kuji_pg_query(&res, conn, KUJI_Q_INVITATION_INSERT, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (kuji_pg_changed(res) != 1) {
        return c->admin_id ? KUJI_ENOTFOUND : KUJI_ECONFLICT;
    }
    return kuji_audit_add(
        c->act, conn, "admin.invite", object_of(c->id, pool),
        json_pack("{s:s, s:s*}", "role", c->role, "admin", c->admin_id), pool);
}

apr_status_t kuji_invitation_create(char *token, const kuji_act_t *act,
                                    const char *login, const char *role,
                                    const char *admin_id, apr_pool_t *pool)
{
    create_t c = {act, kuji_uuid_make(pool), login, role, admin_id, {0}};

    if (!kuji_login_ok(login) || !kuji_role_bit(role)) {
        return KUJI_EINVAL;
    }
    kuji_admin_token(token, c.digest);
    return kuji_pg_transact(act->pg, act->tenant, insert, &c, pool);
}

typedef struct list_t {
    const kuji_act_t *act;
    const unsigned char *digest; /* NULL: all */
    kuji_invitation_t *rows;
    int count;
} list_t;

static apr_status_t read_open(list_t *l, kuji_conn_t *conn, kuji_query_e query,
                              apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, l->act->tenant);
    kuji_args_bytes(&args, l->digest, 32);
    rv = kuji_pg_query(&res, conn, query, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    l->count = PQntuples(res);
    l->rows = apr_pcalloc(pool, sizeof(*l->rows) * ((apr_size_t)l->count + 1));
    for (i = 0; i < l->count; i++) {
        l->rows[i].id = kuji_pg_text(res, i, 0);
        l->rows[i].login = kuji_pg_text(res, i, 1);
        l->rows[i].role = kuji_pg_text(res, i, 2);
        l->rows[i].admin_id = kuji_pg_text(res, i, 3);
        l->rows[i].created_at = kuji_pg_int(res, i, 4);
        l->rows[i].expires_at = kuji_pg_int(res, i, 5);
    }
    return APR_SUCCESS;
}

static apr_status_t list(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    return read_open(baton, conn, KUJI_Q_INVITATION_LIST, pool);
}

apr_status_t kuji_invitation_list(const kuji_invitation_t **invitations,
                                  int *count, const kuji_act_t *act,
                                  apr_pool_t *pool)
{
    list_t l = {act, NULL, NULL, 0};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, list, &l, pool);

    *invitations = l.rows;
    *count = l.count;
    return rv;
}

apr_status_t kuji_invitation_find(const kuji_invitation_t **invitation,
                                  const kuji_act_t *act, const char *token,
                                  apr_pool_t *pool)
{
    unsigned char digest[32];
    list_t l = {act, digest, NULL, 0};
    apr_status_t rv;

    if (kuji_admin_token_digest(digest, token)) {
        return KUJI_ENOTFOUND;
    }
    rv = kuji_pg_transact(act->pg, act->tenant, list, &l, pool);
    *invitation = l.rows;
    return rv == APR_SUCCESS && l.count != 1 ? KUJI_ENOTFOUND : rv;
}

typedef struct revoke_t {
    const kuji_act_t *act;
    const char *id;
} revoke_t;

static apr_status_t withdraw(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const revoke_t *r = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, r->act->tenant);
    kuji_args_uuid(&args, r->id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_INVITATION_REVOKE, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (kuji_pg_changed(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    return kuji_audit_add(r->act, conn, "admin.uninvite",
                          object_of(r->id, pool), NULL, pool);
}

apr_status_t kuji_invitation_revoke(const kuji_act_t *act, const char *id,
                                    apr_pool_t *pool)
{
    revoke_t r = {act, id};

    return kuji_pg_transact(act->pg, act->tenant, withdraw, &r, pool);
}

typedef struct accept_t {
    kuji_act_t act; /* its actor becomes the invited one */
    list_t list;
    const char *id, *hash;
} accept_t;

static apr_status_t make_account(accept_t *a, const kuji_invitation_t *i,
                                 kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, a->id);
    kuji_args_uuid(&args, a->act.tenant);
    kuji_args_text(&args, i->login);
    kuji_args_text(&args, a->hash);
    kuji_args_text(&args, i->role);
    rv = kuji_pg_query(&res, conn, KUJI_Q_ADMIN_INSERT, &args, pool);
    if (rv == APR_SUCCESS && kuji_pg_changed(res) != 1) {
        rv = KUJI_ECONFLICT;
    }
    return rv;
}

static apr_status_t new_password(accept_t *a, const kuji_invitation_t *i,
                                 kuji_conn_t *conn, apr_pool_t *pool)
{
    int64_t ended;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, a->act.tenant);
    kuji_args_uuid(&args, i->admin_id);
    kuji_args_text(&args, a->hash);
    rv = kuji_pg_query(&res, conn, KUJI_Q_ACCOUNT_PASSWORD, &args, pool);
    if (rv == APR_SUCCESS && kuji_pg_changed(res) != 1) {
        rv = KUJI_ENOTFOUND;
    }
    return rv ? rv
              : kuji_admin_session_drop(&ended, &a->act, conn, i->admin_id,
                                        NULL, pool);
}

static apr_status_t use_up(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    accept_t *a = baton;
    const kuji_invitation_t *i;
    apr_status_t rv = read_open(&a->list, conn, KUJI_Q_INVITATION_USE, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (a->list.count != 1) {
        return KUJI_ENOTFOUND;
    }
    i = a->list.rows;
    a->act.actor = i->admin_id ? i->admin_id : a->id;
    rv = i->admin_id ? new_password(a, i, conn, pool)
                     : make_account(a, i, conn, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return kuji_audit_add(
        &a->act, conn, i->admin_id ? "admin.password" : "admin.create",
        apr_pstrcat(pool, "admin:", a->act.actor, NULL),
        json_pack("{s:s, s:s}", "role", i->role, "invitation", i->id), pool);
}

apr_status_t kuji_invitation_accept(const kuji_act_t *act, const char *token,
                                    const char *hash, apr_pool_t *pool)
{
    unsigned char digest[32];
    accept_t a = {.act = *act, .hash = hash};

    if (kuji_admin_token_digest(digest, token)) {
        return KUJI_ENOTFOUND;
    }
    a.id = kuji_uuid_make(pool);
    a.list.act = &a.act;
    a.list.digest = digest;
    return kuji_pg_transact(act->pg, act->tenant, use_up, &a, pool);
}
