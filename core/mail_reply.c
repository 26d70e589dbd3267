/* SPDX-License-Identifier: Apache-2.0 */
#include "core/mail_reply.h"

#include <apr_strings.h>
#include <string.h>

static int is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* The length of up to three digits at `at`, or 0. */
static apr_size_t number(const char *at, const char *end)
{
    apr_size_t len = 0;

    while (at + len < end && is_digit(at[len])) {
        len++;
    }
    return len <= 3 ? len : 0;
}

/* The length of "5.1.1" at `at`, whose class is that of the reply; or 0. */
static apr_size_t enhanced(const char *at, const char *end, char class)
{
    apr_size_t len = 2, part;

    if (end - at < 5 || at[0] != class || at[1] != '.') {
        return 0;
    }
    part = number(at + len, end);
    len += part;
    if (part == 0 || at + len >= end || at[len] != '.') {
        return 0;
    }
    part = number(at + ++len, end);
    len += part;
    return part && (at + len == end || strchr(" \r\n", at[len])) ? len : 0;
}

void kuji_mail_reply_read(kuji_mail_reply_t *out, const char *line,
                          apr_size_t len)
{
    const char *end = line + len;
    apr_size_t more;

    memset(out, 0, sizeof(*out));
    if (len < 3 || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) ||
        !is_digit(line[2]) || (len > 3 && !strchr(" -\r\n", line[3]))) {
        return;
    }
    out->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
    memcpy(out->text, line, 3);
    more = len > 4 ? enhanced(line + 4, end, line[0]) : 0;
    if (more) {
        out->text[3] = ' ';
        memcpy(out->text + 4, line + 4, more);
    }
}
