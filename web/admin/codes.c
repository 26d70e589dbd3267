/* Serial codes: batches with their counts, taking one out of use, a list that
 * is pasted.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/codes.h"

#include "core/code_list.h"

#include <apr_strings.h>

/** Lines of an import that are named one by one. */
#define FAULTS_MAX 200

static json_t *row_of(kuji_desk_t *desk, const kuji_code_batch_row_t *row)
{
    int64_t all = row->size * row->uses;

    return json_pack(
        "{s:I, s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:b}", "id",
        (json_int_t)row->id, "name", row->name, "size",
        kuji_desk_count(desk, row->size), "uses",
        kuji_desk_count(desk, row->uses), "spent",
        kuji_desk_count(desk, row->spent), "unused",
        kuji_desk_count(desk, all - row->spent), "created",
        kuji_console_time(&desk->page, row->created_at, desk->view->timezone),
        "disabled", row->disabled, "several", row->uses > 1);
}

void kuji_codes_fields(kuji_desk_t *desk)
{
    static const char *const names[] = {"make_name", "take_name", "codes",
                                        NULL};
    unsigned i;

    for (i = 0; names[i]; i++) {
        kuji_console_field(&desk->page, names[i], NULL);
    }
    kuji_console_field(&desk->page, "count", "1000");
    kuji_console_field(&desk->page, "symbols", "12");
    kuji_console_field(&desk->page, "make_uses", "1");
    kuji_console_field(&desk->page, "take_uses", "1");
}

int kuji_codes_show(kuji_desk_t *desk, int status)
{
    const kuji_code_batch_row_t *rows;
    json_t *list;
    int count, i;
    apr_status_t rv = kuji_code_batches(&rows, &count, &desk->act,
                                        desk->view->slug, desk->page.pool);

    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk->page, rv, "listing codes");
    }
    if (!json_object_size(json_object_get(desk->page.data, "field"))) {
        kuji_codes_fields(desk);
    }
    list = json_array();
    for (i = 0; i < count; i++) {
        json_array_append_new(list, row_of(desk, &rows[i]));
    }
    json_object_update_new(
        desk->page.data,
        json_pack("{s:b, s:o, s:b}", "any", count > 0, "batches", list,
                  "may_change", desk->can_write && !desk->view->closed_at));
    return kuji_console_send(&desk->page, status, "codes");
}

int kuji_console_codes(kuji_web_t *web)
{
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "codes");

    return done == DECLINED ? kuji_codes_show(&desk, HTTP_OK) : done;
}

static int set_disabled(kuji_web_t *web, int disable)
{
    const char *why = NULL;
    kuji_desk_t desk;
    apr_status_t rv;
    int done = kuji_desk_open_form(&desk, web, "codes");

    if (done != DECLINED) {
        return done;
    }
    kuji_codes_fields(&desk);
    rv = kuji_code_batch_disable(&why, &desk.act, web->slug, web->n, disable,
                                 desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "disabling codes",
                                 kuji_codes_show);
    }
    return kuji_desk_done(&desk, "/codes",
                          disable ? "codes_disabled" : "codes_enabled", NULL);
}

int kuji_console_codes_disable(kuji_web_t *web)
{
    return set_disabled(web, 1);
}

int kuji_console_codes_enable(kuji_web_t *web)
{
    return set_disabled(web, 0);
}

/* A line that brought no code. */
typedef struct fault_t {
    int64_t line;
    kuji_code_fault_e fault;
} fault_t;

typedef struct import_t {
    kuji_desk_t *desk;
    kuji_code_batch_t *batch;
    int64_t lines;
    int nfaults;
    fault_t faults[FAULTS_MAX]; /* those of the lowest lines, ascending */
} import_t;

/* They come out of order: duplicates show a chunk later. */
static void on_fault(void *baton, int64_t line, kuji_code_fault_e fault)
{
    import_t *m = baton;
    int at = m->nfaults;

    if (at == FAULTS_MAX && m->faults[at - 1].line < line) {
        return;
    }
    at -= at == FAULTS_MAX;
    for (; at > 0 && m->faults[at - 1].line > line; at--) {
        m->faults[at] = m->faults[at - 1];
    }
    m->faults[at].line = line;
    m->faults[at].fault = fault;
    m->nfaults += m->nfaults < FAULTS_MAX;
}

static apr_status_t on_line(void *baton, int64_t line, const char *text,
                            apr_size_t len)
{
    import_t *m = baton;

    m->lines++;
    return kuji_code_import(m->batch, line, text, len);
}

static int report(import_t *m, const kuji_code_counts_t *counts)
{
    static const char *const words[] = {"malformed", "duplicate"};
    kuji_desk_t *desk = m->desk;
    json_t *list = json_array();
    int64_t faults = counts->malformed + counts->duplicate;
    int i;

    for (i = 0; i < m->nfaults; i++) {
        const char *text = apr_pstrcat(desk->page.pool, "admin.codes.fault.",
                                       words[m->faults[i].fault], NULL);

        json_array_append_new(
            list, json_pack("{s:s, s:s}", "line",
                            kuji_desk_count(desk, m->faults[i].line), "what",
                            kuji_render_text(desk->page.web, text, NULL)));
    }
    json_object_set_new(
        desk->page.data, "report",
        json_pack("{s:s, s:s, s:s, s:s, s:o, s:b, s:b}", "lines",
                  kuji_desk_count(desk, m->lines), "stored",
                  kuji_desk_count(desk, counts->stored), "duplicate",
                  kuji_desk_count(desk, counts->duplicate), "malformed",
                  kuji_desk_count(desk, counts->malformed), "faults", list,
                  "any", faults > 0, "more", faults > m->nfaults));
    return kuji_console_send(&desk->page, HTTP_OK, "codes-report");
}

static apr_status_t take_lines(import_t *m, const char *text)
{
    kuji_code_list_t list = {.fn = on_line, .baton = m};
    apr_status_t rv = kuji_code_list_feed(&list, text, strlen(text));

    return rv == APR_SUCCESS ? kuji_code_list_end(&list) : rv;
}

int kuji_console_codes_import(kuji_web_t *web)
{
    const char *why = NULL, *name, *codes;
    kuji_code_counts_t counts;
    kuji_desk_t desk;
    import_t *m;
    int64_t uses;
    apr_status_t rv;
    int done = kuji_desk_open_form(&desk, web, "codes");

    if (done != DECLINED) {
        return done;
    }
    kuji_codes_fields(&desk);
    name = kuji_desk_text(&desk, "take_name", KUJI_CODES_NAME_MAX);
    uses = kuji_desk_int(&desk, "take_uses", 1, KUJI_CODES_USES_MAX, NULL);
    codes = kuji_desk_text(&desk, "codes", KUJI_CONSOLE_FORM_MAX);
    if (desk.page.errors) {
        return kuji_codes_show(&desk, HTTP_UNPROCESSABLE_ENTITY);
    }
    m = apr_pcalloc(desk.page.pool, sizeof *m);
    m->desk = &desk;
    rv = kuji_code_batch_open(&m->batch, &why, &desk.act, web->slug, name, uses,
                              desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "opening a batch of codes",
                                 kuji_codes_show);
    }
    kuji_code_report(m->batch, on_fault, m);
    rv = take_lines(m, codes);
    if (rv == APR_SUCCESS) {
        rv = kuji_code_batch_finish(m->batch, &counts);
    }
    return rv == APR_SUCCESS
               ? report(m, &counts)
               : kuji_console_failure(&desk.page, rv, "storing codes");
}
