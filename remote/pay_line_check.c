/* LINE Pay: what became of orders.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/pay_line_int.h"

#include <apr_strings.h>
#include <string.h>

/* "orderId=a&orderId=b" of the orders whose state is ABSENT; NULL: none. */
static const char *query_of(const kuji_pay_task_t *task, int holds_only)
{
    const char *query = NULL;
    char *room = apr_palloc(
        task->pool,
        (apr_size_t)task->count * (KUJI_PAY_ID_MAX + sizeof("&orderId=")) + 1);
    char *to = room;
    int i;

    for (i = 0; i < task->count; i++) {
        if (task->result[i].state == KUJI_PAY_IS_ABSENT &&
            (!holds_only || !task->order[i].capture)) {
            to = apr_cpystrn(
                to, query ? "&orderId=" : "orderId=", sizeof("&orderId="));
            to = apr_cpystrn(to, task->order[i].id, KUJI_PAY_ID_MAX + 1);
            query = room;
        }
    }
    return query;
}

static kuji_pay_end_e look_up(kuji_pay_task_t *task, const char *path,
                              int holds_only);

/* 1150 to a question about many does not say of which: each alone. */
static kuji_pay_end_e look_up_each(kuji_pay_task_t *task, const char *path,
                                   int holds_only)
{
    kuji_pay_task_t one = *task;
    kuji_pay_end_e end = KUJI_PAY_DONE;
    int i;

    one.count = 1;
    for (i = 0; i < task->count && end == KUJI_PAY_DONE; i++) {
        one.result = task->result + i;
        one.order = task->order + i;
        end = look_up(&one, path, holds_only);
        if (end != KUJI_PAY_DONE) {
            task->result->code = one.result->code;
            task->result->reason = one.result->reason;
        }
    }
    return end;
}

static kuji_pay_end_e look_up(kuji_pay_task_t *task, const char *path,
                              int holds_only)
{
    const kuji_pay_ask_t ask = {.act = KUJI_PAY_ACT_READ,
                                .path = path,
                                .query = query_of(task, holds_only),
                                .seconds = WAIT_OTHER};
    kuji_pay_end_e end;
    json_t *info;
    int i;

    if (!ask.query) {
        return KUJI_PAY_DONE;
    }
    end = kuji_pay__line_ask(&info, task, &ask);
    if (end == KUJI_PAY_DONE && task->count > 1 &&
        strcmp(task->result->code, "1150") == 0) {
        return look_up_each(task, path, holds_only);
    }
    for (i = 0; end == KUJI_PAY_DONE && i < task->count; i++) {
        if (task->result[i].state == KUJI_PAY_IS_ABSENT) {
            kuji_pay_line_details(task->result + i, info, task->order + i,
                                  task->pool);
        }
    }
    return end;
}

/* Payments, and of those that are not there and may be held, the holds. */
kuji_pay_end_e kuji_pay__line_details(kuji_pay_task_t *task)
{
    kuji_pay_end_e end;
    int i;

    for (i = 0; i < task->count; i++) {
        task->result[i].state = KUJI_PAY_IS_ABSENT;
    }
    end = look_up(task, "", 0);
    return end == KUJI_PAY_DONE ? look_up(task, "/authorizations", 1) : end;
}

kuji_pay_end_e kuji_pay__line_check_order(kuji_pay_task_t *task)
{
    const kuji_pay_ask_t ask = {.act = KUJI_PAY_ACT_READ,
                                .path = apr_pstrcat(task->pool, "/orders/",
                                                    task->order->id, "/check",
                                                    NULL),
                                .seconds = WAIT_OTHER};
    kuji_pay_result_t *result = task->result;
    kuji_pay_end_e end;
    json_t *info;

    end = kuji_pay__line_ask(&info, task, &ask);
    if (end != KUJI_PAY_DONE || result->state == KUJI_PAY_IS_ABSENT) {
        return end;
    }
    result->state = kuji_pay_line_status(info);
    if (result->state == KUJI_PAY_IS_UNKNOWN) {
        return kuji_pay_end(result, KUJI_PAY_AWAY,
                            "LINE Pay's state of the order is not known");
    }
    if (result->state != KUJI_PAY_IS_CAPTURED) {
        return KUJI_PAY_DONE;
    }
    end = kuji_pay__line_details(task);
    /* The details may come later than the payment; how much was refunded they
     * alone tell. */
    if (end == KUJI_PAY_DONE && result->state == KUJI_PAY_IS_ABSENT &&
        kuji_pay_line_is_refunded(info)) {
        return kuji_pay_end(result, KUJI_PAY_AWAY,
                            "the refund is not among the details yet");
    }
    if (end == KUJI_PAY_DONE && result->state == KUJI_PAY_IS_ABSENT) {
        end = kuji_pay__line_paid(task, info, task->order->capture);
        return end == KUJI_PAY_DONE ? end : KUJI_PAY_AWAY;
    }
    return end;
}

kuji_pay_end_e kuji_pay__line_check_request(kuji_pay_task_t *task)
{
    kuji_pay_result_t *result = task->result;
    const char *transaction = task->order->transaction;
    kuji_pay_ask_t ask = {.act = KUJI_PAY_ACT_READ, .seconds = WAIT_OTHER};
    kuji_pay_end_e end;
    json_t *info;
    int is_paid;

    if (!kuji_pay__line_is_transaction(transaction)) {
        return kuji_pay__line_details(task);
    }
    ask.path =
        apr_pstrcat(task->pool, "/requests/", transaction, "/check", NULL);
    end = kuji_pay__line_ask(&info, task, &ask);
    if (end != KUJI_PAY_DONE) {
        return end;
    }
    if (result->state != KUJI_PAY_IS_ABSENT) {
        result->transaction = transaction;
        result->state = kuji_pay_line_request_state(result->code);
    }
    is_paid = result->state == KUJI_PAY_IS_CAPTURED;
    if (!is_paid && result->state != KUJI_PAY_IS_ABSENT) {
        return KUJI_PAY_DONE;
    }
    end = kuji_pay__line_details(task);
    return end == KUJI_PAY_DONE && is_paid &&
                   result->state == KUJI_PAY_IS_ABSENT
               ? kuji_pay_end(result, KUJI_PAY_AWAY,
                              "the payment is not among the details yet")
               : end;
}
