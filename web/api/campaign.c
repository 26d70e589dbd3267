/* Making, changing, publishing and pausing a campaign.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/campaign.h"
#include "store/publish.h"
#include "web/letter.h"
#include "web/api/api.h"
#include "web/request.h"

#include <apr_strings.h>

static void forget(kuji_web_t *web)
{
    kuji_cache_forget(web->process->cache, web->tenant->id, web->slug);
}

int kuji_api_create(kuji_web_t *web)
{
    const char *uuid, *slug, *why = NULL;
    kuji_act_t act;
    json_t *doc;
    apr_status_t rv = kuji_body_json(&doc, &why, web, KUJI_JSON_MAX);

    if (rv) {
        return kuji_body_problem(web, rv, why);
    }
    kuji_api_act(&act, web);
    why = NULL;
    rv = kuji_campaign_create(&uuid, &why, &act, doc, web->r->pool);
    if (rv) {
        return kuji_api_failure(web, rv, why, "creating a campaign");
    }
    slug = json_string_value(json_object_get(doc, "slug"));
    apr_table_setn(web->r->headers_out, "Location",
                   apr_pstrcat(web->r->pool, web->prefix, "/api/v1/campaigns/",
                               slug, NULL));
    return kuji_send_json(web, HTTP_CREATED, KUJI_CACHE_NO_STORE,
                          json_pack("{s:s, s:s, s:i}", "campaign", slug, "uuid",
                                    uuid, "version", 1));
}

/* The version that the caller has read: If-Match: "3"; 0: malformed. Without
 * the header, whatever it is now. */
static apr_status_t wanted_version(int *version, kuji_web_t *web,
                                   const kuji_act_t *act)
{
    const char *header = apr_table_get(web->r->headers_in, "If-Match");
    const kuji_campaign_view_t *view;
    apr_status_t rv;

    if (header) {
        header += *header == '"';
        *version = strspn(header, "0123456789") > 9 ? 0 : atoi(header);
        return *version > 0 ? APR_SUCCESS : KUJI_ECONFLICT;
    }
    rv = kuji_campaign_get(&view, act, web->slug, web->r->pool);
    *version = rv ? 0 : view->version;
    return rv;
}

int kuji_api_patch(kuji_web_t *web)
{
    const char *why = NULL;
    kuji_act_t act;
    json_t *doc;
    int version;
    apr_status_t rv = kuji_body_json(&doc, &why, web, KUJI_JSON_MAX);

    if (rv) {
        return kuji_body_problem(web, rv, why);
    }
    kuji_api_act(&act, web);
    why = NULL;
    rv = wanted_version(&version, web, &act);
    if (!rv) {
        rv = kuji_campaign_patch(&version, &why, &act, web->slug, version, doc,
                                 web->r->pool);
    }
    if (rv) {
        return kuji_api_failure(web, rv, why, "changing a campaign");
    }
    forget(web);
    return kuji_send_json(
        web, HTTP_OK, KUJI_CACHE_NO_STORE,
        json_pack("{s:s, s:i}", "campaign", web->slug, "version", version));
}

int kuji_api_publish(kuji_web_t *web)
{
    const kuji_manifest_t *m;
    const char *why = NULL;
    kuji_act_t act;
    apr_status_t rv;

    kuji_api_act(&act, web);
    rv = kuji_publish(&m, &why, &act, web->slug, kuji_can_mail(web),
                      web->r->pool);
    if (rv) {
        return kuji_api_failure(web, rv, why, "publishing a campaign");
    }
    forget(web);
    return kuji_send_json(web, HTTP_OK, KUJI_CACHE_NO_STORE,
                          json_pack("{s:s, s:s, s:s*}", "campaign", web->slug,
                                    "manifest", m->bytes, "warning", why));
}

static int set_pause(kuji_web_t *web, int pause)
{
    const char *why = NULL;
    kuji_act_t act;
    apr_status_t rv;

    kuji_api_act(&act, web);
    rv = kuji_campaign_pause(&why, &act, web->slug, pause, web->r->pool);
    if (rv) {
        return kuji_api_failure(web, rv, why, "pausing a campaign");
    }
    forget(web);
    return kuji_send_json(
        web, HTTP_OK, KUJI_CACHE_NO_STORE,
        json_pack("{s:s, s:b}", "campaign", web->slug, "paused", pause));
}

int kuji_api_pause(kuji_web_t *web)
{
    return set_pause(web, 1);
}

int kuji_api_resume(kuji_web_t *web)
{
    return set_pause(web, 0);
}
