/* GET /liff, GET /liff/{slug}: the page that opens inside the LINE app. The SDK
 * asks for it twice: the endpoint URL as it is registered (with liff.state
 * where the link went on), then the campaign's. Neither is redirected nor
 * changed by us, and the query stays as it came. Whoever has no JavaScript or
 * another browser is led to the log-in on the web.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/liff.h"

#include "web/consent.h"
#include "web/participant/line.h"
#include "web/request.h"

#include <apr_strings.h>

static const char *session_path(const kuji_web_t *web, const char *app)
{
    return apr_pstrcat(web->r->pool, web->prefix, "/liff/session",
                       kuji_line_is_app(app) ? "?app=" : NULL, app, NULL);
}

/* What is told to others: the campaign, never what was drawn there. */
static void add_share(kuji_page_t *page, json_t *liff)
{
    kuji_web_t *web = page->web;
    json_t *data = json_pack("{s:s}", "title", web->campaign->manifest->title);
    const char *url = apr_pstrcat(
        page->pool, kuji_is_https(web->r) ? "https://" : "http://",
        web->tenant->host, web->prefix, "/k/", web->campaign->slug, NULL);

    json_object_set_new(
        liff, "share",
        json_sprintf("%s\n%s", kuji_render_text(web, "inapp.share_text", data),
                     url));
    json_decref(data);
}

/* The box for name and picture, once in a browser; who comes back to the menu
 * is in already. */
static void add_box(json_t *liff, kuji_web_t *web,
                    const kuji_line_config_t *config)
{
    json_t *box;

    if (config->profile && !kuji_query_get(web, "menu") &&
        !kuji_cookie_get(web, KUJI_LIFF_ASKED_COOKIE)) {
        box = kuji_consents_profile(web);
        json_object_set_new(box, "box", json_string("liff"));
        json_object_set_new(liff, "ask", box);
    }
}

static void add_campaign(kuji_page_t *page, json_t *liff,
                         const kuji_line_config_t *config)
{
    kuji_web_t *web = page->web;
    const kuji_line_way_t way = {.slug = web->campaign->slug, .area = "liff"};

    json_object_update_new(
        liff, json_pack("{s:s, s:s, s:b, s:b}", "slug", web->campaign->slug,
                        "once", kuji_liff_once(web), "scan",
                        (web->campaign->gates & KUJI_GATE_CODE) != 0, "menu",
                        kuji_query_get(web, "menu") != NULL));
    add_box(liff, web, config);
    add_share(page, liff);
    kuji_line_offer(page->data, web, config, &way, 0);
}

/* The endpoint URL itself is no campaign's. */
static int open_plain(kuji_page_t *page, kuji_line_settings_t *settings,
                      kuji_web_t *web)
{
    kuji_act_t act;
    apr_status_t rv;

    kuji_page_act(&act, web);
    rv = kuji_line_settings(settings, &act, 0, web->r->pool);
    if (rv == KUJI_ENOTFOUND || !web->process->render) {
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "reading LINE's settings");
    }
    page->web = web;
    page->pool = web->r->pool;
    page->data = json_object();
    return DECLINED;
}

static int open_page(kuji_page_t *page, kuji_line_settings_t *settings,
                     kuji_web_t *web)
{
    int done;

    if (!web->slug) {
        return open_plain(page, settings, web);
    }
    if ((done = kuji_line_campaign(web, web->slug)) != DECLINED ||
        (done = kuji_line_read(settings, web, 0)) != DECLINED) {
        return done;
    }
    return kuji_page_open(page, web);
}

static json_t *describe(kuji_page_t *page, const kuji_line_config_t *config)
{
    kuji_web_t *web = page->web;
    const char *app = kuji_query_get(web, "app");
    json_t *liff =
        json_pack("{s:s, s:s, s:s, s:s}", "id", kuji_line_liff(config, app),
                  "session", session_path(web, app), "home",
                  apr_pstrcat(page->pool, web->prefix, "/", NULL), "friend",
                  kuji_line_friend_url(config, page->pool));

    if (web->campaign) {
        add_campaign(page, liff, config);
    }
    return liff;
}

int kuji_page_liff(kuji_web_t *web)
{
    kuji_page_t page;
    kuji_line_settings_t settings;
    int done = open_page(&page, &settings, web);

    if (done != DECLINED) {
        return done;
    }
    web->policy = KUJI_POLICY_LIFF;
    json_object_set_new(page.data, "liff", describe(&page, &settings.config));
    return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_NO_STORE, "liff");
}
