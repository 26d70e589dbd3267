/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/picks.h"

#include "core/image.h"
#include "store/image.h"

#include <apr_strings.h>

/** Images to choose from; more are on their own page. */
#define CHOICES 24

static json_t *choice(const kuji_console_page_t *page, const char *field,
                      const kuji_image_row_t *row, const char *chosen)
{
    return json_pack("{s:s, s:s, s:s, s:o, s:i, s:i, s:b}", "field", field,
                     "id", apr_pstrcat(page->pool, field, "-", row->name, NULL),
                     "name", row->name, "src",
                     json_sprintf("%s/i/%s", page->web->prefix, row->name),
                     "width", row->width, "height", row->height, "chosen",
                     !strcmp(row->name, chosen));
}

static void add_field(kuji_console_page_t *page, const kuji_pick_field_t *field,
                      const kuji_image_row_t *rows, int count)
{
    const char *sent =
        page->form ? kuji_form_get(page->form, field->name) : field->value;
    const char *chosen = sent ? sent : "";
    const kuji_image_row_t old = {.name = chosen};
    json_t *list = json_array();
    int i, found = !*chosen;

    for (i = 0; i < count; i++) {
        found |= !strcmp(rows[i].name, chosen);
        json_array_append_new(list,
                              choice(page, field->name, &rows[i], chosen));
    }
    if (!found && kuji_image_name_read(NULL, NULL, chosen, strlen(chosen))) {
        json_array_append_new(list, choice(page, field->name, &old, chosen));
    }
    json_object_set_new(
        page->data, apr_pstrcat(page->pool, field->name, "s", NULL),
        json_pack("{s:s, s:b, s:b, s:o}", "field", field->name, "none",
                  !*chosen, "any", json_array_size(list) > 0, "list", list));
}

apr_status_t kuji_console_picks(kuji_console_page_t *page,
                                const kuji_pick_field_t *fields, int count)
{
    const kuji_image_row_t *rows;
    kuji_act_t act = kuji_console_act(page->web);
    int images, i;
    apr_status_t rv =
        kuji_image_list(&rows, &images, &act, 0, CHOICES, page->pool);

    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        add_field(page, &fields[i], rows, images);
    }
    return rv;
}
