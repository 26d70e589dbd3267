/* Passphrases.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/phrase.h"

#include "core/day.h"
#include "core/utf8.h"

#include <apr_strings.h>
#include <string.h>

/* Spaces, and what pasted text brings along unseen. */
static int is_dropped(uint32_t c)
{
    return c <= 0x20 || c == 0x7f || c == 0xa0 || c == 0xad || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200f) || (c >= 0x2028 && c <= 0x202f) ||
           (c >= 0x205f && c <= 0x2064) || c == 0x3000 || c == 0xfeff;
}

/* One pass; NULL: no UTF-8. */
static const char *fold(const char *text, apr_size_t len, apr_pool_t *pool)
{
    const char *plain = kuji_utf8_plain(text, len, 1, pool);
    apr_size_t left = plain ? strlen(plain) : 0, used;
    char *out = apr_palloc(pool, left + 1), *to = out;
    uint32_t c;

    for (; left > 0; plain += used, left -= used) {
        used = kuji_utf8_next(&c, (const unsigned char *)plain, left);
        if (used == 0) {
            return NULL;
        }
        if (!is_dropped(c)) {
            memcpy(to, plain, used);
            to += used;
        }
    }
    *to = '\0';
    return plain ? out : NULL;
}

apr_status_t kuji_phrase_normalise(const char **out, const char *text,
                                   apr_size_t len, apr_pool_t *pool)
{
    const char *once =
        len <= KUJI_PHRASE_BYTES_MAX ? fold(text, len, pool) : NULL;

    /* What stood on both sides of a space may belong together now. */
    *out = once ? fold(once, strlen(once), pool) : NULL;
    return *out && **out ? APR_SUCCESS : KUJI_EINVAL;
}

static int digits(const char *at, int count)
{
    int value = 0;

    while (count-- > 0) {
        value = value * 10 + *at++ - '0';
    }
    return value;
}

/* "2026-12-01" and a space, as typed on any keyboard: read before the rest is
 * folded. Moves *at behind it. 0: the line begins with no date; 1: it does. */
static int read_day(int *day, const char **at)
{
    static const char form[] = "dddd-dd-dd";
    const char *c = *at;
    int i;

    for (i = 0; form[i]; i++) {
        if (form[i] == 'd' ? c[i] < '0' || c[i] > '9' : c[i] != '-') {
            return 0;
        }
    }
    if (!strchr(" \t\r", c[i]) && strncmp(c + i, "\xe3\x80\x80", 3) != 0) {
        return 0;
    }
    *day = kuji_day_of(digits(c, 4), digits(c + 5, 2), digits(c + 8, 2));
    *at += i;
    return 1;
}

/* APR_SUCCESS, KUJI_ENOTFOUND: an empty line, or KUJI_EINVAL. */
static apr_status_t read_line(kuji_phrase_t *phrase, const char *line,
                              apr_pool_t *pool)
{
    const char *at = line + strspn(line, " \t\r");

    if (!*at) {
        return KUJI_ENOTFOUND;
    }
    phrase->day = KUJI_PHRASE_ANY_DAY;
    if (read_day(&phrase->day, &at) && phrase->day < 0) {
        return KUJI_EINVAL;
    }
    return kuji_phrase_normalise(&phrase->text, at, strlen(at), pool);
}

apr_status_t kuji_phrase_list(const kuji_phrase_t **phrases, int *count,
                              int *line, const char *text, apr_pool_t *pool)
{
    kuji_phrase_t *list = apr_palloc(pool, KUJI_PHRASES_MAX * sizeof(*list));
    apr_status_t rv;
    apr_size_t len;

    *phrases = list;
    *count = 0;
    for (*line = 1;; ++*line) {
        kuji_phrase_t one;

        len = strcspn(text, "\n");
        rv = read_line(&one, apr_pstrmemdup(pool, text, len), pool);
        if (rv == KUJI_EINVAL ||
            (rv == APR_SUCCESS && *count == KUJI_PHRASES_MAX)) {
            return KUJI_EINVAL;
        }
        if (rv == APR_SUCCESS) {
            list[(*count)++] = one;
        }
        if (!text[len]) {
            return APR_SUCCESS;
        }
        text += len + 1;
    }
}
