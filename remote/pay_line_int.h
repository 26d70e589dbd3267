/* What LINE Pay's files share.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_REMOTE_PAY_LINE_INT_H
#define KUJI_REMOTE_PAY_LINE_INT_H

#include "core/pay_line.h"
#include "remote/pay_int.h"

/** Longest waits for an answer, seconds (LINE Pay's manual gives the least). */
#define WAIT_REQUEST 10
#define WAIT_PAY 40
#define WAIT_CAPTURE 60
#define WAIT_OTHER 20

typedef struct kuji_pay_ask_t {
    kuji_pay_act_e act;
    const char *path;  /* after "/v4/payments" */
    const char *query; /* NULL: none */
    const char *body;  /* NULL: a GET */
    int seconds;
} kuji_pay_ask_t;

/** Asks LINE Pay; what it answers is in the task's first result. *info as
 * kuji_pay_line_read gives it. */
kuji_pay_end_e kuji_pay__line_ask(json_t **info, kuji_pay_task_t *task,
                                  const kuji_pay_ask_t *ask);

/** Ends a call that LINE Pay says it has done: the order is paid, or held. */
kuji_pay_end_e kuji_pay__line_paid(kuji_pay_task_t *task, const json_t *info,
                                   int captured);

/** "amount":100,"currency":"TWD" of the order; in pool. */
const char *kuji_pay__line_money(const kuji_pay_order_t *order,
                                 apr_pool_t *pool);

/** Whether it is an id of LINE's that may stand in a path. */
int kuji_pay__line_is_transaction(const char *text);

kuji_pay__op_t kuji_pay__line_pay, kuji_pay__line_request,
    kuji_pay__line_check_order, kuji_pay__line_check_request,
    kuji_pay__line_details;

#endif
