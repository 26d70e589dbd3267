/* SPDX-License-Identifier: Apache-2.0 */
#include "store/admin.h"

#include "store/audit.h"
#include "store/secret.h"

#include <apr_md5.h>
#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

/** 2^11 rounds: about 0.1 s. */
#define BCRYPT_COST 11

/* bcrypt of a random password nobody knows: what an unknown login costs. */
static const char nobody[] =
    "$2y$11$abcdefghijklmnopqrstuuIW8zT4dW9w6oAUTIlVYcUi6CHVlPqfe";

unsigned kuji_role_bit(const char *name)
{
    static const char *const roles[] = {"owner", "editor", "staff", "viewer"};
    unsigned i;

    for (i = 0; i < 4; i++) {
        if (strcmp(roles[i], name) == 0) {
            return 1u << i;
        }
    }
    return 0;
}

int kuji_login_ok(const char *login)
{
    return *login && strlen(login) <= KUJI_LOGIN_MAX &&
           !strpbrk(login, " \t\r\n:");
}

static apr_status_t check(const char **why, const char *login,
                          const char *password, const char *role)
{
    static const char *const flaws[] = {
        [KUJI_FLAW_SHORT] = "the password must be at least 12 characters",
        [KUJI_FLAW_LONG] = "the password must be at most 72 bytes",
        [KUJI_FLAW_SIMPLE] = "the password repeats itself or is a row",
        [KUJI_FLAW_COMMON] = "the password is one of the commonest",
        [KUJI_FLAW_LOGIN] = "the password is hardly more than the login",
    };
    kuji_flaw_e flaw = kuji_password_flaw(password, login);

    if (!kuji_login_ok(login)) {
        *why = "the login must be 1 to 200 bytes without space or colon";
    }
    else if (flaw) {
        *why = flaws[flaw];
    }
    else if (!kuji_role_bit(role)) {
        *why = "the role must be owner, editor, staff or viewer";
    }
    else {
        return APR_SUCCESS;
    }
    return KUJI_EINVAL;
}

apr_status_t kuji_admin_encode(char hash[KUJI_HASH_MAX], const char *password)
{
    unsigned char salt[16];

    randombytes_buf(salt, sizeof(salt));
    return apr_bcrypt_encode(password, BCRYPT_COST, salt, sizeof(salt), hash,
                             KUJI_HASH_MAX);
}

typedef struct create_t {
    const kuji_act_t *act;
    const char *id, *login, *role;
    char hash[KUJI_HASH_MAX];
    const char **why;
} create_t;

static apr_status_t insert(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    create_t *c = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, c->id);
    kuji_args_uuid(&args, c->act->tenant);
    kuji_args_text(&args, c->login);
    kuji_args_text(&args, c->hash);
    kuji_args_text(&args, c->role);
    rv = kuji_pg_query(&res, conn, KUJI_Q_ADMIN_INSERT, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (kuji_pg_changed(res) != 1) {
        *c->why = "an admin with this login exists";
        return KUJI_ECONFLICT;
    }
    return kuji_audit_add(c->act, conn, "admin.create",
                          apr_pstrcat(pool, "admin:", c->id, NULL),
                          json_pack("{s:s}", "role", c->role), pool);
}

apr_status_t kuji_admin_create(const char **id, const char **why,
                               const kuji_act_t *act, const char *login,
                               const char *password, const char *role,
                               apr_pool_t *pool)
{
    create_t c = {.act = act, .login = login, .role = role, .why = why};
    apr_status_t rv = check(why, login, password, role);

    if (rv == APR_SUCCESS) {
        rv = kuji_admin_encode(c.hash, password);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    *id = c.id = kuji_uuid_make(pool);
    return kuji_pg_transact(act->pg, act->tenant, insert, &c, pool);
}

typedef struct find_t {
    const kuji_act_t *act;
    const char *login;
    const kuji_admin_t *admin;
    const char *hash;
} find_t;

const kuji_admin_t *kuji_admin_row(const PGresult *res, int row, int col,
                                   const char *tenant_id, apr_pool_t *pool)
{
    kuji_admin_t *admin = apr_pcalloc(pool, sizeof(*admin));

    admin->tenant_id = tenant_id;
    admin->id = kuji_pg_text(res, row, col);
    admin->login = kuji_pg_text(res, row, col + 1);
    admin->role = kuji_pg_text(res, row, col + 2);
    admin->role_bit = kuji_role_bit(admin->role);
    return admin;
}

static apr_status_t find(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    find_t *f = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, f->act->tenant);
    kuji_args_text(&args, f->login);
    rv = kuji_pg_query(&res, conn, KUJI_Q_ADMIN_FIND, &args, pool);
    if (rv == APR_SUCCESS && PQntuples(res) == 1) {
        f->admin = kuji_admin_row(res, 0, 0, f->act->tenant, pool);
        f->hash = kuji_pg_text(res, 0, 3);
    }
    return rv;
}

apr_status_t kuji_admin_hash(const kuji_admin_t **admin, const char **hash,
                             const kuji_act_t *act, const char *login,
                             apr_pool_t *pool)
{
    find_t f = {act, login, NULL, nobody};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, find, &f, pool);

    *admin = f.admin;
    *hash = f.hash;
    return rv != APR_SUCCESS || f.admin ? rv : KUJI_ENOTFOUND;
}

apr_status_t kuji_admin_check(const kuji_admin_t **admin, const kuji_act_t *act,
                              const char *login, const char *password,
                              apr_pool_t *pool)
{
    const char *hash;
    apr_status_t rv = kuji_admin_hash(admin, &hash, act, login, pool);

    if (rv != APR_SUCCESS && rv != KUJI_ENOTFOUND) {
        return rv;
    }
    rv = apr_password_validate(password, hash);
    return rv == APR_SUCCESS && *admin && strlen(password) <= KUJI_PASSWORD_MAX
               ? APR_SUCCESS
               : KUJI_ENOTFOUND;
}

apr_status_t kuji_admin_by_login(const kuji_admin_t **admin,
                                 const kuji_act_t *act, const char *login,
                                 apr_pool_t *pool)
{
    const char *hash;

    return kuji_admin_hash(admin, &hash, act, login, pool);
}

void kuji_admin_passphrase(char *out)
{
    static const char symbols[] = "abcdefghjkmnpqrstuvwxyz123456789";
    unsigned char random[24];
    int i;

    randombytes_buf(random, sizeof(random));
    for (i = 0; i < 24; i++) {
        if (i && i % 6 == 0) {
            *out++ = '-';
        }
        *out++ = symbols[random[i] & 31];
    }
    *out = '\0';
    sodium_memzero(random, sizeof(random));
}
