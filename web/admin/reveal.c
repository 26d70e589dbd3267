/* The part of the texts' page that says how a result is shown and how many can
 * be drawn at once.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/desk.h"

#include "core/config.h"

#include <apr_strings.h>
#include <stdlib.h>

/* "1, 10": as it is typed. */
static const char *counts_text(const kuji_desk_t *desk)
{
    const json_t *item;
    const char *text = "";
    size_t i;

    json_array_foreach(json_object_get(desk->config, "counts"), i, item)
    {
        text = apr_psprintf(desk->page.pool, "%s%s%d", text, i ? ", " : "",
                            (int)json_integer_value(item));
    }
    return text;
}

static json_t *choice(const kuji_desk_t *desk, const char *name,
                      const char *chosen)
{
    apr_pool_t *pool = desk->page.pool;
    kuji_web_t *web = desk->page.web;
    const char *label = apr_pstrcat(pool, "admin.reveal.", name, NULL);
    const char *hint = apr_pstrcat(pool, "admin.reveal.", name, "_hint", NULL);

    return json_pack("{s:s, s:b, s:s, s:s, s:b}", "value", name, name, 1,
                     "label", kuji_render_text(web, label, NULL), "hint",
                     kuji_render_text(web, hint, NULL), "checked",
                     !strcmp(name, chosen));
}

void kuji_console_show_reveal(kuji_desk_t *desk)
{
    const char *chosen = kuji_console_get(&desk->page, "reveal");
    json_t *list = json_array();
    int i;

    if (!desk->page.form || !chosen) {
        chosen = kuji_desk_member(desk->config, "reveal");
        chosen = *chosen ? chosen : kuji_config_reveals[0];
    }
    for (i = 0; kuji_config_reveals[i]; i++) {
        json_array_append_new(list,
                              choice(desk, kuji_config_reveals[i], chosen));
    }
    json_object_set_new(desk->page.data, "reveals", list);
    if (!json_object_get(json_object_get(desk->page.data, "field"), "counts")) {
        kuji_console_field(&desk->page, "counts", counts_text(desk));
    }
}

/* Numbers between anything but digits, in a new array. */
static json_t *read_counts(const char *text)
{
    json_t *list = json_array();
    char *end;

    while (*(text += strcspn(text, "0123456789"))) {
        json_array_append_new(list, json_integer(strtol(text, &end, 10)));
        text = end;
    }
    return list;
}

static int are_fit(const json_t *list)
{
    const json_t *item;
    json_int_t last = 0;
    size_t i;

    json_array_foreach(list, i, item)
    {
        if (json_integer_value(item) <= last ||
            json_integer_value(item) > KUJI_CONFIG_COUNT_MAX) {
            return 0;
        }
        last = json_integer_value(item);
    }
    return json_array_size(list) <= KUJI_CONFIG_COUNTS_MAX;
}

void kuji_console_take_reveal(kuji_desk_t *desk, json_t *config)
{
    const char *counts = kuji_console_get(&desk->page, "counts");
    const char *name;
    json_t *list = read_counts(counts ? counts : "");

    kuji_console_field(&desk->page, "reveal", NULL);
    kuji_console_field(&desk->page, "counts", NULL);
    name = kuji_console_get(&desk->page, "reveal")
               ? kuji_desk_choice(desk, "reveal", kuji_config_reveals)
               : NULL;
    if (name) {
        json_object_set_new(config, "reveal", json_string(name));
    }
    if (!are_fit(list) || (counts && !json_array_size(list))) {
        kuji_console_error(&desk->page, "counts", "admin.error.counts", NULL);
    }
    if (json_array_size(list)) {
        json_object_set(config, "counts", list);
    }
    else {
        json_object_del(config, "counts");
    }
    json_decref(list);
}
