/* SPDX-License-Identifier: Apache-2.0 */
#include "store/account.h"

#include "store/admin_session.h"
#include "store/audit.h"
#include "store/rows.h"

#include <apr_strings.h>
#include <string.h>

static apr_status_t read_row(void *item, const PGresult *res, int row,
                             apr_pool_t *pool)
{
    kuji_account_t *a = item;

    (void)pool;
    a->id = kuji_pg_text(res, row, 0);
    a->login = kuji_pg_text(res, row, 1);
    a->role = kuji_pg_text(res, row, 2);
    a->disabled = kuji_pg_bool(res, row, 3);
    a->created_at = kuji_pg_int(res, row, 4);
    a->last_login_at = kuji_pg_int(res, row, 5);
    a->sessions = kuji_pg_int(res, row, 6);
    return APR_SUCCESS;
}

/* The one of this id; NULL: all. */
static apr_status_t list(kuji_rows_t *rows, const kuji_act_t *act,
                         const char *id, apr_pool_t *pool)
{
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_uuid(&args, id);
    return kuji_rows_list(rows, act, KUJI_Q_ACCOUNT_LIST, &args, pool);
}

apr_status_t kuji_account_list(const kuji_account_t **accounts, int *count,
                               const kuji_act_t *act, apr_pool_t *pool)
{
    kuji_rows_t rows = KUJI_ROWS(kuji_account_t, read_row);
    apr_status_t rv = list(&rows, act, NULL, pool);

    *accounts = rows.items;
    *count = rows.count;
    return rv;
}

apr_status_t kuji_account_get(const kuji_account_t **account,
                              const kuji_act_t *act, const char *id,
                              apr_pool_t *pool)
{
    kuji_rows_t rows = KUJI_ROWS(kuji_account_t, read_row);
    apr_status_t rv = list(&rows, act, id, pool);

    *account = rows.items;
    return rv == APR_SUCCESS && rows.count != 1 ? KUJI_ENOTFOUND : rv;
}

/* What becomes of an account; NULL and -1: nothing. */
typedef struct change_t {
    const kuji_act_t *act;
    const char *id, *action;
    const char *role;
    int disable, remove;
} change_t;

/* The account as it is, its row and then its tenant's locked: no other change
 * of accounts comes between, which might leave no owner. */
static apr_status_t lock(kuji_account_t *before, int64_t *other_owners,
                         const change_t *c, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t one, all;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&all, pool);
    kuji_args_uuid(&all, c->act->tenant);
    one = all;
    kuji_args_uuid(&one, c->id);
    if ((rv = kuji_pg_query(NULL, conn, KUJI_Q_ACCOUNT_LOCK, &one, pool)) ||
        (rv = kuji_pg_query(NULL, conn, KUJI_Q_ACCOUNT_LOCK_ALL, &all, pool)) ||
        (rv = kuji_pg_query(&res, conn, KUJI_Q_ACCOUNT_BEFORE, &one, pool))) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    before->role = kuji_pg_text(res, 0, 0);
    before->disabled = kuji_pg_bool(res, 0, 1);
    *other_owners = kuji_pg_int(res, 0, 2);
    return APR_SUCCESS;
}

static int is_owner(const char *role, int disabled)
{
    return !strcmp(role, "owner") && !disabled;
}

static apr_status_t note(const change_t *c, const kuji_account_t *before,
                         const kuji_account_t *after, kuji_conn_t *conn,
                         apr_pool_t *pool)
{
    return kuji_audit_add(
        c->act, conn, c->action, apr_pstrcat(pool, "admin:", c->id, NULL),
        json_pack("{s:{s:s, s:b}, s:{s:s, s:b}}", "before", "role",
                  before->role, "disabled", before->disabled, "after", "role",
                  after->role, "disabled", after->disabled),
        pool);
}

static apr_status_t store(const change_t *c, const kuji_account_t *after,
                          kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t args;
    apr_status_t rv;
    int64_t ended;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, c->act->tenant);
    kuji_args_uuid(&args, c->id);
    kuji_args_text(&args, after->role);
    kuji_args_bool(&args, after->disabled);
    kuji_args_bool(&args, c->remove);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_ACCOUNT_CHANGE, &args, pool);
    if (rv == APR_SUCCESS && after->disabled) {
        rv = kuji_admin_session_drop(&ended, c->act, conn, c->id, NULL, pool);
    }
    return rv;
}

static apr_status_t change(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const change_t *c = baton;
    kuji_account_t before, after;
    int64_t other_owners;
    apr_status_t rv = lock(&before, &other_owners, c, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    after = before;
    after.role = c->role ? c->role : before.role;
    after.disabled = c->disable < 0 ? before.disabled : c->disable;
    if (!c->remove && !strcmp(after.role, before.role) &&
        after.disabled == before.disabled) {
        return APR_SUCCESS;
    }
    if (is_owner(before.role, before.disabled) &&
        !is_owner(after.role, after.disabled) && !other_owners) {
        return KUJI_ESTATE;
    }
    rv = store(c, &after, conn, pool);
    return rv == APR_SUCCESS ? note(c, &before, &after, conn, pool) : rv;
}

static apr_status_t run(change_t *c, apr_pool_t *pool)
{
    return kuji_pg_transact(c->act->pg, c->act->tenant, change, c, pool);
}

apr_status_t kuji_account_set_role(const kuji_act_t *act, const char *id,
                                   const char *role, apr_pool_t *pool)
{
    change_t c = {act, id, "admin.role", role, -1, 0};

    return kuji_role_bit(role) ? run(&c, pool) : KUJI_EINVAL;
}

apr_status_t kuji_account_disable(const kuji_act_t *act, const char *id,
                                  int disable, apr_pool_t *pool)
{
    change_t c = {act,  id,      disable ? "admin.disable" : "admin.enable",
                  NULL, disable, 0};

    return run(&c, pool);
}

apr_status_t kuji_account_remove(const kuji_act_t *act, const char *id,
                                 apr_pool_t *pool)
{
    change_t c = {act, id, "admin.remove", NULL, 1, 1};

    return run(&c, pool);
}

typedef struct password_t {
    const kuji_act_t *act;
    const char *hash;
    const unsigned char *but;
} password_t;

static apr_status_t set_password(void *baton, kuji_conn_t *conn,
                                 apr_pool_t *pool)
{
    const password_t *p = baton;
    int64_t ended;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, p->act->tenant);
    kuji_args_uuid(&args, p->act->actor);
    kuji_args_text(&args, p->hash);
    rv = kuji_pg_query(&res, conn, KUJI_Q_ACCOUNT_PASSWORD, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (kuji_pg_changed(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    rv = kuji_admin_session_drop(&ended, p->act, conn, p->act->actor, p->but,
                                 pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return kuji_audit_add(p->act, conn, "admin.password",
                          apr_pstrcat(pool, "admin:", p->act->actor, NULL),
                          NULL, pool);
}

apr_status_t kuji_account_set_password(const kuji_act_t *act, const char *hash,
                                       const unsigned char *but,
                                       apr_pool_t *pool)
{
    password_t p = {act, hash, but};

    return kuji_pg_transact(act->pg, act->tenant, set_password, &p, pool);
}
