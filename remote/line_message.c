/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/line_message.h"

#include "remote/line_int.h"

#include <apr_lib.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/** A page waits this long for a quota, in all. */
#define QUOTA_PATIENCE apr_time_from_sec(2)
#define QUOTA_TTL apr_time_from_sec(300)
#define QUOTA_FAILED_TTL apr_time_from_sec(20)
/** One that is used up may have been raised: somebody is waiting to see it. */
#define QUOTA_SPENT_TTL apr_time_from_sec(30)
#define RETRY_AFTER_MAX 86400

typedef struct ask_t {
    kuji_line_t *line;
    const kuji_line_bot_t *bot;
    const char *method, *path, *body, *key; /* body, key NULL: none */
    apr_interval_time_t patience;
    int repeatable;
} ask_t;

static json_t *document(const kuji_http_reply_t *reply, apr_pool_t *pool)
{
    json_t *doc = json_loadb(reply->body, reply->len, 0, NULL);

    kuji_line__release_with(pool, doc);
    return json_is_object(doc) ? doc : NULL;
}

/* Seconds; a date, which LINE does not send, is none. */
static int retry_after(const kuji_http_reply_t *reply)
{
    const char *text = apr_table_get(reply->headers, "Retry-After");
    long seconds = text && apr_isdigit(*text) ? strtol(text, NULL, 10) : 0;

    return seconds > RETRY_AFTER_MAX ? RETRY_AFTER_MAX : (int)seconds;
}

static void say(kuji_line_outcome_t *outcome, kuji_line_sent_e sent,
                const char *reason)
{
    outcome->sent = sent;
    outcome->reason = reason;
}

static void say_status(kuji_line_outcome_t *outcome, kuji_line_sent_e sent,
                       int status, apr_pool_t *pool)
{
    say(outcome, sent, apr_psprintf(pool, "line %d", status));
}

/* One status for two things: too fast, and too many this month. */
static void judge_429(kuji_line_outcome_t *outcome,
                      const kuji_http_reply_t *reply, apr_pool_t *pool)
{
    const json_t *doc = document(reply, pool);

    if (strstr(kuji_line__word(doc, "message"), "monthly limit")) {
        say(outcome, KUJI_LINE_MONTH, "monthly limit");
        return;
    }
    outcome->retry_after = retry_after(reply);
    say(outcome, KUJI_LINE_BUSY, "line 429");
}

static void judge(kuji_line_outcome_t *outcome, const kuji_http_reply_t *reply,
                  apr_pool_t *pool)
{
    int status = reply->status;

    if (status == 409) {
        say(outcome, KUJI_LINE_ACCEPTED, NULL);
    }
    else if (status == 429) {
        judge_429(outcome, reply, pool);
    }
    else if (status == 408 || status >= 500) {
        say_status(outcome, KUJI_LINE_DOUBT, status, pool);
    }
    else if (status >= 400) {
        say_status(outcome, KUJI_LINE_NO, status, pool);
    }
    else if (status == 200 && document(reply, pool)) {
        say(outcome, KUJI_LINE_ACCEPTED, NULL);
    }
    else { /* somebody in between has answered for LINE */
        say(outcome, KUJI_LINE_DOUBT, "not an answer of line");
    }
}

static apr_status_t call(const kuji_http_reply_t **reply, const ask_t *ask,
                         const char *token, apr_pool_t *pool)
{
    const char *headers[] = {
        "Accept: application/json",
        apr_pstrcat(pool, "Authorization: Bearer ", token, NULL),
        ask->body ? "Content-Type: application/json" : NULL,
        ask->key ? apr_pstrcat(pool, "X-Line-Retry-Key: ", ask->key, NULL)
                 : NULL,
        NULL};
    const kuji_http_call_t http = {
        .method = ask->method,
        .url = apr_pstrcat(pool, ask->bot->base, ask->path, NULL),
        .headers = headers,
        .body = ask->body,
        .len = ask->body ? strlen(ask->body) : 0,
        .patience = ask->patience ? ask->patience : KUJI_LINE_PATIENCE,
        .repeatable = ask->repeatable,
        .stop = ask->bot->stop};
    const char *why;

    return kuji_http_call(reply, &why, ask->line->http, &http, pool);
}

/* NULL: there is no answer, and *outcome says why. */
static const kuji_http_reply_t *ask_with(kuji_line_outcome_t *outcome,
                                         const ask_t *ask, const char *token,
                                         apr_pool_t *pool)
{
    const kuji_http_reply_t *reply;
    apr_status_t rv = call(&reply, ask, token, pool);

    if (rv == APR_SUCCESS) {
        return reply;
    }
    say(outcome, rv == KUJI_EBUSY ? KUJI_LINE_NOT_SENT : KUJI_LINE_DOUBT,
        "no answer");
    return NULL;
}

/* A token that LINE has forgotten is asked for once more. */
static const kuji_http_reply_t *answer_to(kuji_line_outcome_t *outcome,
                                          const ask_t *ask, apr_pool_t *pool)
{
    const kuji_http_reply_t *reply = NULL;
    const char *token, *why;
    kuji_line_end_e end;
    int again;

    memset(outcome, 0, sizeof(*outcome));
    for (again = 0; again < 2; again++) {
        end = kuji_line__token(&token, &why, ask->line, ask->bot, pool);
        if (end != KUJI_LINE_DONE) {
            say(outcome, KUJI_LINE_NOT_SENT,
                end == KUJI_LINE_REFUSED ? "channel refused" : "no answer");
            return NULL;
        }
        reply = ask_with(outcome, ask, token, pool);
        if (!reply || reply->status != 401) {
            break;
        }
        kuji_line__drop_token(ask->line, ask->bot, token);
    }
    return reply;
}

static const char *body_of(json_t *doc, apr_pool_t *pool)
{
    char *text = json_dumps(doc, JSON_COMPACT | JSON_SORT_KEYS);
    const char *out = text ? apr_pstrdup(pool, text) : NULL;

    free(text);
    json_decref(doc);
    return out;
}

static void send_text(kuji_line_outcome_t *outcome, ask_t *ask,
                      apr_pool_t *pool)
{
    const kuji_http_reply_t *reply;

    memset(outcome, 0, sizeof(*outcome));
    ask->method = "POST";
    if (!ask->body) {
        say(outcome, KUJI_LINE_NO, "text");
        return;
    }
    reply = answer_to(outcome, ask, pool);
    if (reply) {
        judge(outcome, reply, pool);
    }
}

void kuji_line_push(kuji_line_outcome_t *outcome, kuji_line_t *line,
                    const kuji_line_bot_t *bot, const char *to,
                    const char *text, const char *key, apr_pool_t *pool)
{
    ask_t ask = {.line = line,
                 .bot = bot,
                 .path = "/v2/bot/message/push",
                 .key = key,
                 .repeatable = 1};

    ask.body = body_of(json_pack("{s:s, s:[{s:s, s:s}]}", "to", to, "messages",
                                 "type", "text", "text", text),
                       pool);
    send_text(outcome, &ask, pool);
}

void kuji_line_reply(kuji_line_outcome_t *outcome, kuji_line_t *line,
                     const kuji_line_bot_t *bot, const char *token,
                     const char *text, apr_pool_t *pool)
{
    ask_t ask = {.line = line, .bot = bot, .path = "/v2/bot/message/reply"};

    ask.body = body_of(json_pack("{s:s, s:[{s:s, s:s}]}", "replyToken", token,
                                 "messages", "type", "text", "text", text),
                       pool);
    send_text(outcome, &ask, pool);
}

void kuji_line_may_write(int *is_friend, kuji_line_outcome_t *outcome,
                         kuji_line_t *line, const kuji_line_bot_t *bot,
                         const char *user, apr_pool_t *pool)
{
    const ask_t ask = {.line = line,
                       .bot = bot,
                       .method = "GET",
                       .path = apr_pstrcat(pool, "/v2/bot/profile/",
                                           kuji_uri_escape(user, pool), NULL),
                       .repeatable = 1};
    const kuji_http_reply_t *reply = answer_to(outcome, &ask, pool);

    *is_friend = 0;
    if (!reply) {
        /* Nothing was to be done by it. */
        outcome->sent = KUJI_LINE_NOT_SENT;
        return;
    }
    judge(outcome, reply, pool);
    if (reply->status == 404) {
        say(outcome, KUJI_LINE_ACCEPTED, NULL);
        return;
    }
    *is_friend = outcome->sent == KUJI_LINE_ACCEPTED;
    if (outcome->sent == KUJI_LINE_DOUBT) {
        outcome->sent = KUJI_LINE_NOT_SENT;
    }
}

/* An integer of the answer of one path. */
static kuji_line_end_e ask_number(json_t **doc, const char **why,
                                  kuji_line_t *line, const kuji_line_bot_t *bot,
                                  const char *path, apr_interval_time_t left,
                                  apr_pool_t *pool)
{
    const ask_t ask = {.line = line,
                       .bot = bot,
                       .method = "GET",
                       .path = path,
                       .patience = left,
                       .repeatable = 1};
    kuji_line_outcome_t outcome;
    const kuji_http_reply_t *reply = answer_to(&outcome, &ask, pool);

    *doc = reply && reply->status == 200 ? document(reply, pool) : NULL;
    *why = reply ? "LINE does not tell" : "LINE does not answer";
    return *doc ? KUJI_LINE_DONE : KUJI_LINE_AWAY;
}

static kuji_line_end_e ask_quota(kuji_line_quota_t *quota, const char **why,
                                 kuji_line_t *line, const kuji_line_bot_t *bot,
                                 apr_pool_t *pool)
{
    json_t *limit, *used;
    kuji_line_end_e end = ask_number(
        &limit, why, line, bot, "/v2/bot/message/quota", QUOTA_PATIENCE, pool);

    if (end == KUJI_LINE_DONE) {
        end = ask_number(&used, why, line, bot,
                         "/v2/bot/message/quota/consumption", QUOTA_PATIENCE,
                         pool);
    }
    if (end == KUJI_LINE_DONE) {
        quota->limit = strcmp(kuji_line__word(limit, "type"), "limited") == 0
                           ? json_integer_value(json_object_get(limit, "value"))
                           : -1;
        quota->used = json_integer_value(json_object_get(used, "totalUsage"));
        quota->at = apr_time_now();
    }
    return end;
}

static apr_interval_time_t good_for(const kuji_line_quota_t *quota)
{
    if (!quota->at) {
        return QUOTA_FAILED_TTL;
    }
    return quota->limit >= 0 && quota->used >= quota->limit ? QUOTA_SPENT_TTL
                                                            : QUOTA_TTL;
}

kuji_line_end_e kuji_line_quota(kuji_line_quota_t *quota, const char **why,
                                kuji_line_t *line, const kuji_line_bot_t *bot,
                                apr_pool_t *pool)
{
    kuji_line_kept_t *kept;
    kuji_line_end_e end;
    apr_time_t asked;

    apr_thread_mutex_lock(line->mutex);
    kept = kuji_line__kept(line, bot);
    *quota = kept->quota;
    asked = kept->quota_asked;
    apr_thread_mutex_unlock(line->mutex);
    *why = "LINE did not answer just before";
    if (apr_time_now() - asked < good_for(quota)) {
        return quota->at ? KUJI_LINE_DONE : KUJI_LINE_AWAY;
    }
    memset(quota, 0, sizeof(*quota));
    end = ask_quota(quota, why, line, bot, pool);
    apr_thread_mutex_lock(line->mutex);
    kept = kuji_line__kept(line, bot);
    kept->quota = *quota;
    kept->quota_asked = apr_time_now();
    apr_thread_mutex_unlock(line->mutex);
    return end;
}
