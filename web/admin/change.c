/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/change.h"

#include <stdlib.h>
#include <string.h>

/** Deeper values are shown as JSON. */
#define DEPTH 3

/* What the lines are made with. */
typedef struct maker_t {
    json_t *lines;
    kuji_change_time_fn *time;
    void *baton;
} maker_t;

/* No longer than KUJI_CHANGE_TEXT_MAX characters. */
static json_t *shortened(const char *text)
{
    const char *at = text;
    int count = 0;

    for (; *at && count < KUJI_CHANGE_TEXT_MAX; count++) {
        at++;
        while ((*at & 0xc0) == 0x80) {
            at++;
        }
    }
    return *at ? json_sprintf("%.*s…", (int)(at - text), text)
               : json_string(text);
}

static int is_time(const char *name, const json_t *value)
{
    size_t len = strlen(name);

    return json_is_integer(value) && json_integer_value(value) > 0 && len > 3 &&
           strcmp(name + len - 3, "_at") == 0;
}

static json_t *text_of(const maker_t *m, const char *name, const json_t *value)
{
    json_t *text;
    char *dumped;

    if (is_time(name, value)) {
        return json_string(m->time(m->baton, json_integer_value(value)));
    }
    if (json_is_string(value)) {
        return shortened(json_string_value(value));
    }
    dumped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    text = shortened(dumped ? dumped : "");
    free(dumped);
    return text;
}

static json_t *joined(const json_t *path, const char *name)
{
    const char *base = json_string_value(path);

    return *base ? json_sprintf("%s.%s", base, name) : json_string(name);
}

static int is_full(const maker_t *m)
{
    return json_array_size(m->lines) >= KUJI_CHANGE_LINES_MAX;
}

static int goes_on(const json_t *value, int depth)
{
    return depth < DEPTH && json_object_size(value) > 0;
}

static void add_values(const maker_t *m, const json_t *path, json_t *value,
                       int depth)
{
    json_t *member, *name;
    const char *key;

    if (is_full(m)) {
        return;
    }
    if (!goes_on(value, depth)) {
        json_array_append_new(
            m->lines,
            json_pack("{s:s, s:o}", "name", json_string_value(path), "value",
                      text_of(m, json_string_value(path), value)));
        return;
    }
    json_object_foreach(value, key, member)
    {
        name = joined(path, key);
        add_values(m, name, member, depth + 1);
        json_decref(name);
    }
}

static void add_change(const maker_t *m, const json_t *path, json_t *before,
                       json_t *after, int depth);

/* Members of both, then those of after alone. */
static void add_members(const maker_t *m, const json_t *path, json_t *before,
                        json_t *after, int depth)
{
    json_t *member, *name;
    const char *key;

    json_object_foreach(before, key, member)
    {
        name = joined(path, key);
        add_change(m, name, member, json_object_get(after, key), depth);
        json_decref(name);
    }
    json_object_foreach(after, key, member)
    {
        if (!json_object_get(before, key)) {
            name = joined(path, key);
            add_change(m, name, NULL, member, depth);
            json_decref(name);
        }
    }
}

static void add_change(const maker_t *m, const json_t *path, json_t *before,
                       json_t *after, int depth)
{
    json_t *line;

    if (is_full(m) || (before && after && json_equal(before, after))) {
        return;
    }
    if (goes_on(before, depth) && goes_on(after, depth)) {
        add_members(m, path, before, after, depth + 1);
        return;
    }
    line =
        json_pack("{s:s, s:b}", "name", json_string_value(path), "changed", 1);
    if (before) {
        json_object_set_new(line, "before",
                            text_of(m, json_string_value(path), before));
    }
    if (after) {
        json_object_set_new(line, "after",
                            text_of(m, json_string_value(path), after));
    }
    json_array_append_new(m->lines, line);
}

json_t *kuji_change_lines(const char *text, kuji_change_time_fn *time,
                          void *baton)
{
    json_t *detail = json_loads(text, JSON_DECODE_ANY, NULL);
    maker_t m = {json_array(), time, baton};
    json_t *top = json_string("");
    json_t *before = json_object_get(detail, "before");
    json_t *after = json_object_get(detail, "after");

    if (json_is_object(before) && json_is_object(after)) {
        add_members(&m, top, before, after, 0);
        json_object_del(detail, "before");
        json_object_del(detail, "after");
    }
    if (json_object_size(detail) > 0) {
        add_values(&m, top, detail, -1);
    }
    json_decref(top);
    json_decref(detail);
    return m.lines;
}
