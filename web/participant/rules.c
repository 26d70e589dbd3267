/* GET /k/{slug}/rules: what the manifest promises, in words. Nothing here
 * depends on who reads it or on what was drawn so far.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/words.h"

static void add_units(kuji_page_t *page)
{
    const kuji_manifest_t *m = page->m;
    json_t *list = json_object_get(page->data, "prizes"), *prize;
    int i;

    for (i = 0; i < m->nprizes; i++) {
        prize = json_array_get(list, i);
        json_object_set_new(
            prize, "units",
            json_string(kuji_words_count(m->prizes[i].units, page->pool)));
        if (m->method == KUJI_ODDS) {
            json_object_set_new(
                prize, "odds",
                json_string(kuji_words_odds(m->prizes[i].weight, m->odds_total,
                                            page->pool)));
        }
    }
}

static void add_blanks(kuji_page_t *page)
{
    const kuji_manifest_t *m = page->m;
    int64_t weight = m->odds_total;
    const char *units = "–", *odds = "";
    int i;

    if (m->method == KUJI_BOX) {
        units = kuji_words_count(m->blanks, page->pool);
    }
    else if (m->method == KUJI_ODDS) {
        for (i = 0; i < m->nprizes; i++) {
            weight -= m->prizes[i].weight;
        }
        odds = kuji_words_odds(weight, m->odds_total, page->pool);
    }
    if ((m->method == KUJI_BOX && m->blanks) ||
        (m->method == KUJI_ODDS && weight)) {
        json_object_set_new(
            page->data, "blank_row",
            json_pack("{s:s, s:s}", "units", units, "odds", odds));
    }
    json_object_set_new(page->data, "odds_shown",
                        json_boolean(m->method == KUJI_ODDS));
}

void kuji_rules_fill(kuji_page_t *page)
{
    add_units(page);
    add_blanks(page);
    kuji_words_add_rules(page);
}

int kuji_page_rules(kuji_web_t *web)
{
    kuji_page_t page;
    int done;

    if ((done = kuji_page_open(&page, web)) != DECLINED) {
        return done;
    }
    kuji_rules_fill(&page);
    return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_LONG, "rules");
}
