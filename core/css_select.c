/* Selectors. Every selector of a rule gets the container's class in front, so
 * that whatever it finds is inside; what could only mean the outside is told,
 * because it would be silently without effect.
 *
 * No attribute selectors: with a picture each they read what stands in a field.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/css_int.h"

typedef const kuji_css_token_t token_t;

static const char *const outside[] = {"body", "head", "html"};
static const char *const pseudo_outside[] = {"host", "root", "scope"};
static const char *const pseudo_classes[] = {
    "active",      "any-link",      "checked",      "disabled",
    "empty",       "enabled",       "first-child",  "first-of-type",
    "focus",       "focus-visible", "focus-within", "hover",
    "last-child",  "last-of-type",  "link",         "only-child",
    "only-of-type"};
static const char *const pseudo_elements[] = {"after", "before", "first-letter",
                                              "first-line", "marker"};
static const char *const pseudo_lists[] = {"is", "not", "where"};
static const char *const pseudo_counts[] = {"nth-child", "nth-last-child",
                                            "nth-last-of-type", "nth-of-type"};

static int complex_selector(kuji_css_work_t *w, token_t **at, token_t *to);

static int bad(kuji_css_work_t *w, token_t *t)
{
    return kuji_css__fault(
        w, t, t->delim == '&' ? KUJI_CSS_NESTING : KUJI_CSS_SELECTOR, NULL);
}

/* "2n+1", "odd": no list of selectors behind it. */
static int count(kuji_css_work_t *w, token_t *from, token_t *to)
{
    static const char digits[] = "0123456789nN+-";
    token_t *t;

    for (t = from; t < to; t++) {
        if (t->kind == CSS_SPACE) {
            kuji_css__put(w, " ");
        }
        else if (t->kind == CSS_NUMBER) {
            kuji_css__put(w, t->text);
        }
        else if (t->kind == CSS_DIMENSION &&
                 t->unit[strspn(t->unit, digits)] == '\0') {
            kuji_css__put(w, t->text);
            kuji_css__put(w, t->unit);
        }
        else if (t->kind == CSS_IDENT &&
                 (!t->text[strspn(t->text, digits)] ||
                  !strcmp(t->text, "odd") || !strcmp(t->text, "even"))) {
            kuji_css__put(w, t->text);
        }
        else if (t->kind == CSS_DELIM && (t->delim == '+' || t->delim == '-')) {
            kuji_css__put(w, t->delim == '+' ? "+" : "-");
        }
        else {
            return bad(w, t);
        }
    }
    return 1;
}

/* Selectors between commas, without the container. */
static int inner_list(kuji_css_work_t *w, token_t *from, token_t *to)
{
    token_t *t = from;

    for (;;) {
        if (!complex_selector(w, &t, to)) {
            return 0;
        }
        if (t == to) {
            return 1;
        }
        kuji_css__put(w, ",");
        t++;
    }
}

static int pseudo_function(kuji_css_work_t *w, token_t *t)
{
    const char *name = kuji_css__lower(w, t->text);
    int good;

    if (!CSS_IS_IN(pseudo_lists, name) && !CSS_IS_IN(pseudo_counts, name)) {
        return bad(w, t);
    }
    kuji_css__put(w, ":");
    kuji_css__put(w, name);
    kuji_css__put(w, "(");
    good = CSS_IS_IN(pseudo_lists, name) ? inner_list(w, t + 1, t->match)
                                         : count(w, t + 1, t->match);
    kuji_css__put(w, ")");
    return good;
}

/* Behind the first colon; returns where it goes on, NULL for a fault. */
static token_t *pseudo(kuji_css_work_t *w, token_t *t, token_t *to)
{
    int element = t < to && t->kind == CSS_COLON;
    const char *name;

    t += element;
    if (t < to && t->kind == CSS_FUNCTION && !element) {
        return pseudo_function(w, t) ? t->match + 1 : NULL;
    }
    if (t == to || t->kind != CSS_IDENT) {
        bad(w, t);
        return NULL;
    }
    name = kuji_css__lower(w, t->text);
    if (!element && CSS_IS_IN(pseudo_outside, name)) {
        kuji_css__fault(w, t, KUJI_CSS_OUTSIDE, name);
        return NULL;
    }
    if (CSS_IS_IN(pseudo_elements, name)) {
        kuji_css__put(w, "::");
    }
    else if (!element && CSS_IS_IN(pseudo_classes, name)) {
        kuji_css__put(w, ":");
    }
    else {
        kuji_css__fault(w, t, KUJI_CSS_SELECTOR, name);
        return NULL;
    }
    kuji_css__put(w, name);
    return t + 1;
}

/* ".x", "#x", ":x" behind each other. NULL for a fault. */
static token_t *subclasses(kuji_css_work_t *w, token_t *t, token_t *to)
{
    while (t && t < to) {
        if (t->kind == CSS_DELIM && t->delim == '.' && t[1].kind == CSS_IDENT &&
            t + 1 < to) {
            if (!strcmp(t[1].text, KUJI_CSS_SCOPE)) {
                kuji_css__fault(w, t, KUJI_CSS_OUTSIDE, t[1].text);
                return NULL;
            }
            kuji_css__put(w, ".");
            kuji_css__put_ident(w, t[1].text);
            t += 2;
        }
        else if (t->kind == CSS_HASH && t->unit) {
            kuji_css__put(w, "#");
            kuji_css__put_ident(w, t->text);
            t++;
        }
        else if (t->kind == CSS_COLON) {
            t = pseudo(w, t + 1, to);
        }
        else {
            break;
        }
    }
    return t;
}

static token_t *compound(kuji_css_work_t *w, token_t *t, token_t *to)
{
    token_t *start = t;

    if (t < to && t->kind == CSS_IDENT) {
        if (CSS_IS_IN(outside, kuji_css__lower(w, t->text))) {
            kuji_css__fault(w, t, KUJI_CSS_OUTSIDE, t->text);
            return NULL;
        }
        kuji_css__put_ident(w, t->text);
        t++;
    }
    else if (t < to && t->kind == CSS_DELIM && t->delim == '*') {
        kuji_css__put(w, "*");
        t++;
    }
    t = subclasses(w, t, to);
    if (t == start) {
        bad(w, t);
        return NULL;
    }
    return t;
}

static int is_combinator(token_t *t)
{
    return t->kind == CSS_DELIM &&
           (t->delim == '>' || t->delim == '+' || t->delim == '~');
}

/* One selector up to a comma or to; *at moves there. */
static int complex_selector(kuji_css_work_t *w, token_t **at, token_t *to)
{
    token_t *t = kuji_css__skip(*at, to), *behind;
    char combinator[2] = "";

    for (;;) {
        t = compound(w, t, to);
        if (!t) {
            return 0;
        }
        behind = t;
        t = kuji_css__skip(t, to);
        if (t == to || t->kind == CSS_COMMA) {
            *at = t;
            return 1;
        }
        if (is_combinator(t)) {
            combinator[0] = t->delim;
            kuji_css__put(w, combinator);
            t = kuji_css__skip(t + 1, to);
        }
        else if (t > behind) {
            kuji_css__put(w, " ");
        }
        else {
            return bad(w, t);
        }
    }
}

int kuji_css__selectors(kuji_css_work_t *w, const kuji_css_token_t *from,
                        const kuji_css_token_t *to)
{
    token_t *t = from;

    for (;;) {
        kuji_css__put(w, "." KUJI_CSS_SCOPE " ");
        if (!complex_selector(w, &t, to)) {
            return 0;
        }
        if (t == to) {
            return 1;
        }
        kuji_css__put(w, ",");
        t++;
    }
}
