/* Payments: one interface to the providers. A call is made once and never by
 * itself again, except what only reads; its end says whether anything can have
 * been charged.
 *
 * The caller makes the order's id and commits it before any call, and keeps
 * the result's state, transaction and amounts after it. After
 * KUJI_PAY_UNKNOWN, or when it died in between, kuji_pay_check tells what
 * became of the order.
 *
 *            LINE offline        LINE online            PayPay
 * begin      pays with the code  payment page           code to pay with
 * confirm    -                   charges what was       -
 *                                agreed to
 * capture    a held amount       a held amount          -
 * void       a hold              a hold                 an unpaid code
 * refund     yes                 yes                    yes
 *
 * What a driver does not have ends with KUJI_PAY_REFUSED, "unsupported".
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_REMOTE_PAY_H
#define KUJI_REMOTE_PAY_H

#include "core/money.h"
#include "core/pay.h"
#include "remote/http.h"

/** Strings are borrowed for the call. */
typedef struct kuji_pay_account_t {
    kuji_pay_driver_e driver;
    const char *base;     /* https origin, or http of a loopback */
    const char *version;  /* LINE Pay Online's path prefix, "v3" or "v4" */
    const char *key;      /* LINE Pay's channel id; PayPay's API key */
    const char *secret;   /* channel secret; API secret */
    const char *merchant; /* PayPay's X-ASSUME-MERCHANT; NULL: none */
    /* Longest wait for one answer; 0: as the provider asks for, 20 to 60 s. A
     * shorter one makes KUJI_PAY_UNKNOWN of answers that are late. */
    apr_interval_time_t patience;
} kuji_pay_account_t;

/** Most orders of one kuji_pay_list. */
#define KUJI_PAY_LIST_MAX 100

/** Begins to pay. Offline: KUJI_PAY_IS_CAPTURED or _AUTHORIZED when done.
 * Online and PayPay: KUJI_PAY_IS_WAITING with url and app; nothing is charged
 * as long as nobody was sent there. */
kuji_pay_end_e kuji_pay_begin(kuji_pay_result_t *result, kuji_http_t *http,
                              const kuji_pay_account_t *account,
                              const kuji_pay_order_t *order, apr_pool_t *pool);

/** What has become of it, by our id, and by the transaction where it is known:
 * LINE online finds an order that is not charged by its transaction only.
 * KUJI_PAY_DONE with KUJI_PAY_IS_ABSENT where the provider has none; anything
 * but KUJI_PAY_DONE says nothing about the order. Repeated safely; LINE online
 * wants a second between two, PayPay two or three. */
kuji_pay_end_e kuji_pay_check(kuji_pay_result_t *result, kuji_http_t *http,
                              const kuji_pay_account_t *account,
                              const kuji_pay_order_t *order, apr_pool_t *pool);

/** LINE online, after KUJI_PAY_IS_AGREED (or the customer's return, which
 * proves nothing): charges. Needs the transaction. */
kuji_pay_end_e kuji_pay_confirm(kuji_pay_result_t *result, kuji_http_t *http,
                                const kuji_pay_account_t *account,
                                const kuji_pay_order_t *order,
                                apr_pool_t *pool);

/** Captures what is held, the whole amount. A refusal may have given the hold
 * up: check. */
kuji_pay_end_e kuji_pay_capture(kuji_pay_result_t *result, kuji_http_t *http,
                                const kuji_pay_account_t *account,
                                const kuji_pay_order_t *order,
                                apr_pool_t *pool);

/** Gives a hold up; of PayPay an unpaid code, by the transaction that begin
 * told. What is captured can only be refunded. */
kuji_pay_end_e kuji_pay_void(kuji_pay_result_t *result, kuji_http_t *http,
                             const kuji_pay_account_t *account,
                             const kuji_pay_order_t *order, apr_pool_t *pool);

/** Pays `amount` back; 0: all that order->captured and ->refunded leave. A
 * payment that is wholly refunded already is KUJI_PAY_DONE. refund_id: ours,
 * kept before the call; PayPay does the same one once only, LINE Pay does not
 * know it: there a second refund after KUJI_PAY_UNKNOWN comes only after
 * kuji_pay_check told what is refunded. Needs the transaction for PayPay and
 * LINE online. */
kuji_pay_end_e kuji_pay_refund(kuji_pay_result_t *result, kuji_http_t *http,
                               const kuji_pay_account_t *account,
                               const kuji_pay_order_t *order,
                               const char *refund_id, int64_t amount,
                               apr_pool_t *pool);

/** What became of `count` orders of one account, 1 .. KUJI_PAY_LIST_MAX, for
 * reconciliation: results[i] is orders[i]'s. Anything but KUJI_PAY_DONE says
 * nothing about any; then results[0] has code and reason. */
kuji_pay_end_e kuji_pay_list(kuji_pay_result_t *results, kuji_http_t *http,
                             const kuji_pay_account_t *account,
                             const kuji_pay_order_t *orders, int count,
                             apr_pool_t *pool);

#endif
