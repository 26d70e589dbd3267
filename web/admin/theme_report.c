/* What stands against a theme, in words: colours that cannot be told apart,
 * lines of CSS that were left out.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/theme.h"

#include <apr_strings.h>

const char *kuji_console_theme_label(const kuji_console_page_t *page,
                                     const char *token)
{
    char *name = apr_pstrcat(page->pool, "admin.theme.token.", token, NULL), *c;

    for (c = name; *c; c++) {
        if (*c == '-') {
            *c = '_';
        }
    }
    return kuji_render_text(page->web, name, NULL);
}

static json_t *pair_row(const kuji_console_page_t *page,
                        const kuji_theme_t *theme, const kuji_theme_pair_t *p)
{
    kuji_colour_t on = kuji_theme_colour(theme, p->on, p->mode);
    kuji_colour_t under = kuji_theme_colour(theme, p->under, p->mode);
    char on_text[8], under_text[8];

    kuji_colour_write(on_text, &on);
    kuji_colour_write(under_text, &under);
    return json_pack(
        "{s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:b}", "on",
        kuji_console_theme_label(page, p->on), "under",
        kuji_console_theme_label(page, p->under), "on_colour", on_text,
        "under_colour", under_text, "night", p->mode, "ratio",
        /* rounded down: 4.499 is not enough and must not look so */
        apr_psprintf(page->pool, "%d.%02d", (int)p->is,
                     (int)(p->is * 100) % 100),
        "least", p->least > 4 ? "4.5" : "3", "bad", p->is < p->least);
}

static void add_contrast(kuji_console_page_t *page, const kuji_theme_t *theme,
                         const kuji_theme_check_t *check)
{
    json_t *all = json_array(), *bad = json_array(), *row;
    int i;

    for (i = 0; i < check->npairs; i++) {
        row = pair_row(page, theme, &check->pairs[i]);
        if (check->pairs[i].is < check->pairs[i].least) {
            json_array_append(bad, row);
        }
        json_array_append_new(all, row);
    }
    json_object_set_new(page->data, "contrast",
                        json_pack("{s:i, s:b, s:o, s:o}", "failed",
                                  check->nfailed, "fits", !check->nfailed,
                                  "bad", bad, "all", all));
}

static json_t *fault_row(const kuji_console_page_t *page,
                         const kuji_css_report_t *fault)
{
    const char *text = apr_pstrcat(page->pool, "admin.theme.fault.",
                                   kuji_css_fault_name(fault->fault), NULL);

    return json_pack("{s:i, s:s, s:s, s:s}", "line", fault->line, "code",
                     kuji_css_fault_name(fault->fault), "what", fault->what,
                     "text", kuji_render_text(page->web, text, NULL));
}

static void add_faults(kuji_console_page_t *page, const kuji_css_t *css)
{
    json_t *list = json_array();
    int i;

    for (i = 0; i < css->nfaults; i++) {
        json_array_append_new(list, fault_row(page, &css->faults[i]));
    }
    json_object_set_new(page->data, "faults", list);
    json_object_set_new(page->data, "faults_any",
                        json_boolean(css->nfaults > 0));
}

void kuji_console_theme_report(kuji_console_page_t *page,
                               const kuji_theme_t *theme)
{
    kuji_theme_check_t check;

    kuji_theme_check(&check, theme, page->pool);
    add_contrast(page, theme, &check);
    add_faults(page, &check.css);
}
