/* The participants' page of a campaign as it is written now, drafts included.
 * Nothing can be drawn on it: its button is shut, and the campaign it shows is
 * made for this answer alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"
#include "web/participant/words.h"

#include "core/config.h"
#include "core/gates.h"

#include <apr_strings.h>

static const char *const phases[] = {"before", "open",  "paused",
                                     "closed", "rules", NULL};

/* The campaign that a participant's request would have found. */
static kuji_campaign_t *stand_in(kuji_desk_t *desk, const char **why)
{
    kuji_web_t *web = desk->page.web;
    kuji_config_facts_t facts = {.campaign = desk->view->uuid,
                                 .tenant = web->tenant->name,
                                 .host = web->tenant->host};
    kuji_campaign_t *c = apr_pcalloc(desk->page.pool, sizeof *c);
    json_t *doc = kuji_config_manifest(desk->config, &facts);
    apr_status_t rv =
        kuji_manifest_build(&c->manifest, why, doc, desk->page.pool);

    json_decref(doc);
    if (rv != APR_SUCCESS) {
        return NULL;
    }
    c->id = desk->view->id;
    c->uuid = desk->view->uuid;
    c->tenant_id = web->tenant->id;
    c->slug = desk->view->slug;
    c->status = KUJI_STATUS_PUBLISHED;
    c->config = (json_t *)desk->config;
    c->time_zone = c->manifest->timezone;
    c->gates = kuji_gates_of(desk->config);
    return c;
}

static kuji_phase_e phase_of(const char *name)
{
    return !strcmp(name, "before")   ? KUJI_PHASE_BEFORE
           : !strcmp(name, "paused") ? KUJI_PHASE_PAUSED
           : !strcmp(name, "closed") ? KUJI_PHASE_CLOSED
                                     : KUJI_PHASE_OPEN;
}

static void add_preview(kuji_desk_t *desk, json_t *data, const char *now)
{
    kuji_web_t *web = desk->page.web;
    json_t *list = json_array();
    const char *const *phase, *label;

    for (phase = phases; *phase; phase++) {
        label = apr_pstrcat(desk->page.pool, "preview.", *phase, NULL);
        json_array_append_new(
            list, json_pack("{s:o, s:s, s:b}", "href",
                            json_sprintf("?show=%s", *phase), "label",
                            kuji_render_text(web, label, NULL), "here",
                            !strcmp(*phase, now)));
    }
    json_object_set_new(data, "preview",
                        json_pack("{s:o, s:o}", "back",
                                  json_sprintf("%s/admin/campaigns/%s",
                                               web->prefix, desk->view->slug),
                                  "phases", list));
}

static int send_page(kuji_desk_t *desk, const char *now)
{
    kuji_web_t *web = desk->page.web;
    kuji_campaign_view_t view = *desk->view;
    int rules = !strcmp(now, "rules");
    kuji_page_t page;
    int done = kuji_page_open(&page, web);

    if (done != DECLINED) {
        return done;
    }
    view.phase = phase_of(now);
    kuji_page_show(&page, &view);
    add_preview(desk, page.data, now);
    if (rules) {
        kuji_rules_fill(&page);
        return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_NO_STORE, "rules");
    }
    kuji_campaign_fill(&page, 0);
    return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_NO_STORE, "campaign");
}

int kuji_console_preview(kuji_web_t *web)
{
    const char *asked = kuji_query_get(web, "show"), *why = NULL;
    const char *const *now = phases + 1;
    kuji_desk_t desk;
    unsigned i;
    int done = kuji_desk_open(&desk, web, "overview");

    if (done != DECLINED) {
        return done;
    }
    for (i = 0; asked && phases[i]; i++) {
        now = strcmp(asked, phases[i]) ? now : &phases[i];
    }
    web->campaign = stand_in(&desk, &why);
    if (!web->campaign) {
        kuji_console_refuse(&desk.page, "admin.preview.nothing", NULL);
        return kuji_console_send(&desk.page, HTTP_CONFLICT, "refusal");
    }
    json_decref(desk.page.data);
    web->is_admin = 0; /* the participants' templates, their layout */
    return send_page(&desk, *now);
}
