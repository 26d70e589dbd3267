/* GET /login/line/callback: back from LINE. Whatever went wrong on the way, the
 * campaign is still there, and so is a code that came by a link
 * (participant/arrive.c keeps it), the prize that a message led to, and what
 * was agreed to.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/line.h"
#include "web/participant/line_enter.h"
#include "web/request.h"
#include "web/tries.h"

#include <sodium.h>
#include <string.h>

/* Each answer that says it has a code is a call of LINE's, and LINE takes so
 * many of a channel's and no more. */
static const kuji_throttle_rule_t person = {"line", 20, 5000};
static const kuji_throttle_rule_t network = {"line-network", 600, 100};

static int went_wrong(kuji_web_t *web, kuji_line_end_e end, const char *why,
                      const kuji_line_way_t *way)
{
    kuji_line_log(web, end, why);
    return end == KUJI_LINE_AWAY
               ? kuji_line_say(web, HTTP_SERVICE_UNAVAILABLE, "away", way)
               : kuji_line_say(web, HTTP_BAD_REQUEST, "refused", way);
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

/* The words were kept before the browser left for LINE. */
static void agree(kuji_line_visit_t *visit, const kuji_line_way_t *way)
{
    unsigned char words[KUJI_DIGEST_LEN];
    size_t len;

    if (way->agreed &&
        sodium_hex2bin(words, sizeof(words), way->agreed, strlen(way->agreed),
                       NULL, &len, NULL) == 0 &&
        len == sizeof(words)) {
        kuji_line_agree(visit, words, way->area);
    }
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
    agree(&visit, &begun->way);
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
        return went_wrong(web, end, visit.why, &begun->way);
    }
    if (!kuji_line_is_welcome(&visit)) {
        return kuji_line_say(web, HTTP_FORBIDDEN, "friend", &begun->way);
    }
    rv = kuji_line_enter(&visit);
    return rv == APR_SUCCESS
               ? kuji_line_go_on(web, begun->way.draw)
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
    if ((done = kuji_line_campaign(web, begun.way.slug)) != DECLINED) {
        return done;
    }
    back = kuji_line_back(kuji_query_get(web, "state"),
                          kuji_query_get(web, "code"),
                          kuji_query_get(web, "error"), begun.state);
    if (back == KUJI_LINE_BACK_FOREIGN) {
        /* The log-in at hand stays good: this may be another one's answer. */
        return kuji_line_say(web, HTTP_BAD_REQUEST, "foreign", &begun.way);
    }
    kuji_line_forget(web);
    switch (back) {
    case KUJI_LINE_BACK_CODE:
        return exchange(web, &begun);
    case KUJI_LINE_BACK_DENIED:
        return kuji_line_say(web, HTTP_FORBIDDEN, "denied", &begun.way);
    default:
        return kuji_line_say(web, HTTP_BAD_REQUEST, "refused", &begun.way);
    }
}
