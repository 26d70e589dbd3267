/* SPDX-License-Identifier: Apache-2.0 */
#include "store/flag.h"

#include <apr_strings.h>
#include <apr_thread_mutex.h>
#include <string.h>

const char *const kuji_flag_names[] = {"crowd", "device", "mail", "refunded",
                                       NULL};

typedef struct entry_t {
    int64_t campaign_id; /* 0: done with */
    uint64_t n;
    int count;
    unsigned reasons;
    char tenant_id[40];
} entry_t;

typedef struct list_t {
    int count;
    entry_t entries[KUJI_FLAGS_MAX];
} list_t;

struct kuji_flags_t {
    apr_thread_mutex_t *lock;
    list_t *now;   /* under the lock */
    list_t *taken; /* the flushing thread's */
};

apr_status_t kuji_flags_create(kuji_flags_t **flags, apr_pool_t *p)
{
    kuji_flags_t *f = apr_pcalloc(p, sizeof(*f));

    f->now = apr_pcalloc(p, sizeof(*f->now));
    f->taken = apr_pcalloc(p, sizeof(*f->taken));
    *flags = f;
    return apr_thread_mutex_create(&f->lock, APR_THREAD_MUTEX_DEFAULT, p);
}

static void put(kuji_flags_t *f, const entry_t *entry)
{
    apr_thread_mutex_lock(f->lock);
    if (f->now->count < KUJI_FLAGS_MAX) {
        f->now->entries[f->now->count++] = *entry;
    }
    apr_thread_mutex_unlock(f->lock);
}

void kuji_flags_add(kuji_flags_t *f, const kuji_campaign_t *campaign,
                    uint64_t n, int count, unsigned reasons)
{
    entry_t entry = {campaign->id, n, count, reasons, ""};

    apr_cpystrn(entry.tenant_id, campaign->tenant_id, sizeof(entry.tenant_id));
    put(f, &entry);
}

static void take(kuji_flags_t *f)
{
    list_t *taken = f->now;

    apr_thread_mutex_lock(f->lock);
    f->now = f->taken;
    f->now->count = 0;
    f->taken = taken;
    apr_thread_mutex_unlock(f->lock);
}

/* A tenant's draws as a statement's arrays. */
typedef struct rows_t {
    const char *tenant_id;
    int64_t *campaigns, *n, *counts, *reasons;
    int count;
} rows_t;

static int is_of(const entry_t *entry, const char *tenant_id)
{
    return entry->campaign_id && strcmp(entry->tenant_id, tenant_id) == 0;
}

static void gather(rows_t *rows, const list_t *list, apr_pool_t *pool)
{
    apr_size_t size = sizeof(int64_t) * ((apr_size_t)list->count + 1);
    int i;

    rows->campaigns = apr_palloc(pool, size);
    rows->n = apr_palloc(pool, size);
    rows->counts = apr_palloc(pool, size);
    rows->reasons = apr_palloc(pool, size);
    rows->count = 0;
    for (i = 0; i < list->count; i++) {
        const entry_t *entry = &list->entries[i];

        if (is_of(entry, rows->tenant_id)) {
            rows->campaigns[rows->count] = entry->campaign_id;
            rows->n[rows->count] = (int64_t)entry->n;
            rows->counts[rows->count] = entry->count;
            rows->reasons[rows->count++] = entry->reasons;
        }
    }
}

static apr_status_t add(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const rows_t *rows = baton;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, rows->tenant_id);
    kuji_args_int_array(&args, rows->campaigns, rows->count);
    kuji_args_int_array(&args, rows->n, rows->count);
    kuji_args_int_array(&args, rows->counts, rows->count);
    kuji_args_int_array(&args, rows->reasons, rows->count);
    return kuji_pg_query(NULL, conn, KUJI_Q_FLAG_ADD, &args, pool);
}

/* Everything of one tenant; twice written is once flagged. */
static apr_status_t flush_tenant(kuji_flags_t *f, const char *tenant_id,
                                 kuji_pg_t *pg, apr_pool_t *pool)
{
    rows_t rows = {.tenant_id = tenant_id};
    apr_status_t rv;
    int i;

    gather(&rows, f->taken, pool);
    rv = kuji_pg_transact(pg, tenant_id, add, &rows, pool);
    for (i = 0; i < f->taken->count; i++) {
        entry_t *entry = &f->taken->entries[i];

        if (is_of(entry, tenant_id)) {
            if (rv != APR_SUCCESS) {
                put(f, entry);
            }
            entry->campaign_id = 0;
        }
    }
    return rv;
}

apr_status_t kuji_flags_flush(kuji_flags_t *f, kuji_pg_t *pg, apr_pool_t *pool)
{
    apr_status_t rv, first = APR_SUCCESS;
    int i;

    take(f);
    for (i = 0; i < f->taken->count; i++) {
        if (f->taken->entries[i].campaign_id) {
            rv = flush_tenant(
                f, apr_pstrdup(pool, f->taken->entries[i].tenant_id), pg, pool);
            first = first == APR_SUCCESS ? rv : first;
        }
    }
    return first;
}

typedef struct read_t {
    int64_t campaign_id;
    const int64_t *n;
    int count;
    unsigned *reasons;
} read_t;

static apr_status_t work_read(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    read_t *r = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, r->campaign_id);
    kuji_args_int_array(&args, r->n, r->count);
    rv = kuji_pg_query(&res, conn, KUJI_Q_FLAG_READ, &args, pool);
    for (i = 0; rv == APR_SUCCESS && i < PQntuples(res); i++) {
        r->reasons[kuji_pg_int(res, i, 0) - 1] =
            (unsigned)kuji_pg_int(res, i, 1);
    }
    return rv;
}

apr_status_t kuji_flags_read(const unsigned **reasons, const kuji_act_t *act,
                             int64_t campaign_id, const int64_t *n, int count,
                             apr_pool_t *pool)
{
    read_t r = {
        campaign_id, n, count,
        apr_pcalloc(pool, sizeof(*r.reasons) * ((apr_size_t)count + 1))};

    *reasons = r.reasons;
    return kuji_pg_transact(act->pg, act->tenant, work_read, &r, pool);
}
