/* Claims one at a time: reading them, locking them, moving them on.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/claim_int.h"

#include "store/audit.h"
#include "store/outbox.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define DAY_MS 86400000

apr_status_t kuji_claims__open(kuji_claims_t *c, const char **why,
                               const kuji_act_t *act, kuji_conn_t *conn,
                               const char *slug, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    memset(c, 0, sizeof(*c));
    c->act = act;
    c->conn = conn;
    c->pool = pool;
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_text(&args, slug);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CLAIM_CAMPAIGN, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        *why = "there is no such campaign";
        return KUJI_ENOTFOUND;
    }
    c->id = kuji_pg_int(res, 0, 0);
    c->uuid = kuji_pg_text(res, 0, 1);
    c->status = kuji_pg_text(res, 0, 2);
    c->next_n = kuji_pg_int(res, 0, 3);
    c->days = kuji_pg_int(res, 0, 5);
    c->erased = kuji_pg_bool(res, 0, 6);
    return APR_SUCCESS;
}

void kuji_claims__args(kuji_args_t *args, const kuji_claims_t *c, uint64_t n)
{
    kuji_args_init(args, c->pool);
    kuji_args_int(args, c->id);
    kuji_args_int(args, (int64_t)n);
}

const char *kuji_claims__object(const kuji_claims_t *c)
{
    return apr_pstrcat(c->pool, "campaign:", c->uuid, NULL);
}

static apr_status_t read_lock(kuji_claim_lock_t *lock, const PGresult *res,
                              int i, apr_pool_t *pool)
{
    apr_size_t len;

    lock->n = (uint64_t)kuji_pg_int(res, i, 0);
    lock->state = kuji_claim_state(kuji_pg_text(res, i, 1));
    lock->updated_at = kuji_pg_int(res, i, 2);
    lock->kind = kuji_claim_kind(kuji_pg_text(res, i, 3));
    lock->prize = kuji_pg_text(res, i, 4);
    lock->now = kuji_pg_int(res, i, 6);
    lock->has_data = kuji_pg_bool(res, i, 7);
    lock->is_erased = kuji_pg_bool(res, i, 8);
    lock->version = (int)kuji_pg_int(res, i, 9);
    lock->due_at = kuji_pg_int(res, i, 10);
    return PQgetisnull(res, i, 5)
               ? APR_SUCCESS
               : kuji_pg_bytes(&lock->participant, &len, res, i, 5, pool);
}

apr_status_t kuji_claims__lock(const kuji_claim_lock_t **locks, int *count,
                               const kuji_claims_t *c, const int64_t *numbers,
                               int n, apr_pool_t *pool)
{
    kuji_claim_lock_t *list;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, c->id);
    kuji_args_int_array(&args, numbers, n);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_CLAIM_LOCK, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    *count = PQntuples(res);
    list = apr_pcalloc(pool, sizeof(*list) * ((apr_size_t)*count + 1));
    for (i = 0; i < *count && rv == APR_SUCCESS; i++) {
        rv = read_lock(&list[i], res, i, pool);
    }
    *locks = list;
    return rv;
}

apr_status_t kuji_claims__lock_one(const kuji_claim_lock_t **lock,
                                   const char **why, const kuji_claims_t *c,
                                   uint64_t n)
{
    int64_t number = (int64_t)n;
    int count;
    apr_status_t rv = kuji_claims__lock(lock, &count, c, &number, 1, c->pool);

    if (rv == APR_SUCCESS && count == 0) {
        *why = "there is no such win";
        rv = KUJI_ENOTFOUND;
    }
    return rv;
}

apr_status_t kuji_claims__own(const kuji_claim_lock_t *lock,
                              const unsigned char *participant,
                              const char **why)
{
    if (participant &&
        (!lock->participant ||
         sodium_memcmp(lock->participant, participant, KUJI_DIGEST_LEN))) {
        *why = "there is no such win";
        return KUJI_ENOTFOUND;
    }
    return APR_SUCCESS;
}

int kuji_claims__late(const kuji_claims_t *c, const kuji_claim_lock_t *lock)
{
    return lock->state == KUJI_CLAIM_WON && c->days &&
           lock->now >= lock->updated_at + c->days * DAY_MS;
}

/* What the winner is told of: nothing else needs a mail. */
static apr_status_t tell(const kuji_claims_t *c, const int64_t *numbers,
                         int count, kuji_claim_e to, apr_pool_t *pool)
{
    return to == KUJI_CLAIM_CLAIMED || to == KUJI_CLAIM_SHIPPED
               ? kuji_outbox_draws(c->act, c->conn, c->id,
                                   to == KUJI_CLAIM_SHIPPED ? KUJI_MAIL_SHIPPED
                                                            : KUJI_MAIL_CLAIMED,
                                   numbers, count, pool)
               : APR_SUCCESS;
}

apr_status_t kuji_claims__set(const kuji_claims_t *c, const int64_t *numbers,
                              int count, kuji_claim_e to, apr_pool_t *pool)
{
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, c->id);
    kuji_args_int_array(&args, numbers, count);
    kuji_args_text(&args, kuji_claim_name(to));
    rv = kuji_pg_query(NULL, c->conn, KUJI_Q_CLAIM_STATE, &args, pool);
    return rv == APR_SUCCESS ? tell(c, numbers, count, to, pool) : rv;
}

apr_status_t kuji_claims__move(const kuji_claims_t *c,
                               const kuji_claim_lock_t *lock, kuji_claim_e to)
{
    int64_t n = (int64_t)lock->n;
    apr_status_t rv = kuji_claims__set(c, &n, 1, to, c->pool);

    return rv == APR_SUCCESS
               ? kuji_audit_add(
                     c->act, c->conn,
                     apr_pstrcat(c->pool, "claim.", kuji_claim_name(to), NULL),
                     kuji_claims__object(c),
                     json_pack("{s:I, s:s, s:s, s:s}", "n", (json_int_t)n,
                               "prize", lock->prize, "before",
                               kuji_claim_name(lock->state), "after",
                               kuji_claim_name(to)),
                     c->pool)
               : rv;
}

typedef struct step_t {
    const kuji_act_t *act;
    const char **why, *slug;
    uint64_t n;
    kuji_claim_e to;
    kuji_claim_by_e by;
} step_t;

static apr_status_t step(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    step_t *s = baton;
    const kuji_claim_lock_t *lock;
    kuji_claims_t c;
    apr_status_t rv =
        kuji_claims__open(&c, s->why, s->act, conn, s->slug, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_claims__lock_one(&lock, s->why, &c, s->n);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!kuji_claim_may(lock->kind, lock->state, s->to, s->by)) {
        *s->why = lock->state == s->to
                      ? "somebody else has done it already"
                      : "this cannot be done with the prize as it is now";
        return KUJI_ESTATE;
    }
    return kuji_claims__move(&c, lock, s->to);
}

apr_status_t kuji_claim_step(const char **why, const kuji_act_t *act,
                             const char *slug, uint64_t n, kuji_claim_e to,
                             kuji_claim_by_e by, apr_pool_t *pool)
{
    step_t s = {act, why, slug, n, to, by};

    if (to == KUJI_CLAIM_VOID || to == KUJI_CLAIM_WON ||
        to == KUJI_CLAIM_CLAIMED || to >= KUJI_CLAIM_LAST) {
        *why = "a claim is not taken to that state by itself";
        return KUJI_EINVAL;
    }
    return kuji_pg_transact(act->pg, act->tenant, step, &s, pool);
}

typedef struct get_t {
    const kuji_act_t *act;
    const char *slug;
    uint64_t n;
    int personal;
    const kuji_claim_t *claim;
} get_t;

static apr_status_t read_steps(kuji_claim_t *claim, const kuji_claims_t *c,
                               uint64_t n)
{
    kuji_claim_step_t *steps;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    kuji_claims__args(&args, c, n);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_CLAIM_STEPS, &args, c->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    claim->nsteps = PQntuples(res);
    steps =
        apr_palloc(c->pool, sizeof(*steps) * ((apr_size_t)claim->nsteps + 1));
    for (i = 0; i < claim->nsteps; i++) {
        steps[i].state = kuji_pg_text(res, i, 0);
        steps[i].at = kuji_pg_int(res, i, 1);
        steps[i].back = PQgetisnull(res, i, 2) ? NULL : kuji_pg_text(res, i, 2);
    }
    claim->steps = steps;
    return APR_SUCCESS;
}

static apr_status_t drop_json(void *doc)
{
    json_decref(doc);
    return APR_SUCCESS;
}

static apr_status_t open_gift(kuji_claim_t *claim, const kuji_claims_t *c,
                              const kuji_vault_t *vault, uint64_t n)
{
    const unsigned char *digest;
    apr_size_t len;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_claims__args(&args, c, n);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_GIFT_OF, &args, c->pool);
    if (rv != APR_SUCCESS || PQntuples(res) == 0) {
        return rv;
    }
    claim->gift_id = kuji_pg_int(res, 0, 3);
    rv = kuji_pg_bytes(&digest, &len, res, 0, 1, c->pool);
    return rv == APR_SUCCESS
               ? kuji_vault_text(&claim->gift, vault,
                                 kuji_vault_gift_purpose(kuji_pg_int(res, 0, 0),
                                                         digest, c->pool),
                                 res, 0, 2, c->pool)
               : rv;
}

static apr_status_t open_personal(kuji_claim_t *claim, const kuji_claims_t *c,
                                  uint64_t n, const PGresult *res)
{
    const char *text = NULL;
    kuji_vault_t *vault;
    json_t *data;
    apr_status_t rv = kuji_vault_open(&vault, c->act, c->conn, c->pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_vault_text(
            &text, vault,
            kuji_vault_purpose("claim", c->uuid, (int64_t)n, c->pool), res, 0,
            4, c->pool);
    }
    if (rv == APR_SUCCESS && text) {
        data = json_loads(text, 0, NULL);
        apr_pool_cleanup_register(c->pool, data, drop_json,
                                  apr_pool_cleanup_null);
        claim->data = data;
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_vault_text(
            &claim->tracking, vault,
            kuji_vault_purpose("tracking", c->uuid, (int64_t)n, c->pool), res,
            0, 5, c->pool);
    }
    if (rv == APR_SUCCESS) {
        rv = open_gift(claim, c, vault, n);
    }
    kuji_vault_close(vault);
    return rv;
}

apr_status_t kuji_claims__read(const kuji_claim_t **out, const kuji_claims_t *c,
                               uint64_t n, int personal)
{
    kuji_claim_t *claim;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    *out = NULL;
    kuji_claims__args(&args, c, n);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_CLAIM_GET, &args, c->pool);
    if (rv != APR_SUCCESS || PQntuples(res) == 0) {
        return rv;
    }
    claim = apr_pcalloc(c->pool, sizeof(*claim));
    claim->state = kuji_pg_text(res, 0, 0);
    claim->updated_at = kuji_pg_int(res, 0, 1);
    claim->prize = kuji_pg_text(res, 0, 2);
    claim->kind = kuji_pg_text(res, 0, 3);
    claim->has_data = !PQgetisnull(res, 0, 4);
    claim->has_tracking = !PQgetisnull(res, 0, 5);
    claim->version = (int)kuji_pg_int(res, 0, 6);
    claim->erased_at = kuji_pg_int(res, 0, 7);
    claim->edit_until = kuji_pg_int(res, 0, 8);
    claim->shop = kuji_pg_text(res, 0, 9);
    if (c->days && strcmp(claim->state, "won") == 0) {
        claim->due_at = claim->updated_at + c->days * DAY_MS;
    }
    rv = read_steps(claim, c, n);
    if (rv == APR_SUCCESS && personal) {
        rv = open_personal(claim, c, n, res);
    }
    *out = claim;
    return rv;
}

static apr_status_t get(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    get_t *g = baton;
    const char *why;
    kuji_claims_t c;
    apr_status_t rv = kuji_claims__open(&c, &why, g->act, conn, g->slug, pool);

    return rv == APR_SUCCESS
               ? kuji_claims__read(&g->claim, &c, g->n, g->personal)
               : rv;
}

apr_status_t kuji_claim_get(const kuji_claim_t **claim, const kuji_act_t *act,
                            const char *slug, uint64_t n, int personal,
                            apr_pool_t *pool)
{
    get_t g = {act, slug, n, personal, NULL};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, get, &g, pool);

    *claim = g.claim;
    return rv;
}
