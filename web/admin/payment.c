/* /admin/payments/{order}: one payment, its ledger, and what an owner can do.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/payment.h"

#include "core/money.h"
#include "core/qr.h"
#include "web/admin/admin.h"
#include "web/admin/reason.h"
#include "web/admin/words.h"
#include "web/money.h"

#include <apr_strings.h>
#include <string.h>

const char *kuji_payment_short(const kuji_payment_row_t *row)
{
    apr_size_t len = strlen(row->order_id);

    return row->order_id +
           (len > KUJI_PAYMENT_SHORT ? len - KUJI_PAYMENT_SHORT : 0);
}

/* One word for people: what is under way is not decided, whatever was before.
 */
static const char *word_of(const kuji_payment_row_t *row)
{
    const kuji_payment_facts_t *f = &row->facts;

    return f->mismatch && f->refunded < f->captured ? "mismatch"
           : f->asked != KUJI_PAY_CALL_NONE         ? "unknown"
                                            : kuji_pay_state_name(f->state);
}

static int may(const kuji_payment_row_t *row, kuji_pay_call_e call)
{
    return kuji_payment_refuses(&row->facts, call) == NULL;
}

static json_t *right_of(const kuji_payment_row_t *row)
{
    return row->has_entry
               ? json_pack("{s:i, s:i, s:b, s:b, s:b}", "used", row->used,
                           "draws", row->draws, "withdrawn", row->withdrawn,
                           "unused", !row->withdrawn && row->used == 0,
                           "drawn_and_back", row->withdrawn && row->used > 0)
               : json_null();
}

json_t *kuji_payment_data(const kuji_console_page_t *page,
                          const kuji_payment_row_t *row)
{
    kuji_web_t *web = page->web;
    const kuji_payment_facts_t *f = &row->facts;
    int owner = web->admin->role_bit & KUJI_ROLE_OWNER;
    const char *word = word_of(row);

    return json_pack(
        "{s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:o, "
        "s:s, s:b, s:b, s:b, s:b, s:b, s:b}",
        "order", row->order_id, "short", kuji_payment_short(row), "href",
        json_sprintf("%s/admin/payments/%s", web->prefix, row->order_id),
        "goods", row->goods, "price",
        kuji_money_text(web, f->amount, row->currency), "captured",
        kuji_money_text(web, f->captured, row->currency), "refunded",
        kuji_money_text(web, f->refunded, row->currency), "name", word, "label",
        kuji_render_text(
            web, apr_pstrcat(page->pool, "admin.payments.state.", word, NULL),
            NULL),
        "at", kuji_console_time(page, f->created_at, row->timezone), "campaign",
        row->title, "transaction", row->transaction, "right", right_of(row),
        "driver",
        kuji_render_text(web,
                         apr_pstrcat(page->pool, "admin.payments.driver.",
                                     kuji_pay_driver_name(f->driver), NULL),
                         NULL),
        "counter", *row->seller != '\0', "can_check",
        !kuji_payment_is_over(f->state) || f->asked != KUJI_PAY_CALL_NONE,
        "can_capture", owner && may(row, KUJI_PAY_CALL_CAPTURE), "can_void",
        owner && may(row, KUJI_PAY_CALL_VOID), "can_settle",
        owner && may(row, KUJI_PAY_CALL_VOID), "can_refund",
        owner && may(row, KUJI_PAY_CALL_REFUND));
}

json_t *kuji_payment_qr(const char *text, apr_pool_t *pool)
{
    kuji_qr_t qr;

    return kuji_qr_make(&qr, text, pool) == APR_SUCCESS
               ? json_pack("{s:i, s:s}", "size", qr.size, "path", qr.path)
               : json_null();
}

apr_status_t kuji_payment_show_right(kuji_console_page_t *page,
                                     const kuji_act_t *act,
                                     const kuji_payment_row_t *row)
{
    kuji_web_t *web = page->web;
    const char *token, *url;
    apr_status_t rv;

    if (!row->has_entry || row->withdrawn || row->used > 0) {
        return APR_SUCCESS;
    }
    rv = kuji_payment_token(&token, act, row->order_id, 1, page->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    url =
        apr_pstrcat(page->pool, kuji_is_https(web->r) ? "https://" : "http://",
                    web->tenant->host, web->prefix, "/k/", row->slug,
                    "?token=", token, NULL);
    json_object_set_new(page->data, "entry",
                        json_pack("{s:s, s:o, s:i}", "url", url, "qr",
                                  kuji_payment_qr(url, page->pool), "draws",
                                  row->draws));
    return APR_SUCCESS;
}

/* -- one payment ----------------------------------------------------------- */

typedef struct view_t {
    kuji_console_page_t page;
    kuji_act_t act;
    const kuji_payment_row_t *row;
} view_t;

/* DECLINED, or what the handler returns. */
static int open_view(view_t *v, kuji_web_t *web)
{
    int done = kuji_console_open(&v->page, web, "payments");
    apr_status_t rv;

    if (done != DECLINED) {
        return done;
    }
    v->act = kuji_console_act(web);
    rv = kuji_payment_get(&v->row, &v->act, web->name, v->page.pool);
    return rv == APR_SUCCESS
               ? DECLINED
               : kuji_console_failure(&v->page, rv, "reading a payment");
}

static json_t *event_data(const view_t *v, const kuji_payment_event_t *e)
{
    kuji_web_t *web = v->page.web;
    const char *currency = v->row->currency;

    return json_pack(
        "{s:i, s:o, s:o, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "seq", e->seq,
        "at", kuji_console_time(&v->page, e->at, v->row->timezone), "who",
        kuji_console_who(&v->page, e->actor, e->login), "what",
        kuji_render_text(
            web,
            apr_pstrcat(v->page.pool, "admin.payments.event.", e->what, NULL),
            NULL),
        "state",
        kuji_render_text(
            web,
            apr_pstrcat(v->page.pool, "admin.payments.state.", e->state, NULL),
            NULL),
        "amount", e->amount ? kuji_money_text(web, e->amount, currency) : "",
        "captured", kuji_money_text(web, e->captured, currency), "refunded",
        kuji_money_text(web, e->refunded, currency), "answer", e->answer,
        "note", e->note);
}

static apr_status_t add_events(view_t *v)
{
    const kuji_payment_event_t *events;
    json_t *list = json_array();
    int count = 0, i;
    apr_status_t rv =
        kuji_payment_events(&events, &count, &v->act, v->row->id, v->page.pool);

    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        json_array_append_new(list, event_data(v, &events[i]));
    }
    json_object_set_new(v->page.data, "events", list);
    return rv;
}

static int show(view_t *v, int status)
{
    const kuji_payment_facts_t *f = &v->row->facts;
    apr_status_t rv = add_events(v);

    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&v->page, rv, "reading a payment");
    }
    json_object_set_new(v->page.data, "payment",
                        kuji_payment_data(&v->page, v->row));
    if (!json_object_get(json_object_get(v->page.data, "field"), "reason")) {
        kuji_console_field(&v->page, "amount",
                           kuji_money_write(f->captured - f->refunded,
                                            v->row->currency, v->page.pool));
        kuji_console_field(&v->page, "reason", NULL);
        kuji_console_field(&v->page, "confirm", NULL);
    }
    return kuji_console_send(&v->page, status, "payment");
}

int kuji_console_payment(kuji_web_t *web)
{
    view_t v;
    int done = open_view(&v, web);

    return done == DECLINED ? show(&v, HTTP_OK) : done;
}

/* -- what can be done ------------------------------------------------------ */

static int done_with(view_t *v, const char *flash)
{
    kuji_web_t *web = v->page.web;
    const char *path =
        apr_pstrcat(web->r->pool, "/admin/payments/", v->row->order_id, NULL);

    json_decref(v->page.data);
    return kuji_console_done(web, path, flash, NULL);
}

/* What came of a call: certain, or still to be found out. */
static int came_of(view_t *v, apr_status_t rv, const char *why,
                   const char *flash)
{
    const char *text;

    if (rv == APR_SUCCESS) {
        return done_with(v, v->row->facts.asked == KUJI_PAY_CALL_NONE
                                ? flash
                                : "pay_unsure");
    }
    if (rv != KUJI_ESTATE && rv != KUJI_EINVAL && rv != KUJI_ENOTFOUND) {
        return kuji_console_failure(&v->page, rv, "a call about a payment");
    }
    text = kuji_console_reason(v->page.web, why);
    json_object_set_new(v->page.data, "refused_text",
                        json_string(text ? text : why));
    return show(v, HTTP_CONFLICT);
}

int kuji_console_payment_check(kuji_web_t *web)
{
    const kuji_payment_row_t *row;
    const char *why = NULL;
    apr_status_t rv;
    view_t v;
    int done = open_view(&v, web);

    if (done == DECLINED) {
        const kuji_payer_t payer = {web->process->http, &v.act};

        rv = kuji_payer_check(&row, &why, &payer, v.row->order_id, v.page.pool);
        v.row = rv == APR_SUCCESS ? row : v.row;
        done = came_of(&v, rv, why, "pay_checked");
    }
    return done;
}

int kuji_console_payment_right(kuji_web_t *web)
{
    view_t v;
    apr_status_t rv;
    int done = open_view(&v, web);

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_payment_show_right(&v.page, &v.act, v.row);
    return rv == APR_SUCCESS
               ? show(&v, HTTP_OK)
               : kuji_console_failure(&v.page, rv, "showing a right");
}

/* The reason, and the order's last characters: money moves. */
static const char *confirmed(view_t *v)
{
    const char *reason = kuji_console_get(&v->page, "reason");
    const char *confirm = kuji_console_get(&v->page, "confirm");

    kuji_console_field(&v->page, "amount", NULL);
    kuji_console_field(&v->page, "reason", NULL);
    kuji_console_field(&v->page, "confirm", NULL);
    if (!reason || strlen(reason) > KUJI_PAYMENT_NOTE_MAX) {
        kuji_console_error(&v->page, "reason", "admin.payments.reason_needed",
                           NULL);
    }
    if (!confirm || strcmp(confirm, kuji_payment_short(v->row)) != 0) {
        kuji_console_error(&v->page, "confirm", "admin.payments.confirm_wrong",
                           NULL);
    }
    return v->page.errors ? NULL : reason;
}

/* 0: what is typed is no amount. Empty: all that is left. */
static int amount_of(int64_t *amount, view_t *v)
{
    const char *text = kuji_console_get(&v->page, "amount");

    *amount = 0;
    if (!text ||
        (kuji_money_read(amount, text, v->row->currency) == APR_SUCCESS &&
         *amount > 0)) {
        return 1;
    }
    kuji_console_error(&v->page, "amount", "admin.payments.amount_wrong", NULL);
    return 0;
}

static int call(kuji_web_t *web, kuji_pay_call_e what, const char *flash)
{
    const kuji_payment_row_t *row;
    const char *why = NULL, *reason;
    int64_t amount = 0;
    apr_status_t rv;
    view_t v;
    int done = open_view(&v, web);

    if (done != DECLINED || (done = kuji_console_form(&v.page)) != DECLINED) {
        return done;
    }
    reason = confirmed(&v);
    if (!reason || (what == KUJI_PAY_CALL_REFUND && !amount_of(&amount, &v))) {
        return show(&v, HTTP_UNPROCESSABLE_ENTITY);
    }
    {
        const kuji_payer_t payer = {web->process->http, &v.act};

        rv = kuji_payer_call(&row, &why, &payer, v.row->order_id, what, amount,
                             reason, 1, v.page.pool);
        v.row = rv == APR_SUCCESS ? row : v.row;
    }
    return came_of(&v, rv, why, flash);
}

int kuji_console_payment_capture(kuji_web_t *web)
{
    return call(web, KUJI_PAY_CALL_CAPTURE, "pay_captured");
}

int kuji_console_payment_void(kuji_web_t *web)
{
    return call(web, KUJI_PAY_CALL_VOID, "pay_voided");
}

int kuji_console_payment_refund(kuji_web_t *web)
{
    return call(web, KUJI_PAY_CALL_REFUND, "pay_refunded");
}
