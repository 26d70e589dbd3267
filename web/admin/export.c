/* GET /admin/campaigns/{slug}/exports/{draws|winners|claims|codes|payments}.
 * {csv|jsonl} and /admin/audit.{csv|jsonl}: the files themselves. Which roles
 * may is the route's to say.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/pay.h"
#include "store/export.h"
#include "web/admin/admin.h"
#include "web/admin/period.h"
#include "web/stream.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

#define HOME_ZONE "Asia/Tokyo"

static int running; /* exports of this process; atomic */

typedef struct download_t {
    kuji_web_t *web;
    kuji_act_t act;
    kuji_export_ask_t ask;
    kuji_export_t *export;
    apr_bucket_brigade *bb;
    const char *why;
    int begun; /* something was sent */
    int gone;  /* the client is */
} download_t;

/* "…/draws.csv": the dataset and the form. */
static void read_path(download_t *d)
{
    const char *name = strrchr(d->web->path, '/') + 1;
    const char *dot = strrchr(name, '.');

    d->ask.what = kuji_dataset_of(
        apr_pstrmemdup(d->web->r->pool, name, (apr_size_t)(dot - name)));
    d->ask.form = strcmp(dot, ".jsonl") == 0 ? KUJI_ROWS_JSONL : KUJI_ROWS_UTF8;
    d->ask.slug = d->web->slug;
}

static apr_status_t read_encoding(download_t *d)
{
    static const char *const names[] = {[KUJI_ROWS_UTF8] = "utf-8",
                                        [KUJI_ROWS_UTF8_BOM] = "utf-8-bom",
                                        [KUJI_ROWS_CP932] = "cp932"};
    const char *name = kuji_period_word(d->web, "encoding");
    int i;

    if (!name || d->ask.form == KUJI_ROWS_JSONL) {
        return APR_SUCCESS; /* JSON is UTF-8 (RFC 8259) */
    }
    for (i = KUJI_ROWS_UTF8; i <= KUJI_ROWS_CP932; i++) {
        if (strcmp(name, names[i]) == 0) {
            d->ask.form = (kuji_rows_form_e)i;
            return APR_SUCCESS;
        }
    }
    d->why = "encoding is utf-8, utf-8-bom or cp932";
    return KUJI_EINVAL;
}

/* A word that is none must not read as "there are no such rows". */
static apr_status_t check_state(download_t *d)
{
    static const char *const states[] = {
        "won",     "claimed", "shipped", "redeemed", "delivered",
        "expired", "void",    "unused",  "partly",   "used"};
    const char *state = d->ask.filter.state;
    unsigned i, from = d->ask.what == KUJI_DATASET_CODES ? 7 : 0;

    if (state && d->ask.what == KUJI_DATASET_PAYMENTS) {
        d->why = "there is no such state";
        return kuji_pay_state_read(state) < 0 ? KUJI_EINVAL : APR_SUCCESS;
    }
    for (i = from; state && i < (from ? 10u : 7u); i++) {
        if (strcmp(state, states[i]) == 0) {
            return APR_SUCCESS;
        }
    }
    d->why = "there is no such state";
    return state ? KUJI_EINVAL : APR_SUCCESS;
}

static apr_status_t read_filter(download_t *d, const char *zone)
{
    kuji_export_filter_t *filter = &d->ask.filter;
    kuji_period_t period;

    filter->prize = kuji_period_word(d->web, "prize");
    filter->state = kuji_period_word(d->web, "state");
    filter->actor = kuji_period_word(d->web, "actor");
    filter->action = kuji_period_word(d->web, "action");
    if (kuji_period_read(&period, d->web, zone)) {
        d->why = "from and to are days, such as 2026-11-22";
        return KUJI_EINVAL;
    }
    filter->from = period.from;
    filter->to = period.to;
    return check_state(d);
}

/* What CSV's first line says, in the admin's language. */
static void read_labels(download_t *d)
{
    const char *const *keys = kuji_dataset_columns(d->ask.what);
    apr_pool_t *p = d->web->r->pool;
    const char **labels;
    int i, n;

    for (n = 0; keys[n]; n++) {
    }
    labels = apr_palloc(p, sizeof(*labels) * ((apr_size_t)n + 1));
    for (i = 0; i < n; i++) {
        labels[i] = kuji_render_text(
            d->web, apr_pstrcat(p, "admin.export.column.", keys[i], NULL),
            NULL);
    }
    labels[n] = NULL;
    d->ask.labels = labels;
}

/* The campaign's time zone, which its days are in. */
static apr_status_t read_ask(download_t *d)
{
    const kuji_campaign_view_t *campaign;
    const char *zone = HOME_ZONE;
    apr_status_t rv = APR_SUCCESS;

    read_path(d);
    if (d->ask.slug) {
        rv =
            kuji_campaign_get(&campaign, &d->act, d->ask.slug, d->web->r->pool);
        zone = rv == APR_SUCCESS ? campaign->timezone : zone;
    }
    d->ask.zone = zone;
    if (rv == APR_SUCCESS) {
        rv = read_encoding(d);
    }
    if (rv == APR_SUCCESS) {
        rv = read_filter(d, zone);
    }
    if (rv == APR_SUCCESS) {
        read_labels(d);
    }
    return rv;
}

static void set_headers(download_t *d)
{
    static const char *const types[] = {
        [KUJI_ROWS_UTF8] = "text/csv; charset=utf-8",
        [KUJI_ROWS_UTF8_BOM] = "text/csv; charset=utf-8",
        [KUJI_ROWS_CP932] = "text/csv; charset=Shift_JIS",
        [KUJI_ROWS_JSONL] = "application/jsonl"};
    request_rec *r = d->web->r;

    kuji_headers(d->web, 0);
    kuji_headers_caching(d->web, KUJI_CACHE_NO_STORE);
    ap_set_content_type(r, types[d->ask.form]);
    apr_table_setn(
        r->headers_out, "Content-Disposition",
        apr_psprintf(r->pool, "attachment; filename=\"%s%s%s.%s\"",
                     d->ask.slug ? d->ask.slug : "", d->ask.slug ? "-" : "",
                     kuji_dataset_name(d->ask.what),
                     d->ask.form == KUJI_ROWS_JSONL ? "jsonl" : "csv"));
}

static apr_status_t send_piece(void *baton, const char *bytes, apr_size_t len)
{
    download_t *d = baton;
    apr_status_t rv;

    if (!d->begun) {
        d->begun = 1;
        set_headers(d);
    }
    rv = kuji_stream_write(d->web, d->bb, bytes, len);
    d->gone = rv != APR_SUCCESS;
    return rv;
}

/* An empty export in JSON has no byte, and still is an answer. */
static apr_status_t send_all(download_t *d)
{
    apr_status_t rv = kuji_export_run(d->export, send_piece, d);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (!d->begun) {
        d->begun = 1;
        set_headers(d);
    }
    rv = kuji_stream_flush(d->web, d->bb);
    d->gone = rv != APR_SUCCESS;
    return rv;
}

/* Everything is with the kernel before the log says "complete", and the log
 * has said so before the client learns that the file is whole. */
static int answer(download_t *d)
{
    apr_status_t rv = send_all(d), ended;

    ended =
        kuji_export_end(d->export, rv == APR_SUCCESS ? KUJI_DOWNLOAD_COMPLETE
                                   : d->gone         ? KUJI_DOWNLOAD_BROKEN
                                                     : KUJI_DOWNLOAD_FAILED);
    if (!d->begun) {
        return kuji_failure(d->web, rv, "exporting");
    }
    if (rv == APR_SUCCESS) {
        rv = ended;
    }
    if (rv != APR_SUCCESS && !d->gone) {
        kuji_stream_break(d->web, d->bb, rv, "streaming an export");
    }
    if (!d->gone) {
        kuji_stream_end(d->web, d->bb);
    }
    return OK;
}

static int refuse(download_t *d, apr_status_t rv)
{
    return rv == KUJI_EINVAL
               ? kuji_problem(d->web, KUJI_PROBLEM_BAD_REQUEST, d->why)
               : kuji_failure(d->web, rv, "beginning an export");
}

static int run(kuji_web_t *web)
{
    download_t d = {.web = web, .act = kuji_console_act(web)};
    apr_status_t rv = read_ask(&d);

    if (rv != APR_SUCCESS) {
        return refuse(&d, rv);
    }
    if (web->r->header_only) {
        set_headers(&d);
        return OK;
    }
    d.bb = apr_brigade_create(web->r->pool, web->r->connection->bucket_alloc);
    rv = kuji_export_start(&d.export, &d.why, &d.act, web->process->reader,
                           &d.ask, web->r->pool);
    return rv == APR_SUCCESS ? answer(&d) : refuse(&d, rv);
}

int kuji_console_export(kuji_web_t *web)
{
    int done;

    if (__atomic_add_fetch(&running, 1, __ATOMIC_RELAXED) > KUJI_EXPORTS_MAX) {
        done = kuji_problem(web, KUJI_PROBLEM_BUSY,
                            "other exports are being written");
    }
    else {
        done = run(web);
    }
    __atomic_sub_fetch(&running, 1, __ATOMIC_RELAXED);
    return done;
}
