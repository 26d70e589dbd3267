/* Calls of LINE's API, and the keys it signs with.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/line_int.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

static apr_status_t destroy(void *data)
{
    kuji_line_t *line = data;

    json_decref(line->keys);
    free(line->keys_base);
    kuji_line__forget_all(line);
    return APR_SUCCESS;
}

apr_status_t kuji_line_create(kuji_line_t **out, kuji_http_t *http,
                              apr_pool_t *p)
{
    kuji_line_t *line = apr_pcalloc(p, sizeof(*line));
    apr_status_t rv;

    line->http = http;
    rv = apr_thread_mutex_create(&line->mutex, APR_THREAD_MUTEX_DEFAULT, p);
    if (rv == APR_SUCCESS) {
        apr_pool_cleanup_register(p, line, destroy, apr_pool_cleanup_null);
        *out = line;
    }
    return rv;
}

static apr_status_t release(void *doc)
{
    json_decref(doc);
    return APR_SUCCESS;
}

void kuji_line__release_with(apr_pool_t *pool, json_t *doc)
{
    if (doc) {
        apr_pool_cleanup_register(pool, doc, release, apr_pool_cleanup_null);
    }
}

/* Fields that are new, or in another order, are LINE's right. 0: no object. */
static int read_object(json_t **doc, const kuji_http_reply_t *reply,
                       apr_pool_t *pool)
{
    json_t *read = json_loadb(reply->body, reply->len, 0, NULL);

    kuji_line__release_with(pool, read);
    *doc = json_is_object(read) ? read : NULL;
    return *doc != NULL;
}

static kuji_line_end_e read_reply(json_t **doc, const char **why,
                                  const kuji_http_reply_t *reply,
                                  apr_pool_t *pool)
{
    *doc = NULL;
    if (reply->status == 429 || reply->status >= 500 || reply->status < 200 ||
        (reply->status >= 300 && reply->status < 400)) {
        *why = "LINE cannot answer now";
        return KUJI_LINE_AWAY;
    }
    if (reply->status >= 400) {
        *why = "LINE refuses";
        (void)read_object(doc, reply, pool);
        return KUJI_LINE_REFUSED;
    }
    if (reply->len > 0 && !read_object(doc, reply, pool)) {
        *why = "LINE's answer is no JSON object";
        return KUJI_LINE_AWAY;
    }
    return KUJI_LINE_DONE;
}

kuji_line_end_e kuji_line__call(json_t **doc, const char **why,
                                kuji_line_t *line, const char *base,
                                const kuji_line_call_t *call, apr_pool_t *pool)
{
    const char *body = call->form ? kuji_uri_form(call->form, pool) : NULL;
    const char *headers[3] = {"Accept: application/json", NULL, NULL};
    const kuji_http_reply_t *reply;
    const kuji_http_call_t http = {
        .method = call->method,
        .url = apr_pstrcat(pool, base, call->path, NULL),
        .headers = headers,
        .body = body,
        .len = body ? strlen(body) : 0,
        .patience = call->patience ? call->patience : KUJI_LINE_PATIENCE,
        .repeatable = call->repeatable,
        .stop = call->stop};

    *doc = NULL;
    if (call->access) {
        headers[1] =
            apr_pstrcat(pool, "Authorization: Bearer ", call->access, NULL);
    }
    if (kuji_http_call(&reply, why, line->http, &http, pool) != APR_SUCCESS) {
        return KUJI_LINE_AWAY;
    }
    return read_reply(doc, why, reply, pool);
}

const char *kuji_line__word(const json_t *doc, const char *name)
{
    const char *text = json_string_value(json_object_get(doc, name));

    return text ? text : "";
}

typedef enum found_e {
    FOUND,
    NONE,    /* LINE said so a moment ago */
    TO_ASK,  /* nobody has asked of late */
    NO_WORD, /* somebody has, and LINE has not answered, or not yet */
} found_e;

/* Under the lock. Made-up key ids must not make us ask LINE each time, nor may
 * who comes while another one asks, or after LINE did not answer, be told that
 * the key is none. */
static found_e find_key(unsigned char *x, unsigned char *y, kuji_line_t *line,
                        const char *base, const char *kid, apr_time_t now)
{
    int ours = line->keys && strcmp(line->keys_base, base) == 0;

    if (ours && now - line->keys_at < KUJI_LINE_KEYS_TTL &&
        kuji_jwt_key(x, y, line->keys, kid) == APR_SUCCESS) {
        return FOUND;
    }
    if (ours && now - line->keys_asked_at < KUJI_LINE_KEYS_PAUSE) {
        return line->keys_at >= line->keys_asked_at ? NONE : NO_WORD;
    }
    line->keys_asked_at = now;
    return TO_ASK;
}

static void put_keys(kuji_line_t *line, const char *base, json_t *keys)
{
    char *copy = strdup(base);

    apr_thread_mutex_lock(line->mutex);
    if (copy) {
        free(line->keys_base);
        json_decref(line->keys);
        line->keys_base = copy;
        line->keys = json_deep_copy(keys);
        line->keys_at = apr_time_now();
    }
    apr_thread_mutex_unlock(line->mutex);
}

/* A set without a key is none: what is at hand is kept. */
static kuji_line_end_e ask_keys(json_t **keys, const char **why,
                                kuji_line_t *line, const char *base,
                                apr_pool_t *pool)
{
    const kuji_line_call_t call = {
        .method = "GET", .path = "/oauth2/v2.1/certs", .repeatable = 1};
    kuji_line_end_e end = kuji_line__call(keys, why, line, base, &call, pool);

    if (end != KUJI_LINE_DONE ||
        json_array_size(json_object_get(*keys, "keys")) == 0) {
        return KUJI_LINE_AWAY;
    }
    put_keys(line, base, *keys);
    return KUJI_LINE_DONE;
}

kuji_line_end_e kuji_line__key(unsigned char x[KUJI_P256_LEN],
                               unsigned char y[KUJI_P256_LEN], const char **why,
                               kuji_line_t *line, const char *base,
                               const char *kid, apr_pool_t *pool)
{
    found_e found;
    json_t *keys;

    apr_thread_mutex_lock(line->mutex);
    found = find_key(x, y, line, base, kid, apr_time_now());
    apr_thread_mutex_unlock(line->mutex);
    if (found == FOUND) {
        return KUJI_LINE_DONE;
    }
    *why = "LINE's keys cannot be had";
    if (found == NO_WORD ||
        (found == TO_ASK &&
         ask_keys(&keys, why, line, base, pool) != KUJI_LINE_DONE)) {
        return KUJI_LINE_AWAY;
    }
    if (found == TO_ASK && kuji_jwt_key(x, y, keys, kid) == APR_SUCCESS) {
        return KUJI_LINE_DONE;
    }
    *why = "signed with a key that LINE does not have";
    return KUJI_LINE_REFUSED;
}
