/* Coupons: shown by the winner, redeemed in a shop by its passcode, once.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_COUPON_H
#define KUJI_STORE_COUPON_H

#include "store/act.h"

/** Wrong passcodes for one coupon: so many in a while, then a wait; so many in
 * all, then only the console redeems it. */
#define KUJI_COUPON_TRIES 5
#define KUJI_COUPON_WAIT_MS 900000
#define KUJI_COUPON_TRIES_ALL 20

typedef enum kuji_coupon_e {
    KUJI_COUPON_GOOD, /* redeemed now, or, when asked, can be */
    KUJI_COUPON_WRONG,
    KUJI_COUPON_WAIT,    /* too many wrong ones; until retry_at */
    KUJI_COUPON_BLOCKED, /* too many for good */
    KUJI_COUPON_EARLY,   /* before valid_from */
    KUJI_COUPON_LATE,    /* after valid_until, or the time to claim is over */
    KUJI_COUPON_SPENT,   /* redeemed before */
    KUJI_COUPON_VOID     /* expired or void */
} kuji_coupon_e;

typedef struct kuji_coupon_t {
    kuji_coupon_e is;
    int64_t now;         /* ms, the database's */
    int64_t from, until; /* ms, when it holds good; 0: no such end */
    int64_t redeemed_at; /* ms; 0: not */
    const char *shop;    /* that redeemed it; NULL: none, or the console */
    int64_t retry_at;    /* ms, of KUJI_COUPON_WAIT */
    int left;            /* tries before a wait */
} kuji_coupon_t;

/** How the coupon of win n stands. participant: whose draw it must be.
 * KUJI_ENOTFOUND: no such win, another's, or no coupon. */
apr_status_t kuji_coupon_get(kuji_coupon_t *coupon, const char **why,
                             const kuji_act_t *act, const char *slug,
                             uint64_t n, const unsigned char participant[16],
                             apr_pool_t *pool);

/** Redeems it with a passcode; what came of it is coupon->is. However many
 * race, one is told KUJI_COUPON_GOOD. act needs keys. */
apr_status_t kuji_coupon_redeem(kuji_coupon_t *coupon, const char **why,
                                const kuji_act_t *act, const char *slug,
                                uint64_t n, const unsigned char participant[16],
                                const char *passcode, apr_pool_t *pool);

#endif
