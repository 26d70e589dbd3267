/* POST /k/{slug}/buy: buys the campaign's goods. GET /k/{slug}/pay/{order}: how
 * that purchase stands; where the provider sends the customer back, which
 * proves nothing. Only the provider's own answer does.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/purchase.h"

#include "core/purchase.h"
#include "store/pay_settings.h"
#include "web/form.h"
#include "web/identity.h"
#include "web/money.h"
#include "web/pace.h"
#include "web/request.h"
#include "web/session.h"
#include "web/tries.h"

#include <apr_strings.h>
#include <http_log.h>
#include <sodium.h>
#include <string.h>

APLOG_USE_MODULE(kuji);

#define KEY_MAX 64

/* Each press is a call of the provider's and an order to look after, and costs
 * whoever presses nothing. */
static const kuji_throttle_rule_t person = {"buy", 10, 30000};
static const kuji_throttle_rule_t network = {"buy-network", 600, 200};

static int is_key(const char *key)
{
    const char *c = key;

    while (*c > 0x20 && *c < 0x7f) {
        c++;
    }
    return key != c && !*c && c - key <= KEY_MAX;
}

static void participant_of(unsigned char out[KUJI_DIGEST_LEN], kuji_web_t *web)
{
    const char *id = kuji_identity_start(web)->id;

    kuji_seal_digest(out, web->campaign->digest_key, "participant", id,
                     strlen(id));
}

/* The same press is the same order: its id follows from who pressed and the
 * page's key. */
static const char *order_id(kuji_web_t *web, const char *key)
{
    const char *id = kuji_identity_start(web)->id;
    const char *text = apr_pstrcat(web->r->pool, id, "\n", key, NULL);
    unsigned char digest[KUJI_DIGEST_LEN];
    char hex[2 * KUJI_DIGEST_LEN + 1];

    kuji_seal_digest(digest, web->campaign->digest_key, "order", text,
                     strlen(text));
    sodium_bin2hex(hex, sizeof hex, digest, sizeof digest);
    return apr_pstrcat(web->r->pool, "kuji-", hex, NULL);
}

static const char *pay_path(const kuji_web_t *web, const char *order)
{
    return apr_pstrcat(web->r->pool, "/k/", web->campaign->slug, "/pay/", order,
                       NULL);
}

static const char *pay_url(kuji_web_t *web, const char *order)
{
    return apr_pstrcat(
        web->r->pool, kuji_is_https(web->r) ? "https://" : "http://",
        web->tenant->host, web->prefix, pay_path(web, order), NULL);
}

/* -- how it stands --------------------------------------------------------- */

/* What the page says: one word. */
static const char *stands(const kuji_payment_row_t *row, int64_t now)
{
    const kuji_payment_facts_t *f = &row->facts;

    if (f->state == KUJI_PAY_IS_REFUNDED || row->withdrawn) {
        return "refunded";
    }
    if (kuji_payment_is_paid(f->state)) {
        return f->mismatch && !row->has_entry ? "mismatch" : "paid";
    }
    if (f->state >= KUJI_PAY_IS_VOIDED) {
        return "ended";
    }
    if (f->state != KUJI_PAY_IS_WAITING || !*row->url) {
        return "unsure";
    }
    return kuji_payment_is_payable(f, now) ? "waiting" : "late";
}

static int show(kuji_web_t *web, const kuji_payment_row_t *row, int own)
{
    kuji_page_t page;
    const char *word =
        own ? stands(row, apr_time_as_msec(web->r->request_time)) : "elsewhere";
    int done = kuji_page_open(&page, web);

    if (done != DECLINED) {
        return done;
    }
    json_object_update_new(
        page.data,
        json_pack("{s:{s:b}, s:s, s:s, s:s, s:s*, s:s, s:b, s:i}", "pay", word,
                  1, "order", row->order_id, "goods", row->goods, "price",
                  kuji_money_text(web, row->facts.amount, row->currency),
                  "pay_url", own && *row->url ? row->url : NULL, "pay_href",
                  apr_pstrcat(web->r->pool, web->prefix,
                              pay_path(web, row->order_id), NULL),
                  "usable", own && kuji_purchase_is_good(row), "draws",
                  row->draws));
    return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_NO_STORE, "pay");
}

static int is_own(kuji_web_t *web, const kuji_payment_row_t *row)
{
    return row->has_participant &&
           kuji_identity_find(web, row->participant) != NULL;
}

/* Asks the provider, but not at every press. */
static apr_status_t look(const kuji_payment_row_t **row, kuji_web_t *web)
{
    kuji_act_t act = kuji_purchase_act(web);
    const kuji_payer_t payer = {web->process->http, &act};
    unsigned char digest[KUJI_DIGEST_LEN];
    const kuji_payment_row_t *now = *row;
    const char *order = now->order_id, *why;
    apr_status_t rv;

    kuji_seal_digest(digest, web->campaign->digest_key, "pace", order,
                     strlen(order));
    if (kuji_payment_is_over(now->facts.state) ||
        !kuji_pace_allows(web->process->pay_pace, digest,
                          apr_time_sec(web->r->request_time))) {
        return APR_SUCCESS;
    }
    rv = kuji_payer_check(&now, &why, &payer, order, web->r->pool);
    if (rv != APR_SUCCESS) {
        ap_log_rerror(APLOG_MARK, APLOG_WARNING, rv, web->r,
                      "KJ0701: a payment was not looked at: %s",
                      why ? why : "no answer kept");
        return APR_SUCCESS; /* the page says that it is not known yet */
    }
    *row = now;
    return APR_SUCCESS;
}

int kuji_page_pay(kuji_web_t *web)
{
    kuji_act_t act = kuji_purchase_act(web);
    const kuji_payment_row_t *row;
    apr_status_t rv = kuji_payment_get(&row, &act, web->name, web->r->pool);
    int own;

    if (rv == APR_SUCCESS && row->campaign_id != web->campaign->id) {
        rv = KUJI_ENOTFOUND;
    }
    /* Just begun, there is nothing new to hear. */
    if (rv == APR_SUCCESS && !*row->seller && !kuji_query_get(web, "go")) {
        rv = look(&row, web);
    }
    if (rv == KUJI_ENOTFOUND || (rv == APR_SUCCESS && *row->seller)) {
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "reading a payment");
    }
    own = is_own(web, row);
    if (own && kuji_purchase_is_good(row)) {
        kuji_purchase_pass(web, row);
    }
    return show(web, row, own);
}

/* -- buying ---------------------------------------------------------------- */

/* Why it cannot be bought now. DECLINED, or what was sent. */
static int cannot(kuji_web_t *web)
{
    kuji_page_t page;
    unsigned missing;
    apr_status_t rv;
    int done;

    if (!(web->campaign->gates & KUJI_GATE_PURCHASE)) {
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    missing = kuji_identity_missing(web) & ~KUJI_GATE_PURCHASE;
    if (missing) {
        return kuji_problem(web,
                            missing & KUJI_GATE_LINE
                                ? KUJI_PROBLEM_LINE_NEEDED
                                : KUJI_PROBLEM_EMAIL_NEEDED,
                            NULL);
    }
    if ((done = kuji_page_open(&page, web)) != DECLINED) {
        return done;
    }
    if ((rv = kuji_page_read(&page)) != APR_SUCCESS) {
        return kuji_page_failure(&page, rv, "reading a campaign");
    }
    json_decref(page.data);
    return page.view->phase == KUJI_PHASE_OPEN
               ? DECLINED
               : kuji_problem(web,
                              page.view->phase == KUJI_PHASE_CLOSED
                                  ? KUJI_PROBLEM_CLOSED
                                  : KUJI_PROBLEM_NOT_OPEN,
                              NULL);
}

/* The order of the campaign's goods with the tenant's provider. KUJI_ENOTFOUND:
 * there is none, or none that takes the currency. */
static apr_status_t make_order(kuji_payment_new_t *order, kuji_web_t *web,
                               const char *key)
{
    kuji_act_t act = kuji_purchase_act(web);
    kuji_pay_settings_t settings;
    kuji_purchase_t p;
    apr_status_t rv = kuji_pay_settings(&settings, &act, 0, web->r->pool);

    if (rv == APR_SUCCESS &&
        (!kuji_purchase_read(&p, web->campaign->config) ||
         !kuji_pay_config_takes(&settings.config, p.currency))) {
        rv = KUJI_ENOTFOUND;
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    memset(order, 0, sizeof(*order));
    order->campaign_id = web->campaign->id;
    order->order_id = order_id(web, key);
    order->driver = kuji_pay_config_driver(&settings.config, 0);
    order->amount = p.price;
    order->currency = p.currency;
    order->goods = p.goods;
    order->draws = p.draws;
    order->capture = 1;
    order->seller = "";
    return APR_SUCCESS;
}

static int begin(kuji_web_t *web, const char *key)
{
    kuji_act_t act = kuji_purchase_act(web);
    const kuji_payer_t payer = {web->process->http, &act};
    unsigned char participant[KUJI_DIGEST_LEN];
    const kuji_payment_row_t *row;
    const char *why = NULL;
    kuji_payer_begin_t how = {.one_time_key = NULL};
    kuji_payment_new_t order;
    int is_this;
    apr_status_t rv = make_order(&order, web, key);

    if (rv == APR_SUCCESS) {
        participant_of(participant, web);
        order.participant = participant;
        how.confirm_url = how.cancel_url = pay_url(web, order.order_id);
        how.locale = strcmp(web->language, "en") ? "ja" : "en";
        rv = kuji_payer_begin(&row, &why, &payer, &order, &how, web->r->pool);
    }
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv == KUJI_ENOTFOUND ? KUJI_EBUSY : rv,
                            "beginning a payment");
    }
    /* From there by a link: a form's redirect may not leave the site (its
     * policy), and apps open by a tap alone. An order of before is looked at
     * first: another one comes only once that one is over. */
    is_this = strcmp(row->order_id, order.order_id) == 0;
    return kuji_redirect(web,
                         apr_pstrcat(web->r->pool, pay_path(web, row->order_id),
                                     is_this ? "?go=1" : NULL, NULL));
}

int kuji_page_buy(kuji_web_t *web)
{
    const kuji_form_t *form;
    const char *key;
    apr_status_t rv;
    int done, wait;

    if ((rv = kuji_body_form(&form, web)) != APR_SUCCESS) {
        return kuji_body_problem(web, rv, "the body must be a form");
    }
    key = kuji_form_get(form, "key");
    if (!key || !is_key(key) || !web->session) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                            "the field key and the page's cookie are needed");
    }
    if ((done = cannot(web)) != DECLINED) {
        return done;
    }
    wait = kuji_tries_take(web, &person, &network);
    return wait ? kuji_tries_refuse(web, wait) : begin(web, key);
}
