/* SPDX-License-Identifier: Apache-2.0 */
#include "core/pay_line.h"

#include "core/pay_int.h"

#include <string.h>

kuji_pay_end_e kuji_pay_line_read(json_t **info, kuji_pay_result_t *result,
                                  kuji_pay_act_e act, const char *body,
                                  apr_size_t len, apr_pool_t *pool)
{
    const json_t *doc = kuji_pay__parse(body, len, pool);
    kuji_pay_end_e end;

    result->code = kuji_pay__word(doc, "returnCode", "", pool);
    if (!*result->code) {
        result->code = kuji_pay__word(doc, "resultCode", "", pool);
    }
    *info = json_object_get(doc, "info");
    if (!*result->code) {
        return kuji_pay_end(
            result, act == KUJI_PAY_ACT_READ ? KUJI_PAY_AWAY : KUJI_PAY_UNKNOWN,
            "the answer cannot be read");
    }
    end = kuji_pay_line_code(&result->reason, act, result->code);
    if (end == KUJI_PAY_DONE && strcmp(result->code, "1150") == 0) {
        result->state = KUJI_PAY_IS_ABSENT;
    }
    return end;
}

/* Σ payInfo in the order's currency; KUJI_EINVAL where it cannot be told. */
static apr_status_t paid_of(int64_t *sum, const json_t *info,
                            const kuji_pay_order_t *order)
{
    const json_t *parts = json_object_get(info, "payInfo"), *part;
    const char *currency = kuji_pay__text(info, "currency");
    int64_t amount;
    size_t i;

    *sum = 0;
    if (json_array_size(parts) == 0 ||
        (*currency && strcmp(currency, order->currency) != 0)) {
        return KUJI_EINVAL;
    }
    json_array_foreach(parts, i, part)
    {
        if (kuji_money_read(&amount, kuji_pay__text(part, "amount"),
                            order->currency) != APR_SUCCESS ||
            amount < 0 || *sum + amount > KUJI_MONEY_MAX) {
            return KUJI_EINVAL;
        }
        *sum += amount;
    }
    return APR_SUCCESS;
}

/* An amount that is not told counts as the order's, which is what a refund can
 * ask for, and as a mismatch. */
static int64_t take_paid(kuji_pay_result_t *result, const json_t *info,
                         const kuji_pay_order_t *order)
{
    int64_t sum;

    if (paid_of(&sum, info, order) != APR_SUCCESS) {
        result->mismatch = 1;
        return order->amount;
    }
    result->mismatch |= sum != order->amount;
    return sum;
}

static int is_of(const json_t *info, const kuji_pay_order_t *order)
{
    return strcmp(kuji_pay__text(info, "orderId"), order->id) == 0;
}

apr_status_t kuji_pay_line_paid(kuji_pay_result_t *result, const json_t *info,
                                const kuji_pay_order_t *order, int captured,
                                apr_pool_t *pool)
{
    int64_t paid;

    if (!is_of(info, order)) {
        return KUJI_EINVAL;
    }
    result->transaction = kuji_pay__word(info, "transactionId", "", pool);
    paid = take_paid(result, info, order);
    result->captured = captured ? paid : 0;
    result->state = captured ? KUJI_PAY_IS_CAPTURED : KUJI_PAY_IS_AUTHORIZED;
    if (!captured) {
        result->expires =
            kuji_pay__time(kuji_pay__text(info, "authorizationExpireDate"));
    }
    return APR_SUCCESS;
}

apr_status_t kuji_pay_line_requested(kuji_pay_result_t *result,
                                     const json_t *info, apr_pool_t *pool)
{
    const json_t *urls = json_object_get(info, "paymentUrl");

    result->transaction = kuji_pay__word(info, "transactionId", "", pool);
    result->url = kuji_pay__address(urls, "web", 0, pool);
    result->app = kuji_pay__address(urls, "app", 1, pool);
    if (!*result->transaction || !*result->url) {
        return KUJI_EINVAL;
    }
    result->state = KUJI_PAY_IS_WAITING;
    return APR_SUCCESS;
}

typedef struct named_t {
    const char *name;
    kuji_pay_state_e state;
} named_t;

static kuji_pay_state_e named(const named_t *names, const char *name)
{
    for (; names->name; names++) {
        if (strcmp(names->name, name) == 0) {
            return names->state;
        }
    }
    return KUJI_PAY_IS_UNKNOWN;
}

/* The manual has the first four, others' code REFUND too. */
kuji_pay_state_e kuji_pay_line_status(const json_t *info)
{
    static const named_t names[] = {
        {"AUTH_READY", KUJI_PAY_IS_WAITING}, {"COMPLETE", KUJI_PAY_IS_CAPTURED},
        {"CANCEL", KUJI_PAY_IS_CANCELLED},   {"FAIL", KUJI_PAY_IS_FAILED},
        {"REFUND", KUJI_PAY_IS_CAPTURED},    {NULL, KUJI_PAY_IS_UNKNOWN}};

    return named(names, kuji_pay__text(info, "status"));
}

int kuji_pay_line_is_refunded(const json_t *info)
{
    return strcmp(kuji_pay__text(info, "status"), "REFUND") == 0;
}

kuji_pay_state_e kuji_pay_line_request_state(const char *code)
{
    static const named_t names[] = {
        {"0000", KUJI_PAY_IS_WAITING},   {"0", KUJI_PAY_IS_WAITING},
        {"0110", KUJI_PAY_IS_AGREED},    {"110", KUJI_PAY_IS_AGREED},
        {"0121", KUJI_PAY_IS_CANCELLED}, {"121", KUJI_PAY_IS_CANCELLED},
        {"0122", KUJI_PAY_IS_FAILED},    {"122", KUJI_PAY_IS_FAILED},
        {"0123", KUJI_PAY_IS_CAPTURED},  {"123", KUJI_PAY_IS_CAPTURED},
        {NULL, KUJI_PAY_IS_UNKNOWN}};

    return named(names, code);
}

/* Refunds are told as negative amounts; a positive one is taken as well. What
 * cannot be read counts as nothing and as a mismatch: somebody looks at it. */
static int64_t refunded_of(kuji_pay_result_t *result, const json_t *entry,
                           const char *currency)
{
    const json_t *list = json_object_get(entry, "refundList"), *refund;
    int64_t sum = 0, amount;
    size_t i;

    json_array_foreach(list, i, refund)
    {
        if (kuji_money_read(&amount, kuji_pay__text(refund, "refundAmount"),
                            currency) != APR_SUCCESS) {
            result->mismatch = 1;
            continue;
        }
        amount = amount < 0 ? -amount : amount;
        sum = sum + amount > KUJI_MONEY_MAX ? KUJI_MONEY_MAX : sum + amount;
    }
    return sum;
}

static kuji_pay_state_e hold_state(const char *pay_status)
{
    static const named_t names[] = {
        {"AUTHORIZATION", KUJI_PAY_IS_AUTHORIZED},
        {"VOIDED_AUTHORIZATION", KUJI_PAY_IS_VOIDED},
        {"EXPIRED_AUTHORIZATION", KUJI_PAY_IS_EXPIRED},
        {NULL, KUJI_PAY_IS_UNKNOWN}};

    return named(names, pay_status);
}

static void take_entry(kuji_pay_result_t *result, const json_t *entry,
                       const kuji_pay_order_t *order, apr_pool_t *pool)
{
    kuji_pay_state_e hold = hold_state(kuji_pay__text(entry, "payStatus"));
    int64_t paid = take_paid(result, entry, order), refunded;

    if (result->state == KUJI_PAY_IS_ABSENT) {
        result->transaction = kuji_pay__word(entry, "transactionId", "", pool);
    }
    else {
        result->mismatch = 1; /* paid twice */
    }
    if (hold != KUJI_PAY_IS_UNKNOWN) {
        result->state = hold;
        result->expires =
            kuji_pay__time(kuji_pay__text(entry, "authorizationExpireDate"));
        return;
    }
    refunded = refunded_of(result, entry, order->currency);
    result->captured = result->captured + paid > KUJI_MONEY_MAX
                           ? KUJI_MONEY_MAX
                           : result->captured + paid;
    result->refunded = result->refunded + refunded > KUJI_MONEY_MAX
                           ? KUJI_MONEY_MAX
                           : result->refunded + refunded;
    result->state = result->refunded == 0 ? KUJI_PAY_IS_CAPTURED
                    : result->refunded < result->captured
                        ? KUJI_PAY_IS_PARTLY_REFUNDED
                        : KUJI_PAY_IS_REFUNDED;
}

void kuji_pay_line_details(kuji_pay_result_t *result, const json_t *info,
                           const kuji_pay_order_t *order, apr_pool_t *pool)
{
    const json_t *entry;
    size_t i;

    json_array_foreach(info, i, entry)
    {
        const char *type = kuji_pay__text(entry, "transactionType");

        if (is_of(entry, order) && (!*type || strcmp(type, "PAYMENT") == 0)) {
            take_entry(result, entry, order, pool);
        }
    }
}
