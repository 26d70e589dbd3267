/* Values: functions, units, images.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/css_int.h"
#include "core/image.h"

#include <apr_lib.h>
#include <apr_cstr.h>
#include <apr_strings.h>

typedef const kuji_css_token_t token_t;

/* In alphabetical order. Not on it: whatever takes an address besides url(),
 * which has a rule of its own (image-set, cross-fade, src, …), attr(),
 * element(), paint(), expression(). */
static const char *const functions[] = {"abs",
                                        "acos",
                                        "asin",
                                        "atan",
                                        "atan2",
                                        "blur",
                                        "brightness",
                                        "calc",
                                        "circle",
                                        "clamp",
                                        "color",
                                        "color-mix",
                                        "conic-gradient",
                                        "contrast",
                                        "cos",
                                        "counter",
                                        "counters",
                                        "cubic-bezier",
                                        "drop-shadow",
                                        "ellipse",
                                        "env",
                                        "exp",
                                        "fit-content",
                                        "grayscale",
                                        "hsl",
                                        "hsla",
                                        "hue-rotate",
                                        "hwb",
                                        "hypot",
                                        "inset",
                                        "invert",
                                        "lab",
                                        "lch",
                                        "light-dark",
                                        "linear",
                                        "linear-gradient",
                                        "log",
                                        "matrix",
                                        "matrix3d",
                                        "max",
                                        "min",
                                        "minmax",
                                        "mod",
                                        "oklab",
                                        "oklch",
                                        "opacity",
                                        "perspective",
                                        "polygon",
                                        "pow",
                                        "radial-gradient",
                                        "rem",
                                        "repeat",
                                        "repeating-conic-gradient",
                                        "repeating-linear-gradient",
                                        "repeating-radial-gradient",
                                        "rgb",
                                        "rgba",
                                        "rotate",
                                        "rotate3d",
                                        "rotatex",
                                        "rotatey",
                                        "rotatez",
                                        "round",
                                        "saturate",
                                        "scale",
                                        "scale3d",
                                        "scalex",
                                        "scaley",
                                        "scalez",
                                        "sepia",
                                        "sign",
                                        "sin",
                                        "skew",
                                        "skewx",
                                        "skewy",
                                        "sqrt",
                                        "steps",
                                        "tan",
                                        "translate",
                                        "translate3d",
                                        "translatex",
                                        "translatey",
                                        "translatez",
                                        "var"};

int kuji_css__is_function(const char *name)
{
    return CSS_IS_IN(functions, name);
}

const char *kuji_css__image(const char *url)
{
    static const char *const bases[] = {"../../i/", "/i/"};
    unsigned i;

    for (i = 0; i < 2; i++) {
        if (!strncmp(url, bases[i], strlen(bases[i]))) {
            url += strlen(bases[i]);
            break;
        }
    }
    return kuji_image_name_read(NULL, NULL, url, strlen(url)) ? url : NULL;
}

static int put_image(kuji_css_work_t *w, token_t *t, const char *url)
{
    const char *name = kuji_css__image(url);
    int i;

    if (!name) {
        return kuji_css__fault(w, t, KUJI_CSS_URL, url);
    }
    kuji_css__put(w, "url(\"../../i/");
    kuji_css__put(w, name);
    kuji_css__put(w, "\")");
    for (i = 0; i < w->images->nelts; i++) {
        if (!strcmp(APR_ARRAY_IDX(w->images, i, const char *), name)) {
            return 1;
        }
    }
    APR_ARRAY_PUSH(w->images, const char *) = name;
    return 1;
}

/* url("…"): exactly one string. */
static int put_url_function(kuji_css_work_t *w, token_t *t)
{
    token_t *arg = kuji_css__skip(t + 1, t->match);

    if (arg == t->match || arg->kind != CSS_STRING ||
        kuji_css__skip(arg + 1, t->match) != t->match) {
        return kuji_css__fault(w, t, KUJI_CSS_URL, NULL);
    }
    return put_image(w, t, arg->text);
}

static int put_function(kuji_css_work_t *w, token_t *t)
{
    const char *name = kuji_css__lower(w, t->text);

    if (!kuji_css__is_function(name)) {
        return kuji_css__fault(w, t, KUJI_CSS_VALUE, NULL);
    }
    kuji_css__put(w, name);
    kuji_css__put(w, "(");
    return 1;
}

static int put_dimension(kuji_css_work_t *w, token_t *t)
{
    apr_size_t i, len = strlen(t->unit);

    for (i = 0; i < len && apr_isalpha(t->unit[i]); i++) {
    }
    if (i < len || len > 8) {
        return kuji_css__fault(w, t, KUJI_CSS_VALUE, t->unit);
    }
    kuji_css__put(w, t->text);
    kuji_css__put(w, t->unit);
    return 1;
}

/* Colours. */
static int put_hash(kuji_css_work_t *w, token_t *t)
{
    apr_size_t len = strlen(t->text);

    if (len < 3 || len > 8 ||
        strspn(t->text, "0123456789abcdefABCDEF") != len) {
        return kuji_css__fault(w, t, KUJI_CSS_VALUE, NULL);
    }
    kuji_css__put(w, "#");
    kuji_css__put(w, t->text);
    return 1;
}

/* The page has animations of its own, which a name of the organiser's must not
 * take the place of. */
static void put_word(kuji_css_work_t *w, const char *property, token_t *t)
{
    int i;

    if (!strcmp(property, "animation") || !strcmp(property, "animation-name")) {
        for (i = 0; i < w->frames->nelts; i++) {
            if (!strcmp(APR_ARRAY_IDX(w->frames, i, const char *), t->text)) {
                kuji_css__put(w, KUJI_CSS_SCOPE "-");
            }
        }
    }
    kuji_css__put_ident(w, t->text);
}

/* What is fixed stands over everything where a browser knows no `contain`. */
static int check_position(kuji_css_work_t *w, token_t *from, token_t *to)
{
    static const char *const allowed[] = {"absolute", "inherit", "initial",
                                          "relative", "static",  "unset"};

    if (to - from != 1 || from->kind != CSS_IDENT ||
        !CSS_IS_IN(allowed, kuji_css__lower(w, from->text))) {
        return kuji_css__fault(w, from, KUJI_CSS_VALUE, NULL);
    }
    return 1;
}

static int put_mark(kuji_css_work_t *w, token_t *t)
{
    static const char *const marks[] = {
        [CSS_SPACE] = " ",       [CSS_COMMA] = ",",
        [CSS_OPEN_SQUARE] = "[", [CSS_CLOSE_SQUARE] = "]",
        [CSS_OPEN_PAREN] = "(",  [CSS_CLOSE_PAREN] = ")",
        [CSS_BAD] = NULL};
    char delim[2] = {t->delim, '\0'};

    if (t->kind == CSS_DELIM && strchr("+-*/", t->delim)) {
        kuji_css__put(w, delim);
        return 1;
    }
    if (!marks[t->kind]) {
        return kuji_css__fault(w, t, KUJI_CSS_VALUE, NULL);
    }
    kuji_css__put(w, marks[t->kind]);
    return 1;
}

static int put_token(kuji_css_work_t *w, const char *property, token_t *t)
{
    switch (t->kind) {
    case CSS_IDENT:
        put_word(w, property, t);
        return 1;
    case CSS_STRING:
        kuji_css__put_string(w, t->text);
        return 1;
    case CSS_HASH:
        return put_hash(w, t);
    case CSS_NUMBER:
        kuji_css__put(w, t->text);
        return 1;
    case CSS_PERCENTAGE:
        kuji_css__put(w, t->text);
        kuji_css__put(w, "%");
        return 1;
    case CSS_DIMENSION:
        return put_dimension(w, t);
    case CSS_URL:
        return put_image(w, t, t->text);
    case CSS_FUNCTION:
        return put_function(w, t);
    default:
        return put_mark(w, t);
    }
}

int kuji_css__value(kuji_css_work_t *w, const char *property,
                    const kuji_css_token_t *from, const kuji_css_token_t *to)
{
    token_t *t;

    if (!strcmp(property, "position") && !check_position(w, from, to)) {
        return 0;
    }
    for (t = from; t < to; t++) {
        if (t->apart) { /* what a comment kept apart must not grow together */
            kuji_css__put(w, "/**/");
        }
        if (t->kind == CSS_FUNCTION && !apr_cstr_casecmp(t->text, "url")) {
            if (!put_url_function(w, t)) {
                return 0;
            }
            t = t->match;
        }
        else if (!put_token(w, property, t)) {
            return 0;
        }
    }
    return 1;
}
