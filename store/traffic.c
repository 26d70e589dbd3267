/* SPDX-License-Identifier: Apache-2.0 */
#include "store/traffic.h"

#include <apr_strings.h>
#include <apr_thread_mutex.h>
#include <string.h>

#define SLOTS 1024 /* a power of two, a third more than campaigns */

const char *const kuji_traffic_refusals[KUJI_OUTCOME_COUNT] = {
    [KUJI_KEY_OTHER_BODY] = "key-reused",
    [KUJI_REFUSED_NOT_OPEN] = "not-open",
    [KUJI_REFUSED_CLOSED] = "closed",
    [KUJI_REFUSED_PAUSED] = "paused",
    [KUJI_REFUSED_SOLD_OUT] = "sold-out",
    [KUJI_REFUSED_LIMIT] = "limit-reached",
    [KUJI_REFUSED_CODE_UNKNOWN] = "code-unknown",
    [KUJI_REFUSED_CODE_USED] = "code-used",
    [KUJI_REFUSED_PASSPHRASE] = "passphrase-wrong",
    [KUJI_REFUSED_LINK] = "link-needed",
    [KUJI_REFUSED_LINK_USED] = "link-used",
    [KUJI_REFUSED_LINK_EXPIRED] = "link-expired",
    [KUJI_REFUSED_COUNT] = "count-not-allowed",
    [KUJI_REFUSED_TOKEN] = "unauthorised",
};

/* A campaign's counts since the last flush. */
typedef struct slot_t {
    int64_t campaign_id; /* 0: free */
    char tenant_id[40];
    int64_t visits;
    int64_t refused[KUJI_OUTCOME_COUNT];
} slot_t;

/* Open addressing; nothing is taken out but everything. */
typedef struct table_t {
    int used;
    slot_t slots[SLOTS];
} table_t;

struct kuji_traffic_t {
    apr_thread_mutex_t *lock;
    table_t now;   /* under the lock */
    table_t taken; /* the flushing thread's */
};

apr_status_t kuji_traffic_create(kuji_traffic_t **traffic, apr_pool_t *p)
{
    kuji_traffic_t *t = apr_pcalloc(p, sizeof(*t));

    *traffic = t;
    return apr_thread_mutex_create(&t->lock, APR_THREAD_MUTEX_DEFAULT, p);
}

/* The campaign's slot, new if need be; NULL: the table is full. */
static slot_t *slot_of(table_t *table, int64_t campaign_id,
                       const char *tenant_id)
{
    unsigned i = (unsigned)campaign_id % SLOTS;
    slot_t *slot;

    for (; (slot = &table->slots[i])->campaign_id; i = (i + 1) % SLOTS) {
        if (slot->campaign_id == campaign_id) {
            return slot;
        }
    }
    if (table->used == KUJI_TRAFFIC_CAMPAIGNS) {
        return NULL;
    }
    table->used++;
    slot->campaign_id = campaign_id;
    apr_cpystrn(slot->tenant_id, tenant_id, sizeof(slot->tenant_id));
    return slot;
}

void kuji_traffic_visit(kuji_traffic_t *t, const kuji_campaign_t *campaign)
{
    slot_t *slot;

    apr_thread_mutex_lock(t->lock);
    if ((slot = slot_of(&t->now, campaign->id, campaign->tenant_id))) {
        slot->visits++;
    }
    apr_thread_mutex_unlock(t->lock);
}

void kuji_traffic_refusal(kuji_traffic_t *t, const kuji_campaign_t *campaign,
                          kuji_outcome_e outcome)
{
    slot_t *slot;

    if (!kuji_traffic_refusals[outcome]) {
        return;
    }
    apr_thread_mutex_lock(t->lock);
    if ((slot = slot_of(&t->now, campaign->id, campaign->tenant_id))) {
        slot->refused[outcome]++;
    }
    apr_thread_mutex_unlock(t->lock);
}

static void take(kuji_traffic_t *t)
{
    apr_thread_mutex_lock(t->lock);
    t->taken = t->now;
    memset(&t->now, 0, sizeof(t->now));
    apr_thread_mutex_unlock(t->lock);
}

static void give_back(kuji_traffic_t *t, const slot_t *from)
{
    slot_t *slot;
    int i;

    apr_thread_mutex_lock(t->lock);
    if ((slot = slot_of(&t->now, from->campaign_id, from->tenant_id))) {
        slot->visits += from->visits;
        for (i = 0; i < KUJI_OUTCOME_COUNT; i++) {
            slot->refused[i] += from->refused[i];
        }
    }
    apr_thread_mutex_unlock(t->lock);
}

/* A tenant's counts as a statement's arrays. */
typedef struct rows_t {
    const char *tenant_id;
    int64_t *campaigns, *counts;
    const char **names;
    int count;
} rows_t;

static void add_row(rows_t *rows, const slot_t *slot, const char *name,
                    int64_t count)
{
    if (count) {
        rows->campaigns[rows->count] = slot->campaign_id;
        rows->names[rows->count] = name;
        rows->counts[rows->count++] = count;
    }
}

static void gather(rows_t *rows, const table_t *table, const char *tenant_id,
                   apr_pool_t *pool)
{
    apr_size_t room = (apr_size_t)table->used * (KUJI_OUTCOME_COUNT + 1);
    int i, k;

    rows->tenant_id = tenant_id;
    rows->campaigns = apr_palloc(pool, room * sizeof(*rows->campaigns));
    rows->counts = apr_palloc(pool, room * sizeof(*rows->counts));
    rows->names = apr_palloc(pool, room * sizeof(*rows->names));
    rows->count = 0;
    for (i = 0; i < SLOTS; i++) {
        const slot_t *slot = &table->slots[i];

        if (!slot->campaign_id || strcmp(slot->tenant_id, tenant_id) != 0) {
            continue;
        }
        add_row(rows, slot, KUJI_TRAFFIC_VISIT, slot->visits);
        for (k = 0; k < KUJI_OUTCOME_COUNT; k++) {
            add_row(rows, slot, kuji_traffic_refusals[k], slot->refused[k]);
        }
    }
}

static apr_status_t add(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const rows_t *rows = baton;
    kuji_args_t args;
    apr_status_t rv =
        kuji_pg_query(NULL, conn, KUJI_Q_FIGURES_TRAFFIC_BEGIN, NULL, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, rows->tenant_id);
    kuji_args_int_array(&args, rows->campaigns, rows->count);
    kuji_args_text_array(&args, rows->names, rows->count);
    kuji_args_int_array(&args, rows->counts, rows->count);
    return kuji_pg_query(NULL, conn, KUJI_Q_FIGURES_TRAFFIC_ADD, &args, pool);
}

/* Everything of one tenant; its slots are given back or done with. */
static apr_status_t flush_tenant(kuji_traffic_t *t, const char *tenant_id,
                                 kuji_pg_t *pg, apr_pool_t *pool)
{
    rows_t rows;
    apr_status_t rv;
    int i;

    gather(&rows, &t->taken, tenant_id, pool);
    rv = kuji_pg_transact(pg, tenant_id, add, &rows, pool);
    for (i = 0; i < SLOTS; i++) {
        slot_t *slot = &t->taken.slots[i];

        if (!slot->campaign_id || strcmp(slot->tenant_id, tenant_id) != 0) {
            continue;
        }
        if (rv != APR_SUCCESS && rv != KUJI_EUNKNOWN) {
            give_back(t, slot);
        }
        slot->campaign_id = 0;
    }
    return rv;
}

apr_status_t kuji_traffic_flush(kuji_traffic_t *t, kuji_pg_t *pg,
                                apr_pool_t *pool)
{
    apr_status_t rv, first = APR_SUCCESS;
    int i;

    take(t);
    for (i = 0; i < SLOTS; i++) {
        if (t->taken.slots[i].campaign_id) {
            rv = flush_tenant(t, apr_pstrdup(pool, t->taken.slots[i].tenant_id),
                              pg, pool);
            first = first == APR_SUCCESS ? rv : first;
        }
    }
    return first;
}
