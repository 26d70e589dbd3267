/* Providers' answers, whoever wrote them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/pay_int.h"

#include "core/day.h"

#include <apr_strings.h>
#include <apr_lib.h>
#include <stdlib.h>
#include <string.h>

#define WORD_MAX 64
#define ADDRESS_MAX 2000
/** 9999-12-31, in seconds. */
#define TIME_MAX INT64_C(253402300799)

static apr_status_t release(void *doc)
{
    json_decref(doc);
    return APR_SUCCESS;
}

/* Bytes of the string that begins at text, its quotes included. */
static apr_size_t string_len(const char *text, apr_size_t len)
{
    apr_size_t i = 1;

    while (i < len && text[i] != '"') {
        i += text[i] == '\\' ? 2 : 1;
    }
    return i < len ? i + 1 : len;
}

static apr_size_t number_len(const char *text, apr_size_t len)
{
    apr_size_t i = 0;

    while (i < len && text[i] && strchr("+-.0123456789Ee", text[i])) {
        i++;
    }
    return i;
}

/* Puts quotes around the numbers. A quoted number takes at most two characters
 * more than itself, thus at most thrice its length. */
static char *quote_numbers(apr_size_t *out_len, const char *body,
                           apr_size_t len, apr_pool_t *pool)
{
    char *out = apr_palloc(pool, 3 * len + 1), *to = out;
    apr_size_t i = 0, n;

    while (i < len) {
        int is_number = body[i] == '-' || apr_isdigit(body[i]);

        n = is_number          ? number_len(body + i, len - i)
            : (body[i] == '"') ? string_len(body + i, len - i)
                               : 1;
        if (is_number) {
            *to++ = '"';
        }
        memcpy(to, body + i, n);
        to += n;
        i += n;
        if (is_number) {
            *to++ = '"';
        }
    }
    *out_len = (apr_size_t)(to - out);
    return out;
}

json_t *kuji_pay__parse(const char *body, apr_size_t len, apr_pool_t *pool)
{
    apr_size_t out_len;
    const char *text = quote_numbers(&out_len, body, len, pool);
    json_t *doc = json_loadb(text, out_len, 0, NULL);

    if (doc) {
        apr_pool_cleanup_register(pool, doc, release, apr_pool_cleanup_null);
    }
    return json_is_object(doc) ? doc : NULL;
}

const char *kuji_pay__text(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

const char *kuji_pay__word(const json_t *object, const char *name,
                           const char *more, apr_pool_t *pool)
{
    const char *text = kuji_pay__text(object, name), *at = text;

    for (; *at; at++) {
        if (!apr_isalnum(*at) && !strchr(more, *at)) {
            return "";
        }
    }
    return at - text <= WORD_MAX ? apr_pstrdup(pool, text) : "";
}

/* Providers' apps, and nothing that runs as a script. */
static int is_scheme(const char *text, int own)
{
    static const char *const schemes[] = {"https://", "http://", "line://",
                                          "linepay://", "paypay://"};
    int i, count = own ? 5 : 2;

    for (i = 0; i < count; i++) {
        if (strncmp(text, schemes[i], strlen(schemes[i])) == 0) {
            return 1;
        }
    }
    return 0;
}

const char *kuji_pay__address(const json_t *object, const char *name, int own,
                              apr_pool_t *pool)
{
    const char *text = kuji_pay__text(object, name), *at;

    for (at = text; *at; at++) {
        if (*at <= ' ' || *at > '~' || strchr("\"<>\\^`{|}", *at)) {
            return "";
        }
    }
    return is_scheme(text, own) && at - text <= ADDRESS_MAX
               ? apr_pstrdup(pool, text)
               : "";
}

/* The two digits at text + at, or -1. */
static int two(const char *text, int at)
{
    return apr_isdigit(text[at]) && apr_isdigit(text[at + 1])
               ? (text[at] - '0') * 10 + text[at + 1] - '0'
               : -1;
}

static int64_t time_of(const char *text)
{
    int day = kuji_day_of(two(text, 0) * 100 + two(text, 2), two(text, 5),
                          two(text, 8));
    int hour = two(text, 11), minute = two(text, 14), second = two(text, 17);

    return day < 0 || hour < 0 || hour > 23 || minute < 0 || minute > 59 ||
                   second < 0 || second > 60
               ? 0
               : ((day * INT64_C(24) + hour) * 60 + minute) * 60 + second;
}

int64_t kuji_pay__time(const char *text)
{
    size_t len = strlen(text);
    int64_t value;

    if (len >= 1 && len <= 12 && strspn(text, "0123456789") == len) {
        value = apr_atoi64(text);
        return value <= TIME_MAX ? value : 0;
    }
    return len == 20 && text[4] == '-' && text[7] == '-' && text[10] == 'T' &&
                   text[13] == ':' && text[16] == ':' && text[19] == 'Z'
               ? time_of(text)
               : 0;
}
