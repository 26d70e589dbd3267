/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/changed.h"

#include "store/audit.h"
#include "web/admin/change.h"
#include "web/admin/words.h"

#include <apr_strings.h>
#include <stdlib.h>

static const char *text_of(const kuji_console_page_t *page, const char *group,
                           const char *name)
{
    const char *text = kuji_render_text(
        page->web, apr_pstrcat(page->pool, "admin.", group, ".", name, NULL),
        NULL);

    return *text ? text : NULL;
}

static int begins(const char *name, const char *with)
{
    return !strncmp(name, with, strlen(with));
}

/* The label of the form's field. */
static const char *field_label(const kuji_console_page_t *page,
                               const char *name, const char *last)
{
    static const char *const groups[] = {"texts", "edit", "limit", "prize",
                                         NULL};
    const char *text = NULL;
    int i = begins(name, "texts.") || begins(name, "privacy.") ? 0 : 1;

    if (!strcmp(name, "title")) {
        return text_of(page, "edit", "name");
    }
    if (!strcmp(name, "gates")) {
        return text_of(page, "edit", "gate");
    }
    if (begins(name, "prizes.")) {
        i = 3;
    }
    for (; groups[i] && !text; i++) {
        text = text_of(page, groups[i], last);
    }
    if (!text) {
        text = text_of(page, "texts", last);
    }
    return text ? text : name;
}

/* Of "mail.KIND.LANGUAGE.PART". */
static const char *mail_label(const kuji_console_page_t *page, const char *name,
                              const char *part)
{
    const char *kind = name + strlen("mail.");
    const char *language = kind + strcspn(kind, ".");
    const char *what = apr_pstrcat(
        page->pool,
        kuji_render_text(
            page->web,
            apr_pstrcat(
                page->pool, "admin.mail.kind.",
                apr_pstrmemdup(page->pool, kind, (apr_size_t)(language - kind)),
                NULL),
            NULL),
        kuji_render_text(page->web, "admin.changed.and", NULL),
        kuji_render_text(page->web,
                         apr_pstrcat(page->pool, "admin.mail.", part, NULL),
                         NULL),
        NULL);
    json_t *data;

    if (!begins(language, ".en.")) {
        return what;
    }
    data = json_pack("{s:s}", "what", what);
    what = kuji_render_text(page->web, "admin.changed.english", data);
    json_decref(data);
    return what;
}

static const char *label_of(const kuji_console_page_t *page, const char *name)
{
    const char *last = strrchr(name, '.') ? strrchr(name, '.') + 1 : name;
    const char *code = name + strlen("prizes."), *text;
    json_t *data;

    if (begins(name, "texts.en.")) {
        data = json_pack("{s:s}", "what", field_label(page, name, last));
        text = kuji_render_text(page->web, "admin.changed.english", data);
    }
    else if (begins(name, "prizes.") && last == code) {
        data = json_pack("{s:s}", "code", code);
        text = kuji_render_text(page->web, "admin.changed.prize", data);
    }
    else if (begins(name, "prizes.")) {
        data = json_pack(
            "{s:s, s:s}", "code",
            apr_pstrmemdup(page->pool, code, (apr_size_t)(last - code - 1)),
            "what", field_label(page, name, last));
        text = kuji_render_text(page->web, "admin.changed.of_prize", data);
    }
    else if (begins(name, "mail.")) {
        return mail_label(page, name, last);
    }
    else {
        return field_label(page, name, last);
    }
    json_decref(data);
    return text;
}

/* Words of CONFIG that the forms have other words for. */
static void say_value(const kuji_console_page_t *page, json_t *line,
                      const char *side)
{
    const char *name = kuji_desk_member(line, "name"), *text = NULL;
    const char *value = kuji_desk_member(line, side);
    const char *last = strrchr(name, '.') ? strrchr(name, '.') + 1 : name;

    if (!strcmp(value, "true") || !strcmp(value, "false")) {
        text = kuji_render_text(
            page->web,
            *value == 't' ? "admin.changed.true" : "admin.changed.false", NULL);
    }
    else if (!strcmp(name, "method") || !strcmp(last, "kind")) {
        text = text_of(page, last, value);
    }
    else if (!strcmp(name, "sold_out")) {
        text = text_of(page, "edit.sold_out_options", value);
    }
    if (text) {
        json_object_set_new(line, side, json_string(text));
    }
}

/* ["a", "b"] as the labels of a's and b's boxes; anything else as it is. */
static json_t *joined(const kuji_console_page_t *page, const json_t *list,
                      const char *group)
{
    const char *and = kuji_render_text(page->web, "admin.changed.and", NULL);
    const char *out = "", *word, *text;
    const json_t *item;
    apr_size_t i;

    json_array_foreach(list, i, item)
    {
        if (!(word = json_string_value(item))) {
            return json_incref((json_t *)list);
        }
        text = text_of(page, group, word);
        out = apr_pstrcat(page->pool, out, i ? and : "", text ? text : word,
                          NULL);
    }
    return json_string(out);
}

/* Prizes by their codes, so that only what differs of them is told; one that
 * the other side does not have by its name. */
static json_t *by_code(const json_t *prizes, const json_t *others)
{
    json_t *out = json_object(), *prize, *other;
    const char *code;
    apr_size_t i, k;
    int found;

    json_array_foreach(prizes, i, prize)
    {
        code = kuji_desk_member(prize, "code");
        found = 0;
        json_array_foreach(others, k, other)
        {
            found |= !strcmp(kuji_desk_member(other, "code"), code);
        }
        json_object_set(out, code,
                        found ? prize : json_object_get(prize, "name"));
    }
    return out;
}

static void drop_nulls(json_t *object)
{
    const char *name;
    json_t *value;
    void *next;

    json_object_foreach_safe(object, next, name, value)
    {
        if (json_is_null(value)) {
            json_object_del(object, name);
        }
        else if (json_is_object(value)) {
            drop_nulls(value);
        }
    }
}

/* mail {KIND: {LANGUAGE: {PART: text}}} as "mail.KIND.LANGUAGE.PART": text, so
 * that only what differs of it is told. */
static void spread_mail(const kuji_console_page_t *page, json_t *side)
{
    json_t *mail = json_incref(json_object_get(side, "mail"));
    json_t *languages, *parts, *text;
    const char *kind, *language, *part;

    json_object_foreach(mail, kind, languages)
    {
        json_object_foreach(languages, language, parts)
        {
            json_object_foreach(parts, part, text)
            {
                json_object_set(side,
                                apr_pstrcat(page->pool, "mail.", kind, ".",
                                            language, ".", part, NULL),
                                text);
            }
        }
    }
    json_object_del(side, "mail");
    json_decref(mail);
}

static void prepare(const kuji_console_page_t *page, json_t *before,
                    json_t *after)
{
    static const char *const lists[][2] = {{"gates", "gate"},
                                           {"claim_fields", "claim_field"}};
    json_t *const sides[] = {before, after};
    json_t *old = json_incref(json_object_get(before, "prizes"));
    json_t *new = json_incref(json_object_get(after, "prizes")), *list;
    unsigned i, k;

    if (json_is_array(old) && json_is_array(new)) {
        json_object_set_new(before, "prizes", by_code(old, new));
        json_object_set_new(after, "prizes", by_code(new, old));
    }
    json_decref(old);
    json_decref(new);
    for (i = 0; i < 2; i++) {
        drop_nulls(sides[i]);
        spread_mail(page, sides[i]);
        for (k = 0; k < 2; k++) {
            list = json_object_get(sides[i], lists[k][0]);
            if (json_is_array(list)) {
                json_object_set_new(sides[i], lists[k][0],
                                    joined(page, list, lists[k][1]));
            }
        }
    }
}

static const char *when(void *baton, int64_t ms)
{
    return kuji_console_when(baton, ms);
}

json_t *kuji_changed_lines(const kuji_console_page_t *page, const char *detail)
{
    json_t *doc = json_loads(detail, 0, NULL), *lines, *line;
    const char *label;
    char *text;
    apr_size_t i;

    prepare(page, json_object_get(doc, "before"),
            json_object_get(doc, "after"));
    json_object_del(doc, "version");
    text = json_dumps(doc, JSON_COMPACT);
    lines = kuji_change_lines(text ? text : "{}", when, (void *)page);
    json_array_foreach(lines, i, line)
    {
        label = label_of(page, kuji_desk_member(line, "name"));
        if (strcmp(label, kuji_desk_member(line, "name"))) {
            json_object_set_new(line, "label", json_string(label));
        }
        say_value(page, line, "before");
        say_value(page, line, "after");
    }
    free(text);
    json_decref(doc);
    return lines;
}

/* Groups of texts that the values of some details are words of. */
static const char *word_of(const kuji_console_page_t *page, const char *name,
                           const char *value)
{
    static const char *const groups[][2] = {
        {"before", "claims.state"}, {"after", "claims.state"},
        {"before.role", "role"},    {"after.role", "role"},
        {"role", "role"},           {"reason", "reason"}};
    unsigned i;

    for (i = 0; *value && i < sizeof groups / sizeof *groups; i++) {
        if (!strcmp(groups[i][0], name)) {
            return text_of(page, groups[i][1], value);
        }
    }
    return NULL;
}

void kuji_changed_words(const kuji_console_page_t *page, json_t *lines)
{
    static const char *const sides[] = {"before", "after", "value"};
    const char *name, *text;
    json_t *line;
    apr_size_t i;
    unsigned k;

    json_array_foreach(lines, i, line)
    {
        name = kuji_desk_member(line, "name");
        text = kuji_render_text(
            page->web,
            apr_pstrcat(page->pool, "admin.audit.detail.", name, NULL), NULL);
        if (*text) {
            json_object_set_new(line, "label", json_string(text));
        }
        for (k = 0; k < 3; k++) {
            text = word_of(page, name, kuji_desk_member(line, sides[k]));
            if (text) {
                json_object_set_new(line, sides[k], json_string(text));
            }
            say_value(page, line, sides[k]);
        }
    }
}

void kuji_changed_show(kuji_desk_t *desk)
{
    json_t *data = desk->page.data;
    const kuji_audit_row_t *row;

    if (json_integer_value(json_object_get(data, "undo")) !=
            desk->view->version ||
        !desk->can_write ||
        kuji_audit_edit(&row, &desk->act, desk->view->uuid, desk->view->version,
                        desk->page.pool) != APR_SUCCESS) {
        return;
    }
    json_object_set_new(data, "changed",
                        json_pack("{s:o, s:o, s:i}", "lines",
                                  kuji_changed_lines(&desk->page, row->detail),
                                  "undo",
                                  json_sprintf("%s%s", desk->page.web->prefix,
                                               kuji_desk_path(desk, "/undo")),
                                  "version", desk->view->version));
}
