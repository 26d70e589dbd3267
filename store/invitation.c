/* SPDX-License-Identifier: Apache-2.0 */
#include "store/invitation.h"

#include "store/audit.h"
#include "store/secret.h"
#include "store/rows.h"

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

static apr_status_t read_row(void *item, const PGresult *res, int i,
                             apr_pool_t *pool)
{
    kuji_invitation_t *row = item;

    (void)pool;
    row->id = kuji_pg_text(res, i, 0);
    row->login = kuji_pg_text(res, i, 1);
    row->role = kuji_pg_text(res, i, 2);
    row->admin_id = kuji_pg_text(res, i, 3);
    row->created_at = kuji_pg_int(res, i, 4);
    row->expires_at = kuji_pg_int(res, i, 5);
    return APR_SUCCESS;
}

/* The one of this token's digest; NULL: all. */
static void list_args(kuji_args_t *args, const kuji_act_t *act,
                      const unsigned char *digest, apr_pool_t *pool)
{
    kuji_args_init(args, pool);
    kuji_args_uuid(args, act->tenant);
    kuji_args_bytes(args, digest, 32);
}

apr_status_t kuji_invitation_list(const kuji_invitation_t **invitations,
                                  int *count, const kuji_act_t *act,
                                  apr_pool_t *pool)
{
    kuji_rows_t rows = KUJI_ROWS(kuji_invitation_t, read_row);
    kuji_args_t args;
    apr_status_t rv;

    list_args(&args, act, NULL, pool);
    rv = kuji_rows_list(&rows, act, KUJI_Q_INVITATION_LIST, &args, pool);
    *invitations = rows.items;
    *count = rows.count;
    return rv;
}

apr_status_t kuji_invitation_find(const kuji_invitation_t **invitation,
                                  const kuji_act_t *act, const char *token,
                                  apr_pool_t *pool)
{
    unsigned char digest[32];
    kuji_rows_t rows = KUJI_ROWS(kuji_invitation_t, read_row);
    kuji_args_t args;
    apr_status_t rv;

    if (kuji_admin_token_digest(digest, token)) {
        return KUJI_ENOTFOUND;
    }
    list_args(&args, act, digest, pool);
    rv = kuji_rows_list(&rows, act, KUJI_Q_INVITATION_LIST, &args, pool);
    *invitation = rows.items;
    return rv == APR_SUCCESS && rows.count != 1 ? KUJI_ENOTFOUND : rv;
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
    kuji_act_t act;              /* its actor becomes the invited one */
    const unsigned char *digest; /* of the token */
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
    kuji_rows_t rows = KUJI_ROWS(kuji_invitation_t, read_row);
    const kuji_invitation_t *i;
    kuji_args_t args;
    apr_status_t rv;

    list_args(&args, &a->act, a->digest, pool);
    rv = kuji_rows_read(&rows, conn, KUJI_Q_INVITATION_USE, &args, pool);
    if (rv != APR_SUCCESS || rows.count != 1) {
        return rv == APR_SUCCESS ? KUJI_ENOTFOUND : rv;
    }
    i = rows.items;
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
    accept_t a = {.act = *act, .digest = digest, .hash = hash};

    if (kuji_admin_token_digest(digest, token)) {
        return KUJI_ENOTFOUND;
    }
    a.id = kuji_uuid_make(pool);
    return kuji_pg_transact(act->pg, act->tenant, use_up, &a, pool);
}
