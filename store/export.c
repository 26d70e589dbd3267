/* SPDX-License-Identifier: Apache-2.0 */
#include "store/export_int.h"

#include <apr_strings.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/** Longest wait for one page's answer, above its statement's own limit. */
#define PATIENCE apr_time_from_sec(330)

const char *kuji_dataset_name(kuji_dataset_e what)
{
    return kuji_export__readers[what].name;
}

kuji_dataset_e kuji_dataset_of(const char *name)
{
    int i;

    for (i = 0; i < KUJI_DATASET_LAST &&
                strcmp(kuji_export__readers[i].name, name) != 0;
         i++) {
    }
    return (kuji_dataset_e)i;
}

const char *const *kuji_dataset_columns(kuji_dataset_e what)
{
    return kuji_export__readers[what].keys;
}

/* What the dataset does not have cannot be what is asked for. */
static const char *unfit(const kuji_export_ask_t *ask)
{
    const kuji_export_filter_t *f = &ask->filter;
    int is_audit = ask->what == KUJI_DATASET_AUDIT;
    int is_codes = ask->what == KUJI_DATASET_CODES;
    int is_money = ask->what == KUJI_DATASET_PAYMENTS;

    if (is_audit != (ask->slug == NULL)) {
        return "the campaign is missing, or there is none";
    }
    if (f->prize && (is_audit || is_codes || is_money)) {
        return "this export has no prizes";
    }
    if (f->state && (is_audit || ask->what == KUJI_DATASET_DRAWS)) {
        return "this export is not filtered by state";
    }
    if ((f->actor || f->action) && !is_audit) {
        return "only the audit log has actors and actions";
    }
    if ((f->from || f->to) && is_codes) {
        return "codes have no time";
    }
    return NULL;
}

static void add_text(json_t *object, const char *name, const char *text)
{
    if (text) {
        json_object_set_new(object, name, json_string(text));
    }
}

static void add_time(json_t *object, const char *name, int64_t ms)
{
    if (ms) {
        json_object_set_new(object, name, json_integer(ms));
    }
}

/* The filter as the log keeps it. */
static const char *filter_text(const kuji_export_ask_t *ask, apr_pool_t *pool)
{
    json_t *object = json_object();
    const char *text;
    char *dumped;

    add_text(object, "prize", ask->filter.prize);
    add_text(object, "state", ask->filter.state);
    add_text(object, "actor", ask->filter.actor);
    add_text(object, "action", ask->filter.action);
    add_time(object, "from", ask->filter.from);
    add_time(object, "to", ask->filter.to);
    dumped = json_dumps(object, JSON_COMPACT);
    json_decref(object);
    text = dumped ? apr_pstrdup(pool, dumped) : NULL;
    free(dumped);
    return text;
}

/* The newest entry of the audit log, or payment of the campaign. */
static apr_status_t find_last(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_export_t *export = baton;
    kuji_query_e query = KUJI_Q_EXPORT_AUDIT_LAST;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    if (export->campaign) {
        query = KUJI_Q_EXPORT_PAYMENTS_LAST;
        kuji_args_int(&args, export->campaign->id);
    }
    else {
        kuji_args_uuid(&args, export->act->tenant);
    }
    rv = kuji_pg_query(&res, conn, query, &args, pool);
    if (rv == APR_SUCCESS) {
        export->last = kuji_pg_int(res, 0, 0);
    }
    return rv;
}

static void limit_time(kuji_args_t *args, int64_t ms)
{
    if (ms) {
        kuji_args_int(args, ms);
    }
    else {
        kuji_args_null_int(args);
    }
}

/* The numbers of the days that are asked for, found by their times' order: a
 * day of a long campaign is read alone. */
static apr_status_t span(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_export_t *export = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, export->campaign->id);
    limit_time(&args, export->ask->filter.from);
    limit_time(&args, export->ask->filter.to);
    kuji_args_int(&args, export->campaign->draws);
    rv = kuji_pg_query(&res, conn, KUJI_Q_EXPORT_SPAN, &args, pool);
    if (rv == APR_SUCCESS) {
        export->after = kuji_pg_int(res, 0, 0);
        export->last = kuji_pg_int(res, 0, 1);
    }
    return rv;
}

/* What there is to read. */
static apr_status_t look(kuji_export_t *export)
{
    const kuji_act_t *act = export->act;
    apr_status_t rv;

    if (!export->ask->slug) {
        export->zone = export->ask->zone;
        return kuji_pg_transact(act->pg, act->tenant, find_last, export,
                                export->pool);
    }
    rv = kuji_campaign_get(&export->campaign, act, export->ask->slug,
                           export->pool);
    if (rv == APR_SUCCESS) {
        export->zone = export->campaign->timezone;
        export->last = export->campaign->draws;
    }
    if (rv == APR_SUCCESS && export->ask->what == KUJI_DATASET_PAYMENTS) {
        rv = kuji_pg_transact(act->pg, act->tenant, find_last, export,
                              export->pool);
    }
    else if (rv == APR_SUCCESS &&
             (export->ask->filter.from || export->ask->filter.to)) {
        rv = kuji_pg_transact(act->pg, act->tenant, span, export, export->pool);
    }
    return rv;
}

static apr_status_t to_log(kuji_export_t *export)
{
    kuji_download_ask_t ask = {.what = export->how->name,
                               .filter = filter_text(export->ask, export->pool),
                               .form = export->ask->form};

    if (export->campaign) {
        ask.campaign_id = export->campaign->id;
        ask.slug = export->campaign->slug;
    }
    return kuji_download_start(&export->download, export->act, &ask,
                               export->pool);
}

apr_status_t kuji_export_start(kuji_export_t **out, const char **why,
                               const kuji_act_t *act, kuji_pg_t *reader,
                               const kuji_export_ask_t *ask, apr_pool_t *pool)
{
    kuji_export_t *export = apr_pcalloc(pool, sizeof(*export));
    apr_status_t rv;

    export->act = act;
    export->reader = reader;
    export->ask = ask;
    export->how = &kuji_export__readers[ask->what];
    export->pool = pool;
    crypto_hash_sha256_init(&export->hash);
    *out = export;
    if ((*why = unfit(ask))) {
        return KUJI_EINVAL;
    }
    rv = look(export);
    if (rv == KUJI_ENOTFOUND) {
        *why = "there is no such campaign";
    }
    return rv == APR_SUCCESS ? to_log(export) : rv;
}

/* Counted before it is sent: what breaks off on its way was given out too. */
static apr_status_t count_and_give(void *baton, const char *bytes,
                                   apr_size_t len)
{
    kuji_export_t *export = baton;

    crypto_hash_sha256_update(&export->hash, (const unsigned char *)bytes, len);
    export->bytes += (int64_t)len;
    return export->sink(export->baton, bytes, len);
}

static const char *prize_name(const kuji_export_t *export, const char *code)
{
    int i;

    for (i = 0; code && i < export->campaign->nprizes; i++) {
        if (strcmp(export->campaign->prizes[i].code, code) == 0) {
            return export->campaign->prizes[i].name;
        }
    }
    return NULL;
}

static void write_cell(kuji_export_t *export, kuji_export_cell_e cell,
                       const PGresult *res, int row, int col)
{
    const char *text = kuji_pg_text(res, row, col);

    if (cell == KUJI_CELL_PRIZE_NAME) {
        text = prize_name(export, kuji_pg_text(res, row, col - 1));
    }
    if (!text) {
        kuji_rows_none(export->rows);
    }
    else if (cell == KUJI_CELL_INT) {
        kuji_rows_int(export->rows, kuji_pg_int(res, row, col));
    }
    else if (cell == KUJI_CELL_BOOL) {
        kuji_rows_json(export->rows, *text == 't' ? "true" : "false");
    }
    else if (cell == KUJI_CELL_JSON) {
        kuji_rows_json(export->rows, text);
    }
    else {
        kuji_rows_text(export->rows, text);
    }
}

static apr_status_t write_row(kuji_export_t *export, const PGresult *res,
                              int row, apr_pool_t *pool)
{
    const kuji_export_reader_t *how = export->how;
    apr_status_t rv = APR_SUCCESS;
    int i;

    if (!kuji_pg_bool(res, row, PQnfields(res) - 1)) {
        return KUJI_EDATABASE; /* a part of it is missing */
    }
    for (i = 0; i < how->ncells; i++) {
        write_cell(export, how->cells[i], res, row, how->first + i);
    }
    if (how->rest) {
        rv = how->rest(export, res, row, pool);
    }
    return rv == APR_SUCCESS ? kuji_rows_end(export->rows) : rv;
}

typedef struct page_t {
    kuji_export_t *export;
    PGresult *res;
} page_t;

/* Nothing is written in here: the transaction may be tried twice, and is not
 * to wait for a client. */
static apr_status_t read_page(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    page_t *page = baton;
    kuji_args_t args;
    apr_status_t rv;

    kuji_conn_patience(conn, PATIENCE);
    kuji_args_init(&args, pool);
    kuji_args_text(&args, page->export->zone);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_EXPORT_FRAME, &args, pool);
    if (rv == APR_SUCCESS && page->export->how->open) {
        rv = page->export->how->open(page->export, conn);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    page->export->how->args(&args, page->export);
    return kuji_pg_query(&page->res, conn, page->export->how->query, &args,
                         pool);
}

static apr_status_t run_page(kuji_export_t *export, apr_pool_t *pool)
{
    page_t page = {export, NULL};
    apr_status_t rv = kuji_pg_transact(export->reader, export->act->tenant,
                                       read_page, &page, pool);
    int i;

    if (rv == APR_SUCCESS) {
        rv = export->how->next(export, page.res, pool);
    }
    for (i = 0; rv == APR_SUCCESS && i < PQntuples(page.res); i++) {
        rv = write_row(export, page.res, i, pool);
    }
    return rv;
}

static const kuji_column_t *columns(int *count, const kuji_export_t *export)
{
    const char *const *keys = export->how->keys;
    kuji_column_t *list;
    int i, n;

    for (n = 0; keys[n]; n++) {
    }
    list = apr_palloc(export->pool, sizeof(*list) * (apr_size_t)n);
    for (i = 0; i < n; i++) {
        list[i].key = keys[i];
        list[i].label = export->ask->labels ? export->ask->labels[i] : keys[i];
    }
    *count = n;
    return list;
}

apr_status_t kuji_export_run(kuji_export_t *export, kuji_rows_sink_fn *sink,
                             void *baton)
{
    const kuji_column_t *list;
    apr_pool_t *page;
    apr_status_t rv = APR_SUCCESS;
    int count;

    export->sink = sink;
    export->baton = baton;
    list = columns(&count, export);
    export->rows = kuji_rows_create(export->ask->form, list, count,
                                    count_and_give, export, export->pool);
    apr_pool_create(&page, export->pool);
    export->done = export->ask->what != KUJI_DATASET_CODES &&
                   export->last <= export->after;
    while (rv == APR_SUCCESS && !export->done) {
        rv = run_page(export, page);
        apr_pool_clear(page);
    }
    apr_pool_destroy(page);
    return rv == APR_SUCCESS ? kuji_rows_finish(export->rows) : rv;
}

apr_status_t kuji_export_end(kuji_export_t *export, kuji_download_e outcome)
{
    kuji_download_end_t end = {.outcome = outcome, .bytes = export->bytes};

    if (export->rows) {
        end.count = *kuji_rows_count(export->rows);
    }
    crypto_hash_sha256_final(&export->hash, end.sha256);
    return kuji_download_end(export->act, export->download, &end, export->pool);
}

const kuji_rows_count_t *kuji_export_count(const kuji_export_t *export)
{
    return kuji_rows_count(export->rows);
}
