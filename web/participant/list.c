/* GET /: the tenant's campaigns, those that are open first.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/page.h"

#include <apr_strings.h>

/* How long a campaign that is over stays on the list, ms. */
#define AFTERGLOW ((int64_t)30 * 86400 * 1000)

static json_t *booth(kuji_web_t *web, const kuji_campaign_view_t *v)
{
    apr_pool_t *pool = web->r->pool;
    const kuji_zone_t *zone = kuji_zone_load(v->timezone, pool);
    const char *phase = kuji_phase_name(v->phase);
    const char *label = apr_pstrcat(pool, "phase.", phase, NULL), *period;
    json_t *times = json_pack(
        "{s:{s:s}, s:{s:s}}", "opens", "text",
        kuji_zone_brief(zone, v->opens_at, web->language, pool), "closes",
        "text", kuji_zone_brief(zone, v->closes_at, web->language, pool));

    period = kuji_render_text(
        web, v->phase == KUJI_PHASE_BEFORE ? "list.from" : "list.until", times);
    json_decref(times);
    return json_pack("{s:s, s:s*, s:o, s:s, s:{s:s, s:s}}", "title", v->title,
                     "own_lang", kuji_render_lang(web, v->title), "href",
                     json_sprintf("%s/k/%s", web->prefix, v->slug), "period",
                     period, "phase", "name", phase, "label",
                     kuji_render_text(web, label, NULL));
}

/* 0 .. 2: the order of the list; -1: not on it. */
static int rank(const kuji_campaign_view_t *v)
{
    switch (v->phase) {
    case KUJI_PHASE_DRAFT:
        return -1;
    case KUJI_PHASE_BEFORE:
        return 1;
    case KUJI_PHASE_CLOSED:
        return v->now - v->closes_at < AFTERGLOW ? 2 : -1;
    default:
        return 0;
    }
}

int kuji_page_list(kuji_web_t *web)
{
    const kuji_campaign_view_t *views;
    json_t *list;
    kuji_act_t act;
    int count, i, wanted;
    apr_status_t rv;

    if (!web->process->render) {
        return kuji_problem(web, KUJI_PROBLEM_MAINTENANCE,
                            "this installation has no templates");
    }
    kuji_page_act(&act, web);
    rv = kuji_campaign_list(&views, &count, &act, web->r->pool);
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "listing campaigns");
    }
    list = json_array();
    for (wanted = 0; wanted < 3; wanted++) {
        for (i = 0; i < count; i++) {
            if (rank(&views[i]) == wanted) {
                json_array_append_new(list, booth(web, &views[i]));
            }
        }
    }
    return kuji_render_page(web, HTTP_OK, KUJI_CACHE_PRIVATE, "list",
                            json_pack("{s:b, s:o}", "campaigns_any",
                                      json_array_size(list) > 0, "campaigns",
                                      list));
}
