/* Taking codes in: a list that is pasted into the form, or a file that is the
 * request's body, which goes to the store as it comes. What brought no code is
 * told line by line, on the page or, all of it, as CSV.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/codes.h"

#include "core/code_list.h"

#include <apr_file_io.h>
#include <apr_strings.h>
#include <http_protocol.h>

/** Lines that the page names one by one. */
#define FAULTS_MAX 200
/** 5,000,000 codes, and what else a line of theirs may hold. */
#define FILE_MAX_BYTES ((apr_size_t)256 * 1024 * 1024)

/* A line that brought no code. */
typedef struct fault_t {
    int64_t line;
    kuji_code_fault_e fault;
} fault_t;

typedef struct import_t {
    kuji_desk_t *desk;
    kuji_code_batch_t *batch;
    kuji_code_list_t list;
    int64_t lines;
    int nfaults;
    fault_t faults[FAULTS_MAX]; /* those of the lowest lines, ascending */
    apr_file_t *all;            /* every one, as CSV; NULL: not asked for */
    apr_status_t written;       /* of it */
    const char *words[2];       /* of each kind, in it */
} import_t;

static void note(import_t *m, int64_t line, kuji_code_fault_e fault)
{
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

/* They come out of order: duplicates show a chunk later. */
static void on_fault(void *baton, int64_t line, kuji_code_fault_e fault)
{
    import_t *m = baton;

    note(m, line, fault);
    if (m->all && m->written == APR_SUCCESS &&
        apr_file_printf(m->all, "%" APR_INT64_T_FMT ",%s\r\n",
                        (apr_int64_t)line, m->words[fault]) < 0) {
        m->written = APR_EGENERAL;
    }
}

static apr_status_t on_line(void *baton, int64_t line, const char *text,
                            apr_size_t len)
{
    import_t *m = baton;

    m->lines++;
    return kuji_code_import(m->batch, line, text, len);
}

static const char *fault_text(const kuji_desk_t *desk, kuji_code_fault_e fault)
{
    static const char *const words[] = {"malformed", "duplicate"};

    return kuji_render_text(
        desk->page.web,
        apr_pstrcat(desk->page.pool, "admin.codes.fault.", words[fault], NULL),
        NULL);
}

static int report(import_t *m, const kuji_code_counts_t *counts)
{
    kuji_desk_t *desk = m->desk;
    json_t *list = json_array();
    int64_t faults = counts->malformed + counts->duplicate;
    int i;

    for (i = 0; i < m->nfaults; i++) {
        json_array_append_new(
            list, json_pack("{s:s, s:s}", "line",
                            kuji_desk_count(desk, m->faults[i].line), "what",
                            fault_text(desk, m->faults[i].fault)));
    }
    json_object_set_new(
        desk->page.data, "report",
        json_pack("{s:b, s:s, s:s, s:s, s:s, s:o, s:b, s:b}", "none",
                  counts->stored == 0, "lines", kuji_desk_count(desk, m->lines),
                  "stored", kuji_desk_count(desk, counts->stored), "duplicate",
                  kuji_desk_count(desk, counts->duplicate), "malformed",
                  kuji_desk_count(desk, counts->malformed), "faults", list,
                  "any", faults > 0, "more", faults > m->nfaults));
    return kuji_console_send(&desk->page, HTTP_OK, "codes-report");
}

/* Kept in a file meanwhile: a list may be nothing but faults. */
static apr_status_t open_all(import_t *m)
{
    apr_pool_t *pool = m->desk->page.pool;
    const char *dir, *head;
    char *name;
    apr_status_t rv = apr_temp_dir_get(&dir, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    name = apr_pstrcat(pool, dir, "/kuji-codes-XXXXXX", NULL);
    rv = apr_file_mktemp(&m->all, name,
                         APR_FOPEN_CREATE | APR_FOPEN_READ | APR_FOPEN_WRITE |
                             APR_FOPEN_EXCL | APR_FOPEN_BUFFERED |
                             APR_FOPEN_DELONCLOSE,
                         pool);
    if (rv != APR_SUCCESS) {
        m->all = NULL;
        return rv;
    }
    m->words[KUJI_CODE_MALFORMED] = fault_text(m->desk, KUJI_CODE_MALFORMED);
    m->words[KUJI_CODE_DUPLICATE] = fault_text(m->desk, KUJI_CODE_DUPLICATE);
    head = kuji_render_text(m->desk->page.web, "admin.codes.faults_head", NULL);
    return apr_file_printf(m->all, "\xef\xbb\xbf%s\r\n", head) < 0
               ? APR_EGENERAL
               : APR_SUCCESS;
}

static void set_count(const import_t *m, const char *name, int64_t count)
{
    apr_table_setn(m->desk->page.web->r->headers_out, name,
                   apr_psprintf(m->desk->page.pool, "%" APR_INT64_T_FMT,
                                (apr_int64_t)count));
}

/* The file of faults; the counts are in its head, for codes.js. */
static int send_all(import_t *m, const kuji_code_counts_t *counts)
{
    kuji_web_t *web = m->desk->page.web;
    request_rec *r = web->r;
    apr_off_t len = 0;
    apr_status_t rv = m->written;

    if (rv == APR_SUCCESS) {
        rv = apr_file_flush(m->all);
    }
    if (rv == APR_SUCCESS) {
        rv = apr_file_seek(m->all, APR_END, &len);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&m->desk->page, rv, "writing a report");
    }
    json_decref(m->desk->page.data);
    kuji_headers(web, 0);
    kuji_headers_caching(web, KUJI_CACHE_NO_STORE);
    ap_set_content_type(r, "text/csv; charset=utf-8");
    apr_table_setn(r->headers_out, "Content-Disposition",
                   apr_psprintf(r->pool,
                                "attachment; filename=\"%s-faults.csv\"",
                                web->slug));
    set_count(m, "Kuji-Lines", m->lines);
    set_count(m, "Kuji-Stored", counts->stored);
    set_count(m, "Kuji-Duplicate", counts->duplicate);
    set_count(m, "Kuji-Malformed", counts->malformed);
    ap_set_content_length(r, len);
    {
        apr_bucket_brigade *bb =
            apr_brigade_create(r->pool, r->connection->bucket_alloc);

        apr_brigade_insert_file(bb, m->all, 0, len, r->pool);
        APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_eos_create(bb->bucket_alloc));
        (void)ap_pass_brigade(r->output_filters, bb);
    }
    return OK;
}

static apr_status_t feed(void *baton, const char *bytes, apr_size_t len)
{
    import_t *m = baton;

    return kuji_code_list_feed(&m->list, bytes, len);
}

/* codes: the list; NULL: it is the request's body. */
static apr_status_t take(import_t *m, const char *codes)
{
    apr_status_t rv =
        codes ? kuji_code_list_feed(&m->list, codes, strlen(codes))
              : kuji_body_each(m->desk->page.web, FILE_MAX_BYTES, feed, m);

    return rv == APR_SUCCESS ? kuji_code_list_end(&m->list) : rv;
}

static int import(kuji_desk_t *desk, const char *name, int64_t uses,
                  const char *codes, int wants_all)
{
    import_t *m = apr_pcalloc(desk->page.pool, sizeof *m);
    const char *why = NULL;
    kuji_code_counts_t counts;
    apr_status_t rv;

    m->desk = desk;
    m->list.fn = on_line;
    m->list.baton = m;
    rv = kuji_code_batch_open(&m->batch, &why, &desk->act, desk->page.web->slug,
                              name, uses, desk->page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(desk, rv, why, "opening a batch of codes",
                                 kuji_codes_show);
    }
    kuji_code_report(m->batch, on_fault, m);
    rv = wants_all ? open_all(m) : APR_SUCCESS;
    if (rv == APR_SUCCESS) {
        rv = take(m, codes);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_code_batch_finish(m->batch, &counts);
    }
    if (rv == KUJI_ETOOBIG) {
        json_decref(desk->page.data);
        return kuji_body_problem(desk->page.web, rv, "256 MiB at most");
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk->page, rv, "storing codes");
    }
    return wants_all ? send_all(m, &counts) : report(m, &counts);
}

/* A file: its name and worth are in the address. */
static int import_file(kuji_web_t *web)
{
    const char *name = kuji_query_get(web, "name");
    int64_t uses = kuji_query_int(web, "uses", 1);
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "codes");

    if (done != DECLINED) {
        return done;
    }
    kuji_codes_fields(&desk);
    return import(&desk, name ? name : "", uses, NULL, 1);
}

int kuji_console_codes_import(kuji_web_t *web)
{
    const char *name, *codes;
    kuji_desk_t desk;
    int64_t uses;
    int done;

    if (kuji_has_content_type(web->r, "text/csv") ||
        kuji_has_content_type(web->r, "text/plain")) {
        return import_file(web);
    }
    done = kuji_desk_open_form(&desk, web, "codes");
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
    return import(&desk, name, uses, codes,
                  kuji_console_get(&desk.page, "faults") != NULL);
}
