/* SPDX-License-Identifier: Apache-2.0 */
#include "core/line_hook.h"

#include "core/phrase.h"

#include <apr_strings.h>
#include <jansson.h>
#include <string.h>

#define ID_MAX 64
#define REPLY_MAX 200
#define ALNUM "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

static const char *word(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

static int is_of(const char *text, const char *characters, size_t most)
{
    size_t len = strlen(text);

    return len >= 1 && len <= most && strspn(text, characters) == len;
}

/* A token that is none is left out: then the answer is pushed. */
static const char *reply_of(const json_t *event)
{
    const char *token = word(event, "replyToken"), *at;

    for (at = token; *at > ' ' && *at <= '~'; at++) {
    }
    return *at || at - token > REPLY_MAX ? "" : token;
}

/* 0: nothing is done about such an event. */
static int kind_of(kuji_line_event_e *kind, const json_t *event)
{
    const char *type = word(event, "type");

    if (strcmp(type, "follow") == 0) {
        *kind = KUJI_LINE_FOLLOW;
        return 1;
    }
    if (strcmp(type, "unfollow") == 0) {
        *kind = KUJI_LINE_UNFOLLOW;
        return 1;
    }
    *kind = KUJI_LINE_TEXT;
    return strcmp(type, "message") == 0 &&
           strcmp(word(json_object_get(event, "message"), "type"), "text") == 0;
}

/* Another of the tenant's tools answers while a channel is on standby; in a
 * group bots might answer each other without an end. */
static int read_event(kuji_line_event_t *out, const json_t *event,
                      apr_pool_t *pool)
{
    const json_t *source = json_object_get(event, "source");
    const json_t *at = json_object_get(event, "timestamp");
    const char *id = word(event, "webhookEventId");
    const char *user = word(source, "userId");

    if (!kind_of(&out->kind, event) ||
        strcmp(word(event, "mode"), "standby") == 0 ||
        strcmp(word(source, "type"), "user") != 0 ||
        !is_of(id, ALNUM "_-", ID_MAX) || !is_of(user, ALNUM, ID_MAX) ||
        !json_is_integer(at) || json_integer_value(at) < 0) {
        return 0;
    }
    out->id = apr_pstrdup(pool, id);
    out->user = apr_pstrdup(pool, user);
    out->reply = apr_pstrdup(pool, reply_of(event));
    out->text =
        out->kind == KUJI_LINE_TEXT
            ? apr_pstrdup(pool, word(json_object_get(event, "message"), "text"))
            : "";
    out->at = json_integer_value(at);
    return 1;
}

static apr_status_t read_all(const kuji_line_event_t **events, int *count,
                             const json_t *list, apr_pool_t *pool)
{
    size_t n = json_array_size(list), i;
    kuji_line_event_t *out;

    if (n > KUJI_LINE_EVENTS_MAX) {
        return KUJI_ETOOBIG;
    }
    *events = out = apr_palloc(pool, (n + 1) * sizeof(*out));
    for (i = 0; i < n; i++) {
        *count += read_event(&out[*count], json_array_get(list, i), pool);
    }
    return APR_SUCCESS;
}

apr_status_t kuji_line_hook_read(const kuji_line_event_t **events, int *count,
                                 const char *body, apr_size_t len,
                                 apr_pool_t *pool)
{
    json_t *doc = json_loadb(body, len, 0, NULL);
    const json_t *list = json_object_get(doc, "events");
    apr_status_t rv = KUJI_EINVAL;

    *count = 0;
    if (json_is_array(list)) {
        rv = read_all(events, count, list, pool);
    }
    json_decref(doc);
    return rv;
}

int kuji_line_is_keyword(const char *text, const char *keyword,
                         apr_pool_t *pool)
{
    const char *a, *b;

    return *keyword &&
           kuji_phrase_normalise(&a, keyword, strlen(keyword), pool) ==
               APR_SUCCESS &&
           kuji_phrase_normalise(&b, text, strlen(text), pool) == APR_SUCCESS &&
           strcmp(a, b) == 0;
}
