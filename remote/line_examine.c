/* Whether a tenant's settings are right, as far as LINE says so to anybody but
 * a user.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/line_int.h"

#include <string.h>

const char *kuji_line_health_name(kuji_line_health_e health)
{
    static const char *const names[KUJI_LINE_HEALTHS] = {
        "unasked", "good", "wrong", "silent", "unclear"};

    return names[health];
}

typedef struct examine_t {
    kuji_line_t *line;
    apr_time_t until;
    apr_pool_t *pool;
} examine_t;

static kuji_line_end_e ask(json_t **doc, const examine_t *e, const char *base,
                           kuji_line_call_t *call)
{
    const char *why;

    *doc = NULL;
    call->patience = e->until - apr_time_now();
    return call->patience > 0
               ? kuji_line__call(doc, &why, e->line, base, call, e->pool)
               : KUJI_LINE_AWAY;
}

/* A made-up code: a channel that LINE knows is told that the code is none
 * (RFC 6749 5.2), any other that it is no client. LINE documents the form of
 * the error, not the words for each case, so another word is none of both. */
static kuji_line_health_e login_health(const examine_t *e,
                                       const kuji_line_channel_t *channel,
                                       const char *redirect_uri)
{
    const kuji_uri_pair_t form[] = {
        {"grant_type", "authorization_code"}, {"code", "kuji-made-up-code"},
        {"redirect_uri", redirect_uri},       {"client_id", channel->id},
        {"client_secret", channel->secret},   {NULL, NULL}};
    kuji_line_call_t call = {.method = "POST",
                             .path = "/oauth2/v2.1/token",
                             .form = form,
                             .repeatable = 1};
    const char *error;
    json_t *doc;

    if (ask(&doc, e, channel->base, &call) == KUJI_LINE_AWAY) {
        return KUJI_LINE_SILENT;
    }
    error = kuji_line__word(doc, "error");
    if (strcmp(error, "invalid_grant") == 0) {
        return KUJI_LINE_GOOD;
    }
    return strcmp(error, "invalid_client") ? KUJI_LINE_UNCLEAR
                                           : KUJI_LINE_WRONG;
}

/* A stateless token is what messages are sent with; that one more is made
 * counts for nothing. */
static kuji_line_health_e bot_health(const examine_t *e,
                                     const kuji_line_channel_t *channel)
{
    const kuji_uri_pair_t form[] = {{"grant_type", "client_credentials"},
                                    {"client_id", channel->id},
                                    {"client_secret", channel->secret},
                                    {NULL, NULL}};
    kuji_line_call_t call = {.method = "POST",
                             .path = "/oauth2/v3/token",
                             .form = form,
                             .repeatable = 1};
    json_t *doc;

    switch (ask(&doc, e, channel->base, &call)) {
    case KUJI_LINE_DONE:
        return *kuji_line__word(doc, "access_token") ? KUJI_LINE_GOOD
                                                     : KUJI_LINE_UNCLEAR;
    case KUJI_LINE_REFUSED:
        return KUJI_LINE_WRONG;
    default:
        return KUJI_LINE_SILENT;
    }
}

static kuji_line_health_e keys_health(const examine_t *e, const char *base)
{
    kuji_line_call_t call = {
        .method = "GET", .path = "/oauth2/v2.1/certs", .repeatable = 1};
    json_t *doc;

    switch (ask(&doc, e, base, &call)) {
    case KUJI_LINE_DONE:
        return json_array_size(json_object_get(doc, "keys")) > 0
                   ? KUJI_LINE_GOOD
                   : KUJI_LINE_UNCLEAR;
    case KUJI_LINE_REFUSED:
        return KUJI_LINE_UNCLEAR;
    default:
        return KUJI_LINE_SILENT;
    }
}

void kuji_line_examine(kuji_line_report_t *report, kuji_line_t *line,
                       const kuji_line_channel_t *login,
                       const kuji_line_channel_t *bot, const char *redirect_uri,
                       apr_pool_t *pool)
{
    const examine_t e = {line, apr_time_now() + KUJI_LINE_PATIENCE, pool};

    report->login = login_health(&e, login, redirect_uri);
    report->bot = bot ? bot_health(&e, bot) : KUJI_LINE_UNASKED;
    report->keys = keys_health(&e, login->base);
}
