/* GET /login/line?campaign=SLUG: off to LINE. GET /login/line/callback: back
 * from there. Whatever goes wrong on the way, the campaign is still there, and
 * so is a code that came by a link (participant/arrive.c keeps it).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/line.h"

#include "core/uri.h"
#include "web/identity.h"
#include "web/participant/line_enter.h"
#include "web/request.h"
#include "web/tries.h"

#include <apr_strings.h>
#include <string.h>

/* Each answer that says it has a code is a call of LINE's, and LINE takes so
 * many of a channel's and no more. */
static const kuji_throttle_rule_t person = {"line", 20, 5000};
static const kuji_throttle_rule_t network = {"line-network", 600, 100};

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

static const char *begin_path(const kuji_web_t *web)
{
    const kuji_uri_pair_t pairs[] = {
        {"campaign", web->campaign->slug}, {"retry", "1"}, {NULL, NULL}};

    return apr_pstrcat(web->r->pool, web->prefix, KUJI_LINE_BEGIN "?",
                       kuji_uri_form(pairs, web->r->pool), NULL);
}

int kuji_line_say(kuji_web_t *web, int status, const char *what, int again)
{
    kuji_page_t page;
    int done = kuji_page_open(&page, web);

    if (done != DECLINED) {
        return done;
    }
    json_object_update_new(page.data,
                           json_pack("{s:{s:b}, s:s*}", "line", what, 1,
                                     "again", again ? begin_path(web) : NULL));
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
        return kuji_line_say(web, HTTP_SERVICE_UNAVAILABLE, "unset", 0);
    }
    return rv == APR_SUCCESS ? DECLINED
                             : kuji_failure(web, rv, "reading LINE's settings");
}

/* The draw of a message's link, or NULL. */
static const char *draw_of(kuji_web_t *web)
{
    const char *draw = kuji_query_get(web, "draw");
    apr_size_t len = draw ? strlen(draw) : 0;

    return len >= 1 && len <= 15 && strspn(draw, "0123456789") == len ? draw
                                                                      : NULL;
}

static int go_on(kuji_web_t *web, const char *draw)
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
    const char *draw = draw_of(web);
    const kuji_uri_pair_t pairs[] = {
        {"campaign", web->campaign->slug}, {"draw", draw}, {NULL, NULL}};

    if (!(web->campaign->gates & KUJI_GATE_LINE)) {
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    if (!(kuji_identity_missing(web) & KUJI_GATE_LINE)) {
        return go_on(web, draw);
    }
    return kuji_redirect(web,
                         apr_pstrcat(web->r->pool, KUJI_LINE_BEGIN "?",
                                     kuji_uri_form(pairs, web->r->pool), NULL));
}

int kuji_page_line(kuji_web_t *web)
{
    const char *slug = kuji_query_get(web, "campaign"), *url;
    const char *retry = kuji_query_get(web, "retry");
    kuji_line_settings_t settings;
    kuji_line_begun_t begun;
    kuji_line_ask_t ask = {0};
    int done;

    if (!slug) {
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    if ((done = kuji_line_campaign(web, slug)) != DECLINED ||
        (done = kuji_line_read(&settings, web, 0)) != DECLINED) {
        return done;
    }
    kuji_line_begin(&begun, web, web->campaign->slug, draw_of(web));
    ask.base = settings.config.access;
    ask.channel = settings.config.channel;
    ask.redirect_uri = kuji_line_redirect_uri(web);
    ask.state = begun.state;
    ask.words = &begun.words;
    ask.bot_prompt = strcmp(settings.config.bot_prompt, "none")
                         ? settings.config.bot_prompt
                         : NULL;
    ask.locale = strcmp(kuji_request_language(web), "en") ? "ja-JP" : "en-US";
    ask.profile = settings.config.profile || settings.config.friendship;
    ask.no_auto_login = retry != NULL;
    url = kuji_line_authorize(&ask, web->r->pool);
    return kuji_redirect_away(web, url);
}

static int went_wrong(kuji_web_t *web, kuji_line_end_e end, const char *why)
{
    kuji_line_log(web, end, why);
    return end == KUJI_LINE_AWAY
               ? kuji_line_say(web, HTTP_SERVICE_UNAVAILABLE, "away", 1)
               : kuji_line_say(web, HTTP_BAD_REQUEST, "refused", 1);
}

static kuji_line_end_e find_out_who(kuji_line_visit_t *visit, const char *code,
                                    const kuji_line_words_t *words)
{
    kuji_web_t *web = visit->web;
    const char *audiences[] = {visit->channel.id, NULL};
    const kuji_jwt_expect_t expect = {.issuer = KUJI_LINE_ISSUER,
                                      .audiences = audiences,
                                      .nonce = words->nonce,
                                      .now =
                                          apr_time_sec(web->r->request_time)};
    kuji_line_tokens_t tokens = {NULL, ""};
    kuji_line_end_e end = kuji_line_exchange(
        &tokens, &visit->why, web->process->line, &visit->channel, code,
        kuji_line_redirect_uri(web), words->verifier, web->r->pool);

    visit->access = tokens.access;
    if (end == KUJI_LINE_DONE) {
        end = kuji_line_identify(&visit->person.subject, &visit->why,
                                 web->process->line, &visit->channel, tokens.id,
                                 &expect, web->r->pool);
    }
    return end;
}

static int exchange(kuji_web_t *web, const kuji_line_begun_t *begun)
{
    kuji_line_settings_t settings;
    kuji_line_visit_t visit;
    kuji_line_end_e end;
    const char *why;
    apr_status_t rv;
    int wait = kuji_tries_take(web, &person, &network), done;

    if (wait) {
        return kuji_tries_refuse(web, wait);
    }
    if ((done = kuji_line_read(&settings, web, 1)) != DECLINED) {
        return done;
    }
    kuji_line_visit(&visit, web, &settings);
    end = find_out_who(&visit, kuji_query_get(web, "code"), &begun->words);
    if (end == KUJI_LINE_DONE) {
        end = kuji_line_look_closer(&visit);
    }
    /* Nothing more is asked with it; that it could not be given back changes
     * nothing for who stands here. */
    if (visit.access) {
        (void)kuji_line_revoke(&why, web->process->line, &visit.channel,
                               visit.access, web->r->pool);
    }
    if (end != KUJI_LINE_DONE) {
        return went_wrong(web, end, visit.why);
    }
    if (!kuji_line_is_welcome(&visit)) {
        return kuji_line_say(web, HTTP_FORBIDDEN, "friend", 1);
    }
    rv = kuji_line_enter(&visit);
    return rv == APR_SUCCESS
               ? go_on(web, begun->draw)
               : kuji_failure(web, rv, "keeping who came by LINE");
}

int kuji_page_line_back(kuji_web_t *web)
{
    kuji_line_begun_t begun = {.state = NULL};
    kuji_line_back_e back;
    int done;

    if (!kuji_line_begun(&begun, web)) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                            "no log-in was begun in this browser");
    }
    if ((done = kuji_line_campaign(web, begun.slug)) != DECLINED) {
        return done;
    }
    back = kuji_line_back(kuji_query_get(web, "state"),
                          kuji_query_get(web, "code"),
                          kuji_query_get(web, "error"), begun.state);
    if (back == KUJI_LINE_BACK_FOREIGN) {
        /* The log-in at hand stays good: this may be another one's answer. */
        return kuji_line_say(web, HTTP_BAD_REQUEST, "foreign", 1);
    }
    kuji_line_forget(web);
    switch (back) {
    case KUJI_LINE_BACK_CODE:
        return exchange(web, &begun);
    case KUJI_LINE_BACK_DENIED:
        return kuji_line_say(web, HTTP_FORBIDDEN, "denied", 1);
    default:
        return kuji_line_say(web, HTTP_BAD_REQUEST, "refused", 1);
    }
}
