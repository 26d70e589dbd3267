/* SPDX-License-Identifier: Apache-2.0 */
#include "store/audit.h"

#include "store/rows.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/** Entries of one page of a walk: a fraction of a second. */
#define VERIFY_PAGE 5000

apr_status_t kuji_audit_add(const kuji_act_t *act, kuji_conn_t *conn,
                            const char *action, const char *object,
                            json_t *detail, apr_pool_t *pool)
{
    char *text = detail ? json_dumps(detail, JSON_COMPACT) : NULL;
    kuji_args_t args;
    apr_status_t rv;

    json_decref(detail);
    kuji_args_init(&args, pool);
    kuji_args_text(&args, act->actor);
    kuji_args_text(&args, action);
    kuji_args_text(&args, object);
    kuji_args_json(&args, text ? text : "{}");
    kuji_args_text(&args, act->address);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_AUDIT_ADD, &args, pool);
    free(text);
    return rv;
}

static void limit_time(kuji_args_t *args, int64_t ms)
{
    if (ms > 0) {
        kuji_args_int(args, ms);
    }
    else {
        kuji_args_null_int(args);
    }
}

static apr_status_t read_row(void *item, const PGresult *res, int i,
                             apr_pool_t *pool)
{
    kuji_audit_row_t *row = item;

    (void)pool;
    row->seq = kuji_pg_int(res, i, 0);
    row->at = kuji_pg_int(res, i, 1);
    row->actor = kuji_pg_text(res, i, 2);
    row->action = kuji_pg_text(res, i, 3);
    row->object = kuji_pg_text(res, i, 4);
    row->detail = kuji_pg_text(res, i, 5);
    row->address = kuji_pg_text(res, i, 6);
    row->login = kuji_pg_text(res, i, 7);
    row->name = kuji_pg_text(res, i, 8);
    return APR_SUCCESS;
}

apr_status_t kuji_audit_list(const kuji_audit_row_t **rows, int *count,
                             const kuji_act_t *act,
                             const kuji_audit_filter_t *filter, int64_t before,
                             int limit, apr_pool_t *pool)
{
    static const kuji_audit_filter_t all = {NULL, NULL, 0, 0};
    const kuji_audit_filter_t *f = filter ? filter : &all;
    kuji_rows_t found = KUJI_ROWS(kuji_audit_row_t, read_row);
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_int(&args, before > 0 ? before : INT64_MAX);
    kuji_args_int(&args, limit);
    kuji_args_text(&args, f->actor);
    kuji_args_text(&args, f->action);
    limit_time(&args, f->from);
    limit_time(&args, f->to);
    rv = kuji_rows_list(&found, act, KUJI_Q_AUDIT_LIST, &args, pool);
    *rows = found.items;
    *count = found.count;
    return rv;
}

typedef struct edit_t {
    const kuji_act_t *act;
    const char *uuid;
    int version;
    kuji_audit_row_t *row;
} edit_t;

static apr_status_t read_edit(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    edit_t *e = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, e->act->tenant);
    kuji_args_text(&args, apr_pstrcat(pool, "campaign:", e->uuid, NULL));
    kuji_args_int(&args, e->version);
    rv = kuji_pg_query(&res, conn, KUJI_Q_AUDIT_EDIT, &args, pool);
    if (rv != APR_SUCCESS || PQntuples(res) == 0) {
        return rv == APR_SUCCESS ? KUJI_ENOTFOUND : rv;
    }
    e->row = apr_palloc(pool, sizeof(*e->row));
    read_row(e->row, res, 0, pool);
    return APR_SUCCESS;
}

apr_status_t kuji_audit_edit(const kuji_audit_row_t **row,
                             const kuji_act_t *act, const char *campaign_uuid,
                             int version, apr_pool_t *pool)
{
    edit_t e = {act, campaign_uuid, version, NULL};
    apr_status_t rv =
        kuji_pg_transact(act->pg, act->tenant, read_edit, &e, pool);

    *row = e.row;
    return rv;
}

typedef struct words_t {
    const kuji_act_t *act;
    kuji_audit_words_t found;
} words_t;

static const char *const *column(const PGresult *res, int col, apr_pool_t *pool)
{
    int i, count = PQntuples(res);
    const char **texts =
        apr_palloc(pool, sizeof(*texts) * ((apr_size_t)count + 1));

    for (i = 0; i < count; i++) {
        texts[i] = kuji_pg_text(res, i, col);
    }
    return texts;
}

static apr_status_t read_words(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    words_t *w = baton;
    kuji_args_t args;
    PGresult *actors, *actions;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    rv = kuji_pg_query(&actors, conn, KUJI_Q_AUDIT_ACTORS, &args, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_pg_query(&actions, conn, KUJI_Q_AUDIT_ACTIONS, &args, pool);
    }
    if (rv == APR_SUCCESS) {
        w->found.nactors = PQntuples(actors);
        w->found.actors = column(actors, 0, pool);
        w->found.logins = column(actors, 1, pool);
        w->found.nactions = PQntuples(actions);
        w->found.actions = column(actions, 0, pool);
    }
    return rv;
}

apr_status_t kuji_audit_words(const kuji_audit_words_t **words,
                              const kuji_act_t *act, apr_pool_t *pool)
{
    words_t *w = apr_pcalloc(pool, sizeof(*w));

    w->act = act;
    *words = &w->found;
    return kuji_pg_transact(act->pg, act->tenant, read_words, w, pool);
}

typedef struct walk_t {
    const kuji_act_t *act;
    int64_t seq; /* of the last entry that was read */
    unsigned char hash[KUJI_HASH_LEN];
    /* of the page behind it */
    int64_t count, last, broken;
    unsigned char last_hash[KUJI_HASH_LEN];
} walk_t;

static apr_status_t walk_page(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    walk_t *w = baton;
    const unsigned char *hash;
    apr_size_t len;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_int(&args, w->seq);
    kuji_args_bytes(&args, w->hash, sizeof(w->hash));
    kuji_args_int(&args, VERIFY_PAGE);
    rv = kuji_pg_query(&res, conn, KUJI_Q_AUDIT_VERIFY, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    w->count = kuji_pg_int(res, 0, 0);
    w->last = kuji_pg_int(res, 0, 1);
    w->broken = kuji_pg_int(res, 0, 3);
    rv = kuji_pg_bytes(&hash, &len, res, 0, 2, pool);
    if (rv == APR_SUCCESS && len == KUJI_HASH_LEN) {
        memcpy(w->last_hash, hash, len);
    }
    return rv;
}

apr_status_t kuji_audit_verify(kuji_audit_report_t *report,
                               const kuji_act_t *act, apr_pool_t *pool)
{
    walk_t w = {.act = act};
    apr_pool_t *page;
    apr_status_t rv;

    memset(report, 0, sizeof(*report));
    apr_pool_create(&page, pool);
    do {
        rv = kuji_pg_transact(act->pg, act->tenant, walk_page, &w, page);
        apr_pool_clear(page);
        if (rv == APR_SUCCESS && w.count > 0) {
            report->entries += w.count;
            report->broken = w.broken;
            w.seq = w.last;
            memcpy(w.hash, w.last_hash, sizeof(w.hash));
        }
    } while (rv == APR_SUCCESS && w.count > 0 && !w.broken);
    memcpy(report->head, w.hash, sizeof(w.hash));
    apr_pool_destroy(page);
    return rv;
}
