/* SPDX-License-Identifier: Apache-2.0 */
#include "core/pay_paypay.h"

#include "core/pay_int.h"

#include <string.h>

/* A server error that says what it did not do. */
static int is_nothing_done(int status, const char *code)
{
    return (status == 500 && strcmp(code, "TRANSACTION_FAILED") == 0) ||
           (status >= 400 && status < 500 && status != 408 && status != 409);
}

static int is_absence(const char *code)
{
    static const char *const codes[] = {"DYNAMIC_QR_PAYMENT_NOT_FOUND",
                                        "NO_SUCH_REFUND_ORDER",
                                        "RESOURCE_NOT_FOUND"};

    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
        if (strcmp(code, codes[i]) == 0) {
            return 1;
        }
    }
    return 0;
}

static const char *reason_of(const char *code)
{
    static const struct {
        const char *code, *reason;
    } known[] = {
        {"UNAUTHORIZED", "PayPay does not accept key or signature"},
        {"OP_OUT_OF_SCOPE", "the PayPay account does not allow it"},
        {"OPA_CLIENT_NOT_FOUND", "PayPay does not know the merchant"},
        {"INVALID_REQUEST_PARAMS", "PayPay does not accept the request"},
        {"MISSING_REQUEST_PARAMS", "PayPay does not accept the request"},
        {"INVALID_PARAMS", "PayPay does not accept the request"},
        {"DYNAMIC_QR_BAD_REQUEST", "PayPay does not accept the request"},
        {"DYNAMIC_QR_ALREADY_PAID", "the code is paid already"},
        {"DYNAMIC_QR_NOT_FOUND", "PayPay has no such code"},
        {"UNACCEPTABLE_OP", "PayPay does not allow it now"},
        {"TRANSACTION_FAILED", "PayPay could not do it"},
        {"CANCELED_USER", "the customer has left PayPay"},
        {"ORDER_NO_LONGER_AVAILABLE",
         "PayPay does not keep the order any more"},
        {"RESOURCE_NOT_FOUND", "PayPay has no such payment"}};

    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].code, code) == 0) {
            return known[i].reason;
        }
    }
    return "PayPay refuses";
}

kuji_pay_end_e kuji_pay_paypay_read(json_t **data, kuji_pay_result_t *result,
                                    int reads, int status, const char *body,
                                    apr_size_t len, apr_pool_t *pool)
{
    const json_t *doc = kuji_pay__parse(body, len, pool);
    const json_t *info = json_object_get(doc, "resultInfo");
    const kuji_pay_end_e doubt = reads ? KUJI_PAY_AWAY : KUJI_PAY_UNKNOWN;

    result->code = kuji_pay__word(info, "code", "_", pool);
    *data = json_object_get(doc, "data");
    if (status == 429 || strcmp(result->code, "MAINTENANCE_MODE") == 0) {
        return kuji_pay_end(result, KUJI_PAY_AWAY, "PayPay cannot answer now");
    }
    if (status == 200 || status == 201) {
        return strcmp(result->code, "SUCCESS") == 0
                   ? KUJI_PAY_DONE
                   : kuji_pay_end(result, doubt, "the answer cannot be read");
    }
    if (reads && is_absence(result->code)) {
        result->state = KUJI_PAY_IS_ABSENT;
        return KUJI_PAY_DONE;
    }
    if (strcmp(result->code, "DUPLICATE_DYNAMIC_QR_REQUEST") == 0) {
        return kuji_pay_end(result, doubt, "the order's id was used before");
    }
    if (is_nothing_done(status, result->code)) {
        return kuji_pay_end(result, KUJI_PAY_REFUSED, reason_of(result->code));
    }
    return kuji_pay_end(result, doubt, "PayPay is in trouble");
}

static int is_of(const json_t *data, const kuji_pay_order_t *order)
{
    return strcmp(kuji_pay__text(data, "merchantPaymentId"), order->id) == 0;
}

apr_status_t kuji_pay_paypay_code(kuji_pay_result_t *result, const json_t *data,
                                  const kuji_pay_order_t *order,
                                  apr_pool_t *pool)
{
    result->transaction = kuji_pay__word(data, "codeId", "-_", pool);
    result->url = kuji_pay__address(data, "url", 0, pool);
    result->app = kuji_pay__address(data, "deeplink", 1, pool);
    result->expires = kuji_pay__time(kuji_pay__text(data, "expiryDate"));
    if (!is_of(data, order) || !*result->transaction || !*result->url) {
        return KUJI_EINVAL;
    }
    result->state = KUJI_PAY_IS_WAITING;
    return APR_SUCCESS;
}

/* {"amount": 100, "currency": "JPY"} */
static apr_status_t money_of(int64_t *amount, const json_t *object)
{
    const json_t *money = json_object_get(object, "amount");

    return strcmp(kuji_pay__text(money, "currency"), "JPY") == 0
               ? kuji_money_read(amount, kuji_pay__text(money, "amount"), "JPY")
               : KUJI_EINVAL;
}

static int64_t refunded_of(kuji_pay_result_t *result, const json_t *data)
{
    const json_t *list =
        json_object_get(json_object_get(data, "refunds"), "data");
    const json_t *refund;
    int64_t sum = 0, amount;
    size_t i;

    json_array_foreach(list, i, refund)
    {
        if (kuji_pay_paypay_refund_failed(refund)) {
            continue;
        }
        if (money_of(&amount, refund) != APR_SUCCESS || amount < 0) {
            result->mismatch = 1;
            continue;
        }
        sum = sum + amount > KUJI_MONEY_MAX ? KUJI_MONEY_MAX : sum + amount;
    }
    return sum;
}

static void take_paid(kuji_pay_result_t *result, const json_t *data,
                      const kuji_pay_order_t *order)
{
    int is_refunded = result->state == KUJI_PAY_IS_REFUNDED;
    int64_t paid;

    if (money_of(&paid, data) != APR_SUCCESS || paid < 0) {
        result->mismatch = 1;
        paid = order->amount; /* what a refund can ask for */
    }
    result->mismatch |= paid != order->amount;
    result->captured = paid;
    result->refunded = refunded_of(result, data);
    if (is_refunded && result->refunded == 0) {
        result->refunded = result->captured;
    }
    result->state = result->refunded == 0 ? KUJI_PAY_IS_CAPTURED
                    : result->refunded < result->captured
                        ? KUJI_PAY_IS_PARTLY_REFUNDED
                        : KUJI_PAY_IS_REFUNDED;
}

apr_status_t kuji_pay_paypay_payment(kuji_pay_result_t *result,
                                     const json_t *data,
                                     const kuji_pay_order_t *order,
                                     apr_pool_t *pool)
{
    static const struct {
        const char *name;
        kuji_pay_state_e state;
    } states[] = {{"CREATED", KUJI_PAY_IS_WAITING},
                  {"AUTHORIZED", KUJI_PAY_IS_AUTHORIZED},
                  {"REAUTHORIZING", KUJI_PAY_IS_AUTHORIZED},
                  {"COMPLETED", KUJI_PAY_IS_CAPTURED},
                  {"REFUNDED", KUJI_PAY_IS_REFUNDED},
                  {"FAILED", KUJI_PAY_IS_FAILED},
                  {"CANCELED", KUJI_PAY_IS_CANCELLED},
                  {"EXPIRED", KUJI_PAY_IS_EXPIRED}};
    const char *status = kuji_pay__text(data, "status");

    if (!is_of(data, order)) {
        return KUJI_EINVAL;
    }
    for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++) {
        if (strcmp(states[i].name, status) == 0) {
            result->state = states[i].state;
        }
    }
    /* Until it is paid, the code's id is what is needed. */
    if (result->state != KUJI_PAY_IS_WAITING) {
        result->transaction = kuji_pay__word(data, "paymentId", "-_", pool);
    }
    if (result->state == KUJI_PAY_IS_CAPTURED ||
        result->state == KUJI_PAY_IS_REFUNDED) {
        take_paid(result, data, order);
    }
    return result->state == KUJI_PAY_IS_UNKNOWN ? KUJI_EINVAL : APR_SUCCESS;
}

int kuji_pay_paypay_refund_failed(const json_t *data)
{
    return strcmp(kuji_pay__text(data, "status"), "FAILED") == 0;
}
