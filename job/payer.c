/* A payment's steps: commit, call, commit.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "job/payment.h"

#include "store/pay_settings.h"

#include <apr_strings.h>
#include <string.h>

/** An answer is kept even where the database is away for a moment; after that
 * the job finds out. */
#define KEEP_TRIES 8
#define KEEP_WAIT apr_time_from_msec(250)

/* The tenant's account, as the driver wants it. */
static apr_status_t account_of(kuji_pay_account_t *account,
                               kuji_pay_settings_t *settings,
                               const kuji_payer_t *payer, apr_pool_t *pool)
{
    apr_status_t rv = kuji_pay_settings(settings, payer->act, 1, pool);
    const kuji_pay_config_t *c = &settings->config;

    memset(account, 0, sizeof(*account));
    account->base = c->base;
    account->version = c->version;
    account->key = c->key;
    account->secret = c->secret;
    account->merchant = *c->merchant ? c->merchant : NULL;
    return rv;
}

/* The same for an order of that driver. */
static apr_status_t account_for(kuji_pay_account_t *account, const char **why,
                                const kuji_payer_t *payer,
                                kuji_pay_driver_e driver, apr_pool_t *pool)
{
    kuji_pay_settings_t settings;
    int is_paypay;
    apr_status_t rv = account_of(account, &settings, payer, pool);

    if (rv != APR_SUCCESS) {
        *why = "payments are not set up";
        return rv;
    }
    is_paypay = strcmp(settings.config.provider, "paypay") == 0;
    if (is_paypay != (driver == KUJI_PAY_PAYPAY)) {
        *why = "the payment was begun with another provider than is set up now";
        return KUJI_ESTATE;
    }
    account->driver = driver;
    return APR_SUCCESS;
}

static void order_of(kuji_pay_order_t *order, const kuji_payment_row_t *row)
{
    memset(order, 0, sizeof(*order));
    order->id = row->order_id;
    order->amount = row->facts.amount;
    order->currency = row->currency;
    order->product = row->goods;
    order->capture = row->capture;
    order->transaction = row->transaction;
    order->captured = row->facts.captured;
    order->refunded = row->facts.refunded;
}

static apr_status_t keep(const kuji_payment_row_t **row,
                         const kuji_payer_t *payer, const char *order_id,
                         kuji_pay_call_e call, int64_t asked_at,
                         kuji_pay_end_e end, const kuji_pay_result_t *result,
                         apr_pool_t *pool)
{
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < KEEP_TRIES; i++) {
        rv = kuji_payment_end(row, payer->act, order_id, call, asked_at, end,
                              result, pool);
        if (rv != KUJI_EBUSY && rv != KUJI_EUNKNOWN) {
            break;
        }
        apr_sleep(KEEP_WAIT);
    }
    return rv;
}

apr_status_t kuji_payer_begin(const kuji_payment_row_t **row, const char **why,
                              const kuji_payer_t *payer,
                              const kuji_payment_new_t *new_order,
                              const kuji_payer_begin_t *begin, apr_pool_t *pool)
{
    kuji_pay_account_t account;
    kuji_pay_result_t result;
    kuji_pay_order_t order;
    kuji_pay_end_e end;
    apr_status_t rv;
    int is_new;

    *why = NULL;
    rv = account_for(&account, why, payer, new_order->driver, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_payment_create(row, &is_new, payer->act, new_order, pool);
    }
    if (rv != APR_SUCCESS || !is_new) {
        return rv;
    }
    order_of(&order, *row);
    order.one_time_key = begin->one_time_key;
    order.confirm_url = begin->confirm_url;
    order.cancel_url = begin->cancel_url;
    order.locale = begin->locale;
    end = kuji_pay_begin(&result, payer->http, &account, &order, pool);
    return keep(row, payer, new_order->order_id, KUJI_PAY_CALL_BEGIN,
                (*row)->facts.asked_at, end, &result, pool);
}

/* The refund's own id: that of its place in the payment. Another refund comes
 * only once it is known what became of this one. */
static const char *refund_id(const kuji_payment_row_t *row, apr_pool_t *pool)
{
    return apr_psprintf(pool, "%s-R%" APR_INT64_T_FMT, row->order_id,
                        (apr_int64_t)row->facts.refunded);
}

static kuji_pay_end_e call_it(kuji_pay_result_t *result,
                              const kuji_payer_t *payer,
                              const kuji_pay_account_t *account,
                              const kuji_payment_row_t *row,
                              kuji_pay_call_e call, apr_pool_t *pool)
{
    kuji_http_t *http = payer->http;
    kuji_pay_order_t order;

    order_of(&order, row);
    switch (call) {
    case KUJI_PAY_CALL_CONFIRM:
        return kuji_pay_confirm(result, http, account, &order, pool);
    case KUJI_PAY_CALL_CAPTURE:
        return kuji_pay_capture(result, http, account, &order, pool);
    case KUJI_PAY_CALL_VOID:
        return kuji_pay_void(result, http, account, &order, pool);
    case KUJI_PAY_CALL_REFUND:
        return kuji_pay_refund(result, http, account, &order,
                               refund_id(row, pool), row->facts.asked_amount,
                               pool);
    case KUJI_PAY_CALL_CHECK:
    case KUJI_PAY_CALL_BEGIN:
    case KUJI_PAY_CALL_NONE:
        break;
    }
    return kuji_pay_check(result, http, account, &order, pool);
}

apr_status_t kuji_payer_call(const kuji_payment_row_t **row, const char **why,
                             const kuji_payer_t *payer, const char *order_id,
                             kuji_pay_call_e call, int64_t amount,
                             const char *note, int by_admin, apr_pool_t *pool)
{
    kuji_pay_account_t account;
    kuji_pay_result_t result;
    kuji_pay_end_e end;
    apr_status_t rv = kuji_payment_get(row, payer->act, order_id, pool);

    *why = NULL;
    if (rv == APR_SUCCESS) {
        rv = account_for(&account, why, payer, (*row)->facts.driver, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_payment_ask(row, why, payer->act, order_id, call, amount,
                              note, by_admin, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    end = call_it(&result, payer, &account, *row, call, pool);
    return keep(row, payer, order_id, call, (*row)->facts.asked_at, end,
                &result, pool);
}

static int is_due(const kuji_payment_row_t *row)
{
    return row->facts.state == KUJI_PAY_IS_AGREED &&
           row->facts.asked == KUJI_PAY_CALL_NONE;
}

apr_status_t kuji_payer_check(const kuji_payment_row_t **row, const char **why,
                              const kuji_payer_t *payer, const char *order_id,
                              apr_pool_t *pool)
{
    kuji_pay_account_t account;
    kuji_pay_result_t result;
    kuji_pay_end_e end;
    apr_status_t rv = kuji_payment_get(row, payer->act, order_id, pool);

    *why = NULL;
    if (rv == APR_SUCCESS) {
        rv = account_for(&account, why, payer, (*row)->facts.driver, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    end = call_it(&result, payer, &account, *row, KUJI_PAY_CALL_CHECK, pool);
    rv = keep(row, payer, order_id, KUJI_PAY_CALL_CHECK, 0, end, &result, pool);
    if (rv == APR_SUCCESS && is_due(*row)) {
        rv = kuji_payer_call(row, why, payer, order_id, KUJI_PAY_CALL_CONFIRM,
                             0, "", 0, pool);
        /* Somebody else is at it. */
        rv = rv == KUJI_ESTATE
                 ? kuji_payment_get(row, payer->act, order_id, pool)
                 : rv;
    }
    return rv;
}

apr_status_t kuji_payer_compare(const kuji_pay_result_t **results,
                                const char **why, const kuji_payer_t *payer,
                                const kuji_payment_row_t *rows, int count,
                                apr_pool_t *pool)
{
    kuji_pay_result_t *list = apr_pcalloc(pool, count * sizeof(*list));
    kuji_pay_order_t *orders = apr_pcalloc(pool, count * sizeof(*orders));
    kuji_pay_account_t account;
    apr_status_t rv =
        account_for(&account, why, payer, rows[0].facts.driver, pool);
    int i;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (i = 0; i < count; i++) {
        order_of(&orders[i], &rows[i]);
    }
    *results = list;
    if (kuji_pay_list(list, payer->http, &account, orders, count, pool) ==
        KUJI_PAY_DONE) {
        return APR_SUCCESS;
    }
    *why = *list[0].reason ? list[0].reason : "the provider does not answer";
    return KUJI_EBUSY;
}

apr_status_t kuji_payer_test(kuji_pay_end_e *end, kuji_pay_result_t *result,
                             const kuji_payer_t *payer, apr_pool_t *pool)
{
    kuji_pay_order_t order = {.id = "kuji-test-00000000000000000000",
                              .amount = 1};
    kuji_pay_settings_t settings;
    kuji_pay_account_t account;
    apr_status_t rv = account_of(&account, &settings, payer, pool);

    if (rv == APR_SUCCESS) {
        account.driver = kuji_pay_config_driver(&settings.config, 1);
        order.currency = account.driver == KUJI_PAY_PAYPAY ? "JPY" : "TWD";
        *end = kuji_pay_check(result, payer->http, &account, &order, pool);
    }
    return rv;
}
