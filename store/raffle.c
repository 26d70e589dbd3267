/* SPDX-License-Identifier: Apache-2.0 */
#include "store/raffle.h"

#include "core/fields.h"
#include "store/event_int.h"
#include "store/outbox.h"
#include "store/raffle_int.h"
#include "store/secret.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/** Claims of one statement. */
#define CHUNK 10000

typedef struct run_t {
    kuji_event_ask_t ask;
    const kuji_beacon_value_t *beacon;
    kuji_secret_t *secret;
    /* while it runs */
    uint64_t *entries; /* malloc'ed; the picks come to stand in front */
    apr_size_t size, picked;
    int64_t *left; /* units of each prize */
    kuji_pick_t *picks;
    int nwinners, nalternates;
} run_t;

static apr_status_t allowed(run_t *r, const kuji_append_t *a,
                            const kuji_manifest_t *m)
{
    const char *why = NULL;

    if (m->method != KUJI_RAFFLE) {
        why = "the campaign is no raffle";
    }
    else if (a->raffled_at) {
        why = "the raffle has been run: it cannot be run again";
    }
    else if (a->t < m->closes_at) {
        why = "entries are taken until closes_at";
    }
    else if (m->beacon && a->t < m->beacon->time) {
        why = "the beacon has not spoken yet";
    }
    if (why) {
        *r->ask.why = why;
        return KUJI_ESTATE;
    }
    if (!r->beacon != !m->beacon) {
        *r->ask.why = m->beacon ? "the beacon's randomness and signature are "
                                  "needed"
                                : "the manifest names no beacon";
        return KUJI_EINVAL;
    }
    if (r->beacon && !kuji_fields_is_hex(r->beacon->signature)) {
        *r->ask.why = "the beacon's signature must be lower-case hex";
        return KUJI_EINVAL;
    }
    return APR_SUCCESS;
}

apr_status_t kuji_raffle__voids(const uint64_t **voids, apr_size_t *count,
                                kuji_append_t *a)
{
    kuji_args_t args;
    PGresult *res;
    uint64_t *list;
    apr_status_t rv;
    apr_size_t i;

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    rv = kuji_pg_query(&res, a->conn, KUJI_Q_EVENT_VOIDS, &args, a->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    *count = (apr_size_t)PQntuples(res);
    list = apr_palloc(a->pool, sizeof(*list) * (*count + 1));
    for (i = 0; i < *count; i++) {
        list[i] = (uint64_t)kuji_pg_int(res, (int)i, 0);
    }
    *voids = list;
    return APR_SUCCESS;
}

/* Entries have every n from 1 on: the list is all but the void ones. */
static apr_status_t list_entries(run_t *r, kuji_append_t *a)
{
    const uint64_t *voids;
    apr_size_t nvoids, v = 0;
    int64_t n;
    apr_status_t rv = kuji_raffle__voids(&voids, &nvoids, a);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    free(r->entries); /* of a first try */
    r->entries = malloc((apr_size_t)a->next_n * sizeof(*r->entries));
    if (!r->entries) {
        return APR_ENOMEM;
    }
    r->size = 0;
    for (n = 1; n < a->next_n; n++) {
        if (v < nvoids && voids[v] == (uint64_t)n) {
            v++;
        }
        else {
            r->entries[r->size++] = (uint64_t)n;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t read_left(run_t *r, kuji_append_t *a,
                              const kuji_manifest_t *m, apr_size_t *sum)
{
    const kuji_append_prize_t *prizes;
    int i, count;
    apr_status_t rv = kuji_append_prizes(&prizes, &count, a);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (count != m->nprizes) {
        return KUJI_EDATABASE;
    }
    r->left = apr_palloc(a->pool, sizeof(*r->left) * (apr_size_t)m->nprizes);
    *sum = 0;
    for (i = 0; i < m->nprizes; i++) {
        r->left[i] = prizes[i].left;
        *sum += (apr_size_t)r->left[i];
    }
    return APR_SUCCESS;
}

/* Kr from the seed and the root of all leaves so far; then the picks. */
static apr_status_t pick(run_t *r, kuji_append_t *a, const kuji_manifest_t *m)
{
    unsigned char root[KUJI_HASH_LEN];
    apr_size_t units;
    apr_status_t rv = read_left(r, a, m, &units);

    if (rv == APR_SUCCESS) {
        rv = kuji_secret_tenant(r->secret, r->ask.act, a->conn, a->pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_secret_seed(r->secret, a->conn, a->id, m, a->pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_tree_root(&a->tree, root);
    kuji_raffle_key(r->secret->kr, m, r->secret->seed, root,
                    r->beacon ? r->beacon->randomness : NULL);
    r->picked = kuji_raffle_pick(r->secret->kr, r->entries, r->size,
                                 units + (apr_size_t)m->alternates);
    kuji_secret_wipe(r->secret);
    return r->picked > INT32_MAX ? KUJI_ETOOBIG : APR_SUCCESS;
}

/* Prizes in order, unit by unit, then alternates. */
static void hand_out(run_t *r, kuji_append_t *a, const kuji_manifest_t *m)
{
    int prize = 0;
    apr_size_t k;
    int64_t given = 0;

    r->picks = apr_pcalloc(a->pool, sizeof(*r->picks) * (r->picked + 1));
    r->nwinners = 0;
    for (k = 0; k < r->picked; k++) {
        while (prize < m->nprizes && given == r->left[prize]) {
            prize++;
            given = 0;
        }
        r->picks[k].n = r->entries[k];
        if (prize < m->nprizes) {
            r->picks[k].prize = m->prizes[prize].code;
            r->nwinners++;
            given++;
        }
    }
    r->nalternates = (int)r->picked - r->nwinners;
}

apr_status_t kuji_raffle__claims(kuji_append_t *a, const int64_t *n,
                                 const int64_t *pos, int count)
{
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_uuid(&args, a->act->tenant);
    kuji_args_int(&args, a->t);
    kuji_args_int_array(&args, n, count);
    kuji_args_int_array(&args, pos, count);
    rv = kuji_pg_query(NULL, a->conn, KUJI_Q_EVENT_CLAIMS_ADD, &args, a->pool);
    return rv == APR_SUCCESS
               ? kuji_outbox_draws(a->act, a->conn, a->id, KUJI_MAIL_WIN, n,
                                   count, a->pool)
               : rv;
}

static apr_status_t store_claims(run_t *r, kuji_append_t *a,
                                 const kuji_manifest_t *m)
{
    int64_t *n = apr_palloc(a->pool, sizeof(*n) * CHUNK);
    int64_t *pos = apr_palloc(a->pool, sizeof(*pos) * CHUNK);
    int k, count = 0;
    apr_status_t rv = APR_SUCCESS;

    for (k = 0; k < r->nwinners && rv == APR_SUCCESS; k++) {
        n[count] = (int64_t)r->picks[k].n;
        pos[count++] = kuji_manifest_prize(m, r->picks[k].prize);
        if (count == CHUNK || k + 1 == r->nwinners) {
            rv = kuji_raffle__claims(a, n, pos, count);
            count = 0;
        }
    }
    return rv;
}

static apr_status_t store_awards(run_t *r, kuji_append_t *a,
                                 const kuji_manifest_t *m)
{
    int64_t winners = r->nwinners, units;
    apr_status_t rv = APR_SUCCESS;
    kuji_args_t args;
    int i;

    for (i = 0; i < m->nprizes && winners && rv == APR_SUCCESS; i++) {
        units = r->left[i] < winners ? r->left[i] : winners;
        winners -= units;
        rv = units ? kuji_event__award(a, i, units) : APR_SUCCESS;
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_int(&args, a->t);
    return kuji_pg_query(NULL, a->conn, KUJI_Q_EVENT_RAFFLED, &args, a->pool);
}

static apr_status_t append(run_t *r, kuji_append_t *a, const kuji_manifest_t *m)
{
    kuji_leaf_t leaf = {.kind = KUJI_LEAF_RAFFLE,
                        .nwinners = r->nwinners,
                        .winners = r->picks,
                        .nalternates = r->nalternates,
                        .alternates = r->picks + r->nwinners};

    if (r->beacon) {
        leaf.has_beacon = 1;
        leaf.beacon_round = m->beacon->round;
        memcpy(leaf.beacon_randomness, r->beacon->randomness, 32);
        leaf.beacon_signature = r->beacon->signature;
    }
    return kuji_event__finish(
        a, &leaf, &r->ask, "campaign.raffle",
        json_pack("{s:I, s:i, s:i}", "entries", (json_int_t)r->size, "winners",
                  r->nwinners, "alternates", r->nalternates));
}

static apr_status_t run_work(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    run_t *r = baton;
    const kuji_manifest_t *m;
    kuji_append_t a;
    apr_status_t rv;

    kuji_conn_patience(conn, apr_time_from_sec(120));
    rv = kuji_pg_query(NULL, conn, KUJI_Q_EVENT_PATIENCE, NULL, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_event__lock(&a, &m, &r->ask, conn, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = allowed(r, &a, m);
    }
    if (rv == APR_SUCCESS) {
        rv = list_entries(r, &a);
    }
    if (rv == APR_SUCCESS) {
        rv = pick(r, &a, m);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    hand_out(r, &a, m);
    rv = store_claims(r, &a, m);
    if (rv == APR_SUCCESS) {
        rv = store_awards(r, &a, m);
    }
    return rv == APR_SUCCESS ? append(r, &a, m) : rv;
}

apr_status_t kuji_raffle_run(kuji_event_t *event, const char **why,
                             const kuji_act_t *act, const char *slug,
                             const kuji_beacon_value_t *beacon,
                             apr_pool_t *pool)
{
    run_t r = {.ask = {act, slug, NULL, NULL, why, event}, .beacon = beacon};
    apr_status_t rv = kuji_secret_create(&r.secret, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_pg_transact(act->pg, act->tenant, run_work, &r, pool);
        kuji_secret_wipe(r.secret);
    }
    free(r.entries);
    return rv;
}
