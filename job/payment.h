/* Payments in their steps: what is about to be asked is committed, then the
 * provider is called, then its answer is committed (store/payment.h). Nothing
 * is charged twice: a call is made by whoever committed it, once; everybody
 * else, this job's thread among them, only looks what became of the order.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_JOB_PAYMENT_H
#define KUJI_JOB_PAYMENT_H

#include "remote/pay.h"
#include "store/payment.h"

/** With what; act has keys. */
typedef struct kuji_payer_t {
    kuji_http_t *http;
    const kuji_act_t *act;
} kuji_payer_t;

/** How an order begins. */
typedef struct kuji_payer_begin_t {
    const char *one_time_key; /* LINE Pay at the counter; else NULL */
    const char *confirm_url, *cancel_url, *locale; /* as kuji_pay_order_t */
} kuji_payer_begin_t;

/** Makes an order and asks the provider for it; of an order that is there
 * already, or that its participant may still pay instead (*row says its id),
 * only tells how it stands. Whatever the provider did, *row tells:
 * KUJI_ENOTFOUND: no settings; KUJI_ESTATE with *why: the provider's account
 * does not fit. */
apr_status_t kuji_payer_begin(const kuji_payment_row_t **row, const char **why,
                              const kuji_payer_t *payer,
                              const kuji_payment_new_t *order,
                              const kuji_payer_begin_t *begin,
                              apr_pool_t *pool);

/** Confirms, captures, voids or refunds. amount: of a refund, 0: all that is
 * left. note: an admin's reason, "". KUJI_ESTATE, KUJI_EINVAL with *why:
 * nothing was called. */
apr_status_t kuji_payer_call(const kuji_payment_row_t **row, const char **why,
                             const kuji_payer_t *payer, const char *order_id,
                             kuji_pay_call_e call, int64_t amount,
                             const char *note, int by_admin, apr_pool_t *pool);

/** Looks what became of an order, and does what is due: confirms where the
 * customer agreed. */
apr_status_t kuji_payer_check(const kuji_payment_row_t **row, const char **why,
                              const kuji_payer_t *payer, const char *order_id,
                              apr_pool_t *pool);

/** What the provider says of many orders, and keeps nothing of it:
 * KUJI_PAY_LIST_MAX at most, of one driver. */
apr_status_t kuji_payer_compare(const kuji_pay_result_t **results,
                                const char **why, const kuji_payer_t *payer,
                                const kuji_payment_row_t *rows, int count,
                                apr_pool_t *pool);

/** Whether the provider takes the settings: looks for an order that is not
 * there. DONE: it does. *result has its words. */
apr_status_t kuji_payer_test(kuji_pay_end_e *end, kuji_pay_result_t *result,
                             const kuji_payer_t *payer, apr_pool_t *pool);

typedef struct kuji_payments_t kuji_payments_t;

typedef struct kuji_payments_config_t {
    kuji_pg_t *pg; /* one connection at a time, never during a call */
    const kuji_keyfile_t *keys;
    kuji_http_t *http;
    apr_interval_time_t interval; /* between two looks; 0: one second */
    kuji_pg_log_fn *log;          /* may be NULL */
    void *log_baton;
} kuji_payments_config_t;

/** A thread that looks after what is due. As kuji_outbox_start. */
apr_status_t kuji_payments_start(kuji_payments_t **payments,
                                 const kuji_payments_config_t *config,
                                 apr_pool_t *p);

#endif
