/* Rules in words.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/words.h"
#include "web/number.h"

#include <apr_strings.h>
#include <stdio.h>
#include <string.h>

const char *kuji_words_count(int64_t value, apr_pool_t *pool)
{
    return kuji_number_text(value, pool);
}

const char *kuji_words_odds(int64_t weight, int64_t total, apr_pool_t *pool)
{
    char text[64], *end;

    snprintf(text, sizeof text, "%.9f",
             (double)((long double)weight * 100 / (long double)total));
    end = text + strlen(text);
    while (end[-1] == '0') {
        *--end = '\0';
    }
    if (end[-1] == '.') {
        end[-1] = '\0';
    }
    return apr_pstrcat(pool, text, "%", NULL);
}

static const char *odds_note(const kuji_page_t *page)
{
    const kuji_manifest_t *m = page->m;
    const json_t *prize;
    const char *text;
    json_t *data;

    if (m->sold_out < 0) {
        return kuji_render_text(page->web, "method.odds_sold_out_blank", NULL);
    }
    prize = json_array_get(json_object_get(page->data, "prizes"), m->sold_out);
    text = json_string_value(json_object_get(prize, "name"));
    data =
        json_pack("{s:s}", "prize", text ? text : m->prizes[m->sold_out].name);
    text = kuji_render_text(page->web, "method.odds_sold_out_prize", data);
    json_decref(data);
    return text;
}

static const char *box_note(const kuji_page_t *page)
{
    const kuji_manifest_t *m = page->m;
    int64_t total = m->blanks;
    const char *text;
    json_t *data;
    int i;

    for (i = 0; i < m->nprizes; i++) {
        total += m->prizes[i].units;
    }
    data = json_pack("{s:s}", "total", kuji_words_count(total, page->pool));
    text = kuji_render_text(page->web, "method.box_note", data);
    json_decref(data);
    return text;
}

static const char *raffle_note(const kuji_page_t *page)
{
    json_t *data;
    const char *text;

    if (page->m->alternates == 0) {
        return kuji_render_text(page->web, "method.raffle_note_none", NULL);
    }
    data = json_pack("{s:s}", "alternates",
                     kuji_words_count(page->m->alternates, page->pool));
    text = kuji_render_text(page->web, "method.raffle_note", data);
    json_decref(data);
    return text;
}

static void add_method(kuji_page_t *page)
{
    const char *name = kuji_method_name(page->m->method);
    const char *key = apr_pstrcat(page->pool, "method.", name, NULL), *note;
    int instant = page->m->method == KUJI_ODDS || page->m->method == KUJI_BOX;

    switch (page->m->method) {
    case KUJI_ODDS:
        note = odds_note(page);
        break;
    case KUJI_BOX:
        note = box_note(page);
        break;
    case KUJI_MOMENT:
        note = kuji_render_text(page->web, "method.moment_note", NULL);
        break;
    default:
        note = raffle_note(page);
        break;
    }
    json_object_set_new(
        page->data, "method",
        json_pack("{s:b, s:b, s:s, s:s}", name, 1, "instant", instant, "text",
                  kuji_render_text(page->web, key, NULL), "note", note));
}

static void add_limit(kuji_page_t *page, json_t *list, const char *name,
                      int64_t limit)
{
    const char *key = apr_pstrcat(page->pool, "limit.", name, NULL);
    json_t *data;

    if (limit > 0) {
        data = json_pack("{s:s}", "count", kuji_words_count(limit, page->pool));
        json_array_append_new(
            list,
            json_pack("{s:s}", "text", kuji_render_text(page->web, key, data)));
        json_decref(data);
    }
}

void kuji_words_add_rules(kuji_page_t *page)
{
    const kuji_limits_t *l = &page->m->limits;
    json_t *list = json_array();

    add_method(page);
    add_limit(page, list, "draws_per_participant", l->draws_per_participant);
    add_limit(page, list, "draws_per_participant_day",
              l->draws_per_participant_day);
    add_limit(page, list, "wins_per_participant", l->wins_per_participant);
    add_limit(page, list, "draws_per_day", l->draws_per_day);
    add_limit(page, list, "draws", l->draws);
    json_object_set_new(page->data, "limits_any",
                        json_boolean(json_array_size(list) > 0));
    json_object_set_new(page->data, "limits", list);
}

int kuji_words_can_repeat(const kuji_page_t *page)
{
    const kuji_limits_t *l = &page->m->limits;

    return page->view->phase == KUJI_PHASE_OPEN &&
           l->draws_per_participant != 1 && l->draws_per_participant_day != 1;
}

const char *kuji_words_next(const kuji_page_t *page)
{
    const kuji_limits_t *l = &page->m->limits;

    if (page->view->phase == KUJI_PHASE_CLOSED ||
        page->view->phase == KUJI_PHASE_SOLD_OUT) {
        return "result.next_closed";
    }
    if (l->draws_per_participant == 1) {
        return "result.next_done";
    }
    if (l->draws_per_participant_day == 1) {
        return "result.next_tomorrow";
    }
    return page->web->campaign->gates & KUJI_GATE_CODE ? "result.next_code"
                                                       : "result.next_again";
}
