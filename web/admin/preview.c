/* The participants' page of a campaign as it is written now, drafts included.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/preview.h"
#include "web/admin/admin.h"
#include "web/participant/preview.h"

#include <apr_strings.h>

static const char *const phases[] = {"before", "open",  "paused",
                                     "closed", "rules", NULL};

static kuji_phase_e phase_of(const char *name)
{
    return !strcmp(name, "before")   ? KUJI_PHASE_BEFORE
           : !strcmp(name, "paused") ? KUJI_PHASE_PAUSED
           : !strcmp(name, "closed") ? KUJI_PHASE_CLOSED
                                     : KUJI_PHASE_OPEN;
}

/* The bar that leads from one phase to the next. */
static json_t *links_of(const kuji_desk_t *desk, const char *now)
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
    return json_pack(
        "{s:o, s:o}", "back",
        json_sprintf("%s/admin/campaigns/%s", web->prefix, desk->view->slug),
        "phases", list);
}

/* what->links is made here, so that a refusal leaves nothing behind. */
static int answer(kuji_desk_t *desk, kuji_preview_t *what, const char *now)
{
    kuji_web_t *web = desk->page.web;
    apr_status_t rv = kuji_console_looks(&what->looks, &what->css, web, 0);

    if (rv == APR_SUCCESS) {
        rv = kuji_preview_make(web, what);
    }
    if (rv == KUJI_ESTATE) {
        kuji_console_refuse(&desk->page, "admin.preview.nothing", NULL);
        return kuji_console_send(&desk->page, HTTP_CONFLICT, "refusal");
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk->page, rv, "previewing a campaign");
    }
    json_decref(desk->page.data);
    what->links = now ? links_of(desk, now) : NULL;
    return kuji_preview_send(web, what);
}

int kuji_console_preview_of(kuji_desk_t *desk, const json_t *config)
{
    kuji_preview_t what = {.view = desk->view,
                           .config = config,
                           .phase = KUJI_PHASE_OPEN,
                           .is_framed = 1};

    return answer(desk, &what, NULL);
}

int kuji_console_preview(kuji_web_t *web)
{
    const char *asked = kuji_query_get(web, "show");
    const char *const *now = phases + 1;
    kuji_preview_t what = {.view = NULL};
    kuji_desk_t desk;
    unsigned i;
    int done = kuji_desk_open(&desk, web, "overview");

    if (done != DECLINED) {
        return done;
    }
    for (i = 0; asked && phases[i]; i++) {
        now = strcmp(asked, phases[i]) ? now : &phases[i];
    }
    what.view = desk.view;
    what.config = desk.config;
    what.phase = phase_of(*now);
    what.is_rules = !strcmp(*now, "rules");
    return answer(&desk, &what, *now);
}
