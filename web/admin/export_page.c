/* GET /admin/campaigns/{slug}/exports: what can be taken out, with a filter and
 * an encoding.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/gates.h"
#include "store/export.h"
#include "web/admin/admin.h"

#include <apr_strings.h>

static const char *const encodings[] = {"utf-8-bom", "cp932", "utf-8", NULL};
static const char *const claim_states[] = {"won",      "claimed",   "shipped",
                                           "redeemed", "delivered", "expired",
                                           "void",     NULL};
static const char *const pay_states[] = {
    "unknown",         "waiting",  "authorized", "captured",
    "partly_refunded", "refunded", "voided",     "cancelled",
    "expired",         "failed",   NULL};
static const char *const code_states[] = {"unused", "partly", "used", NULL};

static json_t *choices(kuji_web_t *web, const char *const *values,
                       const char *labels)
{
    json_t *list = json_array();

    for (; *values; values++) {
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "value", *values, "label",
                            kuji_render_text(web,
                                             apr_pstrcat(web->r->pool, labels,
                                                         ".", *values, NULL),
                                             NULL)));
    }
    return list;
}

static json_t *prizes(const kuji_campaign_view_t *campaign)
{
    json_t *list = json_array();
    int i;

    for (i = 0; i < campaign->nprizes; i++) {
        json_array_append_new(list, json_pack("{s:s, s:s}", "value",
                                              campaign->prizes[i].code, "label",
                                              campaign->prizes[i].name));
    }
    return list;
}

static json_t *states(kuji_web_t *web, kuji_dataset_e what)
{
    return what == KUJI_DATASET_CODES
               ? choices(web, code_states, "admin.export.code_state")
           : what == KUJI_DATASET_PAYMENTS
               ? choices(web, pay_states, "admin.payments.state")
               : choices(web, claim_states, "admin.export.claim_state");
}

/* One card: a form whose two buttons name the file. */
static json_t *card(const kuji_console_page_t *page,
                    const kuji_campaign_view_t *campaign, kuji_dataset_e what)
{
    kuji_web_t *web = page->web;
    const char *name = kuji_dataset_name(what);
    const char *base = apr_pstrcat(page->pool, "/admin/campaigns/",
                                   campaign->slug, "/exports/", name, NULL);
    const char *text = apr_pstrcat(page->pool, "admin.export.", name, NULL);
    int codes = what == KUJI_DATASET_CODES;
    json_t *object =
        json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "name", name, "title",
                  kuji_render_text(
                      web, apr_pstrcat(page->pool, text, ".title", NULL), NULL),
                  "text",
                  kuji_render_text(
                      web, apr_pstrcat(page->pool, text, ".text", NULL), NULL),
                  "csv", json_sprintf("%s%s.csv", web->prefix, base), "jsonl",
                  json_sprintf("%s%s.jsonl", web->prefix, base), "encodings",
                  choices(web, encodings, "admin.export.encoding"));

    if (!codes) {
        json_object_set_new(object, "period", json_true());
    }
    if (!codes && what != KUJI_DATASET_PAYMENTS) {
        json_object_set_new(object, "prize",
                            json_pack("{s:o}", "options", prizes(campaign)));
    }
    if (what != KUJI_DATASET_DRAWS) {
        json_object_set_new(object, "state",
                            json_pack("{s:o}", "options", states(web, what)));
    }
    json_object_set_new(object, "personal",
                        json_boolean(what == KUJI_DATASET_CLAIMS));
    return object;
}

static int sells(const kuji_campaign_view_t *campaign)
{
    json_t *config = json_loads(campaign->config, 0, NULL);
    int found = (kuji_gates_of(config) & KUJI_GATE_PURCHASE) != 0;

    json_decref(config);
    return found;
}

/* Cards lead only where the admin may go, and where there is something. */
static json_t *cards(const kuji_console_page_t *page,
                     const kuji_campaign_view_t *campaign)
{
    json_t *list = json_array();
    const char *path;
    int what,
        last = sells(campaign) ? KUJI_DATASET_PAYMENTS : KUJI_DATASET_CODES;

    for (what = KUJI_DATASET_DRAWS; what <= last; what++) {
        path = apr_pstrcat(page->pool, "/admin/campaigns/", campaign->slug,
                           "/exports/", kuji_dataset_name((kuji_dataset_e)what),
                           ".csv", NULL);
        if (kuji_route_roles(path) & page->web->admin->role_bit) {
            json_array_append_new(list,
                                  card(page, campaign, (kuji_dataset_e)what));
        }
    }
    return list;
}

int kuji_console_exports(kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    const kuji_campaign_view_t *campaign;
    kuji_console_page_t page;
    apr_status_t rv;
    int done = kuji_console_open(&page, web, "files");

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_campaign_get(&campaign, &act, web->slug, page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&page, rv, "reading the campaign");
    }
    kuji_console_campaign(&page, campaign);
    json_object_set_new(page.data, "cards", cards(&page, campaign));
    return kuji_console_send(&page, HTTP_OK, "exports");
}
