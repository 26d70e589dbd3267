/* Writing tokens so that they read as the same tokens again, and never as the
 * end of anything they may stand in.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/css_int.h"

#include <apr_lib.h>
#include <stdio.h>

void kuji_css__put(kuji_css_work_t *w, const char *text)
{
    apr_size_t len = strlen(text);

    if (len > KUJI_CSS_OUT_MAX - w->used) {
        w->full = 1;
        return;
    }
    memcpy(w->out + w->used, text, len);
    w->used += len;
}

static int is_plain(unsigned char c)
{
    return c >= 0x80 || apr_isalnum(c) || c == '-' || c == '_';
}

static void put_char(kuji_css_work_t *w, char c, int plain)
{
    char text[8] = {c, '\0'};

    if (!plain) {
        snprintf(text, sizeof(text), "\\%x ", (unsigned char)c);
    }
    kuji_css__put(w, text);
}

/* CSSOM's "serialize an identifier"; what need not be plain is a number. */
void kuji_css__put_ident(kuji_css_work_t *w, const char *text)
{
    int first = apr_isdigit(text[0]) ? 0
                : text[0] == '-' && (apr_isdigit(text[1]) || !text[1])
                    ? (text[1] ? 1 : 0)
                    : -1;
    int i;

    for (i = 0; text[i]; i++) {
        put_char(w, text[i], i != first && is_plain((unsigned char)text[i]));
    }
}

/* Whatever has a meaning to HTML, CSS or a line is a number. */
void kuji_css__put_string(kuji_css_work_t *w, const char *text)
{
    kuji_css__put(w, "\"");
    for (; *text; text++) {
        put_char(w, *text,
                 (unsigned char)*text >= 0x80 ||
                     (apr_isprint(*text) && !strchr("\"\\<>&'", *text)));
    }
    kuji_css__put(w, "\"");
}
