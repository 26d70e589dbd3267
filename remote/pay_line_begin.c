/* LINE Pay: a payment by a one-time code, and a request to pay online.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/pay_line_int.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

/** Of the manual, in characters; here in bytes. */
#define PRODUCT_MAX 100

/* One package of one product; without packages the sandbox answers 2101. */
static const char *packages(const kuji_pay_order_t *order, apr_pool_t *pool)
{
    const char *amount = kuji_money_write(order->amount, order->currency, pool);
    const char *name = kuji_pay__quote(
        order->product ? order->product : order->id, PRODUCT_MAX, pool);

    return apr_pstrcat(pool, ",\"packages\":[{\"id\":\"1\",\"amount\":", amount,
                       ",\"name\":", name, ",\"products\":[{\"name\":", name,
                       ",\"quantity\":1,\"price\":", amount, "}]}]", NULL);
}

static const char *options(const kuji_pay_order_t *order, apr_pool_t *pool)
{
    return apr_pstrcat(pool, ",\"options\":{\"payment\":{\"capture\":",
                       order->capture ? "true" : "false", "}",
                       order->locale ? ",\"display\":{\"locale\":" : "",
                       order->locale ? kuji_pay__quote(order->locale, 8, pool)
                                     : "",
                       order->locale ? "}" : "", "}", NULL);
}

static int is_key(const char *key)
{
    size_t len = key ? strlen(key) : 0;

    return len >= 12 && len <= 18 && strspn(key, "0123456789") == len;
}

kuji_pay_end_e kuji_pay__line_pay(kuji_pay_task_t *task)
{
    const kuji_pay_order_t *order = task->order;
    apr_pool_t *pool = task->pool;
    kuji_pay_ask_t ask = {.act = KUJI_PAY_ACT_CHARGE,
                          .path = "/oneTimeKeys/pay",
                          .seconds = WAIT_PAY};
    kuji_pay_end_e end;
    json_t *info;
    char *body;

    if (!is_key(order->one_time_key)) {
        return kuji_pay_end(task->result, KUJI_PAY_REFUSED,
                            "a one-time code has 12 to 18 digits");
    }
    body = apr_pstrcat(pool, "{", kuji_pay__line_money(order, pool),
                       ",\"orderId\":\"", order->id, "\",\"oneTimeKey\":\"",
                       order->one_time_key, "\"", packages(order, pool),
                       options(order, pool), "}", NULL);
    ask.body = body;
    end = kuji_pay__line_ask(&info, task, &ask);
    sodium_memzero(body, strlen(body)); /* the one-time code is in it */
    return end == KUJI_PAY_DONE
               ? kuji_pay__line_paid(task, info, order->capture)
               : end;
}

kuji_pay_end_e kuji_pay__line_request(kuji_pay_task_t *task)
{
    const kuji_pay_order_t *order = task->order;
    apr_pool_t *pool = task->pool;
    kuji_pay_ask_t ask = {.act = KUJI_PAY_ACT_CHARGE,
                          .path = "/request",
                          .seconds = WAIT_REQUEST};
    kuji_pay_end_e end;
    json_t *info;

    if (!order->confirm_url || !order->cancel_url) {
        return kuji_pay_end(task->result, KUJI_PAY_REFUSED,
                            "a request needs its addresses to come back to");
    }
    ask.body = apr_pstrcat(
        pool, "{", kuji_pay__line_money(order, pool), ",\"orderId\":\"",
        order->id, "\"", packages(order, pool),
        ",\"redirectUrls\":{\"confirmUrl\":",
        kuji_pay__quote(order->confirm_url, 500, pool),
        ",\"cancelUrl\":", kuji_pay__quote(order->cancel_url, 500, pool), "}",
        options(order, pool), "}", NULL);
    end = kuji_pay__line_ask(&info, task, &ask);
    if (end == KUJI_PAY_DONE &&
        kuji_pay_line_requested(task->result, info, pool) != APR_SUCCESS) {
        return kuji_pay_end(task->result, KUJI_PAY_UNKNOWN,
                            "the answer does not say where to pay");
    }
    return end;
}
