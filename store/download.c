/* SPDX-License-Identifier: Apache-2.0 */
#include "store/download.h"

#include "store/rows.h"

#include <string.h>

static const char *const names[] = {"running", "complete", "broken", "failed"};

const char *kuji_download_name(kuji_download_e outcome)
{
    return names[outcome];
}

static const char *encoding_of(kuji_rows_form_e form)
{
    return form == KUJI_ROWS_CP932      ? "cp932"
           : form == KUJI_ROWS_UTF8_BOM ? "utf-8-bom"
                                        : "utf-8";
}

typedef struct start_t {
    const kuji_act_t *act;
    const kuji_download_ask_t *ask;
    int64_t id;
} start_t;

static apr_status_t start(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    start_t *s = baton;
    const kuji_download_ask_t *ask = s->ask;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, s->act->tenant);
    kuji_args_text(&args, s->act->actor);
    kuji_args_text(&args, s->act->address);
    kuji_args_text(&args, ask->what);
    if (ask->campaign_id) {
        kuji_args_int(&args, ask->campaign_id);
    }
    else {
        kuji_args_null_int(&args);
    }
    kuji_args_text(&args, ask->slug);
    kuji_args_json(&args, ask->filter ? ask->filter : "{}");
    kuji_args_text(&args, ask->form == KUJI_ROWS_JSONL ? "jsonl" : "csv");
    kuji_args_text(&args, encoding_of(ask->form));
    rv = kuji_pg_query(&res, conn, KUJI_Q_DOWNLOAD_START, &args, pool);
    if (rv == APR_SUCCESS) {
        s->id = kuji_pg_int(res, 0, 0);
    }
    return rv;
}

apr_status_t kuji_download_start(int64_t *id, const kuji_act_t *act,
                                 const kuji_download_ask_t *ask,
                                 apr_pool_t *pool)
{
    start_t s = {act, ask, 0};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, start, &s, pool);

    *id = s.id;
    return rv;
}

typedef struct end_t {
    const kuji_act_t *act;
    int64_t id;
    const kuji_download_end_t *end;
} end_t;

static apr_status_t end(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    end_t *e = baton;
    const kuji_rows_count_t *count = &e->end->count;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, e->id);
    kuji_args_uuid(&args, e->act->tenant);
    kuji_args_text(&args, kuji_download_name(e->end->outcome));
    kuji_args_int(&args, count->rows);
    kuji_args_int(&args, e->end->bytes);
    kuji_args_bytes(&args, e->end->sha256, sizeof(e->end->sha256));
    kuji_args_int(&args, count->replaced);
    if (count->replaced_row) {
        kuji_args_int(&args, count->replaced_row);
    }
    else {
        kuji_args_null_int(&args);
    }
    return kuji_pg_query(NULL, conn, KUJI_Q_DOWNLOAD_END, &args, pool);
}

apr_status_t kuji_download_end(const kuji_act_t *act, int64_t id,
                               const kuji_download_end_t *told,
                               apr_pool_t *pool)
{
    end_t e = {act, id, told};

    return kuji_pg_transact(act->pg, act->tenant, end, &e, pool);
}

static kuji_download_e outcome_of(const char *name, int64_t age)
{
    int i;

    if (!name) {
        return age < KUJI_DOWNLOAD_LONGEST ? KUJI_DOWNLOAD_RUNNING
                                           : KUJI_DOWNLOAD_BROKEN;
    }
    for (i = KUJI_DOWNLOAD_COMPLETE;
         i < KUJI_DOWNLOAD_FAILED && strcmp(names[i], name) != 0; i++) {
    }
    return (kuji_download_e)i;
}

static apr_status_t read_row(void *item, const PGresult *res, int i,
                             apr_pool_t *pool)
{
    kuji_download_row_t *row = item;
    const unsigned char *hash;
    apr_size_t len;
    apr_status_t rv;

    row->id = kuji_pg_int(res, i, 0);
    row->at = kuji_pg_int(res, i, 1);
    row->actor = kuji_pg_text(res, i, 2);
    row->login = kuji_pg_text(res, i, 3);
    row->address = kuji_pg_text(res, i, 4);
    row->what = kuji_pg_text(res, i, 5);
    row->slug = kuji_pg_text(res, i, 6);
    row->filter = kuji_pg_text(res, i, 7);
    row->format = kuji_pg_text(res, i, 8);
    row->encoding = kuji_pg_text(res, i, 9);
    row->ended_at = kuji_pg_int(res, i, 10);
    row->end.outcome =
        outcome_of(kuji_pg_text(res, i, 11), kuji_pg_int(res, i, 17) - row->at);
    row->end.count.rows = kuji_pg_int(res, i, 12);
    row->end.bytes = kuji_pg_int(res, i, 13);
    row->end.count.replaced = kuji_pg_int(res, i, 15);
    row->end.count.replaced_row = kuji_pg_int(res, i, 16);
    rv = kuji_pg_bytes(&hash, &len, res, i, 14, pool);
    if (rv == APR_SUCCESS && len == KUJI_HASH_LEN) {
        memcpy(row->end.sha256, hash, len);
    }
    return rv;
}

apr_status_t kuji_download_list(const kuji_download_row_t **rows, int *count,
                                const kuji_act_t *act, const char *actor,
                                int64_t before, int limit, apr_pool_t *pool)
{
    kuji_rows_t found = KUJI_ROWS(kuji_download_row_t, read_row);
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_int(&args, before > 0 ? before : INT64_MAX);
    kuji_args_int(&args, limit);
    kuji_args_text(&args, actor);
    rv = kuji_rows_list(&found, act, KUJI_Q_DOWNLOAD_LIST, &args, pool);
    *rows = found.items;
    *count = found.count;
    return rv;
}
