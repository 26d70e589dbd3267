/* How a result is shown and how many are drawn at once: the page's business,
 * never the manifest's.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/config_int.h"

#include <string.h>

const char *const kuji_config_reveals[] = {"garapon",  "scratch", "slot",
                                           "roulette", "omikuji", "gacha",
                                           "card",     "plain",   NULL};

static int is_reveal(const char *name)
{
    int i;

    for (i = 0; kuji_config_reveals[i]; i++) {
        if (strcmp(kuji_config_reveals[i], name) == 0) {
            return 1;
        }
    }
    return 0;
}

/* Some numbers, each larger than the one before. */
static int are_counts(const json_t *list)
{
    const json_t *item;
    json_int_t last = 0;
    size_t i;

    json_array_foreach(list, i, item)
    {
        if (!json_is_integer(item) || json_integer_value(item) <= last ||
            json_integer_value(item) > KUJI_CONFIG_COUNT_MAX) {
            return 0;
        }
        last = json_integer_value(item);
    }
    return last > 0 && json_array_size(list) <= KUJI_CONFIG_COUNTS_MAX;
}

void kuji_config__reveal(kuji_fields_t *f)
{
    if (kuji_fields_has(f, "reveal") &&
        !is_reveal(kuji_fields_word(f, "reveal"))) {
        kuji_fields_wrong(f, "reveal", "is not one of the reveals there are");
    }
    if (kuji_fields_has(f, "counts") &&
        !are_counts(kuji_fields_array(f, "counts"))) {
        kuji_fields_wrong(f, "counts",
                          "must be one to four numbers of 1 to 100, the "
                          "smallest first");
    }
}
