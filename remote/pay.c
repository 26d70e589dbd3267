/* What is common to all providers: the arguments' check, and the way to the
 * driver.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/pay_int.h"

#include <string.h>

static const kuji_pay_ops_t *ops_of(kuji_pay_driver_e driver)
{
    switch (driver) {
    case KUJI_PAY_LINE_OFFLINE:
        return &kuji_pay__line_offline;
    case KUJI_PAY_LINE_ONLINE:
        return &kuji_pay__line_online;
    default:
        return &kuji_pay__paypay;
    }
}

static void clear(kuji_pay_result_t *result)
{
    const kuji_pay_result_t empty = {.state = KUJI_PAY_IS_UNKNOWN,
                                     .transaction = "",
                                     .url = "",
                                     .app = "",
                                     .code = "",
                                     .reason = ""};

    *result = empty;
}

static kuji_pay_task_t task_of(kuji_pay_result_t *result, kuji_http_t *http,
                               const kuji_pay_account_t *account,
                               const kuji_pay_order_t *order, apr_pool_t *pool)
{
    const kuji_pay_task_t task = {.result = result,
                                  .http = http,
                                  .account = account,
                                  .order = order,
                                  .count = 1,
                                  .pool = pool};

    clear(result);
    return task;
}

static int is_id(const char *id)
{
    size_t len = id ? strlen(id) : 0;

    return len >= 1 && len <= KUJI_PAY_ID_MAX &&
           strspn(id, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                      "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static const char *wrong(const kuji_pay_task_t *task)
{
    int is_japan = task->account->driver == KUJI_PAY_PAYPAY, i;

    for (i = 0; i < task->count; i++) {
        const kuji_pay_order_t *order = task->order + i;

        if (!is_id(order->id)) {
            return "the order's id cannot be";
        }
        if (order->amount < 1 || order->amount > KUJI_MONEY_MAX) {
            return "the order's amount cannot be";
        }
        if (!order->currency || kuji_money_places(order->currency) < 0 ||
            is_japan != (strcmp(order->currency, "JPY") == 0)) {
            return "the provider does not take this currency";
        }
    }
    return NULL;
}

static kuji_pay_end_e run(kuji_pay_task_t *task, kuji_pay__op_t *op)
{
    const char *why = wrong(task);

    if (!op || why) {
        return kuji_pay_end(task->result, KUJI_PAY_REFUSED,
                            op ? why : "unsupported");
    }
    return op(task);
}

kuji_pay_end_e kuji_pay_begin(kuji_pay_result_t *result, kuji_http_t *http,
                              const kuji_pay_account_t *account,
                              const kuji_pay_order_t *order, apr_pool_t *pool)
{
    kuji_pay_task_t task = task_of(result, http, account, order, pool);

    return run(&task, ops_of(account->driver)->begin);
}

kuji_pay_end_e kuji_pay_check(kuji_pay_result_t *result, kuji_http_t *http,
                              const kuji_pay_account_t *account,
                              const kuji_pay_order_t *order, apr_pool_t *pool)
{
    kuji_pay_task_t task = task_of(result, http, account, order, pool);

    return run(&task, ops_of(account->driver)->check);
}

kuji_pay_end_e kuji_pay_confirm(kuji_pay_result_t *result, kuji_http_t *http,
                                const kuji_pay_account_t *account,
                                const kuji_pay_order_t *order, apr_pool_t *pool)
{
    kuji_pay_task_t task = task_of(result, http, account, order, pool);

    return run(&task, ops_of(account->driver)->confirm);
}

kuji_pay_end_e kuji_pay_capture(kuji_pay_result_t *result, kuji_http_t *http,
                                const kuji_pay_account_t *account,
                                const kuji_pay_order_t *order, apr_pool_t *pool)
{
    kuji_pay_task_t task = task_of(result, http, account, order, pool);

    return run(&task, ops_of(account->driver)->capture);
}

kuji_pay_end_e kuji_pay_void(kuji_pay_result_t *result, kuji_http_t *http,
                             const kuji_pay_account_t *account,
                             const kuji_pay_order_t *order, apr_pool_t *pool)
{
    kuji_pay_task_t task = task_of(result, http, account, order, pool);

    return run(&task, ops_of(account->driver)->release);
}

kuji_pay_end_e kuji_pay_refund(kuji_pay_result_t *result, kuji_http_t *http,
                               const kuji_pay_account_t *account,
                               const kuji_pay_order_t *order,
                               const char *refund_id, int64_t amount,
                               apr_pool_t *pool)
{
    int64_t left = order->captured - order->refunded;
    kuji_pay_task_t task = task_of(result, http, account, order, pool);

    task.refund_id = refund_id;
    task.amount = amount ? amount : left;
    if (!is_id(refund_id) || task.amount < 1 || task.amount > left) {
        return kuji_pay_end(result, KUJI_PAY_REFUSED,
                            "there is not so much to refund");
    }
    return run(&task, ops_of(account->driver)->refund);
}

kuji_pay_end_e kuji_pay_list(kuji_pay_result_t *results, kuji_http_t *http,
                             const kuji_pay_account_t *account,
                             const kuji_pay_order_t *orders, int count,
                             apr_pool_t *pool)
{
    kuji_pay_task_t task = task_of(results, http, account, orders, pool);
    int i;

    task.count = count;
    for (i = 1; i < count; i++) {
        clear(&results[i]);
    }
    if (count < 1 || count > KUJI_PAY_LIST_MAX) {
        return KUJI_PAY_REFUSED;
    }
    return run(&task, ops_of(account->driver)->list);
}
