/* Parcels that come back.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/audit.h"
#include "store/claim_int.h"

typedef struct back_t {
    const kuji_act_t *act;
    const char **why, *slug, *reason;
    uint64_t n;
    kuji_claim_by_e by;
} back_t;

/* The state alone: "claimed" is mailed to who has just claimed. */
static apr_status_t write_back(const back_t *b, const kuji_claims_t *c)
{
    int64_t n = (int64_t)b->n;
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, c->pool);
    kuji_args_int(&args, c->id);
    kuji_args_int_array(&args, &n, 1);
    kuji_args_text(&args, kuji_claim_name(KUJI_CLAIM_CLAIMED));
    rv = kuji_pg_query(NULL, c->conn, KUJI_Q_CLAIM_STATE, &args, c->pool);
    if (rv == APR_SUCCESS) {
        kuji_claims__args(&args, c, b->n);
        kuji_args_text(&args, b->reason);
        rv = kuji_pg_query(NULL, c->conn, KUJI_Q_CLAIM_CAME_BACK, &args,
                           c->pool);
    }
    return rv;
}

static apr_status_t come_back(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    back_t *b = baton;
    const kuji_claim_lock_t *lock;
    kuji_claims_t c;
    apr_status_t rv =
        kuji_claims__open(&c, b->why, b->act, conn, b->slug, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_claims__lock_one(&lock, b->why, &c, b->n);
    }
    if (rv == APR_SUCCESS &&
        (lock->state != KUJI_CLAIM_SHIPPED ||
         !kuji_claim_may(lock->kind, lock->state, KUJI_CLAIM_CLAIMED, b->by))) {
        *b->why = "it is no parcel that is on its way";
        rv = KUJI_ESTATE;
    }
    if (rv == APR_SUCCESS) {
        rv = write_back(b, &c);
    }
    return rv == APR_SUCCESS
               ? kuji_audit_add(
                     b->act, conn, "claim.came_back", kuji_claims__object(&c),
                     json_pack("{s:I, s:s, s:s}", "n", (json_int_t)b->n,
                               "prize", lock->prize, "reason", b->reason),
                     pool)
               : rv;
}

apr_status_t kuji_claim_came_back(const char **why, const kuji_act_t *act,
                                  const char *slug, uint64_t n,
                                  const char *reason, kuji_claim_by_e by,
                                  apr_pool_t *pool)
{
    back_t b = {act, why, slug, reason, n, by};

    if (!kuji_claim_is_reason(kuji_claim_backs, reason)) {
        *why = "there is no such reason";
        return KUJI_EINVAL;
    }
    return kuji_pg_transact(act->pg, act->tenant, come_back, &b, pool);
}
