/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/sums.h"

#include "core/manifest.h"
#include "web/participant/words.h"

static int64_t number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static int64_t units_of(const kuji_desk_t *desk, const json_t *config)
{
    const json_t *prize;
    int64_t units = 0;
    apr_size_t i;

    json_array_foreach(json_object_get(config, "prizes"), i, prize)
    {
        units += desk->is_draft || (int)i >= desk->view->nprizes
                     ? number(prize, "units")
                     : desk->view->prizes[i].planned;
    }
    return units;
}

static void add_odds(json_t *sums, const kuji_desk_t *desk,
                     const json_t *config)
{
    int64_t total = number(config, "odds_total"), weight = 0;
    const json_t *prize;
    apr_size_t i;

    json_array_foreach(json_object_get(config, "prizes"), i, prize)
    {
        weight += number(prize, "weight");
    }
    if (total <= 0) {
        return;
    }
    json_object_update_new(
        sums,
        json_pack("{s:s, s:s, s:s, s:s, s:b, s:b}", "win",
                  kuji_words_odds(weight, total, desk->page.pool), "blank",
                  weight > total
                      ? "0%"
                      : kuji_words_odds(total - weight, total, desk->page.pool),
                  "weight", kuji_desk_count(desk, weight), "total",
                  kuji_desk_count(desk, total), "never", weight == 0, "over",
                  weight > total));
}

static void add_box(json_t *sums, const kuji_desk_t *desk, const json_t *config,
                    int64_t units)
{
    int64_t blanks = number(config, "blanks");

    json_object_update_new(
        sums,
        json_pack("{s:s, s:s, s:s}", "blanks", kuji_desk_count(desk, blanks),
                  "tickets", kuji_desk_count(desk, units + blanks), "win",
                  units + blanks > 0
                      ? kuji_words_odds(units, units + blanks, desk->page.pool)
                      : "0%"));
}

json_t *kuji_sums_of(const kuji_desk_t *desk, const json_t *config)
{
    int method = kuji_method_parse(kuji_desk_member(config, "method"));
    int64_t units = units_of(desk, config);
    json_t *sums =
        json_pack("{s:s, s:b}", "units", kuji_desk_count(desk, units),
                  kuji_desk_member(config, "method"), 1);

    if (method == KUJI_ODDS) {
        add_odds(sums, desk, config);
    }
    if (method == KUJI_BOX) {
        add_box(sums, desk, config, units);
    }
    return sums;
}
