/* What LINE has not delivered goes on by mail: the same row under the same
 * number, so that of the two ways one alone reaches the winner.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/outbox_int.h"

typedef struct move_t {
    const kuji_act_t *act;
    const char *id, *reason;
    int moved;
} move_t;

/* What does not open is as good as none. */
static apr_status_t has_given(int *has, const move_t *m, kuji_conn_t *conn,
                              const PGresult *res, apr_pool_t *pool)
{
    const char *address = NULL;
    kuji_vault_t *vault;
    apr_status_t rv = kuji_vault_open(&vault, m->act, conn, pool);

    *has = 0;
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = kuji_outbox__given(&address, vault, res, 0, 3, kuji_pg_text(res, 0, 1),
                            kuji_pg_int(res, 0, 2), pool);
    kuji_vault_close(vault);
    *has = address != NULL;
    return rv == KUJI_ECRYPT ? APR_SUCCESS : rv;
}

static apr_status_t find(int *found, const move_t *m, kuji_conn_t *conn,
                         apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    *found = 0;
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, m->id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_ELSEWHERE, &args, pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv;
    }
    *found = kuji_pg_bool(res, 0, 0);
    return *found || PQgetisnull(res, 0, 3)
               ? APR_SUCCESS
               : has_given(found, m, conn, res, pool);
}

static apr_status_t move(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    move_t *m = baton;
    kuji_args_t args;
    PGresult *res;
    int found;
    apr_status_t rv = find(&found, m, conn, pool);

    m->moved = 0;
    if (rv != APR_SUCCESS || !found) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, m->id);
    kuji_args_text(&args, m->reason);
    rv = kuji_pg_query(&res, conn, KUJI_Q_OUTBOX_TO_MAIL, &args, pool);
    m->moved = rv == APR_SUCCESS && kuji_pg_changed(res) == 1;
    return rv;
}

apr_status_t kuji_outbox_to_mail(int *moved, const kuji_act_t *act,
                                 const char *id, const char *reason,
                                 apr_pool_t *pool)
{
    move_t m = {.act = act, .id = id, .reason = reason};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, move, &m, pool);

    *moved = rv == APR_SUCCESS && m.moved;
    return rv;
}
