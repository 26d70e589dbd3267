/* Handing gift codes out. The claim's row is locked first: the same winner
 * twice at once waits for itself, and different winners take different codes
 * (SKIP LOCKED), so that none waits for another.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/gift_int.h"

#include "core/manifest.h"
#include "store/audit.h"

#include <apr_strings.h>

/** Winners looked at in one go. */
#define SERVE_PAGE 200

/* A code's row: pool, digest, sealed. */
static apr_status_t open_row(const char **code, const kuji_claims_t *c,
                             const PGresult *res)
{
    const unsigned char *digest;
    apr_size_t len;
    kuji_vault_t *vault = NULL;
    apr_status_t rv = kuji_pg_bytes(&digest, &len, res, 0, 1, c->pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_vault_open(&vault, c->act, c->conn, c->pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_vault_text(
            code, vault,
            kuji_vault_gift_purpose(kuji_pg_int(res, 0, 0), digest, c->pool),
            res, 0, 2, c->pool);
    }
    kuji_vault_close(vault);
    return rv;
}

static apr_status_t find_code(const char **code, const kuji_claims_t *c,
                              uint64_t n)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    *code = NULL;
    kuji_claims__args(&args, c, n);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_GIFT_OF, &args, c->pool);
    return rv == APR_SUCCESS && PQntuples(res) == 1 ? open_row(code, c, res)
                                                    : rv;
}

/* *code NULL: none is free. */
static apr_status_t take_code(const char **code, const kuji_claims_t *c,
                              const kuji_claim_lock_t *lock)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    *code = NULL;
    kuji_args_init(&args, c->pool);
    kuji_args_int(&args, c->id);
    kuji_args_text(&args, lock->prize);
    kuji_args_int(&args, (int64_t)lock->n);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_GIFT_TAKE, &args, c->pool);
    return rv == APR_SUCCESS && PQntuples(res) == 1 ? open_row(code, c, res)
                                                    : rv;
}

typedef struct open_t {
    const kuji_act_t *act;
    const char **why, *slug;
    uint64_t n;
    const unsigned char *participant; /* NULL: the job's or an owner's */
    const char *code;
} open_t;

static apr_status_t refuse(const open_t *o, const char *why)
{
    *o->why = why;
    return KUJI_ESTATE;
}

static apr_status_t may_open(const open_t *o, const kuji_claims_t *c,
                             const kuji_claim_lock_t *lock)
{
    apr_status_t rv = kuji_claims__own(lock, o->participant, o->why);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (lock->kind != KUJI_KIND_GIFT_CODE) {
        return refuse(o, "the prize is no gift code");
    }
    if (c->erased) {
        return refuse(o, "personal data of this draw was erased");
    }
    if (kuji_claims__late(c, lock)) {
        return refuse(o, "the time to claim is over");
    }
    return APR_SUCCESS;
}

/* What the claim becomes with a code or, so far, without one. */
static apr_status_t hand_out(open_t *o, const kuji_claims_t *c,
                             const kuji_claim_lock_t *lock)
{
    kuji_claim_by_e by = o->participant ? KUJI_BY_WINNER : KUJI_BY_JOB;
    kuji_claim_e to = KUJI_CLAIM_DELIVERED;
    apr_status_t rv;

    if (!kuji_claim_may(lock->kind, lock->state, to, by)) {
        return refuse(o, "the code cannot be had as things are now");
    }
    rv = take_code(&o->code, c, lock);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!o->code) {
        to = KUJI_CLAIM_CLAIMED;
    }
    return lock->state == to ? APR_SUCCESS : kuji_claims__move(c, lock, to);
}

static apr_status_t open_gift(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    open_t *o = baton;
    const kuji_claim_lock_t *lock;
    kuji_claims_t c;
    apr_status_t rv =
        kuji_claims__open(&c, o->why, o->act, conn, o->slug, pool);

    o->code = NULL;
    if (rv == APR_SUCCESS) {
        rv = kuji_claims__lock_one(&lock, o->why, &c, o->n);
    }
    if (rv == APR_SUCCESS) {
        rv = may_open(o, &c, lock);
    }
    if (rv == APR_SUCCESS && lock->state == KUJI_CLAIM_DELIVERED) {
        rv = find_code(&o->code, &c, o->n);
        if (rv == APR_SUCCESS && !o->code) {
            rv = refuse(o, "the code was erased");
        }
        return rv;
    }
    return rv == APR_SUCCESS ? hand_out(o, &c, lock) : rv;
}

apr_status_t kuji_gift_open(const char **code, const char **why,
                            const kuji_act_t *act, const char *slug, uint64_t n,
                            const unsigned char participant[16],
                            apr_pool_t *pool)
{
    open_t o = {act, why, slug, n, participant, NULL};
    apr_status_t rv =
        kuji_pg_transact(act->pg, act->tenant, open_gift, &o, pool);

    *code = o.code;
    return rv;
}

typedef struct replace_t {
    open_t open;
    int64_t id;
    const char *reason;
} replace_t;

/* Whoever presses twice, or after somebody else did, replaces nothing. */
static apr_status_t void_code(const replace_t *r, const kuji_claims_t *c)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_claims__args(&args, c, r->open.n);
    kuji_args_int(&args, r->id);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_GIFT_VOID, &args, c->pool);
    if (rv != APR_SUCCESS || kuji_pg_changed(res) == 1) {
        return rv;
    }
    kuji_claims__args(&args, c, r->open.n);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_GIFT_OF, &args, c->pool);
    if (rv == APR_SUCCESS) {
        rv = PQntuples(res) ? KUJI_ECONFLICT : KUJI_ENOTFOUND;
        *r->open.why = PQntuples(res) ? "it has another code by now"
                                      : "it was given no code";
    }
    return rv;
}

static apr_status_t replace(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    replace_t *r = baton;
    open_t *o = &r->open;
    const kuji_claim_lock_t *lock;
    kuji_claims_t c;
    apr_status_t rv =
        kuji_claims__open(&c, o->why, o->act, conn, o->slug, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_claims__lock_one(&lock, o->why, &c, o->n);
    }
    if (rv == APR_SUCCESS) {
        rv = void_code(r, &c);
    }
    if (rv == APR_SUCCESS) {
        rv = take_code(&o->code, &c, lock);
    }
    if (rv == APR_SUCCESS && !o->code) {
        rv = refuse(o, "no other code is left");
    }
    return rv == APR_SUCCESS
               ? kuji_audit_add(
                     o->act, conn, "gift.replace", kuji_claims__object(&c),
                     json_pack("{s:I, s:s, s:s}", "n", (json_int_t)o->n,
                               "prize", lock->prize, "reason", r->reason),
                     pool)
               : rv;
}

apr_status_t kuji_gift_replace(const char **why, const kuji_act_t *act,
                               const char *slug, uint64_t n, int64_t id,
                               const char *reason, apr_pool_t *pool)
{
    replace_t r = {{act, why, slug, n, NULL, NULL}, id, reason};

    if (!kuji_claim_is_reason(kuji_claim_faults, reason)) {
        *why = "there is no such reason";
        return KUJI_EINVAL;
    }
    return kuji_pg_transact(act->pg, act->tenant, replace, &r, pool);
}

typedef struct owed_t {
    const kuji_act_t *act;
    const char *slug, *prize;
    PGresult *res;
} owed_t;

static apr_status_t read_owed(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    owed_t *w = baton;
    const char *why;
    kuji_claims_t c;
    kuji_args_t args;
    apr_status_t rv = kuji_claims__open(&c, &why, w->act, conn, w->slug, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, c.id);
    kuji_args_text(&args, w->prize);
    kuji_args_int(&args, SERVE_PAGE);
    return kuji_pg_query(&w->res, conn, KUJI_Q_GIFT_OWED, &args, pool);
}

static int stopped(const int *stop)
{
    return stop && __atomic_load_n(stop, __ATOMIC_ACQUIRE);
}

/* One page of winners; *served 0: nobody, or the pool is empty. */
static apr_status_t serve_page(int64_t *served, const owed_t *what,
                               const int *stop, apr_pool_t *pool)
{
    owed_t w = *what;
    const char *code, *why;
    apr_pool_t *one;
    int i;
    apr_status_t rv =
        kuji_pg_transact(w.act->pg, w.act->tenant, read_owed, &w, pool);

    *served = 0;
    if (rv == KUJI_ENOTFOUND) {
        return APR_SUCCESS; /* a draft: nobody has won anything */
    }
    if (rv == APR_SUCCESS) {
        rv = apr_pool_create(&one, pool);
    }
    for (i = 0; rv == APR_SUCCESS && i < PQntuples(w.res) && !stopped(stop);
         i++) {
        rv = kuji_gift_open(&code, &why, w.act, w.slug,
                            (uint64_t)kuji_pg_int(w.res, i, 0), NULL, one);
        if (rv == APR_SUCCESS && !code) {
            break;
        }
        *served += rv == APR_SUCCESS;
        /* The winner, or an erasure, came first. */
        rv = rv == KUJI_ESTATE || rv == KUJI_ENOTFOUND ? APR_SUCCESS : rv;
        apr_pool_clear(one);
    }
    return rv;
}

apr_status_t kuji_gift__serve(int64_t *count, const kuji_act_t *act,
                              const char *slug, const char *prize,
                              const int *stop, apr_pool_t *pool)
{
    owed_t w = {act, slug, prize, NULL};
    int64_t served = SERVE_PAGE;
    apr_pool_t *page;
    apr_status_t rv = apr_pool_create(&page, pool);

    while (rv == APR_SUCCESS && served == SERVE_PAGE && !stopped(stop)) {
        rv = serve_page(&served, &w, stop, page);
        *count += served;
        apr_pool_clear(page);
    }
    return rv;
}

typedef struct waiting_t {
    const kuji_act_t *act;
    PGresult *res;
} waiting_t;

static apr_status_t read_waiting(void *baton, kuji_conn_t *conn,
                                 apr_pool_t *pool)
{
    waiting_t *w = baton;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    return kuji_pg_query(&w->res, conn, KUJI_Q_GIFT_WAITING, &args, pool);
}

apr_status_t kuji_gift_serve(int64_t *count, const kuji_act_t *act,
                             const int *stop, apr_pool_t *pool)
{
    waiting_t w = {act, NULL};
    int i;
    apr_status_t rv =
        kuji_pg_transact(act->pg, act->tenant, read_waiting, &w, pool);

    *count = 0;
    for (i = 0; rv == APR_SUCCESS && i < PQntuples(w.res); i++) {
        rv = kuji_gift__serve(count, act, kuji_pg_text(w.res, i, 0),
                              kuji_pg_text(w.res, i, 1), stop, pool);
    }
    return rv;
}
