/* GET /api/v1/campaigns and /api/v1/campaigns/{slug}: public state.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/campaign.h"
#include "web/api/api.h"

static json_t *summary_json(const kuji_campaign_view_t *view)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:i}", "slug",
                     view->slug, "title", view->title, "method",
                     kuji_method_name(view->method), "phase",
                     kuji_phase_name(view->phase), "timezone", view->timezone,
                     "opens_at", (json_int_t)view->opens_at, "closes_at",
                     (json_int_t)view->closes_at, "version", view->version);
}

static json_t *state_json(const kuji_campaign_view_t *view)
{
    json_t *doc = summary_json(view);

    json_object_set_new(doc, "now", json_integer(view->now));
    json_object_set_new(doc, "draws", json_integer(view->draws));
    json_object_set_new(doc, "leaves", json_integer(view->size));
    if (view->blanks_left >= 0) {
        json_object_set_new(doc, "blanks_left",
                            json_integer(view->blanks_left));
    }
    json_object_set_new(doc, "prizes", kuji_campaign_prizes_json(view));
    return doc;
}

int kuji_api_state(kuji_web_t *web)
{
    const kuji_campaign_view_t *view;
    kuji_act_t act;
    apr_status_t rv;

    kuji_api_act(&act, web);
    rv = kuji_campaign_get(&view, &act, web->slug, web->r->pool);
    /* A draft is its authors' alone. */
    if (!rv && view->phase == KUJI_PHASE_DRAFT &&
        !(web->token->scopes & KUJI_SCOPE_WRITE)) {
        rv = KUJI_ENOTFOUND;
    }
    if (rv) {
        return kuji_failure(web, rv, "reading a campaign");
    }
    return kuji_send_json(web, HTTP_OK, KUJI_CACHE_NO_STORE, state_json(view));
}

int kuji_api_list(kuji_web_t *web)
{
    const kuji_campaign_view_t *views;
    kuji_act_t act;
    json_t *list;
    int count, i;
    apr_status_t rv;

    kuji_api_act(&act, web);
    rv = kuji_campaign_list(&views, &count, &act, web->r->pool);
    if (rv) {
        return kuji_failure(web, rv, "listing campaigns");
    }
    list = json_array();
    for (i = 0; i < count; i++) {
        if (views[i].phase != KUJI_PHASE_DRAFT ||
            (web->token->scopes & KUJI_SCOPE_WRITE)) {
            json_array_append_new(list, summary_json(&views[i]));
        }
    }
    return kuji_send_json(web, HTTP_OK, KUJI_CACHE_NO_STORE,
                          json_pack("{s:o}", "campaigns", list));
}
