/* GET /k/{slug}/draws/{n}: the participant's own result, whenever asked; the
 * page of a request's first draw shows the whole request.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/words.h"
#include "web/request.h"

#include <apr_strings.h>

/* The reveal is for the first look; the cookie goes with it. */
static int is_first_look(kuji_web_t *web)
{
    const char *value = kuji_cookie_get(web, KUJI_PAGE_NEW_COOKIE);
    apr_int64_t n = value ? apr_atoi64(value) : 0;

    if (n != web->n) {
        return 0;
    }
    apr_table_addn(web->r->err_headers_out, "Set-Cookie",
                   apr_psprintf(web->r->pool,
                                KUJI_PAGE_NEW_COOKIE
                                "=; Max-Age=0; Path=%s/k/%s/draws/"
                                "%" APR_INT64_T_FMT "; HttpOnly; SameSite=Lax",
                                web->prefix, web->campaign->slug,
                                (apr_int64_t)web->n));
    return 1;
}

static const char *words(const kuji_page_t *page, const char *own,
                         const char *name)
{
    const char *text = own ? kuji_page_config_text(page, own) : NULL;

    return text ? text : kuji_render_text(page->web, name, page->data);
}

/* The card's title and text, by what the draw came to. */
static void add_words(const kuji_page_t *page, json_t *draw, int is_entry)
{
    if (json_object_get(draw, "win")) {
        json_object_update_new(
            draw,
            json_pack("{s:s, s:s}", "word",
                      kuji_render_text(page->web, "result.win_word", NULL),
                      "text", words(page, "win", "result.win_text")));
    }
    else if (json_object_get(draw, "entry")) {
        json_object_update_new(
            draw, json_pack("{s:s, s:s}", "title",
                            words(page, NULL, "result.entry_title"), "text",
                            words(page, NULL, "result.entry_text")));
    }
    else {
        json_object_set_new(draw, "blank", json_true());
        json_object_update_new(
            draw, json_pack("{s:s, s:s}", "title",
                            words(page, NULL,
                                  is_entry ? "result.entry_lost_title"
                                           : "result.blank_title"),
                            "text",
                            words(page, "lose",
                                  is_entry ? "result.entry_lost_text"
                                           : "result.blank_text")));
    }
}

static void add_next(kuji_page_t *page, const json_t *first)
{
    const char *name = json_object_get(first, "win") ? "result.next_prize"
                                                     : kuji_words_next(page);
    int raffle = page->m->method == KUJI_RAFFLE;

    if (!json_object_get(first, "entry")) {
        json_object_set_new(page->data, "steps",
                            json_pack("{s:s}", "text",
                                      kuji_render_text(page->web, name, NULL)));
    }
    if (json_object_get(first, "win")) {
        json_object_set_new(page->data, "claim_href",
                            json_sprintf("%s/k/%s/claims/%" APR_INT64_T_FMT,
                                         page->web->prefix, page->web->slug,
                                         (apr_int64_t)json_integer_value(
                                             json_object_get(first, "n"))));
    }
    if (kuji_words_can_repeat(page) &&
        !(page->web->campaign->gates & KUJI_GATE_API)) {
        json_object_set_new(
            page->data, "again",
            json_string(kuji_render_text(
                page->web, raffle ? "button.enter_again" : "button.again",
                NULL)));
    }
}

static json_int_t rank(const json_t *draw)
{
    return json_integer_value(json_object_get(draw, "rank"));
}

/* In one sentence, where there were several. */
static void add_summary(kuji_page_t *page, const json_t *list)
{
    const json_t *draw;
    int wins = 0, entries = 0;
    json_t *data;
    size_t i;

    json_array_foreach(list, i, draw)
    {
        wins += json_object_get(draw, "win") != NULL;
        entries += json_object_get(draw, "entry") != NULL;
    }
    data = json_pack("{s:i, s:i}", "count", (int)json_array_size(list), "wins",
                     wins);
    json_object_set_new(
        page->data, "summary",
        json_string(kuji_render_text(
            page->web, entries ? "result.summary_entries" : "result.summary",
            data)));
    json_decref(data);
}

/* What the card says and does. */
static void add_card(kuji_page_t *page, json_t *first, int is_entry)
{
    add_words(page, first, is_entry);
    if (is_first_look(page->web) && !json_object_get(first, "entry") &&
        !json_object_get(first, "void")) {
        json_object_set_new(first, "reveal", kuji_page_reveal(page));
    }
    add_next(page, first);
    if (!json_object_get(first, "void")) {
        kuji_page_add_share(page, first);
    }
    json_object_set_new(page->data, "first", first);
}

/* The card shows the draw itself; of several, the best. */
static apr_status_t add_draws(kuji_page_t *page, const kuji_draw_row_t *row)
{
    const kuji_draw_row_t *rows = row;
    json_t *list = json_array(), *first = NULL, *draw;
    apr_status_t rv = APR_SUCCESS;
    int count = 1, i;
    kuji_act_t act;

    kuji_page_act(&act, page->web);
    if (row->first_n == row->n && row->count > 1) {
        rv = kuji_draw_request(&rows, &count, &act, page->web->campaign->id,
                               row->n, page->pool);
    }
    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        draw = kuji_page_draw_data(page, &rows[i]);
        if (!first || rank(draw) < rank(first)) {
            first = draw;
        }
        json_array_append_new(list, draw);
    }
    if (first) {
        add_card(page, json_deep_copy(first),
                 row->read->kind == KUJI_LEAF_ENTRY);
    }
    if (count > 1) {
        add_summary(page, list);
    }
    json_object_set_new(page->data, "many", json_boolean(count > 1));
    json_object_set_new(page->data, "draws", list);
    return rv;
}

int kuji_page_result(kuji_web_t *web)
{
    const kuji_draw_row_t *row;
    kuji_page_t page;
    apr_status_t rv;
    int done;

    if ((rv = kuji_page_own_draw(&row, web)) != APR_SUCCESS) {
        return kuji_failure(web, rv, "reading a draw");
    }
    if ((done = kuji_page_open(&page, web)) != DECLINED) {
        return done;
    }
    rv = kuji_page_read(&page);
    if (rv == APR_SUCCESS) {
        rv = add_draws(&page, row);
    }
    if (rv != APR_SUCCESS) {
        return kuji_page_failure(&page, rv, "reading a result");
    }
    json_object_set_new(
        page.data, "page_title",
        json_string(kuji_render_text(web, "result.title", NULL)));
    return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_PRIVATE, "result");
}
