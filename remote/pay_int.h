/* What the drivers of payments share.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_REMOTE_PAY_INT_H
#define KUJI_REMOTE_PAY_INT_H

#include "remote/pay.h"

/* One call of the interface, checked: its arguments, and the result that
 * begins as an unknown state with empty texts. */
typedef struct kuji_pay_task_t {
    kuji_pay_result_t *result;
    kuji_http_t *http;
    const kuji_pay_account_t *account;
    const kuji_pay_order_t *order; /* kuji_pay_list: the first of `count` */
    int count;
    const char *refund_id; /* of a refund */
    int64_t amount;        /* of a refund, above 0 */
    apr_pool_t *pool;
} kuji_pay_task_t;

typedef kuji_pay_end_e kuji_pay__op_t(kuji_pay_task_t *task);

/* NULL: unsupported. */
typedef struct kuji_pay_ops_t {
    kuji_pay__op_t *begin, *check, *confirm, *capture, *release, *refund, *list;
} kuji_pay_ops_t;

/** Calls the provider's server; its answer may be anything. reads: nothing is
 * changed by it, so that it is sent once more where the answer is lost, and
 * ends with KUJI_PAY_AWAY instead of _UNKNOWN. */
kuji_pay_end_e kuji_pay__call(const kuji_http_reply_t **reply,
                              kuji_pay_task_t *task,
                              const kuji_http_call_t *call, int reads);

/** A JSON string with its quotes, of at most `most` bytes of the text; what is
 * no UTF-8 ends it. In pool. */
const char *kuji_pay__quote(const char *text, apr_size_t most,
                            apr_pool_t *pool);

/** So much is refunded of the task's order by now. */
void kuji_pay__refunded(kuji_pay_task_t *task, int64_t refunded);

extern const kuji_pay_ops_t kuji_pay__line_offline, kuji_pay__line_online,
    kuji_pay__paypay;

#endif
