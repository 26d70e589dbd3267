/* GET /k/{slug}: the campaign in its phase, with the form that draws.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/link.h"
#include "web/identity.h"
#include "web/consent.h"
#include "web/participant/gates.h"
#include "web/participant/line.h"
#include "web/participant/purchase.h"
#include "web/participant/words.h"
#include "web/request.h"
#include "web/session.h"

#include <apr_strings.h>
#include <sodium.h>

static void add_notice(kuji_page_t *page, const char *name)
{
    const char *title =
        apr_pstrcat(page->pool, "campaign.", name, "_title", NULL);
    const char *text =
        apr_pstrcat(page->pool, "campaign.", name, "_text", NULL);

    if (page->m->method == KUJI_RAFFLE &&
        page->view->phase == KUJI_PHASE_CLOSED) {
        text = apr_pstrcat(page->pool, text, "_raffle", NULL);
    }
    json_object_set_new(
        page->data, "notice",
        json_pack("{s:s, s:s, s:s}", "kind", name, "title",
                  kuji_render_text(page->web, title, page->data), "text",
                  kuji_render_text(page->web, text, page->data)));
}

/* Minted anew for every view: going back and drawing again is another draw,
 * pressing the button twice is not. */
static json_t *new_key(void)
{
    unsigned char bytes[16];
    char text[32];

    randombytes_buf(bytes, sizeof bytes);
    sodium_bin2base64(text, sizeof text, bytes, sizeof bytes,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return json_string(text);
}

static void add_form(kuji_page_t *page)
{
    kuji_web_t *web = page->web;
    int raffle = page->m->method == KUJI_RAFFLE;
    const char *button = kuji_page_config_text(page, "button");
    unsigned gates = web->campaign->gates;
    const char *hint = raffle ? "campaign.draw_hint_raffle"
                       : gates & KUJI_GATE_CODE && gates & KUJI_GATE_PASSPHRASE
                           ? "campaign.draw_hint_both"
                       : gates & KUJI_GATE_CODE ? "campaign.draw_hint_code"
                       : gates & KUJI_GATE_PASSPHRASE
                           ? "campaign.draw_hint_passphrase"
                           : "campaign.draw_hint_open";

    if (!button) {
        button = kuji_render_text(web, raffle ? "button.enter" : "button.draw",
                                  NULL);
    }
    json_object_update_new(
        page->data, json_pack("{s:b, s:o, s:s, s:s, s:s, s:s}", "can_draw", 1,
                              "key", new_key(), "button", button, "draw_title",
                              kuji_render_text(web,
                                               raffle ? "campaign.entry_title"
                                                      : "campaign.draw_title",
                                               NULL),
                              "draw_hint", kuji_render_text(web, hint, NULL),
                              "code", kuji_gates_carried(web)));
    kuji_consents_add(page->data, web);
    kuji_page_add_counts(page, (int)kuji_query_int(web, "count", 0));
    json_object_set_new(page->data, "reveal", kuji_page_reveal(page));
}

/* Why the link by which the reader came admits to no draw, as a notice; NULL:
 * it does. */
static const char *link_spent(kuji_page_t *page)
{
    const kuji_link_row_t *link = page->web->campaign->gates & KUJI_GATE_API
                                      ? kuji_identity_link(page->web)
                                      : NULL;

    if (!link) {
        return NULL;
    }
    return link->uses_left == 0 ? "link_used"
           : link->expired      ? "link_expired"
                                : NULL;
}

/* The way to LINE, where it is what is missing. */
static apr_status_t find_line(kuji_page_t *page, unsigned missing)
{
    const kuji_line_way_t way = {.slug = page->web->campaign->slug,
                                 .area = "k"};
    kuji_line_settings_t settings;
    kuji_act_t act;
    apr_status_t rv;

    if (!(missing & KUJI_GATE_LINE) || page->view->phase != KUJI_PHASE_OPEN) {
        return APR_SUCCESS;
    }
    kuji_page_act(&act, page->web);
    rv = kuji_line_settings(&settings, &act, 0, page->pool);
    if (rv == APR_SUCCESS || rv == KUJI_ENOTFOUND) {
        kuji_line_offer(page->data, page->web,
                        rv == APR_SUCCESS ? &settings.config : NULL, &way, 0);
        rv = APR_SUCCESS;
    }
    return rv;
}

/* The draw's form, or what comes before it: a link that only a program can
 * give, then an address to be confirmed. */
static void add_way_in(kuji_page_t *page, unsigned missing)
{
    const char *spent = missing & KUJI_GATE_API ? NULL : link_spent(page);

    if (missing & KUJI_GATE_API) {
        add_notice(page, "api");
    }
    else if (spent) {
        add_notice(page, spent);
    }
    else if (missing) {
        json_object_set_new(page->data, "missing", json_object());
        kuji_page_gates(json_object_get(page->data, "missing"), missing);
        if (missing == KUJI_GATE_PURCHASE) {
            kuji_purchase_add(page);
        }
    }
    else {
        add_form(page);
    }
}

void kuji_campaign_fill(kuji_page_t *page, unsigned missing)
{
    kuji_words_add_rules(page);
    if (page->view->phase != KUJI_PHASE_OPEN) {
        add_notice(page, kuji_phase_name(page->view->phase));
    }
    else {
        add_way_in(page, missing);
    }
}

int kuji_page_campaign(kuji_web_t *web)
{
    kuji_page_t page;
    apr_status_t rv;
    int done;

    if ((done = kuji_gates_arrive(web)) != DECLINED ||
        (done = kuji_page_open(&page, web)) != DECLINED) {
        return done;
    }
    if ((rv = kuji_page_read(&page)) != APR_SUCCESS) {
        return kuji_page_failure(&page, rv, "reading a campaign");
    }
    if (!web->r->header_only) {
        kuji_traffic_visit(web->process->traffic, web->campaign);
    }
    json_object_set_new(page.data, "mine", json_boolean(web->session != NULL));
    if ((rv = kuji_purchase_find(&page)) != APR_SUCCESS) {
        return kuji_page_failure(&page, rv, "looking for purchases");
    }
    if ((rv = find_line(&page, kuji_purchase_missing(&page))) != APR_SUCCESS) {
        return kuji_page_failure(&page, rv, "reading LINE's settings");
    }
    kuji_campaign_fill(&page, kuji_purchase_missing(&page));
    if (json_object_get(page.data, "can_draw") ||
        json_object_get(page.data, "missing")) {
        kuji_session_start(web);
    }
    return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_PRIVATE, "campaign");
}
