/* Serial codes: batches with their counts, taking one out of use.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/codes.h"

#include <apr_strings.h>

static json_t *row_of(kuji_desk_t *desk, const kuji_code_batch_row_t *row)
{
    int64_t all = row->size * row->uses;

    return json_pack(
        "{s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:b}", "id",
        (json_int_t)row->id, "name", row->name, "size",
        kuji_desk_count(desk, row->size), "uses",
        kuji_desk_count(desk, row->uses), "spent",
        kuji_desk_count(desk, row->spent), "unused",
        kuji_desk_count(desk, all - row->spent), "created",
        kuji_console_time(&desk->page, row->created_at, desk->view->timezone),
        "disabled", row->disabled, "several", row->uses > 1);
}

void kuji_codes_fields(kuji_desk_t *desk)
{
    static const char *const names[] = {"make_name", "take_name", "codes",
                                        NULL};
    unsigned i;

    for (i = 0; names[i]; i++) {
        kuji_console_field(&desk->page, names[i], NULL);
    }
    kuji_console_select(&desk->page, "make_form", "codes", kuji_codes_forms,
                        "admin.codes.form");
    kuji_console_field(&desk->page, "count", "1000");
    kuji_console_field(&desk->page, "symbols", "12");
    kuji_console_field(&desk->page, "make_uses", "1");
    kuji_console_field(&desk->page, "take_uses", "1");
}

int kuji_codes_show(kuji_desk_t *desk, int status)
{
    const kuji_code_batch_row_t *rows;
    json_t *list;
    int count, i;
    apr_status_t rv = kuji_code_batches(&rows, &count, &desk->act,
                                        desk->view->slug, desk->page.pool);

    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk->page, rv, "listing codes");
    }
    if (!json_object_size(json_object_get(desk->page.data, "field"))) {
        kuji_codes_fields(desk);
    }
    list = json_array();
    for (i = 0; i < count; i++) {
        json_array_append_new(list, row_of(desk, &rows[i]));
    }
    json_object_update_new(
        desk->page.data,
        json_pack("{s:b, s:o, s:b}", "any", count > 0, "batches", list,
                  "may_change", desk->can_write && !desk->view->closed_at));
    return kuji_console_send(&desk->page, status, "codes");
}

int kuji_console_codes(kuji_web_t *web)
{
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "codes");

    return done == DECLINED ? kuji_codes_show(&desk, HTTP_OK) : done;
}

static int set_disabled(kuji_web_t *web, int disable)
{
    const char *why = NULL;
    kuji_desk_t desk;
    apr_status_t rv;
    int done = kuji_desk_open_form(&desk, web, "codes");

    if (done != DECLINED) {
        return done;
    }
    kuji_codes_fields(&desk);
    rv = kuji_code_batch_disable(&why, &desk.act, web->slug, web->n, disable,
                                 desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "disabling codes",
                                 kuji_codes_show);
    }
    return kuji_desk_done(&desk, "/codes",
                          disable ? "codes_disabled" : "codes_enabled", NULL);
}

int kuji_console_codes_disable(kuji_web_t *web)
{
    return set_disabled(web, 1);
}

int kuji_console_codes_enable(kuji_web_t *web)
{
    return set_disabled(web, 0);
}
