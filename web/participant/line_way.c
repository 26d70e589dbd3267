/* The way to LINE, as pages offer it, and what they say of how it went.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/line.h"

#include "core/uri.h"
#include "web/consent.h"

#include <apr_strings.h>
#include <string.h>

static const char *link_of(kuji_web_t *web, const kuji_line_way_t *way,
                           int again)
{
    const kuji_uri_pair_t pairs[] = {{"campaign", way->slug},
                                     {"draw", way->draw},
                                     {"retry", again ? "1" : NULL},
                                     {NULL, NULL}};

    return apr_pstrcat(web->r->pool, web->prefix, KUJI_LINE_BEGIN "?",
                       kuji_uri_form(pairs, web->r->pool), NULL);
}

/* LINE leads on from one address of its own to another, all by HTTPS. */
static void let_lead(kuji_web_t *web, const kuji_line_config_t *config)
{
    kuji_policy_form(web, strncmp(config->access, "https:", 6) == 0
                              ? "https:"
                              : config->access);
}

void kuji_line_offer(json_t *data, kuji_web_t *web,
                     const kuji_line_config_t *config,
                     const kuji_line_way_t *way, int again)
{
    json_t *offer = json_pack(
        "{s:s, s:s, s:s, s:s, s:s*, s:b, s:s}", "href",
        link_of(web, way, again), "action",
        apr_pstrcat(web->r->pool, web->prefix, KUJI_LINE_BEGIN, NULL), "slug",
        way->slug, "area", way->area, "for_n", way->draw, "again", again,
        "label",
        kuji_render_text(web, again ? "line.again" : "line.login", NULL));
    json_t *box;

    if (config && config->profile) {
        box = kuji_consents_profile(web);
        json_object_update_new(box,
                               json_pack("{s:b, s:s}", "given",
                                         way->agreed != NULL, "box", "line"));
        json_object_set_new(offer, "profile", box);
        let_lead(web, config);
    }
    json_object_set_new(data, "line_login", offer);
}

/* Where the settings cannot be read the way is a plain link. */
static void add_again(kuji_page_t *page, const kuji_line_way_t *way)
{
    kuji_line_settings_t settings;
    kuji_act_t act;
    int known;

    kuji_page_act(&act, page->web);
    known = kuji_line_settings(&settings, &act, 0, page->pool) == APR_SUCCESS;
    kuji_line_offer(page->data, page->web, known ? &settings.config : NULL, way,
                    1);
}

int kuji_line_say(kuji_web_t *web, int status, const char *what,
                  const kuji_line_way_t *again)
{
    kuji_page_t page;
    int done = kuji_page_open(&page, web);

    if (done != DECLINED) {
        return done;
    }
    json_object_set_new(page.data, "line", json_pack("{s:b}", what, 1));
    if (again) {
        add_again(&page, again);
    }
    /* LINE's answer is good once: in the other language one begins anew. */
    json_object_set_new(
        page.data, "lang_href",
        json_sprintf("%s/k/%s?lang=%s", web->prefix, web->campaign->slug,
                     strcmp(web->language, "en") ? "en" : "ja"));
    return kuji_page_send(&page, status, KUJI_CACHE_NO_STORE, "line");
}

int kuji_line_read(kuji_line_settings_t *settings, kuji_web_t *web,
                   int with_secret)
{
    kuji_act_t act;
    apr_status_t rv;

    kuji_page_act(&act, web);
    rv = kuji_line_settings(settings, &act, with_secret, web->r->pool);
    if (rv == KUJI_ENOTFOUND) {
        return kuji_line_say(web, HTTP_SERVICE_UNAVAILABLE, "unset", NULL);
    }
    return rv == APR_SUCCESS ? DECLINED
                             : kuji_failure(web, rv, "reading LINE's settings");
}
