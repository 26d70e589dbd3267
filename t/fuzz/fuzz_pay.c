/* Any bytes as the answers of LINE Pay and PayPay: no amount leaves its range,
 * no address is a script's, no word has more than letters and digits.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/money.h"
#include "core/pay_line.h"
#include "core/pay_paypay.h"

#include <apr_general.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const kuji_pay_result_t empty = {.state = KUJI_PAY_IS_ABSENT,
                                        .transaction = "",
                                        .url = "",
                                        .app = "",
                                        .code = "",
                                        .reason = ""};

static void demand(int holds)
{
    if (!holds) {
        abort();
    }
}

static void check(const kuji_pay_result_t *r)
{
    demand(r->state >= KUJI_PAY_IS_UNKNOWN && r->state <= KUJI_PAY_IS_FAILED);
    demand(r->captured >= 0 && r->captured <= KUJI_MONEY_MAX);
    demand(r->refunded >= 0 && r->refunded <= KUJI_MONEY_MAX);
    demand(r->expires >= 0);
    demand(strlen(r->code) <= 64 && strlen(r->transaction) <= 64);
    demand(!strpbrk(r->code, " \r\n\t\"<") &&
           !strpbrk(r->transaction, " \r\n\t\"</?#"));
    demand(!*r->url || strncmp(r->url, "http", 4) == 0);
    demand(!strpbrk(r->url, " \r\n\"<>") && !strpbrk(r->app, " \r\n\"<>"));
    demand(strncmp(r->app, "javascript", 10) != 0);
}

static void read_line(const char *body, size_t len,
                      const kuji_pay_order_t *order, apr_pool_t *pool)
{
    int act;

    for (act = KUJI_PAY_ACT_CHARGE; act <= KUJI_PAY_ACT_READ; act++) {
        kuji_pay_result_t result = empty;
        json_t *info;
        kuji_pay_end_e end = kuji_pay_line_read(
            &info, &result, (kuji_pay_act_e)act, body, len, pool);

        demand(end != KUJI_PAY_UNKNOWN || act != KUJI_PAY_ACT_READ);
        demand(end != KUJI_PAY_DONE || *result.code);
        check(&result);
        (void)kuji_pay_line_status(info);
        if (kuji_pay_line_requested(&result, info, pool) == APR_SUCCESS) {
            demand(*result.url && *result.transaction);
        }
        check(&result);
        result = empty;
        (void)kuji_pay_line_paid(&result, info, order, act & 1, pool);
        check(&result);
        result = empty;
        kuji_pay_line_details(&result, info, order, pool);
        check(&result);
    }
}

static void read_paypay(const char *body, size_t len,
                        const kuji_pay_order_t *order, apr_pool_t *pool)
{
    static const int statuses[] = {200, 201, 202, 400, 401, 404,
                                   409, 429, 500, 503, 0};
    int i;

    for (i = 0; i < 22; i++) {
        kuji_pay_result_t result = empty;
        json_t *data;
        kuji_pay_end_e end = kuji_pay_paypay_read(
            &data, &result, i & 1, statuses[i / 2], body, len, pool);

        demand(end != KUJI_PAY_UNKNOWN || !(i & 1));
        check(&result);
        if (kuji_pay_paypay_code(&result, data, order, pool) == APR_SUCCESS) {
            demand(*result.url && *result.transaction);
        }
        check(&result);
        result = empty;
        (void)kuji_pay_paypay_payment(&result, data, order, pool);
        (void)kuji_pay_paypay_refund_failed(data);
        check(&result);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const kuji_pay_order_t line = {
        .id = "o1", .amount = 10000, .currency = "TWD"};
    static const kuji_pay_order_t yen = {
        .id = "o1", .amount = 100, .currency = "JPY"};
    static apr_pool_t *pool;

    if (!pool && (apr_initialize() || apr_pool_create(&pool, NULL))) {
        abort();
    }
    read_line((const char *)data, size, &line, pool);
    read_paypay((const char *)data, size, &yen, pool);
    apr_pool_clear(pool);
    return 0;
}
