/* SPDX-License-Identifier: Apache-2.0 */
#include "store/coupon.h"

#include "store/audit.h"
#include "store/claim_int.h"
#include "store/shop.h"

#include <apr_strings.h>
#include <string.h>

#define DAY_MS 86400000

typedef struct coupon_t {
    kuji_coupon_t *out;
    const kuji_act_t *act;
    const char **why, *slug;
    uint64_t n;
    const unsigned char *participant;
    const char *passcode; /* normalised, "" for none; NULL: it is only read */
    kuji_claims_t c;
    const kuji_claim_lock_t *lock;
    int64_t tries, total, since;
} coupon_t;

/* What was tried and what was redeemed. */
static apr_status_t read_facts(coupon_t *k)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_claims__args(&args, &k->c, k->n);
    rv = kuji_pg_query(&res, k->c.conn, KUJI_Q_COUPON_GET, &args, k->c.pool);
    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        return KUJI_EDATABASE; /* it is locked: it is there */
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    k->out->shop = kuji_pg_text(res, 0, 3);
    if (k->lock->state == KUJI_CLAIM_REDEEMED) {
        k->out->redeemed_at = kuji_pg_int(res, 0, 1);
    }
    k->tries = kuji_pg_int(res, 0, 4);
    k->total = kuji_pg_int(res, 0, 5);
    k->since = kuji_pg_int(res, 0, 6);
    k->out->now = k->lock->now;
    if (k->lock->now >= k->since + KUJI_COUPON_WAIT_MS) {
        k->tries = 0;
        k->since = k->lock->now;
    }
    return APR_SUCCESS;
}

static apr_status_t read_validity(coupon_t *k)
{
    kuji_args_t args;
    PGresult *res;
    int64_t due;
    apr_status_t rv;

    kuji_args_init(&args, k->c.pool);
    kuji_args_int(&args, k->c.id);
    kuji_args_text(&args, k->lock->prize);
    rv = kuji_pg_query(&res, k->c.conn, KUJI_Q_COUPON_VALIDITY, &args,
                       k->c.pool);
    if (rv != APR_SUCCESS || PQntuples(res) == 0) {
        return rv;
    }
    k->out->from = kuji_pg_int(res, 0, 0);
    k->out->until = kuji_pg_int(res, 0, 1);
    due = k->lock->updated_at + k->c.days * DAY_MS;
    if (k->lock->state == KUJI_CLAIM_WON && k->c.days &&
        (!k->out->until || due < k->out->until)) {
        k->out->until = due;
    }
    return APR_SUCCESS;
}

static kuji_coupon_e judge(coupon_t *k)
{
    kuji_coupon_t *out = k->out;

    if (k->lock->state == KUJI_CLAIM_REDEEMED) {
        return KUJI_COUPON_SPENT;
    }
    if (k->lock->state != KUJI_CLAIM_WON) {
        return KUJI_COUPON_VOID;
    }
    if (out->until && out->now >= out->until) {
        return KUJI_COUPON_LATE;
    }
    if (out->now < out->from) {
        return KUJI_COUPON_EARLY;
    }
    if (k->total >= KUJI_COUPON_TRIES_ALL) {
        return KUJI_COUPON_BLOCKED;
    }
    out->left = (int)(KUJI_COUPON_TRIES - k->tries);
    if (out->left <= 0) {
        out->left = 0;
        out->retry_at = k->since + KUJI_COUPON_WAIT_MS;
        return KUJI_COUPON_WAIT;
    }
    return KUJI_COUPON_GOOD;
}

static apr_status_t count_wrong(coupon_t *k)
{
    kuji_args_t args;
    apr_status_t rv;

    kuji_claims__args(&args, &k->c, k->n);
    kuji_args_uuid(&args, k->act->tenant);
    kuji_args_int(&args, k->since);
    kuji_args_int(&args, k->tries + 1);
    rv = kuji_pg_query(NULL, k->c.conn, KUJI_Q_COUPON_WRONG, &args, k->c.pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    k->tries++;
    k->total++;
    k->out->is = judge(k);
    if (k->out->is == KUJI_COUPON_GOOD) {
        k->out->is = KUJI_COUPON_WRONG;
    }
    return APR_SUCCESS;
}

/* *id 0: no shop has that passcode. */
static apr_status_t find_shop(int64_t *id, coupon_t *k)
{
    unsigned char digest[KUJI_DIGEST_LEN];
    kuji_vault_t *vault = NULL;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv = kuji_vault_open(&vault, k->act, k->c.conn, k->c.pool);

    *id = 0;
    if (rv == APR_SUCCESS) {
        kuji_vault_passcode(digest, vault, k->c.id, k->passcode);
        kuji_args_init(&args, k->c.pool);
        kuji_args_int(&args, k->c.id);
        kuji_args_bytes(&args, digest, sizeof digest);
        rv = kuji_pg_query(&res, k->c.conn, KUJI_Q_SHOP_FIND, &args, k->c.pool);
    }
    kuji_vault_close(vault);
    if (rv == APR_SUCCESS && PQntuples(res) == 1) {
        *id = kuji_pg_int(res, 0, 0);
        k->out->shop = kuji_pg_text(res, 0, 1);
    }
    return rv;
}

static apr_status_t redeem(coupon_t *k)
{
    kuji_args_t args;
    int64_t shop = 0;
    apr_status_t rv = *k->passcode ? find_shop(&shop, k) : APR_SUCCESS;

    if (rv != APR_SUCCESS || !shop) {
        return rv == APR_SUCCESS ? count_wrong(k) : rv;
    }
    kuji_claims__args(&args, &k->c, k->n);
    kuji_args_uuid(&args, k->act->tenant);
    kuji_args_int(&args, k->lock->now);
    kuji_args_int(&args, shop);
    rv = kuji_pg_query(NULL, k->c.conn, KUJI_Q_COUPON_REDEEMED, &args,
                       k->c.pool);
    k->out->redeemed_at = k->lock->now;
    return rv == APR_SUCCESS
               ? kuji_claims__move(&k->c, k->lock, KUJI_CLAIM_REDEEMED)
               : rv;
}

static apr_status_t run(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    coupon_t *k = baton;
    apr_status_t rv =
        kuji_claims__open(&k->c, k->why, k->act, conn, k->slug, pool);

    memset(k->out, 0, sizeof *k->out);
    if (rv == APR_SUCCESS) {
        rv = kuji_claims__lock_one(&k->lock, k->why, &k->c, k->n);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_claims__own(k->lock, k->participant, k->why);
    }
    if (rv == APR_SUCCESS && k->lock->kind != KUJI_KIND_COUPON) {
        *k->why = "the prize is no coupon";
        rv = KUJI_ENOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        rv = read_facts(k);
    }
    if (rv == APR_SUCCESS) {
        rv = read_validity(k);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    k->out->is = judge(k);
    return k->passcode && k->out->is == KUJI_COUPON_GOOD ? redeem(k)
                                                         : APR_SUCCESS;
}

apr_status_t kuji_coupon_get(kuji_coupon_t *coupon, const char **why,
                             const kuji_act_t *act, const char *slug,
                             uint64_t n, const unsigned char participant[16],
                             apr_pool_t *pool)
{
    coupon_t k = {.out = coupon,
                  .act = act,
                  .why = why,
                  .slug = slug,
                  .n = n,
                  .participant = participant};

    return kuji_pg_transact(act->pg, act->tenant, run, &k, pool);
}

apr_status_t kuji_coupon_redeem(kuji_coupon_t *coupon, const char **why,
                                const kuji_act_t *act, const char *slug,
                                uint64_t n, const unsigned char participant[16],
                                const char *passcode, apr_pool_t *pool)
{
    char clean[KUJI_PASSCODE_MAX + 1] = "";
    coupon_t k = {.out = coupon,
                  .act = act,
                  .why = why,
                  .slug = slug,
                  .n = n,
                  .participant = participant,
                  .passcode = clean};

    if (!kuji_passcode_normalise(clean, passcode)) {
        *clean = '\0';
    }
    return kuji_pg_transact(act->pg, act->tenant, run, &k, pool);
}
