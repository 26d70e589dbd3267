/* RFC 8785 in two runs over the value: one counts, one writes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/canon.h"
#include "core/error.h"
#include "core/manifest.h"

#include <apr_strings.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct sink_t {
    char *out; /* NULL while counting */
    apr_size_t len;
    apr_pool_t *pool;
} sink_t;

static apr_status_t dump(sink_t *sink, const json_t *value, int depth);

static void put(sink_t *sink, const char *bytes, apr_size_t len)
{
    if (sink->out) {
        memcpy(sink->out + sink->len, bytes, len);
    }
    sink->len += len;
}

/* The short escapes of RFC 8785 3.2.2.2; everything else below 0x20 is \u00xx
 * in lower case, everything above stands for itself. */
static char short_escape(unsigned char c)
{
    switch (c) {
    case '\b':
        return 'b';
    case '\t':
        return 't';
    case '\n':
        return 'n';
    case '\f':
        return 'f';
    case '\r':
        return 'r';
    case '"':
    case '\\':
        return (char)c;
    default:
        return 0;
    }
}

apr_size_t kuji_canon_string(char *out, const char *text, apr_size_t len)
{
    static const char hex[] = "0123456789abcdef";
    sink_t sink = {out, 0, NULL};

    put(&sink, "\"", 1);
    for (apr_size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        char s = short_escape(c);

        if (s) {
            put(&sink, (char[2]){'\\', s}, 2);
        }
        else if (c < 0x20) {
            put(&sink, (char[6]){'\\', 'u', '0', '0', hex[c >> 4], hex[c & 15]},
                6);
        }
        else {
            put(&sink, text + i, 1);
        }
    }
    put(&sink, "\"", 1);
    return sink.len;
}

static void dump_string(sink_t *sink, const char *text, apr_size_t len)
{
    sink->len +=
        kuji_canon_string(sink->out ? sink->out + sink->len : NULL, text, len);
}

static apr_status_t dump_integer(sink_t *sink, json_int_t value)
{
    char number[24];

    if (value > KUJI_INT_MAX || value < -KUJI_INT_MAX) {
        return KUJI_EINVAL;
    }
    put(sink, number,
        (apr_size_t)snprintf(number, sizeof(number), "%lld", (long long)value));
    return APR_SUCCESS;
}

static apr_status_t dump_array(sink_t *sink, const json_t *array, int depth)
{
    apr_status_t rv = APR_SUCCESS;

    put(sink, "[", 1);
    for (size_t i = 0; i < json_array_size(array) && !rv; i++) {
        if (i > 0) {
            put(sink, ",", 1);
        }
        rv = dump(sink, json_array_get(array, i), depth + 1);
    }
    put(sink, "]", 1);
    return rv;
}

/* UTF-8 sorts by code point. UTF-16 code units differ from that in one place:
 * a surrogate pair (lead byte F0 and up) sorts before U+E000 .. U+FFFF (lead
 * byte EE or EF). */
static int compare_keys(const void *a, const void *b)
{
    const unsigned char *x = *(const unsigned char *const *)a;
    const unsigned char *y = *(const unsigned char *const *)b;

    while (*x && *x == *y) {
        x++;
        y++;
    }
    if (*x >= 0xEE && *y >= 0xEE && (*x >= 0xF0) != (*y >= 0xF0)) {
        return *x >= 0xF0 ? -1 : 1;
    }
    return (int)*x - (int)*y;
}

static const char **sorted_keys(const json_t *object, apr_pool_t *pool)
{
    size_t size = json_object_size(object), i = 0;
    const char **keys = apr_palloc(pool, (size + 1) * sizeof(*keys));
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)object, key, value)
    {
        keys[i++] = key;
    }
    qsort(keys, size, sizeof(*keys), compare_keys);
    return keys;
}

static apr_status_t dump_object(sink_t *sink, const json_t *object, int depth)
{
    const char **keys = sorted_keys(object, sink->pool);
    apr_status_t rv = APR_SUCCESS;

    put(sink, "{", 1);
    for (size_t i = 0; i < json_object_size(object) && !rv; i++) {
        if (i > 0) {
            put(sink, ",", 1);
        }
        dump_string(sink, keys[i], strlen(keys[i]));
        put(sink, ":", 1);
        rv = dump(sink, json_object_get(object, keys[i]), depth + 1);
    }
    put(sink, "}", 1);
    return rv;
}

static apr_status_t dump(sink_t *sink, const json_t *value, int depth)
{
    if (depth > KUJI_CANON_DEPTH) {
        return KUJI_ETOOBIG;
    }
    switch (value ? (int)json_typeof(value) : -1) {
    case JSON_OBJECT:
        return dump_object(sink, value, depth);
    case JSON_ARRAY:
        return dump_array(sink, value, depth);
    case JSON_STRING:
        dump_string(sink, json_string_value(value), json_string_length(value));
        return APR_SUCCESS;
    case JSON_INTEGER:
        return dump_integer(sink, json_integer_value(value));
    case JSON_TRUE:
        put(sink, "true", 4);
        return APR_SUCCESS;
    case JSON_FALSE:
        put(sink, "false", 5);
        return APR_SUCCESS;
    case JSON_NULL:
        put(sink, "null", 4);
        return APR_SUCCESS;
    default:
        return KUJI_EINVAL;
    }
}

apr_status_t kuji_canon_dump(const char **bytes, apr_size_t *len,
                             const json_t *value, apr_pool_t *pool)
{
    sink_t count = {NULL, 0, pool}, sink = {NULL, 0, pool};
    apr_status_t rv = dump(&count, value, 0);

    if (rv) {
        return rv;
    }
    sink.out = apr_palloc(pool, count.len + 1);
    rv = dump(&sink, value, 0);
    sink.out[sink.len] = '\0';
    *bytes = sink.out;
    *len = sink.len;
    return rv;
}

static apr_status_t release(void *value)
{
    json_decref(value);
    return APR_SUCCESS;
}

apr_status_t kuji_canon_load(json_t **value, const char **why,
                             const char *bytes, apr_size_t len,
                             apr_pool_t *pool)
{
    json_error_t error;
    const char *again;
    apr_size_t again_len;
    apr_status_t rv;

    *value =
        json_loadb(bytes, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!*value) {
        *why = apr_pstrcat(pool, "not JSON: ", error.text, NULL);
        return KUJI_EINVAL;
    }
    apr_pool_cleanup_register(pool, *value, release, apr_pool_cleanup_null);
    rv = kuji_canon_dump(&again, &again_len, *value, pool);
    if (rv) {
        *why = rv == KUJI_ETOOBIG ? "nested too deeply"
                                  : "a number that is no integer within "
                                    "+-(2^53 - 1)";
        return KUJI_EINVAL;
    }
    if (again_len != len || memcmp(again, bytes, len) != 0) {
        *why = "not in canonical form (RFC 8785)";
        return KUJI_EINVAL;
    }
    return APR_SUCCESS;
}
