/* Declarations: properties that may be set.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/css_int.h"

#include <apr_cstr.h>
#include <apr_strings.h>

typedef const kuji_css_token_t token_t;

/* In alphabetical order. Not on it: what is fixed to the window, what changes
 * the containers (contain, container), what runs something (behavior,
 * -moz-binding), what is global (view-transition-name), and `all`. */
static const char *const properties[] = {"-webkit-background-clip",
                                         "-webkit-box-orient",
                                         "-webkit-line-clamp",
                                         "-webkit-text-fill-color",
                                         "-webkit-text-stroke",
                                         "align-content",
                                         "align-items",
                                         "align-self",
                                         "animation",
                                         "animation-delay",
                                         "animation-direction",
                                         "animation-duration",
                                         "animation-fill-mode",
                                         "animation-iteration-count",
                                         "animation-name",
                                         "animation-play-state",
                                         "animation-timing-function",
                                         "aspect-ratio",
                                         "backdrop-filter",
                                         "backface-visibility",
                                         "background",
                                         "background-attachment",
                                         "background-blend-mode",
                                         "background-clip",
                                         "background-color",
                                         "background-image",
                                         "background-origin",
                                         "background-position",
                                         "background-position-x",
                                         "background-position-y",
                                         "background-repeat",
                                         "background-size",
                                         "block-size",
                                         "border",
                                         "border-block",
                                         "border-block-color",
                                         "border-block-end",
                                         "border-block-start",
                                         "border-block-style",
                                         "border-block-width",
                                         "border-bottom",
                                         "border-bottom-color",
                                         "border-bottom-left-radius",
                                         "border-bottom-right-radius",
                                         "border-bottom-style",
                                         "border-bottom-width",
                                         "border-collapse",
                                         "border-color",
                                         "border-end-end-radius",
                                         "border-end-start-radius",
                                         "border-image",
                                         "border-image-outset",
                                         "border-image-repeat",
                                         "border-image-slice",
                                         "border-image-source",
                                         "border-image-width",
                                         "border-inline",
                                         "border-inline-color",
                                         "border-inline-end",
                                         "border-inline-start",
                                         "border-inline-style",
                                         "border-inline-width",
                                         "border-left",
                                         "border-left-color",
                                         "border-left-style",
                                         "border-left-width",
                                         "border-radius",
                                         "border-right",
                                         "border-right-color",
                                         "border-right-style",
                                         "border-right-width",
                                         "border-spacing",
                                         "border-start-end-radius",
                                         "border-start-start-radius",
                                         "border-style",
                                         "border-top",
                                         "border-top-color",
                                         "border-top-left-radius",
                                         "border-top-right-radius",
                                         "border-top-style",
                                         "border-top-width",
                                         "border-width",
                                         "bottom",
                                         "box-decoration-break",
                                         "box-shadow",
                                         "box-sizing",
                                         "break-inside",
                                         "caption-side",
                                         "clear",
                                         "clip-path",
                                         "color",
                                         "color-scheme",
                                         "column-count",
                                         "column-gap",
                                         "column-rule",
                                         "column-width",
                                         "columns",
                                         "content",
                                         "counter-increment",
                                         "counter-reset",
                                         "counter-set",
                                         "cursor",
                                         "display",
                                         "empty-cells",
                                         "filter",
                                         "flex",
                                         "flex-basis",
                                         "flex-direction",
                                         "flex-flow",
                                         "flex-grow",
                                         "flex-shrink",
                                         "flex-wrap",
                                         "float",
                                         "font",
                                         "font-family",
                                         "font-feature-settings",
                                         "font-kerning",
                                         "font-size",
                                         "font-stretch",
                                         "font-style",
                                         "font-variant",
                                         "font-variant-numeric",
                                         "font-weight",
                                         "gap",
                                         "grid",
                                         "grid-area",
                                         "grid-auto-columns",
                                         "grid-auto-flow",
                                         "grid-auto-rows",
                                         "grid-column",
                                         "grid-column-end",
                                         "grid-column-start",
                                         "grid-row",
                                         "grid-row-end",
                                         "grid-row-start",
                                         "grid-template",
                                         "grid-template-areas",
                                         "grid-template-columns",
                                         "grid-template-rows",
                                         "height",
                                         "hyphens",
                                         "inline-size",
                                         "inset",
                                         "inset-block",
                                         "inset-block-end",
                                         "inset-block-start",
                                         "inset-inline",
                                         "inset-inline-end",
                                         "inset-inline-start",
                                         "isolation",
                                         "justify-content",
                                         "justify-items",
                                         "justify-self",
                                         "left",
                                         "letter-spacing",
                                         "line-break",
                                         "line-height",
                                         "list-style",
                                         "list-style-image",
                                         "list-style-position",
                                         "list-style-type",
                                         "margin",
                                         "margin-block",
                                         "margin-block-end",
                                         "margin-block-start",
                                         "margin-bottom",
                                         "margin-inline",
                                         "margin-inline-end",
                                         "margin-inline-start",
                                         "margin-left",
                                         "margin-right",
                                         "margin-top",
                                         "mask",
                                         "mask-image",
                                         "mask-position",
                                         "mask-repeat",
                                         "mask-size",
                                         "max-block-size",
                                         "max-height",
                                         "max-inline-size",
                                         "max-width",
                                         "min-block-size",
                                         "min-height",
                                         "min-inline-size",
                                         "min-width",
                                         "mix-blend-mode",
                                         "object-fit",
                                         "object-position",
                                         "opacity",
                                         "order",
                                         "outline",
                                         "outline-color",
                                         "outline-offset",
                                         "outline-style",
                                         "outline-width",
                                         "overflow",
                                         "overflow-wrap",
                                         "overflow-x",
                                         "overflow-y",
                                         "padding",
                                         "padding-block",
                                         "padding-block-end",
                                         "padding-block-start",
                                         "padding-bottom",
                                         "padding-inline",
                                         "padding-inline-end",
                                         "padding-inline-start",
                                         "padding-left",
                                         "padding-right",
                                         "padding-top",
                                         "perspective",
                                         "perspective-origin",
                                         "place-content",
                                         "place-items",
                                         "place-self",
                                         "position",
                                         "quotes",
                                         "right",
                                         "rotate",
                                         "row-gap",
                                         "scale",
                                         "tab-size",
                                         "table-layout",
                                         "text-align",
                                         "text-align-last",
                                         "text-combine-upright",
                                         "text-decoration",
                                         "text-decoration-color",
                                         "text-decoration-line",
                                         "text-decoration-style",
                                         "text-decoration-thickness",
                                         "text-emphasis",
                                         "text-emphasis-color",
                                         "text-emphasis-position",
                                         "text-emphasis-style",
                                         "text-indent",
                                         "text-justify",
                                         "text-orientation",
                                         "text-overflow",
                                         "text-shadow",
                                         "text-transform",
                                         "text-underline-offset",
                                         "text-wrap",
                                         "top",
                                         "transform",
                                         "transform-box",
                                         "transform-origin",
                                         "transform-style",
                                         "transition",
                                         "transition-delay",
                                         "transition-duration",
                                         "transition-property",
                                         "transition-timing-function",
                                         "translate",
                                         "unicode-bidi",
                                         "vertical-align",
                                         "visibility",
                                         "white-space",
                                         "width",
                                         "word-break",
                                         "word-spacing",
                                         "writing-mode",
                                         "z-index"};

static int is_custom(const char *name)
{
    return name[0] == '-' && name[1] == '-' && name[2];
}

/* Ends at the first semicolon, or behind a block, which is a rule inside the
 * rule. */
static token_t *end_of(token_t *t, token_t *to, token_t **block)
{
    *block = NULL;
    for (; t < to && t->kind != CSS_SEMICOLON; t = kuji_css__over(t)) {
        if (t->kind == CSS_OPEN_CURLY) {
            *block = t;
            return t->match + 1;
        }
    }
    return t;
}

/* "! important" at the end; *to moves before it. */
static int take_important(token_t *from, token_t **to)
{
    token_t *t = *to;

    while (t > from && t[-1].kind == CSS_SPACE) {
        t--;
    }
    *to = t;
    if (t == from || t[-1].kind != CSS_IDENT ||
        apr_cstr_casecmp(t[-1].text, "important")) {
        return 0;
    }
    for (t--; t > from && t[-1].kind == CSS_SPACE;) {
        t--;
    }
    if (t == from || t[-1].kind != CSS_DELIM || t[-1].delim != '!') {
        return 0;
    }
    for (t--; t > from && t[-1].kind == CSS_SPACE;) {
        t--;
    }
    *to = t;
    return 1;
}

static int declaration(kuji_css_work_t *w, token_t *t, token_t *to)
{
    const char *name = t->text;
    token_t *colon = kuji_css__skip(t + 1, to), *value;
    int important;

    if (t->kind == CSS_AT) {
        return kuji_css__fault(w, t, KUJI_CSS_AT_RULE, NULL);
    }
    if (t->kind != CSS_IDENT || colon == to || colon->kind != CSS_COLON) {
        return kuji_css__fault(w, t, KUJI_CSS_SYNTAX, NULL);
    }
    if (!is_custom(name)) {
        name = kuji_css__lower(w, name);
        if (!CSS_IS_IN(properties, name)) {
            return kuji_css__fault(w, t, KUJI_CSS_PROPERTY, NULL);
        }
    }
    value = kuji_css__skip(colon + 1, to);
    important = take_important(value, &to);
    if (value == to) {
        return kuji_css__fault(w, t, KUJI_CSS_SYNTAX, NULL);
    }
    kuji_css__put_ident(w, name);
    kuji_css__put(w, ":");
    if (!kuji_css__value(w, name, value, to)) {
        return 0;
    }
    kuji_css__put(w, important ? "!important;" : ";");
    return 1;
}

int kuji_css__block(kuji_css_work_t *w, const kuji_css_token_t *from,
                    const kuji_css_token_t *to)
{
    token_t *t = from, *end, *block;
    apr_size_t mark;
    int count = 0;

    kuji_css__put(w, "{");
    while ((t = kuji_css__skip(t, to)) < to) {
        if (t->kind == CSS_SEMICOLON) {
            t++;
            continue;
        }
        end = end_of(t, to, &block);
        mark = w->used;
        if (block) {
            kuji_css__fault(
                w, t, t->kind == CSS_AT ? KUJI_CSS_AT_RULE : KUJI_CSS_NESTING,
                NULL);
        }
        else if (declaration(w, t, end)) {
            count++;
        }
        else {
            w->used = mark;
        }
        t = end;
    }
    kuji_css__put(w, "}\n");
    return count;
}
