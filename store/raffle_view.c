/* SPDX-License-Identifier: Apache-2.0 */
#include "store/raffle_view.h"

#include "core/ledger.h"

#include <stdlib.h>
#include <string.h>

/** Reading a large raffle may take longer than a draw may. */
#define PATIENCE apr_time_from_sec(120)

typedef struct look_t {
    const kuji_act_t *act;
    const char *slug;
    kuji_raffle_preview_t *preview;
    kuji_raffle_result_t *result;
    kuji_suspect_t *suspects;
    kuji_conn_t *conn;
    apr_pool_t *pool;
    int64_t id, entries;
} look_t;

static apr_status_t begin(look_t *l, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    l->conn = conn;
    l->pool = pool;
    kuji_conn_patience(conn, PATIENCE);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_EVENT_PATIENCE, NULL, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, l->act->tenant);
    kuji_args_text(&args, l->slug);
    rv = kuji_pg_query(&res, conn, KUJI_Q_RAFFLE_CAMPAIGN, &args, pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv == APR_SUCCESS ? KUJI_ENOTFOUND : rv;
    }
    l->id = kuji_pg_int(res, 0, 0);
    l->entries = kuji_pg_int(res, 0, 1);
    return APR_SUCCESS;
}

/* "3 7 12"; NULL: none, where they were all voided or erased meanwhile. */
static void read_numbers(kuji_suspect_t *s, const char *text, apr_pool_t *pool)
{
    int64_t *n = apr_palloc(pool, sizeof(*n) * KUJI_SUSPECT_ENTRIES_MAX);
    char *end = (char *)text;

    while (end && *end && s->listed < KUJI_SUSPECT_ENTRIES_MAX) {
        n[s->listed++] = strtoll(end, &end, 10);
    }
    s->n = n;
}

static apr_status_t ask_suspects(PGresult **res, look_t *l, kuji_query_e query)
{
    kuji_args_t args;

    kuji_args_init(&args, l->pool);
    kuji_args_int(&args, l->id);
    kuji_args_int(&args, KUJI_SUSPECTS_MAX - l->preview->listed);
    kuji_args_int(&args, KUJI_SUSPECT_ENTRIES_MAX);
    return kuji_pg_query(res, l->conn, query, &args, l->pool);
}

static void take_suspects(look_t *l, const PGresult *res, kuji_suspect_e kind)
{
    int i;

    for (i = 0; i < PQntuples(res); i++) {
        kuji_suspect_t *s = &l->suspects[l->preview->listed++];

        s->kind = kind;
        s->entries = kuji_pg_int(res, i, 0);
        read_numbers(s, kuji_pg_text(res, i, 1), l->pool);
    }
}

static apr_status_t count_entries(look_t *l, int *codes)
{
    kuji_raffle_preview_t *p = l->preview;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, l->pool);
    kuji_args_int(&args, l->id);
    rv = kuji_pg_query(&res, l->conn, KUJI_Q_RAFFLE_COUNTS, &args, l->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    p->entries = kuji_pg_int(res, 0, 0);
    p->voided = kuji_pg_int(res, 0, 1);
    p->participants = kuji_pg_int(res, 0, 2);
    p->nsuspects = kuji_pg_int(res, 0, 3);
    *codes = kuji_pg_bool(res, 0, 4);
    return APR_SUCCESS;
}

static apr_status_t preview(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    look_t *l = baton;
    PGresult *res;
    int codes;
    apr_status_t rv = begin(l, conn, pool);

    memset(l->preview, 0, sizeof(*l->preview));
    l->suspects = apr_pcalloc(pool, sizeof(*l->suspects) * KUJI_SUSPECTS_MAX);
    l->preview->suspects = l->suspects;
    if (rv == APR_SUCCESS) {
        rv = count_entries(l, &codes);
    }
    if (rv == APR_SUCCESS) {
        rv = ask_suspects(&res, l, KUJI_Q_RAFFLE_SUSPECTS);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    take_suspects(l, res, KUJI_SUSPECT_PARTICIPANT);
    if (!codes) {
        return APR_SUCCESS;
    }
    rv = ask_suspects(&res, l, KUJI_Q_RAFFLE_SUSPECT_CODES);
    if (rv == APR_SUCCESS) {
        take_suspects(l, res, KUJI_SUSPECT_CODE);
        l->preview->nsuspects += PQntuples(res) ? kuji_pg_int(res, 0, 2) : 0;
    }
    return rv;
}

apr_status_t kuji_raffle_preview(kuji_raffle_preview_t *out,
                                 const kuji_act_t *act, const char *slug,
                                 apr_pool_t *pool)
{
    look_t l = {.act = act, .slug = slug, .preview = out};

    return kuji_pg_transact(act->pg, act->tenant, preview, &l, pool);
}

/* The picks of the raffle leaf. */
static kuji_raffle_pick_t *take_picks(const kuji_pick_t *picks, int count,
                                      apr_pool_t *pool)
{
    kuji_raffle_pick_t *list =
        apr_pcalloc(pool, sizeof(*list) * ((apr_size_t)count + 1));
    int i;

    for (i = 0; i < count; i++) {
        list[i].n = picks[i].n;
        list[i].prize = picks[i].prize;
    }
    return list;
}

typedef struct standing_t {
    kuji_raffle_pick_t *winners, *alternates;
    int nwinners, nalternates;
    uint64_t last_void; /* n; a substitute follows its void directly */
} standing_t;

static kuji_raffle_pick_t *pick_of(standing_t *s, uint64_t n)
{
    int i;

    for (i = 0; i < s->nwinners; i++) {
        if (s->winners[i].n == n) {
            return &s->winners[i];
        }
    }
    for (i = 0; i < s->nalternates; i++) {
        if (s->alternates[i].n == n) {
            return &s->alternates[i];
        }
    }
    return NULL;
}

static void take_substitute(standing_t *s, const kuji_leaf_t *leaf)
{
    kuji_raffle_pick_t *gone = pick_of(s, s->last_void);
    kuji_raffle_pick_t *next = pick_of(s, leaf->n);

    if (gone) {
        gone->substitute = leaf->n;
    }
    if (next) {
        next->is_used = 1;
        next->prize = leaf->prize;
    }
}

static void take_leaf(look_t *l, standing_t *s, const kuji_leaf_t *leaf)
{
    kuji_raffle_pick_t *pick;

    switch (leaf->kind) {
    case KUJI_LEAF_RAFFLE:
        l->result->t = leaf->t;
        l->result->beacon_signature =
            leaf->has_beacon ? leaf->beacon_signature : NULL;
        s->nwinners = leaf->nwinners;
        s->nalternates = leaf->nalternates;
        s->winners = take_picks(leaf->winners, leaf->nwinners, l->pool);
        s->alternates =
            take_picks(leaf->alternates, leaf->nalternates, l->pool);
        break;
    case KUJI_LEAF_VOID:
        s->last_void = leaf->n;
        if ((pick = pick_of(s, leaf->n))) {
            pick->is_void = 1;
        }
        break;
    case KUJI_LEAF_SUBSTITUTE:
        take_substitute(s, leaf);
        break;
    default:
        break;
    }
}

static apr_status_t result(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    look_t *l = baton;
    standing_t s = {NULL, NULL, 0, 0, 0};
    kuji_args_t args;
    PGresult *res;
    int i;
    apr_status_t rv = begin(l, conn, pool);

    memset(l->result, 0, sizeof(*l->result));
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, l->id);
    kuji_args_int(&args, l->entries);
    rv = kuji_pg_query(&res, conn, KUJI_Q_EVENT_AFTER_ENTRIES, &args, pool);
    for (i = 0; rv == APR_SUCCESS && i < PQntuples(res); i++) {
        const char *why = NULL;
        kuji_leaf_t leaf;

        rv = kuji_ledger_read(&leaf, &why, PQgetvalue(res, i, 0),
                              (apr_size_t)PQgetlength(res, i, 0), pool);
        if (rv == APR_SUCCESS) {
            take_leaf(l, &s, &leaf);
        }
    }
    l->result->winners = s.winners;
    l->result->nwinners = s.nwinners;
    l->result->alternates = s.alternates;
    l->result->nalternates = s.nalternates;
    return rv;
}

apr_status_t kuji_raffle_result(kuji_raffle_result_t *out,
                                const kuji_act_t *act, const char *slug,
                                apr_pool_t *pool)
{
    look_t l = {.act = act, .slug = slug, .result = out};

    return kuji_pg_transact(act->pg, act->tenant, result, &l, pool);
}
