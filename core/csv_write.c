/* CSV: one cell.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/csv.h"
#include "core/utf8.h"

#include <string.h>

/* What programs skip in front of a cell's text: blanks, and what shows no
 * ink. */
static int is_blank(uint32_t c)
{
    return c == ' ' || c == 0x3000 || (c >= 0x09 && c <= 0x0d) || c == 0x85 ||
           c == 0xa0 || c == 0xad || (c >= 0x2000 && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202f) || (c >= 0x205f && c <= 0x2064) ||
           c == 0xfeff;
}

static int is_trigger(uint32_t c)
{
    switch (c) {
    case '=':
    case '+':
    case '-':
    case '@':
    case 0xff1d: /* ＝ */
    case 0xff0b: /* ＋ */
    case 0xff0d: /* － */
    case 0xff20: /* ＠ */
    case 0x2212: /* −, which CP932 writes as － */
    case 0xfe62: /* the small forms, which some fonts' input leaves */
    case 0xfe63:
    case 0xfe66:
    case 0xfe6b:
        return 1;
    default:
        return 0;
    }
}

static int is_formula(const char *text, apr_size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t used;
    uint32_t c;

    if (len > 0 && *at >= 0x09 && *at <= 0x0d) {
        return 1;
    }
    for (; len > 0; at += used, len -= used) {
        used = kuji_utf8_next(&c, at, len);
        if (used == 0 || !is_blank(c)) {
            return used > 0 && is_trigger(c);
        }
    }
    return 0;
}

/* A semicolon or a tab separates cells where a spreadsheet is set up for
 * another country. */
static int needs_quotes(const char *text, apr_size_t len)
{
    apr_size_t i;

    if (len == 0) {
        return 0;
    }
    if (text[0] == ' ' || text[len - 1] == ' ' || (text[0] == '0' && len > 1)) {
        return 1;
    }
    for (i = 0; i < len; i++) {
        if ((text[i] > 0 && text[i] < ' ') || strchr("\",;'", text[i])) {
            return 1;
        }
    }
    return 0;
}

apr_size_t kuji_csv_cell(char *out, const char *text, apr_size_t len)
{
    int formula = is_formula(text, len);
    char *o = out;
    apr_size_t i;

    if (!formula && !needs_quotes(text, len)) {
        memcpy(out, text, len);
        return len;
    }
    *o++ = '"';
    if (formula) {
        *o++ = '\'';
    }
    for (i = 0; i < len; i++) {
        if (text[i] == '"') {
            *o++ = '"';
        }
        *o++ = text[i];
    }
    *o++ = '"';
    return (apr_size_t)(o - out);
}
