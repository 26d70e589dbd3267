/* Fields of a campaign's forms: showing what CONFIG holds, reading what was
 * typed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/desk.h"
#include "web/participant/words.h"

#include <apr_strings.h>

const char *kuji_desk_member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

const char *kuji_desk_count(const kuji_desk_t *desk, int64_t value)
{
    return kuji_words_count(value, desk->page.pool);
}

void kuji_desk_show_int(kuji_desk_t *desk, const char *name,
                        const json_t *value)
{
    kuji_console_field(
        &desk->page, name,
        json_is_integer(value)
            ? apr_psprintf(desk->page.pool, "%" APR_INT64_T_FMT,
                           (apr_int64_t)json_integer_value(value))
            : NULL);
}

void kuji_desk_show_time(kuji_desk_t *desk, const char *name,
                         const json_t *value)
{
    kuji_console_field(&desk->page, name,
                       json_is_integer(value)
                           ? kuji_zone_local(desk->zone,
                                             json_integer_value(value),
                                             desk->page.pool)
                           : NULL);
}

static int sent(const kuji_desk_t *desk, const char *name, const char *value)
{
    const kuji_form_t *form = desk->page.form;
    int i;

    for (i = 0; i < form->count; i++) {
        if (!strcmp(form->fields[i].name, name) &&
            !strcmp(form->fields[i].value, value)) {
            return 1;
        }
    }
    return 0;
}

static int holds(const json_t *list, const char *value)
{
    const json_t *item;
    apr_size_t i;

    json_array_foreach(list, i, item)
    {
        if (json_is_string(item) && !strcmp(json_string_value(item), value)) {
            return 1;
        }
    }
    return 0;
}

void kuji_desk_choices(kuji_desk_t *desk, const char *name,
                       const char *const *values, const char *labels,
                       const json_t *chosen)
{
    json_t *all = json_object_get(desk->page.data, "choices");
    json_t *list = json_array();
    const char *label;

    if (!all) {
        all = json_object();
        json_object_set_new(desk->page.data, "choices", all);
    }
    for (; *values; values++) {
        label = apr_pstrcat(desk->page.pool, labels, ".", *values, NULL);
        json_array_append_new(
            list,
            json_pack("{s:s, s:s, s:s, s:b}", "name", name, "value", *values,
                      "label", kuji_render_text(desk->page.web, label, NULL),
                      "checked",
                      desk->page.form ? sent(desk, name, *values)
                                      : holds(chosen, *values)));
    }
    json_object_set_new(all, name, list);
}

json_t *kuji_desk_chosen(const kuji_desk_t *desk, const char *name,
                         const char *const *values)
{
    json_t *list = json_array();

    for (; *values; values++) {
        if (sent(desk, name, *values)) {
            json_array_append_new(list, json_string(*values));
        }
    }
    return list;
}

static void wrong(kuji_desk_t *desk, const char *name, const char *text,
                  json_t *data)
{
    kuji_console_error(&desk->page, name, text, data);
    json_decref(data);
}

int64_t kuji_desk_int(kuji_desk_t *desk, const char *name, int64_t min,
                      int64_t max, int *given)
{
    const char *text = kuji_console_get(&desk->page, name);
    int64_t value;

    if (given) {
        *given = text != NULL;
    }
    if (!text) {
        if (!given) {
            wrong(desk, name, "admin.error.missing", NULL);
        }
        return 0;
    }
    value = strspn(text, "0123456789") == strlen(text) && strlen(text) <= 16
                ? apr_atoi64(text)
                : -1;
    if (value < min || value > max) {
        wrong(desk, name, "admin.error.number",
              json_pack("{s:s, s:s}", "min", kuji_desk_count(desk, min), "max",
                        kuji_desk_count(desk, max)));
        return 0;
    }
    return value;
}

int64_t kuji_desk_time(kuji_desk_t *desk, const char *name, const json_t *was)
{
    const char *text = kuji_console_get(&desk->page, name);
    int64_t ms = 0;

    if (text && json_is_integer(was) &&
        !strcmp(text, kuji_zone_local(desk->zone, json_integer_value(was),
                                      desk->page.pool))) {
        return json_integer_value(was);
    }
    if (!text) {
        wrong(desk, name, "admin.error.missing", NULL);
    }
    else if (kuji_zone_read_local(&ms, desk->zone, text) != APR_SUCCESS) {
        wrong(desk, name, "admin.error.time", NULL);
    }
    return ms;
}

static int too_long(kuji_desk_t *desk, const char *name, const char *text,
                    apr_size_t max)
{
    if (strlen(text) > max) {
        wrong(
            desk, name, "admin.error.long",
            json_pack("{s:s}", "max", kuji_desk_count(desk, (int64_t)max / 3)));
        return 1;
    }
    return 0;
}

const char *kuji_desk_text(kuji_desk_t *desk, const char *name, apr_size_t max)
{
    const char *text = kuji_console_get(&desk->page, name);

    if (!text || !text[strspn(text, " \t\r\n")]) {
        wrong(desk, name, "admin.error.missing", NULL);
        return NULL;
    }
    return too_long(desk, name, text, max) ? NULL : text;
}

const char *kuji_desk_choice(kuji_desk_t *desk, const char *name,
                             const char *const *values)
{
    const char *text = kuji_console_get(&desk->page, name);

    for (; text && *values; values++) {
        if (!strcmp(text, *values)) {
            return *values;
        }
    }
    wrong(desk, name, "admin.error.choice", NULL);
    return NULL;
}

const char *kuji_desk_lines(const char *text, apr_pool_t *pool)
{
    char *out = apr_palloc(pool, strlen(text) + 1), *at = out;

    for (; *text; text++) {
        if (text[0] != '\r' || text[1] != '\n') {
            *at++ = *text;
        }
    }
    *at = '\0';
    return out;
}

void kuji_desk_optional(kuji_desk_t *desk, const char *name, json_t *object,
                        const char *member, apr_size_t max)
{
    const char *text = kuji_console_get(&desk->page, name);

    if (!text || !text[strspn(text, " \t\r\n")]) {
        json_object_del(object, member);
    }
    else if (!too_long(desk, name, text, max)) {
        json_object_set_new(
            object, member,
            json_string(kuji_desk_lines(text, desk->page.pool)));
    }
}

int kuji_desk_confirmed(kuji_desk_t *desk)
{
    const char *typed = kuji_console_get(&desk->page, "confirm");

    if (typed && !strcmp(typed, desk->view->title)) {
        return 1;
    }
    wrong(desk, "confirm", "admin.error.confirm", NULL);
    return 0;
}
