/* POST /liff/session: {"campaign", "once", "id_token", "access_token"?,
 * "agreed"?: value of the box for name and picture, where it is ticked}. What
 * LINE signed is checked here, with LINE's public keys; nothing else that the
 * page says of its reader counts. {"outcome", "next"?} comes back.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/liff.h"
#include "web/consent.h"
#include "web/participant/liff.h"
#include "web/participant/line.h"
#include "web/participant/line_enter.h"
#include "web/request.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define BODY_MAX (16 * 1024)
/** LIFF's tokens live for an hour; an older one is none of a page just opened.
 */
#define TOKEN_SECONDS 3600
/** The box for name and picture comes back after a pass's time. */
#define ASKED_SECONDS (30 * 86400)

typedef struct asked_t {
    const char *campaign, *once, *id_token;
    const char *access; /* NULL: none */
    const char *agreed; /* value of a ticked box; NULL: it is not */
} asked_t;

static int answer(kuji_web_t *web, int status, const char *outcome,
                  const char *next)
{
    return kuji_send_json(
        web, status, KUJI_CACHE_NO_STORE,
        json_pack("{s:s, s:s*}", "outcome", outcome, "next", next));
}

static const char *word(const json_t *doc, const char *name)
{
    return json_string_value(json_object_get(doc, name));
}

/* DECLINED, or what was sent. */
static int read_body(asked_t *asked, kuji_web_t *web)
{
    const char *why;
    json_t *doc;
    apr_status_t rv = kuji_body_json(&doc, &why, web, BODY_MAX);

    if (rv != APR_SUCCESS) {
        return kuji_body_problem(web, rv, why);
    }
    asked->campaign = word(doc, "campaign");
    asked->once = word(doc, "once");
    asked->id_token = word(doc, "id_token");
    asked->access = word(doc, "access_token");
    asked->agreed = word(doc, "agreed");
    return asked->campaign && asked->once && asked->id_token
               ? DECLINED
               : kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                              "campaign, once and id_token are needed");
}

static apr_status_t settings_of(kuji_line_settings_t *settings, kuji_web_t *web)
{
    kuji_act_t act;

    kuji_page_act(&act, web);
    return kuji_line_settings(settings, &act, 0, web->r->pool);
}

/* Random enough to need no key. */
static void hash(unsigned char out[KUJI_DIGEST_LEN], const char *text)
{
    unsigned char whole[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(whole, (const unsigned char *)text, strlen(text));
    memcpy(out, whole, KUJI_DIGEST_LEN);
}

/* The token's text up to its signature: an ECDSA signature has a twin that
 * holds as well. */
static void hash_token(unsigned char out[KUJI_DIGEST_LEN], const char *token,
                       apr_pool_t *pool)
{
    const char *dot = strrchr(token, '.');

    hash(out, apr_pstrmemdup(pool, token, dot ? (apr_size_t)(dot - token) : 0));
}

static apr_status_t show(const asked_t *asked, int64_t once_expires,
                         kuji_web_t *web)
{
    kuji_liff_shown_t shown = {.once_expires = once_expires};
    kuji_act_t act;

    hash(shown.once, asked->once);
    hash_token(shown.token, asked->id_token, web->r->pool);
    hash(shown.browser, web->session->id);
    shown.token_expires =
        apr_time_as_msec(web->r->request_time) +
        (int64_t)1000 * (2 * TOKEN_SECONDS + 2 * KUJI_JWT_SKEW);
    kuji_page_act(&act, web);
    return kuji_liff_show(&shown, &act, web->r->pool);
}

static kuji_line_end_e find_out_who(kuji_line_visit_t *visit,
                                    const asked_t *asked)
{
    const char *audiences[KUJI_LINE_AUDIENCES + 1];
    const kuji_jwt_expect_t expect = {
        .issuer = KUJI_LINE_ISSUER,
        .audiences = audiences,
        .now = apr_time_sec(visit->web->r->request_time),
        .longest = TOKEN_SECONDS};

    kuji_line_audiences(audiences, &visit->settings->config);
    visit->channel.secret = NULL; /* LIFF's tokens are ES256, and no other */
    return kuji_line_identify(&visit->person.subject, &visit->why,
                              visit->web->process->line, &visit->channel,
                              asked->id_token, &expect, visit->web->r->pool);
}

/* The access token, where one is needed: live, and one of our channels'. */
static kuji_line_end_e take_access(kuji_line_visit_t *visit,
                                   const asked_t *asked)
{
    const kuji_line_config_t *config = &visit->settings->config;
    const char *audiences[KUJI_LINE_AUDIENCES + 1];
    kuji_line_end_e end = KUJI_LINE_DONE;
    int i;

    if (!asked->access || (!config->friendship && visit->given.count == 0)) {
        return KUJI_LINE_DONE;
    }
    kuji_line_audiences(audiences, config);
    for (i = 0; audiences[i]; i++) {
        visit->channel.id = audiences[i];
        end = kuji_line_check_access(&visit->why, visit->web->process->line,
                                     &visit->channel, asked->access,
                                     visit->web->r->pool);
        if (end != KUJI_LINE_REFUSED) {
            break;
        }
    }
    visit->access = asked->access;
    return end == KUJI_LINE_DONE ? kuji_line_look_closer(visit) : end;
}

static int went_wrong(kuji_web_t *web, kuji_line_end_e end, const char *why)
{
    kuji_line_log(web, end, why);
    return end == KUJI_LINE_AWAY
               ? answer(web, HTTP_SERVICE_UNAVAILABLE, "away", NULL)
               : answer(web, HTTP_BAD_REQUEST, "refused", NULL);
}

/* Words that are others by now were not read: nothing was agreed to. */
static apr_status_t agree(kuji_line_visit_t *visit, const asked_t *asked)
{
    kuji_consents_t consents = {0};
    apr_status_t rv = APR_SUCCESS;

    (void)kuji_consents_read_profile(&consents, visit->web, asked->agreed);
    if (consents.count > 0) {
        rv = kuji_consents_keep(visit->web, &consents);
        kuji_line_agree(visit, consents.digests[0], "liff");
    }
    return rv;
}

/* This browser is LINE's: the campaign's pages lead back to what only works
 * there (page.c). */
static void remember(kuji_web_t *web)
{
    const char *app = kuji_query_get(web, "app");
    const char *more = kuji_is_https(web->r)
                           ? "; HttpOnly; SameSite=Lax; Secure"
                           : "; HttpOnly; SameSite=Lax";

    apr_table_addn(
        web->r->err_headers_out, "Set-Cookie",
        apr_psprintf(web->r->pool, KUJI_PAGE_LIFF_COOKIE "=%s; Path=%s/k%s",
                     kuji_line_is_app(app) ? app : "login", web->prefix, more));
    apr_table_addn(
        web->r->err_headers_out, "Set-Cookie",
        apr_psprintf(web->r->pool,
                     KUJI_LIFF_ASKED_COOKIE "=1; Max-Age=%d; Path=%s/liff/%s%s",
                     ASKED_SECONDS, web->prefix, web->campaign->slug, more));
}

static int let_in(kuji_line_visit_t *visit)
{
    kuji_web_t *web = visit->web;
    apr_status_t rv;

    if (!kuji_line_is_welcome(visit)) {
        return answer(web, HTTP_FORBIDDEN, "friend", NULL);
    }
    rv = kuji_line_enter(visit);
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "keeping who came by LIFF");
    }
    remember(web);
    return answer(web, HTTP_OK, "ready",
                  apr_pstrcat(web->r->pool, web->prefix, "/k/",
                              web->campaign->slug, NULL));
}

static int meet(kuji_web_t *web, const asked_t *asked, int64_t once_expires)
{
    kuji_line_settings_t settings;
    kuji_line_visit_t visit;
    kuji_line_end_e end;
    apr_status_t rv = settings_of(&settings, web);

    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "reading LINE's settings");
    }
    kuji_line_visit(&visit, web, &settings);
    if ((end = find_out_who(&visit, asked)) != KUJI_LINE_DONE) {
        return went_wrong(web, end, visit.why);
    }
    rv = show(asked, once_expires, web);
    if (rv == KUJI_ECONFLICT || rv == KUJI_EVERIFY) {
        kuji_line_log(web, KUJI_LINE_REFUSED,
                      rv == KUJI_ECONFLICT
                          ? "a page's value comes a second time"
                          : "an ID token was shown by another browser");
        return answer(web, HTTP_CONFLICT,
                      rv == KUJI_ECONFLICT ? "used" : "refused", NULL);
    }
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "keeping what LIFF has shown");
    }
    if ((rv = agree(&visit, asked)) != APR_SUCCESS) {
        return kuji_failure(web, rv, "keeping the words of a consent");
    }
    end = take_access(&visit, asked);
    return end == KUJI_LINE_DONE ? let_in(&visit)
                                 : went_wrong(web, end, visit.why);
}

int kuji_page_liff_session(kuji_web_t *web)
{
    asked_t asked = {.campaign = NULL};
    int64_t once_expires;
    int done = read_body(&asked, web);

    if (done != DECLINED ||
        (done = kuji_line_campaign(web, asked.campaign)) != DECLINED) {
        return done;
    }
    return kuji_liff_once_fits(&once_expires, asked.once, web)
               ? meet(web, &asked, once_expires)
               : answer(web, HTTP_CONFLICT, "used", NULL);
}
