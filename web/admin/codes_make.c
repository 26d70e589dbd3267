/* Making codes: they go to the browser as a CSV file while they are made, each
 * once it is stored, and are nowhere afterwards. A file that breaks off is a
 * batch that nobody can use.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/codes.h"

#include <apr_strings.h>
#include <http_log.h>
#include <http_protocol.h>

APLOG_USE_MODULE(kuji);

/** Codes are handed on when this much has gathered. */
#define GATHER 60000

typedef struct make_t {
    kuji_web_t *web;
    kuji_desk_t *desk;
    const kuji_code_batch_t *batch;
    const char *link; /* before each code, in a second column; NULL: none */
    apr_size_t link_len;
    apr_bucket_brigade *bb; /* NULL: nothing is answered yet */
    apr_size_t len;         /* gathered */
    char *gathered;         /* GATHER bytes */
    int client_gone;
} make_t;

static apr_status_t hand_on(make_t *m)
{
    apr_status_t rv = apr_brigade_write(m->bb, NULL, NULL, m->gathered, m->len);

    m->len = 0;
    if (rv == APR_SUCCESS) {
        rv = ap_pass_brigade(m->web->r->output_filters, m->bb);
        m->client_gone |= rv != APR_SUCCESS;
        apr_brigade_cleanup(m->bb);
    }
    return rv;
}

static void gather(make_t *m, const char *bytes, apr_size_t len)
{
    memcpy(m->gathered + m->len, bytes, len);
    m->len += len;
}

/* Only once there is a code: what fails before has a page of its own. */
static void begin(make_t *m)
{
    request_rec *r = m->web->r;

    json_decref(m->desk->page.data);
    m->bb = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    m->gathered = apr_palloc(r->pool, GATHER);
    kuji_headers(m->web, 0);
    kuji_headers_caching(m->web, KUJI_CACHE_NO_STORE);
    ap_set_content_type(r, "text/csv; charset=utf-8");
    apr_table_setn(r->headers_out, "Content-Disposition",
                   apr_psprintf(r->pool,
                                "attachment; filename=\"codes-%s-%" //
                                APR_INT64_T_FMT ".csv\"",
                                m->desk->view->slug,
                                (apr_int64_t)kuji_code_batch_id(m->batch)));
    gather(m, "code", 4);
    if (m->link) {
        gather(m, ",url", 4);
    }
    gather(m, "\r\n", 2);
}

static apr_status_t on_code(void *baton, const char *code)
{
    make_t *m = baton;
    apr_size_t len = strlen(code);
    apr_status_t rv = APR_SUCCESS;

    if (!m->bb) {
        begin(m);
    }
    if (m->len + 2 * len + m->link_len + 3 > GATHER) {
        rv = hand_on(m);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    gather(m, code, len);
    if (m->link) {
        gather(m, ",", 1);
        gather(m, m->link, m->link_len);
        gather(m, code, len);
    }
    gather(m, "\r\n", 2);
    return APR_SUCCESS;
}

/* The client must see that the file is short, and its codes must be worth
 * nothing: whoever has the first part of them has no list of what is missing.
 */
static apr_status_t make_worthless(kuji_desk_t *desk,
                                   const kuji_code_batch_t *batch)
{
    const char *why = NULL;
    int64_t id = kuji_code_batch_id(batch);

    return id ? kuji_code_batch_disable(&why, &desk->act, desk->view->slug, id,
                                        1, desk->page.pool)
              : APR_SUCCESS;
}

static void break_off(make_t *m, apr_status_t rv)
{
    request_rec *r = m->web->r;
    char buf[200];
    apr_status_t off = make_worthless(m->desk, m->batch);

    if (!m->client_gone || off != APR_SUCCESS) {
        ap_log_rerror(
            APLOG_MARK, APLOG_WARNING, 0, r,
            "KJ0320: making codes broke off%s: %s",
            off == APR_SUCCESS ? "" : ", the batch is still enabled",
            kuji_strerror(off == APR_SUCCESS ? rv : off, buf, sizeof buf));
    }
    apr_brigade_cleanup(m->bb);
    APR_BRIGADE_INSERT_TAIL(m->bb, ap_bucket_error_create(HTTP_BAD_GATEWAY,
                                                          NULL, r->pool,
                                                          m->bb->bucket_alloc));
    r->connection->keepalive = AP_CONN_CLOSE;
}

/* link: NULL, or what stands before each code. */
static int stream(kuji_desk_t *desk, kuji_code_batch_t *batch, int64_t count,
                  int symbols, const char *link)
{
    make_t m = {.web = desk->page.web,
                .desk = desk,
                .batch = batch,
                .link = link,
                .link_len = link ? strlen(link) : 0};
    apr_status_t rv, end;

    rv = kuji_code_generate(batch, count, symbols, on_code, &m);
    end = kuji_code_batch_finish(batch, NULL);
    if (rv == APR_SUCCESS) {
        rv = end;
    }
    if (!m.bb) { /* a count is 1 at least: nothing was stored, or not seen */
        (void)make_worthless(desk, batch);
        return kuji_console_failure(&desk->page, rv, "making codes");
    }
    if (rv == APR_SUCCESS) {
        rv = hand_on(&m);
    }
    if (rv != APR_SUCCESS) {
        break_off(&m, rv);
    }
    APR_BRIGADE_INSERT_TAIL(m.bb, apr_bucket_eos_create(m.bb->bucket_alloc));
    (void)ap_pass_brigade(m.web->r->output_filters, m.bb);
    return OK;
}

const char *kuji_codes_link(const kuji_desk_t *desk)
{
    return apr_pstrcat(desk->page.pool, kuji_desk_link(desk), "?code=", NULL);
}

const char *const kuji_codes_forms[] = {"codes", "links", "sheet", NULL};

static int hand_out(kuji_desk_t *desk, kuji_code_batch_t *batch, int64_t count,
                    int symbols, const char *form)
{
    if (strcmp(form, "sheet") == 0) {
        return kuji_codes_sheet(desk, batch, count, symbols);
    }
    return stream(desk, batch, count, symbols,
                  strcmp(form, "links") == 0 ? kuji_codes_link(desk) : NULL);
}

int kuji_console_codes_make(kuji_web_t *web)
{
    const char *why = NULL, *name, *form;
    kuji_code_batch_t *batch;
    kuji_desk_t desk;
    int64_t count, symbols, uses;
    apr_status_t rv;
    int done = kuji_desk_open_form(&desk, web, "codes");

    if (done != DECLINED) {
        return done;
    }
    kuji_codes_fields(&desk);
    name = kuji_desk_text(&desk, "make_name", KUJI_CODES_NAME_MAX);
    form = kuji_console_get(&desk.page, "make_form")
               ? kuji_desk_choice(&desk, "make_form", kuji_codes_forms)
               : *kuji_codes_forms;
    count =
        kuji_desk_int(&desk, "count", 1,
                      form && strcmp(form, "sheet") == 0 ? KUJI_CODES_SHEET_MAX
                                                         : KUJI_CODES_COUNT_MAX,
                      NULL);
    symbols = kuji_desk_int(&desk, "symbols", 8, 32, NULL);
    uses = kuji_desk_int(&desk, "make_uses", 1, KUJI_CODES_USES_MAX, NULL);
    if (desk.page.errors) {
        return kuji_codes_show(&desk, HTTP_UNPROCESSABLE_ENTITY);
    }
    rv = kuji_code_batch_open(&batch, &why, &desk.act, web->slug, name, uses,
                              desk.page.pool);
    return rv == APR_SUCCESS
               ? hand_out(&desk, batch, count, (int)symbols, form)
               : kuji_desk_refused(&desk, rv, why, "opening a batch of codes",
                                   kuji_codes_show);
}
