/* SPDX-License-Identifier: Apache-2.0 */
#include "core/person.h"

#include "core/error.h"
#include "core/kana.h"
#include "core/utf8.h"

#include <apr_strings.h>
#include <string.h>

#define NAME_BYTES_MAX 32
#define PHONE_MIN 6
#define PHONE_MAX 15

static const char *const labels[KUJI_IDENTIFIER_LAST] = {"name", "phone",
                                                         "mail"};

const char *kuji_identifier_label(kuji_identifier_e kind)
{
    return labels[kind];
}

static uint32_t fold(uint32_t c)
{
    c = kuji_kana_katakana(kuji_kana_width(c));
    return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static int is_space(uint32_t c)
{
    return c <= 0x20 || c == 0x7f || c == 0xa0 || c == 0x3000 ||
           (c >= 0x2000 && c <= 0x200f) || c == 0x2028 || c == 0x2029 ||
           c == 0x202f || c == 0x2060 || c == 0xfeff;
}

/* What stands between the parts of a name or of a phone number. */
static int is_between(uint32_t c, kuji_identifier_e kind)
{
    if (is_space(c)) {
        return kind != KUJI_IDENTIFIER_MAIL;
    }
    if (kind == KUJI_IDENTIFIER_PHONE) {
        return c == '(' || c == ')' || c == '.' || c == '/' ||
               kuji_kana_is_hyphen(c);
    }
    return kind == KUJI_IDENTIFIER_NAME &&
           (c == 0x30fb || c == 0xff65 || c == 0xb7 || c == ',' || c == '.');
}

/* Folds text into out; where it stops is what does not fit or is no UTF-8. */
static apr_status_t fold_text(char *out, kuji_identifier_e kind,
                              const char *text, apr_size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t used, to = 0, last = 0;
    uint32_t c, before = 0, joined;

    for (; len > 0; at += used, len -= used) {
        used = kuji_utf8_next(&c, at, len);
        if (used == 0 || c == 0) {
            return KUJI_EINVAL;
        }
        joined = kuji_kana_voicing(c)
                     ? kuji_kana_voiced(before, kuji_kana_voicing(c))
                     : 0;
        if (joined) {
            to = last;
            c = joined;
        }
        c = fold(c);
        if (is_between(c, kind)) {
            continue;
        }
        if (to + 4 > KUJI_IDENTIFIER_MAX) {
            return KUJI_ETOOBIG;
        }
        last = to;
        before = c;
        to += kuji_utf8_write((unsigned char *)out + to, c);
    }
    out[to] = '\0';
    return to ? APR_SUCCESS : KUJI_EINVAL;
}

/* Digits, as they are dialled within Japan. */
static apr_status_t check_phone(char *out)
{
    apr_size_t len;

    if (*out == '+') {
        memmove(out, out + 1, strlen(out));
        if (strncmp(out, "81", 2) == 0) {
            char *rest = out + (out[2] == '0' ? 3 : 2);

            *out = '0';
            memmove(out + 1, rest, strlen(rest) + 1);
        }
    }
    len = strlen(out);
    return len >= PHONE_MIN && len <= PHONE_MAX &&
                   strspn(out, "0123456789") == len
               ? APR_SUCCESS
               : KUJI_EINVAL;
}

static apr_status_t check_mail(const char *out)
{
    const char *at = strchr(out, '@'), *c;

    for (c = out; *c > 0x20; c++) {
    }
    return at && at != out && at[1] && !strchr(at + 1, '@') && !*c
               ? APR_SUCCESS
               : KUJI_EINVAL;
}

static apr_size_t trimmed(const char **text, apr_size_t len)
{
    while (len && (unsigned char)**text <= 0x20) {
        ++*text;
        len--;
    }
    while (len && (unsigned char)(*text)[len - 1] <= 0x20) {
        len--;
    }
    return len;
}

apr_status_t kuji_identifier_normalise(char *out, kuji_identifier_e kind,
                                       const char *text, apr_size_t len)
{
    apr_status_t rv;

    len = trimmed(&text, len);
    rv = fold_text(out, kind, text, len);
    if (rv == APR_SUCCESS && kind == KUJI_IDENTIFIER_PHONE) {
        rv = check_phone(out);
    }
    if (rv == APR_SUCCESS && kind == KUJI_IDENTIFIER_MAIL) {
        rv = check_mail(out);
    }
    if (rv != APR_SUCCESS) {
        out[0] = '\0';
    }
    return rv;
}

typedef struct list_t {
    kuji_identifier_t *items;
    int count, room;
    apr_pool_t *pool;
} list_t;

static void add(list_t *l, kuji_identifier_e kind, const char *text,
                apr_size_t len)
{
    char out[KUJI_IDENTIFIER_MAX + 1];
    int i;

    if (l->count == l->room ||
        kuji_identifier_normalise(out, kind, text, len) != APR_SUCCESS) {
        return;
    }
    for (i = 0; i < l->count; i++) {
        if (l->items[i].kind == kind && strcmp(l->items[i].text, out) == 0) {
            return;
        }
    }
    l->items[l->count].kind = kind;
    l->items[l->count++].text = apr_pstrdup(l->pool, out);
}

/* A name as a whole, and each of its words: who asks may give just one. */
static void add_name(list_t *l, const char *text)
{
    apr_size_t len, left, used;
    uint32_t c;

    add(l, KUJI_IDENTIFIER_NAME, text, strlen(text));
    while (*text) {
        for (len = 0, left = strlen(text); len < left; len += used) {
            used = kuji_utf8_next(&c, (const unsigned char *)text + len,
                                  left - len);
            if (used == 0) {
                return;
            }
            if (is_between(c, KUJI_IDENTIFIER_NAME)) {
                break;
            }
        }
        add(l, KUJI_IDENTIFIER_NAME, text, len);
        text += len < left ? len + used : len;
    }
}

void kuji_person_identifiers(const kuji_identifier_t **list, int *count,
                             const json_t *data, apr_pool_t *pool)
{
    static const struct {
        const char *field;
        kuji_identifier_e kind;
    } fields[] = {{"name", KUJI_IDENTIFIER_NAME},
                  {"kana", KUJI_IDENTIFIER_NAME},
                  {"phone", KUJI_IDENTIFIER_PHONE},
                  {"mail", KUJI_IDENTIFIER_MAIL}};
    list_t l = {.room = 32, .pool = pool};
    const char *text;
    unsigned i;

    l.items = apr_palloc(pool, sizeof(*l.items) * (apr_size_t)l.room);
    for (i = 0; i < sizeof(fields) / sizeof(*fields); i++) {
        text = json_string_value(json_object_get(data, fields[i].field));
        if (text && fields[i].kind == KUJI_IDENTIFIER_NAME) {
            add_name(&l, text);
        }
        else if (text) {
            add(&l, fields[i].kind, text, strlen(text));
        }
    }
    *list = l.items;
    *count = l.count;
}

static const char *check_value(const json_t *value)
{
    const char *text = json_string_value(value), *c;

    if (!text || strlen(text) != json_string_length(value)) {
        return "must be a text";
    }
    if (json_string_length(value) > KUJI_PERSON_VALUE_MAX) {
        return "is too long";
    }
    for (c = text;
         *c && ((unsigned char)*c >= 0x20 || *c == '\n') && *c != 0x7f; c++) {
    }
    return *c                               ? "holds a control character"
           : !text[strspn(text, " \t\r\n")] ? "is empty"
                                            : NULL;
}

apr_status_t kuji_person_check(const char **why, const json_t *data,
                               apr_pool_t *pool)
{
    const char *name, *wrong;
    json_t *value;

    if (!json_is_object(data) || json_object_size(data) < 1 ||
        json_object_size(data) > KUJI_PERSON_FIELDS_MAX) {
        *why = "it must be an object of 1 to 20 fields";
        return KUJI_EINVAL;
    }
    json_object_foreach((json_t *)data, name, value)
    {
        apr_size_t len = strlen(name);

        if (len < 1 || len > NAME_BYTES_MAX ||
            strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") != len) {
            *why = "a field's name must be 1 to 32 of a-z, 0-9 and _";
            return KUJI_EINVAL;
        }
        if ((wrong = check_value(value))) {
            *why = apr_pstrcat(pool, name, " ", wrong, NULL);
            return KUJI_EINVAL;
        }
    }
    return APR_SUCCESS;
}

apr_status_t kuji_person_tracking(char *out, const char *text, apr_size_t len)
{
    const unsigned char *at;
    apr_size_t used, count = 0;
    uint32_t c;

    len = trimmed(&text, len);
    for (at = (const unsigned char *)text; len > 0; at += used, len -= used) {
        used = kuji_utf8_next(&c, at, len);
        if (used == 0) {
            return KUJI_EINVAL;
        }
        c = c >= 0xff01 && c <= 0xff5e ? c - (0xff01 - 0x21) : c;
        if (count == KUJI_TRACKING_MAX || c > 0x7f ||
            !strchr("0123456789-ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                    "abcdefghijklmnopqrstuvwxyz",
                    (int)c) ||
            c == 0) {
            return KUJI_EINVAL;
        }
        out[count++] = (char)c;
    }
    out[count] = '\0';
    return count ? APR_SUCCESS : KUJI_EINVAL;
}
