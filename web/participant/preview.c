/* The campaign's page before the world sees it, from a CONFIG alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/preview.h"

#include "core/config.h"
#include "core/gates.h"
#include "web/participant/words.h"

#include <string.h>

/* A manifest as it would be published today. */
static apr_status_t make_manifest(const kuji_manifest_t **m, kuji_web_t *web,
                                  const kuji_preview_t *what)
{
    const kuji_config_facts_t facts = {.campaign = what->view->uuid,
                                       .tenant = web->tenant->name,
                                       .host = web->tenant->host};
    json_t *doc = kuji_config_manifest(what->config, &facts);
    const char *why;
    apr_status_t rv =
        doc ? kuji_manifest_build(m, &why, doc, web->r->pool) : KUJI_ESTATE;

    json_decref(doc);
    return rv == APR_SUCCESS ? rv : KUJI_ESTATE;
}

apr_status_t kuji_preview_make(kuji_web_t *web, const kuji_preview_t *what)
{
    kuji_campaign_t *c = apr_pcalloc(web->r->pool, sizeof *c);
    apr_status_t rv = make_manifest(&c->manifest, web, what);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    c->id = what->view->id;
    c->uuid = what->view->uuid;
    c->tenant_id = web->tenant->id;
    c->slug = what->view->slug;
    c->status = KUJI_STATUS_PUBLISHED;
    c->config = (json_t *)what->config;
    c->time_zone = c->manifest->timezone;
    c->gates = kuji_gates_of(what->config);
    c->looks = what->looks;
    web->campaign = c;
    return APR_SUCCESS;
}

int kuji_preview_send(kuji_web_t *web, const kuji_preview_t *what)
{
    kuji_campaign_view_t view = *what->view;
    kuji_page_t page;
    int done;

    web->is_admin = 0; /* the participants' templates, their layout */
    if ((done = kuji_page_open(&page, web)) != DECLINED) {
        json_decref(what->links);
        return done;
    }
    view.phase = what->phase;
    kuji_page_show(&page, &view);
    if (what->css) {
        json_object_set_new(page.data, "theme_css",
                            json_sprintf("%s%s", web->prefix, what->css));
    }
    if (what->links) {
        json_object_set_new(page.data, "preview", what->links);
    }
    if (what->is_framed) {
        web->policy = KUJI_POLICY_FRAMED;
    }
    if (what->is_rules) {
        kuji_rules_fill(&page);
        return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_NO_STORE, "rules");
    }
    kuji_campaign_fill(&page, 0);
    return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_NO_STORE, "campaign");
}
