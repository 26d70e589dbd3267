/* GET /admin/exports: the download log. Owners see everybody's, others their
 * own.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/download.h"
#include "web/admin/admin.h"
#include "web/admin/words.h"

#include <apr_strings.h>

#define ROWS 50

/* The first of the texts PREFIX.WORD there is, or the word itself. */
static const char *word_of(const kuji_console_page_t *page,
                           const char *const *prefixes, const char *word)
{
    const char *text;

    for (; *prefixes; prefixes++) {
        text = kuji_render_text(
            page->web, apr_pstrcat(page->pool, *prefixes, word, NULL), NULL);
        if (*text) {
            return text;
        }
    }
    return word;
}

static const char *filter_value(const kuji_console_page_t *page,
                                const char *name, const json_t *value)
{
    static const char *const states[] = {"admin.export.claim_state.",
                                         "admin.export.code_state.", NULL};
    static const char *const actions[] = {"admin.audit.action.", NULL};
    const char *text = json_string_value(value);

    if (!text) {
        return kuji_console_when(page, json_integer_value(value));
    }
    if (strcmp(name, "state") == 0) {
        return word_of(page, states, text);
    }
    return strcmp(name, "action") == 0 ? word_of(page, actions, text) : text;
}

/* "賞品: A" …: as it was asked for. */
static json_t *filters(const kuji_console_page_t *page, const char *text)
{
    static const char *const names[] = {"admin.export.filter.", NULL};
    json_t *filter = json_loads(text, 0, NULL), *list = json_array(), *value;
    const char *name;

    json_object_foreach(filter, name, value)
    {
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "label", word_of(page, names, name),
                            "value", filter_value(page, name, value)));
    }
    json_decref(filter);
    return list;
}

/* What is known only where it ended. */
static void add_end(json_t *row, const kuji_console_page_t *page,
                    const kuji_download_end_t *end)
{
    char hex[2 * KUJI_HASH_LEN + 1];
    json_t *data;

    sodium_bin2hex(hex, sizeof(hex), end->sha256, sizeof(end->sha256));
    json_object_set_new(row, "sha256", json_string(hex));
    json_object_set_new(
        row, "rows", json_string(kuji_console_number(page, end->count.rows)));
    json_object_set_new(row, "bytes",
                        json_string(kuji_console_number(page, end->bytes)));
    if (end->count.replaced) {
        data = json_pack("{s:s, s:s}", "count",
                         kuji_console_number(page, end->count.replaced), "row",
                         kuji_console_number(page, end->count.replaced_row));
        json_object_set_new(row, "replaced",
                            json_string(kuji_render_text(
                                page->web, "admin.downloads.replaced", data)));
        json_decref(data);
    }
}

static const char *dataset(const kuji_console_page_t *page, const char *what)
{
    const char *title = kuji_render_text(
        page->web,
        apr_pstrcat(page->pool, "admin.export.", what, ".title", NULL), NULL);

    return *title ? title : what;
}

static json_t *row_of(const kuji_console_page_t *page,
                      const kuji_download_row_t *d)
{
    const char *outcome = kuji_download_name(d->end.outcome);
    const char *form =
        strcmp(d->format, "jsonl") == 0 ? d->format : d->encoding;
    json_t *row = json_pack(
        "{s:o, s:o, s:s*, s:s, s:s*, s:s, s:o, s:{s:s, s:s}}", "at",
        kuji_console_time(page, d->at, NULL), "who",
        kuji_console_who(page, d->actor, d->login), "address", d->address,
        "what", dataset(page, d->what), "slug", d->slug, "form",
        kuji_render_text(
            page->web,
            apr_pstrcat(page->pool, "admin.export.encoding.", form, NULL),
            NULL),
        "filters", filters(page, d->filter), "outcome", "name", outcome,
        "label",
        kuji_render_text(
            page->web,
            apr_pstrcat(page->pool, "admin.downloads.outcome.", outcome, NULL),
            NULL));

    if (d->ended_at) {
        add_end(row, page, &d->end);
    }
    return row;
}

int kuji_console_downloads(kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    int64_t before = kuji_query_int(web, "before", 0);
    const kuji_download_row_t *rows;
    kuji_console_page_t page;
    json_t *list;
    apr_status_t rv;
    int i, count, done = kuji_console_open(&page, web, "exports");

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_download_list(
        &rows, &count, &act,
        web->admin->role_bit == KUJI_ROLE_OWNER ? NULL : web->admin->id, before,
        ROWS + 1, page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&page, rv, "reading the download log");
    }
    list = json_array();
    for (i = 0; i < count && i < ROWS; i++) {
        json_array_append_new(list, row_of(&page, &rows[i]));
    }
    kuji_console_pager(
        &page, before > 0 ? "?" : NULL,
        count > ROWS ? apr_psprintf(page.pool, "?before=%" APR_INT64_T_FMT,
                                    (apr_int64_t)rows[ROWS - 1].id)
                     : NULL);
    json_object_set_new(page.data, "empty", json_boolean(count == 0));
    json_object_set_new(page.data, "downloads", list);
    return kuji_console_send(&page, HTTP_OK, "downloads");
}
