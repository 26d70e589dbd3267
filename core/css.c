/* The stylesheet: rules and at-rules.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/css_int.h"
#include "core/utf8.h"

#include <apr_cstr.h>
#include <apr_strings.h>

/** At-rules inside at-rules, and brackets inside brackets. */
#define AT_DEPTH 3
#define BRACKET_DEPTH 32
#define WHAT_MAX 60

typedef const kuji_css_token_t token_t;

static void rules(kuji_css_work_t *w, token_t *from, token_t *to);

const char *kuji_css_fault_name(kuji_css_fault_e fault)
{
    static const char *const names[KUJI_CSS_FAULTS] = {
        "too-large", "encoding", "syntax",   "at-rule", "selector",
        "outside",   "nesting",  "property", "value",   "url"};

    return names[fault];
}

int kuji_css__is_in(const char *const *list, unsigned count, const char *word)
{
    unsigned low = 0, high = count, middle;
    int order;

    while (low < high) {
        middle = (low + high) / 2;
        order = strcmp(word, list[middle]);
        if (!order) {
            return 1;
        }
        if (order < 0) {
            high = middle;
        }
        else {
            low = middle + 1;
        }
    }
    return 0;
}

const char *kuji_css__lower(kuji_css_work_t *w, const char *text)
{
    char *copy = apr_pstrdup(w->pool, text), *c;

    for (c = copy; *c; c++) {
        if (*c >= 'A' && *c <= 'Z') {
            *c |= 0x20;
        }
    }
    return copy;
}

/* At most WHAT_MAX bytes, no character cut in two. */
static const char *shorten(kuji_css_work_t *w, const char *text)
{
    apr_size_t len = strlen(text);

    if (len > WHAT_MAX) {
        for (len = WHAT_MAX;
             len && ((unsigned char)text[len] & 0xc0) == 0x80;) {
            len--;
        }
    }
    return apr_pstrmemdup(w->pool, text, len);
}

int kuji_css__fault(kuji_css_work_t *w, const kuji_css_token_t *t,
                    kuji_css_fault_e fault, const char *what)
{
    const char delim[2] = {t->delim, '\0'};
    kuji_css_report_t *report;

    if (w->faults->nelts < KUJI_CSS_FAULTS_MAX) {
        report = apr_array_push(w->faults);
        report->line = t->line;
        report->fault = fault;
        report->what = shorten(w, what                   ? what
                                  : t->kind == CSS_DELIM ? delim
                                                         : t->text);
    }
    return 0;
}

/* Links each opening bracket to its closing one; the first that does not fit,
 * or NULL. */
static kuji_css_token_t *link_brackets(apr_array_header_t *tokens)
{
    kuji_css_token_t *list = (kuji_css_token_t *)tokens->elts,
                     *open[BRACKET_DEPTH];
    kuji_css_kind_e closing[BRACKET_DEPTH];
    int depth = 0, i;

    for (i = 0; i < tokens->nelts; i++) {
        kuji_css_kind_e kind = list[i].kind;

        if (kind == CSS_BAD) {
            return &list[i];
        }
        if (kind == CSS_OPEN_CURLY || kind == CSS_OPEN_PAREN ||
            kind == CSS_OPEN_SQUARE || kind == CSS_FUNCTION) {
            if (depth == BRACKET_DEPTH) {
                return &list[i];
            }
            open[depth] = &list[i];
            closing[depth++] = kind == CSS_OPEN_CURLY    ? CSS_CLOSE_CURLY
                               : kind == CSS_OPEN_SQUARE ? CSS_CLOSE_SQUARE
                                                         : CSS_CLOSE_PAREN;
        }
        else if (kind == CSS_CLOSE_CURLY || kind == CSS_CLOSE_PAREN ||
                 kind == CSS_CLOSE_SQUARE) {
            if (!depth || closing[depth - 1] != kind) {
                return &list[i];
            }
            open[--depth]->match = &list[i];
        }
    }
    return depth ? open[depth - 1] : NULL;
}

/* -- rules ----------------------------------------------------------------- */

/* A condition of words, numbers and brackets. Ranges (width < 40rem) have a
 * spelling without '<'. */
static int condition(kuji_css_work_t *w, token_t *from, token_t *to)
{
    token_t *t;

    for (t = from; t < to; t++) {
        if (t->kind == CSS_COLON) {
            kuji_css__put(w, ":");
        }
        else if (t->kind == CSS_IDENT || t->kind == CSS_NUMBER ||
                 t->kind == CSS_DIMENSION || t->kind == CSS_PERCENTAGE ||
                 t->kind == CSS_SPACE || t->kind == CSS_COMMA ||
                 t->kind == CSS_OPEN_PAREN || t->kind == CSS_CLOSE_PAREN ||
                 (t->kind == CSS_DELIM && t->delim == '/')) {
            if (!kuji_css__value(w, "", t, t + 1)) {
                return 0;
            }
        }
        else {
            return kuji_css__fault(w, t, KUJI_CSS_SYNTAX, NULL);
        }
    }
    return 1;
}

static int conditional(kuji_css_work_t *w, token_t *at, token_t *open)
{
    apr_size_t inside;

    if (w->deep == AT_DEPTH) {
        return kuji_css__fault(w, at, KUJI_CSS_NESTING, NULL);
    }
    kuji_css__put(w, "@");
    kuji_css__put(w, kuji_css__lower(w, at->text));
    kuji_css__put(w, " ");
    if (!condition(w, kuji_css__skip(at + 1, open), open)) {
        return 0;
    }
    kuji_css__put(w, "{\n");
    inside = w->used;
    w->deep++;
    rules(w, open + 1, open->match);
    w->deep--;
    if (w->used == inside) {
        return 0;
    }
    kuji_css__put(w, "}\n");
    return 1;
}

/* "from", "to" and percentages between commas. */
static int frame_selectors(kuji_css_work_t *w, token_t *from, token_t *to)
{
    static const char *const words[] = {"from", "to"};
    token_t *t = kuji_css__skip(from, to);

    for (;;) {
        if (t < to && t->kind == CSS_IDENT &&
            CSS_IS_IN(words, kuji_css__lower(w, t->text))) {
            kuji_css__put(w, kuji_css__lower(w, t->text));
        }
        else if (t < to && t->kind == CSS_PERCENTAGE) {
            kuji_css__put(w, t->text);
            kuji_css__put(w, "%");
        }
        else {
            return kuji_css__fault(w, t, KUJI_CSS_SELECTOR, NULL);
        }
        t = kuji_css__skip(t + 1, to);
        if (t == to) {
            return 1;
        }
        if (t->kind != CSS_COMMA) {
            return kuji_css__fault(w, t, KUJI_CSS_SELECTOR, NULL);
        }
        kuji_css__put(w, ",");
        t = kuji_css__skip(t + 1, to);
    }
}

typedef int selectors_fn(kuji_css_work_t *w, token_t *from, token_t *to);

/* Selectors and their block, or nothing; returns where it goes on. */
static token_t *rule(kuji_css_work_t *w, token_t *t, token_t *to,
                     selectors_fn *selectors)
{
    apr_size_t mark = w->used;
    token_t *open = t;

    while (open < to && open->kind != CSS_OPEN_CURLY) {
        open = kuji_css__over(open);
    }
    if (open == to) {
        kuji_css__fault(w, t, KUJI_CSS_SYNTAX, NULL);
        return to;
    }
    if (!selectors(w, t, open) || !kuji_css__block(w, open + 1, open->match)) {
        w->used = mark;
    }
    return open->match + 1;
}

static int keyframes(kuji_css_work_t *w, token_t *at, token_t *open)
{
    token_t *name = kuji_css__skip(at + 1, open), *t;
    apr_size_t inside;

    if (name == open || name->kind != CSS_IDENT ||
        kuji_css__skip(name + 1, open) != open) {
        return kuji_css__fault(w, at, KUJI_CSS_SYNTAX, NULL);
    }
    kuji_css__put(w, "@keyframes " KUJI_CSS_SCOPE "-");
    kuji_css__put_ident(w, name->text);
    kuji_css__put(w, "{\n");
    inside = w->used;
    for (t = open + 1; (t = kuji_css__skip(t, open->match)) < open->match;) {
        t = rule(w, t, open->match, frame_selectors);
    }
    if (w->used == inside) {
        return 0;
    }
    kuji_css__put(w, "}\n");
    return 1;
}

static token_t *at_rule(kuji_css_work_t *w, token_t *t, token_t *to)
{
    const char *name = kuji_css__lower(w, t->text);
    apr_size_t mark = w->used;
    token_t *open = t;
    int good;

    while (open < to && open->kind != CSS_OPEN_CURLY &&
           open->kind != CSS_SEMICOLON) {
        open = kuji_css__over(open);
    }
    if (open == to || open->kind == CSS_SEMICOLON) {
        kuji_css__fault(w, t, KUJI_CSS_AT_RULE, NULL);
        return open == to ? to : open + 1;
    }
    if (!strcmp(name, "media") || !strcmp(name, "supports")) {
        good = conditional(w, t, open);
    }
    else if (!strcmp(name, "keyframes")) {
        good = keyframes(w, t, open);
    }
    else {
        good = kuji_css__fault(w, t, KUJI_CSS_AT_RULE, NULL);
    }
    if (!good) {
        w->used = mark;
    }
    return open->match + 1;
}

static void rules(kuji_css_work_t *w, token_t *from, token_t *to)
{
    token_t *t = from;

    while ((t = kuji_css__skip(t, to)) < to) {
        if (t->kind == CSS_AT) {
            t = at_rule(w, t, to);
        }
        else if (t->kind == CSS_CDO || t->kind == CSS_CDC) {
            kuji_css__fault(w, t, KUJI_CSS_SYNTAX, "<!-- -->");
            t++;
        }
        else {
            t = rule(w, t, to, kuji_css__selectors);
        }
    }
}

/* -- before and after ------------------------------------------------------ */

/* Every @keyframes' name, wherever it stands. */
static void find_frames(kuji_css_work_t *w, token_t *t)
{
    for (; t->kind != CSS_END; t++) {
        if (t->kind == CSS_AT && !apr_cstr_casecmp(t->text, "keyframes")) {
            while (t[1].kind == CSS_SPACE) {
                t++;
            }
            if (t[1].kind == CSS_IDENT) {
                APR_ARRAY_PUSH(w->frames, const char *) = t[1].text;
            }
        }
    }
}

/* The line of the first byte that no stylesheet should hold; 0: none. */
static int bad_line(const char *source, apr_size_t len)
{
    apr_size_t at = 0, used;
    int line = 1;
    uint32_t c;

    for (; at < len; at += used) {
        used = kuji_utf8_next(&c, (const unsigned char *)source + at, len - at);
        if (!used || (c < 0x20 && !strchr("\t\n\r\f", (int)c)) || !c ||
            c == 0x7f) {
            return line;
        }
        line += c == '\n';
    }
    return 0;
}

/* The result is read once more, as a browser will: whatever the writing got
 * wrong does not get out. */
static int holds(const char *text, apr_size_t len, apr_pool_t *pool)
{
    static const char *const at_rules[] = {"keyframes", "media", "supports"};
    apr_array_header_t *tokens = kuji_css__tokens(text, len, pool);
    token_t *t = (token_t *)tokens->elts;

    if (link_brackets(tokens) || memchr(text, '<', len)) {
        return 0;
    }
    for (; t->kind != CSS_END; t++) {
        if (t->kind == CSS_URL || t->kind == CSS_CDO || t->kind == CSS_CDC ||
            (t->kind == CSS_AT && !CSS_IS_IN(at_rules, t->text)) ||
            (t->kind == CSS_FUNCTION && !strcmp(t->text, "url") &&
             !kuji_css__image(t[1].text))) {
            return 0;
        }
    }
    return 1;
}

static void clean(kuji_css_work_t *w, const char *source, apr_size_t len)
{
    apr_array_header_t *tokens;
    const kuji_css_token_t *bad, here = {.line = 1, .text = ""};
    kuji_css_token_t control = here;

    if (len > KUJI_CSS_MAX) {
        kuji_css__fault(w, &here, KUJI_CSS_TOO_LARGE, NULL);
        return;
    }
    control.line = bad_line(source, len);
    if (control.line) {
        kuji_css__fault(w, &control, KUJI_CSS_ENCODING, NULL);
        return;
    }
    tokens = kuji_css__tokens(source, len, w->pool);
    bad = link_brackets(tokens);
    if (bad) {
        kuji_css__fault(w, bad, KUJI_CSS_SYNTAX, NULL);
        return;
    }
    find_frames(w, (token_t *)tokens->elts);
    rules(w, (token_t *)tokens->elts,
          (token_t *)tokens->elts + tokens->nelts - 1);
    if (w->full) {
        kuji_css__fault(w, &here, KUJI_CSS_TOO_LARGE, NULL);
        w->used = 0;
    }
    else if (!holds(w->out, w->used, w->pool)) {
        kuji_css__fault(w, &here, KUJI_CSS_SYNTAX, NULL);
        w->used = 0;
    }
}

void kuji_css_clean(kuji_css_t *css, const char *source, apr_size_t len,
                    apr_pool_t *pool)
{
    kuji_css_work_t w = {
        .pool = pool,
        .out = apr_palloc(pool, KUJI_CSS_OUT_MAX + 1),
        .faults = apr_array_make(pool, 4, sizeof(kuji_css_report_t)),
        .images = apr_array_make(pool, 4, sizeof(const char *)),
        .frames = apr_array_make(pool, 4, sizeof(const char *))};

    clean(&w, source, len);
    w.out[w.used] = '\0';
    css->text = w.out;
    css->len = w.used;
    css->faults = (const kuji_css_report_t *)w.faults->elts;
    css->nfaults = w.faults->nelts;
    css->images = (const char *const *)w.images->elts;
    css->nimages = w.images->nelts;
}
