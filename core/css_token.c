/* CSS Syntax Level 3, section 4: tokens. The one difference: control characters
 * and bad UTF-8 never get here, so that nothing needs to be replaced.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/css_int.h"
#include "core/utf8.h"

#include <apr_strings.h>

typedef struct reader_t {
    const char *at, *end;
    int line;
    apr_pool_t *pool;
    apr_array_header_t *tokens;
    char *text; /* room for any token's text, as it grows */
} reader_t;

static int peek(const reader_t *r, int ahead)
{
    return r->end - r->at > ahead ? (unsigned char)r->at[ahead] : -1;
}

static int is_newline(int c)
{
    return c == '\n' || c == '\r' || c == '\f';
}

static int is_space(int c)
{
    return c == ' ' || c == '\t' || is_newline(c);
}

static int is_digit(int c)
{
    return c >= '0' && c <= '9';
}

static int hex_value(int c)
{
    return is_digit(c)            ? c - '0'
           : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                  : -1;
}

static int is_name_start(int c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           c >= 0x80;
}

static int is_name(int c)
{
    return is_name_start(c) || is_digit(c) || c == '-';
}

/* One line end, "\r\n" included. */
static void next(reader_t *r)
{
    if (r->at[0] == '\r' && peek(r, 1) == '\n') {
        r->at++;
    }
    r->line += is_newline(*r->at);
    r->at++;
}

static int is_escape(const reader_t *r, int ahead)
{
    return peek(r, ahead) == '\\' && peek(r, ahead + 1) >= 0 &&
           !is_newline(peek(r, ahead + 1));
}

/* Whether an identifier starts here (4.3.9). */
static int starts_name(const reader_t *r, int ahead)
{
    if (peek(r, ahead) == '-') {
        return is_name_start(peek(r, ahead + 1)) || peek(r, ahead + 1) == '-' ||
               is_escape(r, ahead + 1);
    }
    return is_name_start(peek(r, ahead)) || is_escape(r, ahead);
}

static int starts_number(const reader_t *r)
{
    int sign = peek(r, 0) == '+' || peek(r, 0) == '-';

    return is_digit(peek(r, sign)) ||
           (peek(r, sign) == '.' && is_digit(peek(r, sign + 1)));
}

/* An escape behind its backslash (4.3.7); returns where the text goes on. */
static char *escape(reader_t *r, char *out)
{
    uint32_t c = 0;
    int digits = 0;

    if (hex_value(peek(r, 0)) < 0) {
        if ((unsigned char)*r->at < 0x80) {
            *out++ = *r->at++;
            return out;
        }
        do {
            *out++ = *r->at++;
        } while ((peek(r, 0) & 0xc0) == 0x80 && peek(r, 0) >= 0);
        return out;
    }
    while (digits++ < 6 && hex_value(peek(r, 0)) >= 0) {
        c = c << 4 | (uint32_t)hex_value(*r->at++);
    }
    if (is_space(peek(r, 0))) {
        next(r);
    }
    if (!c || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)) {
        c = 0xfffd;
    }
    return out + kuji_utf8_write((unsigned char *)out, c);
}

/* "a\62 c" takes no more room unescaped than escaped, but for U+FFFD behind
 * "\0": three bytes of two. */
static const char *keep(reader_t *r, const char *end)
{
    return apr_pstrmemdup(r->pool, r->text, (apr_size_t)(end - r->text));
}

static const char *name(reader_t *r)
{
    char *out = r->text;

    for (;;) {
        if (is_escape(r, 0)) {
            r->at++;
            out = escape(r, out);
        }
        else if (is_name(peek(r, 0))) {
            *out++ = *r->at++;
        }
        else {
            return keep(r, out);
        }
    }
}

/* A number as it stands (4.3.12). */
static const char *number(reader_t *r)
{
    const char *start = r->at;
    int sign;

    r->at += peek(r, 0) == '+' || peek(r, 0) == '-';
    while (is_digit(peek(r, 0))) {
        r->at++;
    }
    if (peek(r, 0) == '.' && is_digit(peek(r, 1))) {
        r->at++;
        while (is_digit(peek(r, 0))) {
            r->at++;
        }
    }
    sign = peek(r, 1) == '+' || peek(r, 1) == '-';
    if ((peek(r, 0) | 0x20) == 'e' && is_digit(peek(r, 1 + sign))) {
        r->at += 1 + sign;
        while (is_digit(peek(r, 0))) {
            r->at++;
        }
    }
    return apr_pstrmemdup(r->pool, start, (apr_size_t)(r->at - start));
}

static void numeric(reader_t *r, kuji_css_token_t *t)
{
    t->kind = CSS_NUMBER;
    t->text = number(r);
    if (starts_name(r, 0)) {
        t->kind = CSS_DIMENSION;
        t->unit = name(r);
    }
    else if (peek(r, 0) == '%') {
        r->at++;
        t->kind = CSS_PERCENTAGE;
    }
}

static void string(reader_t *r, kuji_css_token_t *t)
{
    int quote = *r->at++;
    char *out = r->text;

    t->kind = CSS_STRING;
    while (peek(r, 0) != quote) {
        if (peek(r, 0) < 0 || is_newline(peek(r, 0))) {
            t->kind = CSS_BAD;
            return;
        }
        if (peek(r, 0) != '\\') {
            *out++ = *r->at++;
        }
        else if (is_newline(peek(r, 1))) { /* the line goes on */
            r->at++;
            next(r);
        }
        else if (peek(r, 1) < 0) {
            t->kind = CSS_BAD;
            return;
        }
        else {
            r->at++;
            out = escape(r, out);
        }
    }
    r->at++;
    t->text = keep(r, out);
}

static void spaces(reader_t *r)
{
    while (is_space(peek(r, 0))) {
        next(r);
    }
}

/* Behind "url(", unquoted (4.3.6). A bad one ends nowhere: all that follows is
 * part of it. */
static void url(reader_t *r, kuji_css_token_t *t)
{
    char *out = r->text;
    int c;

    t->kind = CSS_URL;
    spaces(r);
    while ((c = peek(r, 0)) >= 0 && c != ')' && !is_space(c)) {
        if (c == '"' || c == '\'' || c == '(' ||
            (c == '\\' && !is_escape(r, 0))) {
            break;
        }
        r->at++;
        if (c == '\\') {
            out = escape(r, out);
        }
        else {
            *out++ = (char)c;
        }
    }
    spaces(r);
    if (peek(r, 0) != ')') {
        t->kind = CSS_BAD;
        return;
    }
    r->at++;
    t->text = keep(r, out);
}

static int is_url(const char *text)
{
    return (text[0] | 0x20) == 'u' && (text[1] | 0x20) == 'r' &&
           (text[2] | 0x20) == 'l' && !text[3];
}

static void ident_like(reader_t *r, kuji_css_token_t *t)
{
    int ahead = 1;

    t->kind = CSS_IDENT;
    t->text = name(r);
    if (peek(r, 0) != '(') {
        return;
    }
    while (is_space(peek(r, ahead))) {
        ahead++;
    }
    r->at++;
    if (is_url(t->text) && peek(r, ahead - 1) != '"' &&
        peek(r, ahead - 1) != '\'') {
        url(r, t);
    }
    else {
        t->kind = CSS_FUNCTION;
    }
}

static void delim(reader_t *r, kuji_css_token_t *t)
{
    static const struct {
        char c;
        kuji_css_kind_e kind;
    } own[] = {{':', CSS_COLON},        {';', CSS_SEMICOLON},
               {',', CSS_COMMA},        {'[', CSS_OPEN_SQUARE},
               {']', CSS_CLOSE_SQUARE}, {'(', CSS_OPEN_PAREN},
               {')', CSS_CLOSE_PAREN},  {'{', CSS_OPEN_CURLY},
               {'}', CSS_CLOSE_CURLY}};
    unsigned i;

    t->kind = CSS_DELIM;
    t->delim = *r->at++;
    for (i = 0; i < sizeof(own) / sizeof(*own); i++) {
        if (own[i].c == t->delim) {
            t->kind = own[i].kind;
        }
    }
}

/* "<!--" and "-->", which only old HTML needs. */
static int old_comment(reader_t *r, kuji_css_token_t *t)
{
    apr_size_t left = (apr_size_t)(r->end - r->at);

    if (left >= 4 && !memcmp(r->at, "<!--", 4)) {
        t->kind = CSS_CDO;
        r->at += 4;
        return 1;
    }
    if (left >= 3 && !memcmp(r->at, "-->", 3)) {
        t->kind = CSS_CDC;
        r->at += 3;
        return 1;
    }
    return 0;
}

/* 4.3.1 */
static void token(reader_t *r, kuji_css_token_t *t)
{
    int c = peek(r, 0);

    if (is_space(c)) {
        t->kind = CSS_SPACE;
        spaces(r);
    }
    else if (c == '"' || c == '\'') {
        string(r, t);
    }
    else if (c == '#' && (is_name(peek(r, 1)) || is_escape(r, 1))) {
        r->at++;
        t->kind = CSS_HASH;
        t->unit = starts_name(r, 0) ? "id" : NULL;
        t->text = name(r);
    }
    else if (starts_number(r)) {
        numeric(r, t);
    }
    else if (old_comment(r, t)) {
        return;
    }
    else if (c == '@' && starts_name(r, 1)) {
        r->at++;
        t->kind = CSS_AT;
        t->text = name(r);
    }
    else if (starts_name(r, 0)) {
        ident_like(r, t);
    }
    else {
        delim(r, t);
    }
}

/* 1: a comment was skipped. One without an end goes to the source's. */
static int comment(reader_t *r)
{
    if (peek(r, 0) != '/' || peek(r, 1) != '*') {
        return 0;
    }
    r->at += 2;
    while (r->at < r->end && !(r->at[0] == '*' && peek(r, 1) == '/')) {
        next(r);
    }
    r->at += r->at < r->end ? 2 : 0;
    return 1;
}

apr_array_header_t *kuji_css__tokens(const char *source, apr_size_t len,
                                     apr_pool_t *pool)
{
    reader_t r = {source,
                  source + len,
                  1,
                  pool,
                  apr_array_make(pool, 256, sizeof(kuji_css_token_t)),
                  apr_palloc(pool, 2 * len + 8)};
    kuji_css_token_t *t;
    int apart;

    do {
        for (apart = 0; comment(&r);) {
            apart = 1;
        }
        t = apr_array_push(r.tokens);
        memset(t, 0, sizeof(*t));
        t->text = "";
        t->line = r.line;
        t->apart = apart;
        if (r.at < r.end) {
            token(&r, t);
        }
    } while (t->kind != CSS_END);
    return r.tokens;
}
