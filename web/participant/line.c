/* /login/line: off to LINE. A link (GET) leads there as well as a form (POST);
 * but only the form, which no other site can send, says that name and picture
 * may be kept.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/line.h"

#include "core/uri.h"
#include "web/consent.h"
#include "web/identity.h"
#include "web/request.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

const char *kuji_line_redirect_uri(kuji_web_t *web)
{
    return apr_pstrcat(web->r->pool,
                       kuji_is_https(web->r) ? "https://" : "http://",
                       web->tenant->host, web->prefix, KUJI_LINE_BACK, NULL);
}

int kuji_line_campaign(kuji_web_t *web, const char *slug)
{
    apr_status_t rv = kuji_cache_campaign(&web->campaign, web->process->cache,
                                          web->tenant, slug, web->r->pool);

    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "reading the campaign");
    }
    return web->campaign->gates & KUJI_GATE_LINE
               ? DECLINED
               : kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
}

/* The draw of a message's link, or NULL. */
static const char *draw_of(const char *draw)
{
    apr_size_t len = draw ? strlen(draw) : 0;

    return len >= 1 && len <= 15 && strspn(draw, "0123456789") == len ? draw
                                                                      : NULL;
}

int kuji_line_go_on(kuji_web_t *web, const char *draw)
{
    const char *page =
        apr_pstrcat(web->r->pool, "/k/", web->campaign->slug, NULL);

    return kuji_redirect(
        web,
        draw ? apr_pstrcat(web->r->pool, page, "/claims/", draw, NULL) : page);
}

/* GET /k/{slug}/line?draw=N, of a message: whoever is known goes straight to
 * the prize. */
int kuji_page_line_prize(kuji_web_t *web)
{
    const char *draw = draw_of(kuji_query_get(web, "draw"));
    const kuji_uri_pair_t pairs[] = {
        {"campaign", web->campaign->slug}, {"draw", draw}, {NULL, NULL}};

    if (!(web->campaign->gates & KUJI_GATE_LINE)) {
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    if (!(kuji_identity_missing(web) & KUJI_GATE_LINE)) {
        return kuji_line_go_on(web, draw);
    }
    return kuji_redirect(web,
                         apr_pstrcat(web->r->pool, KUJI_LINE_BEGIN "?",
                                     kuji_uri_form(pairs, web->r->pool), NULL));
}

/* Off to LINE, with what goes along. */
static int leave(kuji_web_t *web, const kuji_line_config_t *config,
                 const kuji_line_way_t *way, int again)
{
    kuji_line_begun_t begun;
    kuji_line_ask_t ask = {0};

    kuji_line_begin(&begun, web, way);
    ask.base = config->access;
    ask.channel = config->channel;
    ask.redirect_uri = kuji_line_redirect_uri(web);
    ask.state = begun.state;
    ask.words = &begun.words;
    ask.bot_prompt =
        strcmp(config->bot_prompt, "none") ? config->bot_prompt : NULL;
    ask.locale = strcmp(kuji_request_language(web), "en") ? "ja-JP" : "en-US";
    ask.profile = way->agreed || config->friendship;
    ask.no_auto_login = again;
    return kuji_redirect_away(web, kuji_line_authorize(&ask, web->r->pool));
}

/* DECLINED, or what was answered. */
static int open_way(kuji_line_settings_t *settings, kuji_web_t *web,
                    const char *slug)
{
    int done = slug ? kuji_line_campaign(web, slug)
                    : kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);

    return done == DECLINED ? kuji_line_read(settings, web, 0) : done;
}

int kuji_page_line(kuji_web_t *web)
{
    kuji_line_way_t way = {.draw = draw_of(kuji_query_get(web, "draw")),
                           .area = "k"};
    kuji_line_settings_t settings;
    int done = open_way(&settings, web, kuji_query_get(web, "campaign"));

    if (done != DECLINED) {
        return done;
    }
    way.slug = web->campaign->slug;
    return leave(web, &settings.config, &way,
                 kuji_query_get(web, "retry") != NULL);
}

/* What was ticked, kept for the way back; *changed: its words are others by
 * now. */
static apr_status_t read_box(kuji_line_way_t *way, int *changed,
                             kuji_web_t *web, const char *value)
{
    kuji_consents_t consents;
    char *hex;

    *changed = kuji_consents_read_profile(&consents, web, value) != NULL;
    if (*changed || consents.count == 0) {
        return APR_SUCCESS;
    }
    hex = apr_palloc(web->r->pool, 2 * KUJI_DIGEST_LEN + 1);
    way->agreed = sodium_bin2hex(hex, 2 * KUJI_DIGEST_LEN + 1,
                                 consents.digests[0], KUJI_DIGEST_LEN);
    return kuji_consents_keep(web, &consents);
}

static const char *area_of(const char *area)
{
    return area && strcmp(area, "liff") == 0 ? "liff" : "k";
}

int kuji_page_line_post(kuji_web_t *web)
{
    kuji_line_settings_t settings;
    kuji_line_way_t way = {.slug = NULL};
    const kuji_form_t *form;
    int done, changed = 0;
    apr_status_t rv = kuji_body_form(&form, web);

    if (rv != APR_SUCCESS) {
        return kuji_body_problem(web, rv, "the body must be a form");
    }
    done = open_way(&settings, web, kuji_form_get(form, "campaign"));
    if (done != DECLINED) {
        return done;
    }
    way.slug = web->campaign->slug;
    way.draw = draw_of(kuji_form_get(form, "draw"));
    way.area = area_of(kuji_form_get(form, "area"));
    if (settings.config.profile) {
        rv = read_box(&way, &changed, web, kuji_form_get(form, "profile"));
    }
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "keeping the words of a consent");
    }
    /* They are there to be read, beside an empty box. */
    return changed ? kuji_line_go_on(web, NULL)
                   : leave(web, &settings.config, &way,
                           kuji_form_get(form, "retry") != NULL);
}
