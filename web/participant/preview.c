/* The campaign's page before the world sees it, from its CONFIG alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/config.h"
#include "web/participant/words.h"

#include <string.h>

static apr_status_t release(void *doc)
{
    json_decref(doc);
    return APR_SUCCESS;
}

/* A manifest as it would be published today. */
static apr_status_t make_manifest(const kuji_manifest_t **m,
                                  const json_t *config, kuji_web_t *web,
                                  const kuji_campaign_view_t *view)
{
    const kuji_config_facts_t facts = {.campaign = view->uuid,
                                       .tenant = web->tenant->name,
                                       .host = web->tenant->host};
    json_t *doc = kuji_config_manifest(config, &facts);
    const char *why;
    apr_status_t rv =
        doc ? kuji_manifest_build(m, &why, doc, web->r->pool) : KUJI_ESTATE;

    json_decref(doc);
    return rv == APR_SUCCESS ? rv : KUJI_ESTATE;
}

/* The campaign that a participant's request would have found. */
static apr_status_t stand_in(kuji_campaign_t *c, kuji_web_t *web,
                             const kuji_campaign_view_t *view)
{
    c->config = json_loads(view->config, 0, NULL);
    if (!c->config) {
        return KUJI_EDATABASE;
    }
    apr_pool_cleanup_register(web->r->pool, c->config, release,
                              apr_pool_cleanup_null);
    c->id = view->id;
    c->uuid = view->uuid;
    c->tenant_id = web->tenant->id;
    c->slug = view->slug;
    c->status = KUJI_STATUS_PUBLISHED;
    c->gates = kuji_gates_of(c->config);
    c->time_zone = view->timezone;
    return make_manifest(&c->manifest, c->config, web, view);
}

int kuji_page_preview(kuji_web_t *web, const char *slug,
                      const kuji_looks_t *looks, const char *css)
{
    kuji_campaign_t *campaign = apr_pcalloc(web->r->pool, sizeof *campaign);
    const kuji_campaign_view_t *view;
    kuji_campaign_view_t open;
    kuji_page_t page;
    kuji_act_t act;
    apr_status_t rv;
    int done;

    kuji_page_act(&act, web);
    rv = kuji_campaign_get(&view, &act, slug, web->r->pool);
    if (rv == APR_SUCCESS) {
        rv = stand_in(campaign, web, view);
    }
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "previewing a campaign");
    }
    campaign->looks = looks;
    web->campaign = campaign;
    web->is_admin = 0; /* the participants' templates, their layout */
    if ((done = kuji_page_open(&page, web)) != DECLINED) {
        return done;
    }
    open = *view;
    open.phase = KUJI_PHASE_OPEN;
    kuji_page_show(&page, &open);
    kuji_campaign_fill(&page, 0);
    if (css) {
        json_object_set_new(page.data, "theme_css",
                            json_sprintf("%s%s", web->prefix, css));
    }
    web->policy = KUJI_POLICY_FRAMED;
    return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_NO_STORE, "campaign");
}
