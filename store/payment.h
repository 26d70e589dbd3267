/* Payments: an order is committed before its provider hears of it, each call
 * before it is made, and how it ended after it. Whoever dies in between leaves
 * a payment with a call under way, which job/payment.h looks after. The row's
 * lock puts everything that happens to one payment in an order.
 *
 * A payment that was taken gives its right in the same transaction: a link
 * (store/link.h) whose token follows from the order and the campaign's key, so
 * that it can be told again and made once only.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_PAYMENT_H
#define KUJI_STORE_PAYMENT_H

#include "core/payment.h"
#include "core/seal.h"
#include "store/act.h"

/** Longest note (a reason of an admin's), in bytes. */
#define KUJI_PAYMENT_NOTE_MAX 1000

typedef struct kuji_payment_row_t {
    int64_t id, campaign_id;
    kuji_payment_facts_t facts;
    int64_t changed_at, next_check_at; /* ms; 0: never */
    int draws, capture;
    const char *order_id, *currency, *goods;
    const char *transaction, *url; /* "": none */
    const char *seller;            /* an admin's id; "": bought on the page */
    int has_participant;
    unsigned char participant[KUJI_DIGEST_LEN];
    int has_entry;
    unsigned char entry[KUJI_DIGEST_LEN];       /* the link's digest */
    const char *slug, *uuid, *title, *timezone; /* of the campaign */
    int64_t closes_at;                          /* ms */
    int used;                                   /* draws made by the right */
    int withdrawn;                              /* paid back, or about to be */
} kuji_payment_row_t;

typedef struct kuji_payment_new_t {
    int64_t campaign_id;
    const char *order_id; /* 1 .. 64 of A-Z a-z 0-9 - */
    kuji_pay_driver_e driver;
    int64_t amount;
    const char *currency, *goods;
    int draws, capture;
    const unsigned char *participant; /* digest; NULL: at the counter */
    const char *seller;               /* an admin's id, or "" */
} kuji_payment_new_t;

/** Makes the order, its begin being asked for; or finds the one of that id and
 * campaign, or else the one that its participant may still pay there: then
 * *is_new is 0 and nothing is to be called. KUJI_ECONFLICT: the id is another
 * one's. */
apr_status_t kuji_payment_create(const kuji_payment_row_t **row, int *is_new,
                                 const kuji_act_t *act,
                                 const kuji_payment_new_t *order,
                                 apr_pool_t *pool);

/** KUJI_ENOTFOUND. */
apr_status_t kuji_payment_get(const kuji_payment_row_t **row,
                              const kuji_act_t *act, const char *order_id,
                              apr_pool_t *pool);

/** Commits that a call is about to be made; what it returns has asked_at. A
 * refund of all that is left (amount 0) takes back the right first, so that
 * nobody draws while the money returns. by_admin: an audit row too. note: an
 * admin's reason, or "". KUJI_ENOTFOUND, KUJI_ESTATE with *why. */
apr_status_t kuji_payment_ask(const kuji_payment_row_t **row, const char **why,
                              const kuji_act_t *act, const char *order_id,
                              kuji_pay_call_e call, int64_t amount,
                              const char *note, int by_admin, apr_pool_t *pool);

/** Commits how a call ended: core/payment.h's judgement, and with it the right,
 * given or taken back. asked_at: of the call (0: a check). */
apr_status_t kuji_payment_end(const kuji_payment_row_t **row,
                              const kuji_act_t *act, const char *order_id,
                              kuji_pay_call_e call, int64_t asked_at,
                              kuji_pay_end_e end,
                              const kuji_pay_result_t *result,
                              apr_pool_t *pool);

/** The right's token, KUJI_LINK_TOKEN_LEN characters. KUJI_ESTATE: there is
 * none. With an audit row where by_admin. */
apr_status_t kuji_payment_token(const char **token, const kuji_act_t *act,
                                const char *order_id, int by_admin,
                                apr_pool_t *pool);

/** A participant's, the newest first, at most `limit`. */
apr_status_t kuji_payment_of(const kuji_payment_row_t **rows, int *count,
                             const kuji_act_t *act, int64_t campaign_id,
                             const unsigned char participant[KUJI_DIGEST_LEN],
                             int limit, apr_pool_t *pool);

/** What to list; NULL or 0 leaves nothing out. */
typedef struct kuji_payment_filter_t {
    const char *slug, *state;
    int open;         /* only those that are looked after */
    int64_t from, to; /* ms: made in that time */
} kuji_payment_filter_t;

/** With id < before (0: from the newest), the newest first. */
apr_status_t kuji_payment_list(const kuji_payment_row_t **rows, int *count,
                               const kuji_act_t *act,
                               const kuji_payment_filter_t *filter,
                               int64_t before, int limit, apr_pool_t *pool);

typedef struct kuji_payment_event_t {
    int64_t at, amount, captured, refunded;
    int seq;
    const char *actor, *login; /* login NULL: no admin */
    const char *what, *state, *answer, *note;
} kuji_payment_event_t;

/** The ledger of one payment, in order. */
apr_status_t kuji_payment_events(const kuji_payment_event_t **events,
                                 int *count, const kuji_act_t *act,
                                 int64_t payment_id, apr_pool_t *pool);

/** Takes at most `limit` payments that are due, for the job; others leave them
 * alone for lease ms. */
apr_status_t kuji_payment_take(const char *const **order_ids, int *count,
                               const kuji_act_t *act, int limit, int64_t lease,
                               apr_pool_t *pool);
/** Tenants that have any. */
apr_status_t kuji_payment_tenants(const char *const **tenants, int *count,
                                  kuji_pg_t *pg, apr_pool_t *pool);

#endif
