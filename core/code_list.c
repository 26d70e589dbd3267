/* SPDX-License-Identifier: Apache-2.0 */
#include "core/code_list.h"

#include <string.h>

typedef struct span_t {
    const char *at;
    apr_size_t len;
} span_t;

static int is_space(char c)
{
    return c == ' ' || c == '\t';
}

static span_t trim(span_t s)
{
    while (s.len && is_space(s.at[0])) {
        s.at++;
        s.len--;
    }
    while (s.len && is_space(s.at[s.len - 1])) {
        s.len--;
    }
    return s;
}

/* The first field: up to a comma, or between quotes (a code has none inside).
 */
static span_t first_field(span_t line)
{
    char until = ',';
    const char *end;

    line = trim(line);
    if (line.len && line.at[0] == '"') {
        until = '"';
        line.at++;
        line.len--;
    }
    end = memchr(line.at, until, line.len);
    if (end) {
        line.len = (apr_size_t)(end - line.at);
    }
    return trim(line);
}

/* "code", "Code", "CODE" …: ASCII letters differ by one bit. */
static int is_code_word(span_t field)
{
    static const char word[] = "code";
    apr_size_t i;

    for (i = 0; i < field.len && i < 4 && (field.at[i] | 32) == word[i]; i++) {
    }
    return field.len == 4 && i == 4;
}

static int is_header(span_t field)
{
    static const char japanese[] = "シリアルコード";

    return is_code_word(field) || (field.len == sizeof(japanese) - 1 &&
                                   memcmp(field.at, japanese, field.len) == 0);
}

static apr_status_t end_line(kuji_code_list_t *list)
{
    span_t line = {list->line, list->len}, field;

    list->len = 0;
    if (++list->lines == 1 && line.len >= 3 &&
        memcmp(line.at, "\xef\xbb\xbf", 3) == 0) {
        line.at += 3;
        line.len -= 3;
    }
    field = first_field(line);
    if (!trim(line).len || (list->lines == 1 && is_header(field))) {
        return APR_SUCCESS;
    }
    return list->fn(list->baton, list->lines, field.at, field.len);
}

apr_status_t kuji_code_list_feed(kuji_code_list_t *list, const char *bytes,
                                 apr_size_t len)
{
    apr_status_t rv = APR_SUCCESS;
    apr_size_t i;

    for (i = 0; i < len && rv == APR_SUCCESS; i++) {
        int after_cr = list->after_cr;

        list->after_cr = bytes[i] == '\r';
        if (bytes[i] == '\r' || (bytes[i] == '\n' && !after_cr)) {
            rv = end_line(list);
        }
        else if (bytes[i] != '\n' && list->len < sizeof(list->line)) {
            list->line[list->len++] = bytes[i];
        }
    }
    return rv;
}

apr_status_t kuji_code_list_end(kuji_code_list_t *list)
{
    return list->len ? end_line(list) : APR_SUCCESS;
}
