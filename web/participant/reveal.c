/* How a result is shown, and how many can be drawn at once: what a campaign's
 * CONFIG says, as data for the pages.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/config.h"
#include "web/participant/page.h"

#include <apr_strings.h>

json_t *kuji_page_reveal(const kuji_page_t *page)
{
    const char *name =
        json_string_value(json_object_get(page->config, "reveal"));

    name = name ? name : kuji_config_reveals[0];
    return json_pack("{s:s, s:b}", "name", name, name, 1);
}

/* As the batch will decide: no more than a participant may draw. */
static int is_offered(const kuji_page_t *page, json_int_t count)
{
    const kuji_limits_t *l = &page->m->limits;
    int64_t most = count;

    if (l->draws_per_participant > 0 && l->draws_per_participant < most) {
        most = l->draws_per_participant;
    }
    if (l->draws_per_participant_day > 0 &&
        l->draws_per_participant_day < most) {
        most = l->draws_per_participant_day;
    }
    return most == count && (count == 1 || l->wins_per_participant <= 0);
}

void kuji_page_add_counts(kuji_page_t *page, int chosen)
{
    const json_t *counts = json_object_get(page->config, "counts"), *item;
    json_t *list = json_array();
    json_int_t count;
    size_t i;

    json_array_foreach(counts, i, item)
    {
        count = json_integer_value(item);
        if (is_offered(page, count)) {
            json_array_append_new(
                list,
                json_pack("{s:I, s:b}", "count", count, "checked",
                          chosen ? count == chosen : !json_array_size(list)));
        }
    }
    json_object_set_new(page->data, "counts_any",
                        json_boolean(json_array_size(list) > 1));
    /* One that is larger than one goes without saying. */
    if (json_array_size(list) == 1) {
        json_object_set(page->data, "count",
                        json_object_get(json_array_get(list, 0), "count"));
    }
    json_object_set_new(page->data, "counts", list);
}
