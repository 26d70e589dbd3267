/* The theme's form: empty colours are the base's.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/picks.h"
#include "web/admin/theme.h"

#include <apr_strings.h>

static const char *const modes[KUJI_THEME_MODES] = {"day", "night"};

static const char *field_name(const kuji_console_page_t *page, int mode,
                              int token)
{
    return apr_pstrcat(page->pool, modes[mode], "-", kuji_theme_tokens[token],
                       NULL);
}

/* "" where it is the base's. */
static const char *typed(const kuji_console_page_t *page,
                         const kuji_theme_t *theme, int mode, int token)
{
    const char *sent =
        page->form ? kuji_form_get(page->form, field_name(page, mode, token))
                   : theme->colours[mode][token];

    return sent ? sent : "";
}

static json_t *colour_field(kuji_console_page_t *page,
                            const kuji_theme_t *theme, int mode, int token)
{
    const kuji_theme_t plain = {.base = theme->base};
    const char *value = typed(page, theme, mode, token);
    const char *name = field_name(page, mode, token);
    kuji_colour_t base =
                      kuji_theme_colour(&plain, kuji_theme_tokens[token], mode),
                  colour = base;
    int bad = *value && !kuji_colour_read(&colour, value);
    char shown[8], usual[8];

    kuji_colour_write(shown, &colour);
    kuji_colour_write(usual, &base);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:b}", "id", name, "name", name,
        "value", value, "usual", usual, "shown", shown, "when",
        kuji_render_text(
            page->web,
            apr_pstrcat(page->pool, "admin.theme.when.", modes[mode], NULL),
            NULL),
        "error", bad);
}

static void add_colours(kuji_console_page_t *page, const kuji_theme_t *theme)
{
    json_t *list = json_array();
    int i;

    for (i = 0; i < KUJI_THEME_TOKENS; i++) {
        json_array_append_new(
            list,
            json_pack("{s:s, s:o, s:o}", "label",
                      kuji_console_theme_label(page, kuji_theme_tokens[i]),
                      "day", colour_field(page, theme, 0, i), "night",
                      colour_field(page, theme, 1, i)));
    }
    json_object_set_new(page->data, "tokens", list);
}

apr_status_t kuji_console_theme_fields(kuji_console_page_t *page,
                                       const kuji_theme_t *theme)
{
    const kuji_pick_field_t pictures[] = {{"logo", theme->logo},
                                          {"visual", theme->visual}};
    apr_status_t rv = kuji_console_picks(page, pictures, 2);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_console_select(page, "base", theme->base, kuji_theme_bases,
                        "admin.theme.base");
    add_colours(page, theme);
    kuji_console_field(page, "css", theme->css);
    return APR_SUCCESS;
}

/* Browsers send lines that end in CR LF. */
static const char *unix_lines(const char *text, apr_pool_t *pool)
{
    char *out = apr_pstrdup(pool, text ? text : ""), *to = out;
    const char *from;

    for (from = out; *from; from++) {
        if (*from != '\r') {
            *to++ = *from;
        }
    }
    *to = '\0';
    return out;
}

static json_t *colours(const kuji_console_page_t *page, int mode)
{
    json_t *out = json_object();
    const char *value;
    int i;

    for (i = 0; i < KUJI_THEME_TOKENS; i++) {
        value = kuji_console_get(page, field_name(page, mode, i));
        if (value) {
            json_object_set_new(out, kuji_theme_tokens[i], json_string(value));
        }
    }
    return out;
}

apr_status_t kuji_console_theme_read(kuji_theme_t *theme,
                                     kuji_console_page_t *page)
{
    const char *base = kuji_console_get(page, "base");
    const char *css = unix_lines(kuji_console_get(page, "css"), page->pool),
               *why;
    json_t *doc =
        json_pack("{s:s, s:o, s:o, s:s*, s:s*, s:s}", "base", base ? base : "",
                  "day", colours(page, 0), "night", colours(page, 1), "logo",
                  kuji_console_get(page, "logo"), "visual",
                  kuji_console_get(page, "visual"), "css", css);
    apr_status_t rv = kuji_theme_read(theme, &why, doc, page->pool);

    json_decref(doc);
    return rv;
}
