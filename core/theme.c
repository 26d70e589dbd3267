/* SPDX-License-Identifier: Apache-2.0 */
#include "core/theme.h"
#include "core/fields.h"
#include "core/theme_int.h"

#include <apr_strings.h>
#include <string.h>

const char *const kuji_theme_tokens[KUJI_THEME_TOKENS] = {
    "primary", "primary-deep", "on-primary", "ground",      "pattern",
    "paper",   "ink",          "soft",       "link",        "tint",
    "line",    "control",      "cloth",      "cloth-shade", "cloth-line"};
const char *const kuji_theme_bases[] = {"ennichi", "yuki", "wakaba", "mono",
                                        NULL};

static const char *const modes[KUJI_THEME_MODES] = {"day", "night"};

/* Held to this by day and by night; t/guard/contrast.t reads it from here. */
static const struct {
    const char *on, *under;
    double least;
    const char *base; /* only there, or NULL */
} pairs[] = {
    {"ink", "ground", 4.5, NULL},
    {"ink", "paper", 4.5, NULL},
    {"soft", "ground", 4.5, NULL},
    {"soft", "paper", 4.5, NULL},
    {"link", "ground", 4.5, NULL},
    {"link", "paper", 4.5, NULL},
    {"ink", "tint", 4.5, NULL},
    {"link", "tint", 4.5, NULL},
    {"ink", "pattern", 4.5, NULL},
    {"on-primary", "primary", 4.5, NULL},
    {"on-primary", "primary-deep", 4.5, NULL},
    {"gold", "paper", 4.5, NULL},
    {"gold", "gold-pale", 3, NULL},
    {"soft", "gold-pale", 4.5, NULL},
    {"link", "gold-pale", 4.5, NULL},
    {"ink", "gold-pale", 4.5, NULL},
    {"control", "paper", 3, NULL},
    {"control", "ground", 3, NULL},
    {"primary", "ground", 3, NULL},
    {"cloth-line", "cloth", 4.5, "ennichi"}, /* the name on the noren */
};
enum { PAIRS = sizeof(pairs) / sizeof(*pairs) };

static int is_base(const char *name)
{
    int i;

    for (i = 0; kuji_theme_bases[i]; i++) {
        if (!strcmp(kuji_theme_bases[i], name)) {
            return 1;
        }
    }
    return 0;
}

static int token_index(const char *name)
{
    int i;

    for (i = 0; i < KUJI_THEME_TOKENS; i++) {
        if (!strcmp(kuji_theme_tokens[i], name)) {
            return i;
        }
    }
    return -1;
}

/* Takes a field that may be missing or null; NULL then. */
static const json_t *optional(kuji_fields_t *f, const char *name)
{
    const json_t *value =
        kuji_fields_has(f, name) ? kuji_fields_any(f, name) : NULL;

    return json_is_null(value) ? NULL : value;
}

static void read_colours(kuji_theme_t *theme, kuji_fields_t *f, int mode)
{
    const json_t *given = optional(f, modes[mode]);
    kuji_colour_t colour;
    const char *name;
    json_t *value;
    char *text;
    int at;

    if (given && !json_is_object(given)) {
        kuji_fields_wrong(f, modes[mode], "must be an object");
    }
    json_object_foreach((json_t *)given, name, value)
    {
        at = token_index(name);
        if (at < 0 || !json_is_string(value) ||
            !kuji_colour_read(&colour, json_string_value(value))) {
            kuji_fields_wrong(f, name,
                              at < 0 ? "is no colour that can be set"
                                     : "must be a colour such as #c73e3a");
            return;
        }
        text = apr_palloc(f->pool, 8);
        kuji_colour_write(text, &colour);
        theme->colours[mode][at] = text;
    }
}

static const char *read_image(kuji_fields_t *f, const char *name)
{
    const json_t *value = optional(f, name);
    const char *text = json_string_value(value);

    if (value &&
        (!text || !kuji_image_name_read(NULL, NULL, text, strlen(text)))) {
        kuji_fields_wrong(f, name, "must be the name of an image");
        return NULL;
    }
    return text ? apr_pstrdup(f->pool, text) : NULL;
}

apr_status_t kuji_theme_read(kuji_theme_t *theme, const char **why,
                             const json_t *doc, apr_pool_t *pool)
{
    kuji_fields_t f;
    const json_t *css;

    *why = NULL;
    memset(theme, 0, sizeof(*theme));
    kuji_fields_init(&f, doc, "theme", why, pool);
    theme->base = apr_pstrdup(pool, kuji_fields_word(&f, "base"));
    if (!is_base(theme->base)) {
        kuji_fields_wrong(&f, "base", "is not one of the themes");
    }
    read_colours(theme, &f, 0);
    read_colours(theme, &f, 1);
    theme->logo = read_image(&f, "logo");
    theme->visual = read_image(&f, "visual");
    css = optional(&f, "css");
    if (css && (!json_is_string(css) ||
                strlen(json_string_value(css)) != json_string_length(css))) {
        kuji_fields_wrong(&f, "css", "must be a text");
    }
    theme->css = css && !*why ? apr_pstrdup(pool, json_string_value(css)) : "";
    return kuji_fields_end(&f);
}

static json_t *colours_json(const kuji_theme_t *theme, int mode)
{
    json_t *out = json_object();
    int i;

    for (i = 0; i < KUJI_THEME_TOKENS; i++) {
        if (theme->colours[mode][i]) {
            json_object_set_new(out, kuji_theme_tokens[i],
                                json_string(theme->colours[mode][i]));
        }
    }
    return out;
}

json_t *kuji_theme_json(const kuji_theme_t *theme)
{
    return json_pack("{s:s, s:o, s:o, s:s*, s:s*, s:s}", "base", theme->base,
                     "day", colours_json(theme, 0), "night",
                     colours_json(theme, 1), "logo", theme->logo, "visual",
                     theme->visual, "css", theme->css);
}

kuji_colour_t kuji_theme_colour(const kuji_theme_t *theme, const char *token,
                                int mode)
{
    int at = token_index(token);
    const kuji_theme_token_t *t = kuji_theme__tokens;
    kuji_colour_t out = {0, 0, 0};

    if (at >= 0 && theme->colours[mode][at] &&
        kuji_colour_read(&out, theme->colours[mode][at])) {
        return out;
    }
    for (; t->base; t++) {
        if (t->mode == mode && !strcmp(t->base, theme->base) &&
            !strcmp(t->name, token)) {
            out.red = (unsigned char)(t->colour >> 16);
            out.green = (unsigned char)(t->colour >> 8);
            out.blue = (unsigned char)t->colour;
        }
    }
    return out;
}

/* -- check ----------------------------------------------------------------- */

void kuji_theme_check(kuji_theme_check_t *check, const kuji_theme_t *theme,
                      apr_pool_t *pool)
{
    kuji_theme_pair_t *list = apr_palloc(pool, sizeof(*list) *
                                                   KUJI_THEME_MODES * PAIRS),
                      *p = list;
    int mode, i;

    memset(check, 0, sizeof(*check));
    for (mode = 0; mode < KUJI_THEME_MODES; mode++) {
        for (i = 0; i < PAIRS; i++) {
            kuji_colour_t on = kuji_theme_colour(theme, pairs[i].on, mode);
            kuji_colour_t under =
                kuji_theme_colour(theme, pairs[i].under, mode);

            if (pairs[i].base && strcmp(pairs[i].base, theme->base)) {
                continue;
            }
            p->on = pairs[i].on;
            p->under = pairs[i].under;
            p->mode = mode;
            p->least = pairs[i].least;
            p->is = kuji_colour_contrast(&on, &under);
            check->nfailed += p->is < p->least;
            p++;
        }
    }
    check->pairs = list;
    check->npairs = (int)(p - list);
    kuji_css_clean(&check->css, theme->css, strlen(theme->css), pool);
}

/* -- sheet ----------------------------------------------------------------- */

static const char *mode_sheet(const kuji_theme_t *theme, int mode,
                              apr_pool_t *pool)
{
    static const char *const media[KUJI_THEME_MODES] = {"light", "dark"};
    const char *text = "";
    int i;

    for (i = 0; i < KUJI_THEME_TOKENS; i++) {
        if (theme->colours[mode][i]) {
            text = apr_pstrcat(pool, text, "--", kuji_theme_tokens[i], ":",
                               theme->colours[mode][i], ";", NULL);
        }
    }
    return *text
               ? apr_pstrcat(pool, "@media (prefers-color-scheme:", media[mode],
                             "){:root{", text, "}}\n", NULL)
               : "";
}

const char *kuji_theme_sheet(const kuji_theme_t *theme, const kuji_css_t *css,
                             apr_pool_t *pool)
{
    return apr_pstrcat(pool,
                       "@layer reset,tokens,base,components,pages,organiser;\n"
                       "@layer organiser{\n",
                       mode_sheet(theme, 0, pool), mode_sheet(theme, 1, pool),
                       css->text, "}\n", NULL);
}
