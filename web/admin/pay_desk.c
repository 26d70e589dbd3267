/* /admin/campaigns/{slug}/pay: the counter. The customer's code is typed or
 * scanned, or they scan ours; what they bought gives them the right to draw. A
 * press, and the same press again, is one order.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"
#include "web/admin/payment.h"

#include "core/gates.h"
#include "core/purchase.h"
#include "store/pay_settings.h"
#include "web/admin/reason.h"
#include "web/money.h"

#include <apr_strings.h>
#include <http_log.h>
#include <sodium.h>
#include <string.h>

APLOG_USE_MODULE(kuji);

#define KEY_MAX 64
/** LINE's one-time codes have 12 digits, Taiwan's 18. */
#define CODE_MIN 12
#define CODE_MAX 18

typedef struct counter_t {
    kuji_desk_t desk;
    kuji_purchase_t goods;
    kuji_pay_settings_t settings;
    kuji_pay_driver_e driver;
    int is_ready;
} counter_t;

static const char *new_key(apr_pool_t *pool)
{
    unsigned char bytes[16];
    char *text = apr_palloc(pool, 32);

    randombytes_buf(bytes, sizeof bytes);
    return sodium_bin2base64(text, 32, bytes, sizeof bytes,
                             sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

static int show(counter_t *c, int status)
{
    kuji_console_page_t *page = &c->desk.page;
    const char *key = kuji_console_get(page, "key");

    json_object_update_new(
        page->data,
        json_pack(
            "{s:b, s:b, s:b, s:s, s:s, s:i, s:s, s:s}", "ready", c->is_ready,
            "asks_code", c->driver == KUJI_PAY_LINE_OFFLINE, "no_gate",
            !(kuji_gates_of(c->desk.config) & KUJI_GATE_PURCHASE), "goods",
            c->goods.goods, "price",
            kuji_money_text(page->web, c->goods.price, c->goods.currency),
            "draws", c->goods.draws, "key", key ? key : new_key(page->pool),
            "base", kuji_desk_path(&c->desk, "/pay")));
    kuji_console_password(page, "code");
    return kuji_console_send(page, status, "pay-desk");
}

/* DECLINED, or what the handler returns. */
static int open_counter(counter_t *c, kuji_web_t *web, int form)
{
    int done = form ? kuji_desk_open_form(&c->desk, web, "pay")
                    : kuji_desk_open(&c->desk, web, "pay");
    apr_status_t rv;

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_pay_settings(&c->settings, &c->desk.act, 0, c->desk.page.pool);
    if (rv != APR_SUCCESS && rv != KUJI_ENOTFOUND) {
        return kuji_console_failure(&c->desk.page, rv,
                                    "reading payment settings");
    }
    c->driver = kuji_pay_config_driver(&c->settings.config, 1);
    c->is_ready = kuji_purchase_read(&c->goods, c->desk.config) &&
                  rv == APR_SUCCESS && c->desk.view->phase == KUJI_PHASE_OPEN &&
                  kuji_gates_of(c->desk.config) & KUJI_GATE_PURCHASE &&
                  kuji_pay_config_takes(&c->settings.config, c->goods.currency);
    return DECLINED;
}

int kuji_console_pay(kuji_web_t *web)
{
    counter_t c;
    int done = open_counter(&c, web, 0);

    return done == DECLINED ? show(&c, HTTP_OK) : done;
}

/* -- a sale ---------------------------------------------------------------- */

/* The same key of the same admin is the same order. */
static const char *order_id(const counter_t *c, const char *key)
{
    const kuji_act_t *act = &c->desk.act;
    const char *text =
        apr_pstrcat(c->desk.page.pool, act->tenant, "\n", act->actor, "\n",
                    c->desk.view->uuid, "\n", key, NULL);
    unsigned char hash[16];
    char hex[33];

    crypto_generichash(hash, sizeof hash, (const unsigned char *)text,
                       strlen(text), NULL, 0);
    sodium_bin2hex(hex, sizeof hex, hash, sizeof hash);
    return apr_pstrcat(c->desk.page.pool, "kuji-", hex, NULL);
}

/* The code's digits, spaces left out; NULL: it is none. */
static char *read_code(counter_t *c)
{
    const char *typed = kuji_console_get(&c->desk.page, "code");
    char *code = apr_pcalloc(c->desk.page.pool, CODE_MAX + 1);
    apr_size_t n = 0;

    for (; typed && *typed; typed++) {
        if (*typed == ' ' || *typed == '-') {
            continue;
        }
        if (*typed < '0' || *typed > '9' || n == CODE_MAX) {
            return NULL;
        }
        code[n++] = *typed;
    }
    return n >= CODE_MIN ? code : NULL;
}

static int show_sale(counter_t *c, const kuji_payment_row_t *row)
{
    kuji_console_page_t *page = &c->desk.page;
    int shows = row->facts.state == KUJI_PAY_IS_WAITING && *row->url;
    int waiting =
        shows && kuji_payment_is_payable(
                     &row->facts, apr_time_as_msec(page->web->r->request_time));
    apr_status_t rv = kuji_payment_show_right(page, &c->desk.act, row);

    if (rv != APR_SUCCESS) {
        return kuji_console_failure(page, rv, "showing a right");
    }
    json_object_update_new(
        page->data, json_pack("{s:o, s:b, s:b, s:b, s:b, s:b, s:s, s:s}",
                              "payment", kuji_payment_data(page, row), "paid",
                              kuji_payment_is_paid(row->facts.state), "held",
                              row->facts.state == KUJI_PAY_IS_AUTHORIZED,
                              "waiting", waiting, "late", shows && !waiting,
                              "ended", row->facts.state >= KUJI_PAY_IS_VOIDED,
                              "key", kuji_console_get(page, "key"), "base",
                              kuji_desk_path(&c->desk, "/pay")));
    if (waiting) {
        json_object_set_new(page->data, "pay_qr",
                            kuji_payment_qr(row->url, page->pool));
    }
    return kuji_console_send(page, HTTP_OK, "pay-sale");
}

static apr_status_t sell(const kuji_payment_row_t **row, const char **why,
                         counter_t *c, const char *key, const char *code)
{
    kuji_web_t *web = c->desk.page.web;
    const kuji_payer_t payer = {web->process->http, &c->desk.act};
    const kuji_payer_begin_t begin = {.one_time_key = code,
                                      .locale = web->language};
    const kuji_payment_new_t order = {
        .campaign_id = c->desk.view->id,
        .order_id = order_id(c, key),
        .driver = c->driver,
        .amount = c->goods.price,
        .currency = c->goods.currency,
        .goods = c->goods.goods,
        .draws = c->goods.draws,
        .capture = !kuji_console_get(&c->desk.page, "hold"),
        .seller = c->desk.act.actor};
    apr_status_t rv =
        kuji_payer_begin(row, why, &payer, &order, &begin, c->desk.page.pool);

    /* Pressed again: it is looked at, never paid again. */
    if (rv == APR_SUCCESS && !kuji_payment_is_over((*row)->facts.state)) {
        rv = kuji_payer_check(row, why, &payer, order.order_id,
                              c->desk.page.pool);
    }
    return rv;
}

int kuji_console_pay_post(kuji_web_t *web)
{
    const kuji_payment_row_t *row;
    const char *key, *why = NULL, *text;
    char *code = NULL;
    counter_t c;
    apr_status_t rv;
    int done = open_counter(&c, web, 1);

    if (done != DECLINED) {
        return done;
    }
    key = kuji_console_get(&c.desk.page, "key");
    if (!c.is_ready || !key || strlen(key) > KEY_MAX) {
        return show(&c, HTTP_CONFLICT);
    }
    if (c.driver == KUJI_PAY_LINE_OFFLINE &&
        !kuji_console_get(&c.desk.page, "again") && !(code = read_code(&c))) {
        kuji_console_password(&c.desk.page, "code");
        kuji_console_error(&c.desk.page, "code", "admin.counter.code_wrong",
                           NULL);
        return show(&c, HTTP_UNPROCESSABLE_ENTITY);
    }
    rv = sell(&row, &why, &c, key, code);
    if (code) {
        sodium_memzero(code, CODE_MAX);
    }
    if (rv == APR_SUCCESS) {
        return show_sale(&c, row);
    }
    if (rv != KUJI_ESTATE && rv != KUJI_ENOTFOUND && rv != KUJI_ECONFLICT) {
        return kuji_console_failure(&c.desk.page, rv, "a sale");
    }
    text = kuji_console_reason(web, why);
    json_object_set_new(c.desk.page.data, "refused_text",
                        json_string(text ? text : ""));
    return show(&c, HTTP_CONFLICT);
}
