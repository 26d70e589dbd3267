/* PayPay's answers to the calls of its codes and refunds (PayPay Open Payment
 * API, "Dynamic QR Code", its response code list).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_PAY_PAYPAY_H
#define KUJI_CORE_PAY_PAYPAY_H

#include "core/pay.h"

#include <jansson.h>

/** Reads an answer of HTTP status `status`: sets the result's code and reason.
 * *data: its content (released with pool), NULL where there is none. reads: the
 * call only asked, and never ends with KUJI_PAY_UNKNOWN; "no such payment" is
 * KUJI_PAY_DONE with KUJI_PAY_IS_ABSENT then. */
kuji_pay_end_e kuji_pay_paypay_read(json_t **data, kuji_pay_result_t *result,
                                    int reads, int status, const char *body,
                                    apr_size_t len, apr_pool_t *pool);

/** Of a code that was made: where the customer pays, and until when.
 * KUJI_EINVAL: it does not say. */
apr_status_t kuji_pay_paypay_code(kuji_pay_result_t *result, const json_t *data,
                                  const kuji_pay_order_t *order,
                                  apr_pool_t *pool);

/** What became of the order. KUJI_EINVAL: it speaks of another one, or of a
 * state that is not known. */
apr_status_t kuji_pay_paypay_payment(kuji_pay_result_t *result,
                                     const json_t *data,
                                     const kuji_pay_order_t *order,
                                     apr_pool_t *pool);

/** Whether a refund's data tells of a failed one. */
int kuji_pay_paypay_refund_failed(const json_t *data);

#endif
