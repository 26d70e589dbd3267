/* LINE Pay's answers: what a return code means for the call that got it, and
 * what became of an order (LINE Pay Online API v3 and v4, Offline API v4).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_PAY_LINE_H
#define KUJI_CORE_PAY_LINE_H

#include "core/pay.h"

#include <jansson.h>

/** What was asked for. */
typedef enum kuji_pay_act_e {
    KUJI_PAY_ACT_CHARGE, /* pay, request, confirm */
    KUJI_PAY_ACT_CAPTURE,
    KUJI_PAY_ACT_VOID,
    KUJI_PAY_ACT_REFUND,
    KUJI_PAY_ACT_READ /* check, details */
} kuji_pay_act_e;

/** How a call with this return code ended; a code that is on no list may have
 * charged. A reading never ends with KUJI_PAY_UNKNOWN: nothing can have been
 * done, and it may come again (KUJI_PAY_AWAY). *reason: static, "" of what is
 * done. */
kuji_pay_end_e kuji_pay_line_code(const char **reason, kuji_pay_act_e act,
                                  const char *code);

/** Reads an answer: sets the result's code and reason and, of a reading that
 * says there is no such order, KUJI_PAY_IS_ABSENT. *info: its content (object
 * or array; released with pool), NULL where there is none. Envelopes of both
 * kinds are known: returnCode with returnMessage, and resultCode with
 * statusMessage, each as text or number. */
kuji_pay_end_e kuji_pay_line_read(json_t **info, kuji_pay_result_t *result,
                                  kuji_pay_act_e act, const char *body,
                                  apr_size_t len, apr_pool_t *pool);

/** An answer to pay, confirm or capture, or the content of a check that says it
 * is paid: transaction, what was paid, and captured (else the state is
 * KUJI_PAY_IS_AUTHORIZED). KUJI_EINVAL: it speaks of another order. */
apr_status_t kuji_pay_line_paid(kuji_pay_result_t *result, const json_t *info,
                                const kuji_pay_order_t *order, int captured,
                                apr_pool_t *pool);

/** An answer to an online request: where the customer goes. KUJI_EINVAL: it
 * does not say. */
apr_status_t kuji_pay_line_requested(kuji_pay_result_t *result,
                                     const json_t *info, apr_pool_t *pool);

/** The state that an offline check's content names; KUJI_PAY_IS_CAPTURED
 * stands for "paid, see the details". */
kuji_pay_state_e kuji_pay_line_status(const json_t *info);

/** Whether that content says that something was refunded: of how much the
 * details alone tell. */
int kuji_pay_line_is_refunded(const json_t *info);

/** The state that the code of an online request's check names, likewise. */
kuji_pay_state_e kuji_pay_line_request_state(const char *code);

/** Of the details of payments or authorizations: what they say of one order. A
 * second payment of the same order is a mismatch, and its amount is counted.
 * The state stays KUJI_PAY_IS_ABSENT where they do not name it. */
void kuji_pay_line_details(kuji_pay_result_t *result, const json_t *info,
                           const kuji_pay_order_t *order, apr_pool_t *pool);

#endif
