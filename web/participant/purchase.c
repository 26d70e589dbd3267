/* SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/purchase.h"

#include "core/purchase.h"
#include "store/link.h"
#include "web/identity.h"
#include "web/money.h"
#include "web/session.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

kuji_act_t kuji_purchase_act(kuji_web_t *web)
{
    kuji_act_t act = {.pg = web->process->pg,
                      .keys = web->process->keys,
                      .tenant = web->tenant->id,
                      .actor = "participant"};

    return act;
}

int kuji_purchase_is_good(const kuji_payment_row_t *row)
{
    return row->has_entry && !row->withdrawn && row->used < row->draws;
}

void kuji_purchase_pass(kuji_web_t *web, const kuji_payment_row_t *row)
{
    char hex[2 * KUJI_DIGEST_LEN + 1];

    sodium_bin2hex(hex, sizeof hex, row->entry, KUJI_DIGEST_LEN);
    kuji_identity_pass(
        web, KUJI_IDENTITY_LINK,
        apr_pstrcat(web->r->pool, hex, ":pay:", row->order_id, NULL),
        KUJI_SESSION_SECONDS);
}

/* What the browser's link still admits to; 0: nothing, or there is none. */
static int left_by_link(kuji_web_t *web)
{
    const kuji_link_row_t *link = kuji_identity_link(web);
    unsigned char own[KUJI_DIGEST_LEN];

    if (!link || link->expired) {
        return 0;
    }
    kuji_seal_digest(own, web->campaign->digest_key, "session",
                     web->session->id, strlen(web->session->id));
    return link->taken && sodium_memcmp(own, link->session, sizeof own)
               ? 0
               : link->uses_left;
}

/* The payments of whoever reads, their newest first. */
static apr_status_t read_own(const kuji_payment_row_t **rows, int *count,
                             kuji_web_t *web)
{
    const kuji_identity_t *identity = kuji_identity(web);
    kuji_act_t act = kuji_purchase_act(web);
    unsigned char digest[KUJI_DIGEST_LEN];

    *count = 0;
    if (!identity) {
        return APR_SUCCESS;
    }
    kuji_seal_digest(digest, web->campaign->digest_key, "participant",
                     identity->id, strlen(identity->id));
    return kuji_payment_of(rows, count, &act, web->campaign->id, digest,
                           KUJI_PURCHASE_LOOKS, web->r->pool);
}

static json_t *pending(kuji_page_t *page, const kuji_payment_row_t *row)
{
    return json_pack(
        "{s:s, s:o, s:s}", "goods", row->goods, "href",
        json_sprintf("%s/k/%s/pay/%s", page->web->prefix,
                     page->web->campaign->slug, row->order_id),
        "price", kuji_money_text(page->web, row->facts.amount, row->currency));
}

apr_status_t kuji_purchase_find(kuji_page_t *page)
{
    kuji_web_t *web = page->web;
    const kuji_payment_row_t *rows;
    json_t *open = json_array();
    int count, i, left = 0;
    apr_status_t rv;

    json_object_set_new(page->data, "unpaid", open);
    if (!(web->campaign->gates & KUJI_GATE_PURCHASE)) {
        return APR_SUCCESS;
    }
    left = left_by_link(web);
    rv = read_own(&rows, &count, web);
    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        if (left == 0 && kuji_purchase_is_good(&rows[i])) {
            kuji_purchase_pass(web, &rows[i]);
            left = left_by_link(web);
        }
        if (!kuji_payment_is_over(rows[i].facts.state)) {
            json_array_append_new(open, pending(page, &rows[i]));
        }
    }
    json_object_set_new(page->data, "rights_left", json_integer(left));
    json_object_set_new(page->data, "any_unpaid",
                        json_boolean(json_array_size(open) > 0));
    return rv;
}

unsigned kuji_purchase_missing(kuji_page_t *page)
{
    unsigned missing = kuji_identity_missing(page->web);

    return page->web->campaign->gates & KUJI_GATE_PURCHASE &&
                   !json_integer_value(
                       json_object_get(page->data, "rights_left"))
               ? missing | KUJI_GATE_PURCHASE
               : missing;
}

void kuji_purchase_add(kuji_page_t *page)
{
    unsigned char bytes[16];
    char key[32];
    kuji_purchase_t p;
    int english = strcmp(page->web->language, "en") == 0;

    if (!kuji_purchase_read(&p, page->config)) {
        return;
    }
    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(key, sizeof key, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    json_object_set_new(
        page->data, "buy",
        json_pack("{s:s, s:s, s:i, s:b, s:s}", "goods",
                  english && *p.goods_en ? p.goods_en : p.goods, "price",
                  kuji_money_text(page->web, p.price, p.currency), "draws",
                  p.draws, "many", p.draws > 1, "key", key));
}
