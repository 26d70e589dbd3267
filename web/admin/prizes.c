/* A campaign's prizes: their order, what their odds add up to, more stock.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"
#include "web/admin/sums.h"
#include "web/participant/words.h"

#include "store/event.h"

#include <apr_strings.h>

#define NOTE_MAX 2000

static int64_t number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static json_t *row_of(kuji_desk_t *desk, const json_t *prize, int i)
{
    const kuji_prize_view_t *v = &desk->view->prizes[i];
    const char *kind =
        apr_pstrcat(desk->page.pool, "admin.kind.", v->kind, NULL);
    int64_t total = number(desk->config, "odds_total");
    json_t *row = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:b}",
                            "code", v->code, "name", v->name, "grade",
                            kuji_desk_member(prize, "grade"), "kind",
                            kuji_render_text(desk->page.web, kind, NULL),
                            "planned", kuji_desk_count(desk, v->planned),
                            "awarded", kuji_desk_count(desk, v->awarded),
                            "left", kuji_desk_count(desk, v->left), "first",
                            i == 0, "last", i + 1 == desk->view->nprizes);
    json_int_t releases =
        (json_int_t)json_array_size(json_object_get(prize, "releases"));

    if (desk->view->method == KUJI_ODDS && total > 0) {
        json_object_set_new(
            row, "odds",
            json_string(kuji_words_odds(number(prize, "weight"), total,
                                        desk->page.pool)));
    }
    if (releases) {
        json_object_set_new(row, "releases", json_integer(releases));
    }
    if (desk->view->method == KUJI_MOMENT) {
        json_object_set_new(row, "from",
                            kuji_console_time(&desk->page,
                                              number(prize, "from"),
                                              desk->view->timezone));
        json_object_set_new(row, "until",
                            kuji_console_time(&desk->page,
                                              number(prize, "until"),
                                              desk->view->timezone));
    }
    return row;
}

static int show(kuji_desk_t *desk, int status)
{
    const json_t *list = json_object_get(desk->config, "prizes");
    json_t *rows = json_array();
    int i, open = !desk->is_draft && desk->view->phase != KUJI_PHASE_CLOSED;

    for (i = 0; i < desk->view->nprizes; i++) {
        json_array_append_new(
            rows, row_of(desk, json_array_get(list, (apr_size_t)i), i));
    }
    json_object_set_new(desk->page.data, "sums",
                        kuji_sums_of(desk, desk->config));
    kuji_console_field(&desk->page, "units", NULL);
    kuji_console_field(&desk->page, "note", NULL);
    json_object_update_new(
        desk->page.data,
        json_pack("{s:b, s:o, s:b, s:b, s:b}", "any", desk->view->nprizes > 0,
                  "prizes", rows, "may_edit", desk->is_draft && desk->can_write,
                  "may_stock",
                  open && desk->can_write && desk->view->nprizes > 0 &&
                      desk->view->method != KUJI_MOMENT &&
                      !desk->view->raffled_at,
                  "odds_shown", desk->view->method == KUJI_ODDS));
    return kuji_console_send(&desk->page, status, "prizes");
}

int kuji_console_prizes(kuji_web_t *web)
{
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "prizes");

    return done == DECLINED ? show(&desk, HTTP_OK) : done;
}

/* The place of the path's prize in the list; -1: it is not there. */
static int place_of(const json_t *list, const char *code)
{
    const json_t *prize;
    apr_size_t i;

    json_array_foreach(list, i, prize)
    {
        if (!strcmp(kuji_desk_member(prize, "code"), code)) {
            return (int)i;
        }
    }
    return -1;
}

int kuji_console_prize_move(kuji_web_t *web)
{
    const kuji_desk_next_t next = {show, "/prizes", "moved"};
    kuji_desk_t desk;
    json_t *config, *list, *prize;
    const char *way;
    int place, to, done = kuji_desk_open_form(&desk, web, "prizes");

    if (done != DECLINED) {
        return done;
    }
    config = kuji_desk_copy(&desk);
    list = json_object_get(config, "prizes");
    place = place_of(list, web->name);
    way = kuji_console_get(&desk.page, "way");
    if (place < 0) {
        return kuji_console_failure(&desk.page, KUJI_ENOTFOUND, "a prize");
    }
    to = place + (way && !strcmp(way, "up") ? -1 : 1);
    if (to >= 0 && to < (int)json_array_size(list)) {
        prize = json_incref(json_array_get(list, (apr_size_t)place));
        json_array_remove(list, (apr_size_t)place);
        json_array_insert_new(list, (apr_size_t)to, prize);
    }
    return kuji_desk_save(&desk, config, &next);
}

int kuji_console_prize_remove(kuji_web_t *web)
{
    const kuji_desk_next_t next = {show, "/prizes", "prize_removed"};
    kuji_desk_t desk;
    json_t *config, *list;
    int place, done = kuji_desk_open_form(&desk, web, "prizes");

    if (done != DECLINED) {
        return done;
    }
    config = kuji_desk_copy(&desk);
    list = json_object_get(config, "prizes");
    place = place_of(list, web->name);
    if (place < 0) {
        return kuji_console_failure(&desk.page, KUJI_ENOTFOUND, "a prize");
    }
    json_array_remove(list, (apr_size_t)place);
    /* What would stand in for sold-out ones is gone with it. */
    if (!strcmp(kuji_desk_member(config, "sold_out"), web->name)) {
        json_object_set_new(config, "sold_out", json_string("blank"));
    }
    return kuji_desk_save(&desk, config, &next);
}

int kuji_console_stock(kuji_web_t *web)
{
    const char *why = NULL, *note, *prize;
    kuji_event_t event;
    kuji_desk_t desk;
    int64_t units;
    apr_status_t rv;
    int done = kuji_desk_open_form(&desk, web, "prizes");

    if (done != DECLINED) {
        return done;
    }
    kuji_console_field(&desk.page, "units", NULL);
    units = kuji_desk_int(&desk, "units", 1, KUJI_INT_MAX, NULL);
    prize = kuji_console_get(&desk.page, "prize");
    note = kuji_console_get(&desk.page, "note");
    if (desk.page.errors) {
        json_t *error = json_incref(json_object_get(
            json_object_get(json_object_get(desk.page.data, "field"), "units"),
            "error"));

        json_object_set_new(desk.page.data, "units_error", error);
        return show(&desk, HTTP_UNPROCESSABLE_ENTITY);
    }
    rv =
        kuji_event_stock(&event, &why, &desk.act, web->slug, prize ? prize : "",
                         units, NULL, note, desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "adding stock", show);
    }
    kuji_cache_forget(web->process->cache, web->tenant->id, web->slug);
    return kuji_desk_done(&desk, "/prizes", "stocked",
                          json_pack("{s:s, s:s}", "prize", prize, "units",
                                    kuji_desk_count(&desk, units)));
}
