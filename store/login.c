/* SPDX-License-Identifier: Apache-2.0 */
#include "store/login.h"

#include <arpa/inet.h>
#include <string.h>

/* An IPv4 address in IPv6's clothes is all there is of the client. */
static int is_network(const unsigned char bytes[16])
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0,    0,
                                             0, 0, 0, 0, 0xff, 0xff};

    return memcmp(bytes, mapped, sizeof(mapped)) != 0;
}

void kuji_login_digest(kuji_login_t *login,
                       const unsigned char key[KUJI_KEY_LEN], const char *name,
                       const char *address)
{
    unsigned char bytes[16];

    kuji_seal_digest(login->account, key, "login account", name, strlen(name));
    if (inet_pton(AF_INET6, address, bytes) == 1 && is_network(bytes)) {
        kuji_seal_digest(login->address, key, "login network", bytes, 8);
    }
    else {
        kuji_seal_digest(login->address, key, "login address", address,
                         strlen(address));
    }
}

typedef struct try_t {
    const kuji_act_t *act;
    const kuji_login_t *login;
    const char *admin_id;
    int64_t wait;
} try_t;

static void set_args(kuji_args_t *args, const kuji_act_t *act,
                     const kuji_login_t *login, apr_pool_t *pool)
{
    kuji_args_init(args, pool);
    kuji_args_uuid(args, act->tenant);
    kuji_args_bytes(args, login->account, KUJI_DIGEST_LEN);
    kuji_args_bytes(args, login->address, KUJI_DIGEST_LEN);
}

static apr_status_t begin(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    try_t *t = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    set_args(&args, t->act, t->login, pool);
    rv = kuji_pg_query(&res, conn, KUJI_Q_LOGIN_TRY, &args, pool);
    if (rv == APR_SUCCESS) {
        t->wait = kuji_pg_int(res, 0, 0);
    }
    return rv;
}

apr_status_t kuji_login_try(int64_t *wait_ms, const kuji_act_t *act,
                            const kuji_login_t *login, apr_pool_t *pool)
{
    try_t t = {act, login, NULL, 0};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, begin, &t, pool);

    *wait_ms = t.wait;
    return rv;
}

apr_status_t kuji_login_done(const kuji_act_t *act, kuji_conn_t *conn,
                             const kuji_login_t *login, const char *admin_id,
                             apr_pool_t *pool)
{
    kuji_args_t args;

    set_args(&args, act, login, pool);
    kuji_args_uuid(&args, admin_id);
    return kuji_pg_query(NULL, conn, KUJI_Q_LOGIN_SUCCEEDED, &args, pool);
}

static apr_status_t succeed(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    try_t *t = baton;

    return kuji_login_done(t->act, conn, t->login, t->admin_id, pool);
}

apr_status_t kuji_login_succeeded(const kuji_act_t *act,
                                  const kuji_login_t *login,
                                  const char *admin_id, apr_pool_t *pool)
{
    try_t t = {act, login, admin_id, 0};

    return kuji_pg_transact(act->pg, act->tenant, succeed, &t, pool);
}
