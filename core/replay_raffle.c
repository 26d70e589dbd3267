/* The raffle leaf and what may follow it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/replay_int.h"

#include <stdlib.h>
#include <string.h>

static apr_status_t check_time(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    const kuji_beacon_t *beacon = r->m->beacon;

    if (r->m->method != KUJI_RAFFLE) {
        return kuji_replay__wrong(r, "is a raffle, but this campaign is none");
    }
    if (r->report.raffled) {
        return kuji_replay__wrong(r, "runs the raffle a second time");
    }
    if (leaf->t < r->m->closes_at) {
        return kuji_replay__wrong(r, "runs the raffle before closes_at");
    }
    if (leaf->has_beacon != (beacon != NULL)) {
        return kuji_replay__wrong(r, beacon ? "uses no beacon, but one was "
                                              "promised"
                                            : "uses a beacon, but none was "
                                              "promised");
    }
    if (!beacon) {
        return APR_SUCCESS;
    }
    if (leaf->beacon_round != beacon->round) {
        return kuji_replay__wrong(r, "uses another round of the beacon");
    }
    if (leaf->t < beacon->time) {
        return kuji_replay__wrong(r, "runs the raffle before the beacon");
    }
    if (r->t > beacon->time) {
        return kuji_replay__wrong(r, "the leaf before it is later than the "
                                     "beacon");
    }
    return APR_SUCCESS;
}

static uint64_t units_left(const kuji_replay_t *r)
{
    uint64_t sum = 0;

    /* Saturates: nprizes times 2^53 would overflow for thousands of prizes. */
    for (int i = 0; i < r->m->nprizes && sum < (uint64_t)KUJI_INT_MAX; i++) {
        sum += (uint64_t)r->state.stock[i].left;
    }
    return sum;
}

/* The n's that are not void, ascending; malloc'ed. */
static uint64_t *list_entries(kuji_replay_t *r, apr_size_t *count)
{
    uint64_t *entries = malloc((r->report.draws + 1) * sizeof(*entries));
    const kuji_replay_void_t *v = (const void *)r->voids->elts;
    const kuji_replay_void_t *end = v + r->voids->nelts;

    *count = 0;
    for (uint64_t n = 1; entries && n <= r->report.draws; n++) {
        while (v < end && v->n < n) {
            v++;
        }
        if (v == end || v->n != n || !v->done) {
            entries[(*count)++] = n;
        }
    }
    return entries;
}

/* How many of each there must be: units left, then alternates, as far as the
 * entries reach. */
static apr_status_t check_counts(kuji_replay_t *r, const kuji_leaf_t *leaf,
                                 uint64_t entries)
{
    uint64_t winners = units_left(r), alternates = (uint64_t)r->m->alternates;

    winners = winners < entries ? winners : entries;
    entries -= winners;
    alternates = alternates < entries ? alternates : entries;
    if ((uint64_t)leaf->nwinners != winners) {
        return kuji_replay__wrong(
            r, "has %d winners instead of %" APR_UINT64_T_FMT, leaf->nwinners,
            (apr_uint64_t)winners);
    }
    if ((uint64_t)leaf->nalternates != alternates) {
        return kuji_replay__wrong(
            r, "has %d alternates instead of %" APR_UINT64_T_FMT,
            leaf->nalternates, (apr_uint64_t)alternates);
    }
    return APR_SUCCESS;
}

/* Prizes go in order, unit by unit. */
static apr_status_t award(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    int prize = 0;

    for (int k = 0; k < leaf->nwinners; k++) {
        while (r->state.stock[prize].left == 0) {
            prize++;
        }
        if (strcmp(leaf->winners[k].prize, r->m->prizes[prize].code) != 0) {
            return kuji_replay__wrong(
                r, "winner %d gets '%s', but a unit of '%s' is next", k,
                leaf->winners[k].prize, r->m->prizes[prize].code);
        }
        r->state.stock[prize].left--;
        r->state.stock[prize].awarded++;
        kuji_replay__void_holds(r, leaf->winners[k].n, prize);
    }
    return APR_SUCCESS;
}

static uint64_t picked(const kuji_leaf_t *leaf, apr_size_t k)
{
    apr_size_t winners = (apr_size_t)leaf->nwinners;

    return k < winners ? leaf->winners[k].n : leaf->alternates[k - winners].n;
}

/* With the seed: every pick. */
static apr_status_t replay(kuji_replay_t *r, const kuji_leaf_t *leaf,
                           uint64_t *entries, apr_size_t size)
{
    apr_size_t count = (apr_size_t)(leaf->nwinners + leaf->nalternates);
    unsigned char root[KUJI_HASH_LEN], kr[KUJI_KEY_LEN];

    kuji_tree_root(&r->tree, root);
    kuji_raffle_key(kr, r->m, r->seed, root,
                    leaf->has_beacon ? leaf->beacon_randomness : NULL);
    kuji_raffle_pick(kr, entries, size, count);
    for (apr_size_t k = 0; k < count; k++) {
        if (picked(leaf, k) != entries[k]) {
            return kuji_replay__wrong(
                r,
                "pick %" APR_UINT64_T_FMT " is entry %" APR_UINT64_T_FMT
                ", but entry %" APR_UINT64_T_FMT " was due",
                (apr_uint64_t)k, (apr_uint64_t)picked(leaf, k),
                (apr_uint64_t)entries[k]);
        }
    }
    return APR_SUCCESS;
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* Without the seed: each an entry that is not void, and no one twice. Marks
 * what is picked by sorting the picks and walking both lists. */
static apr_status_t check_picks(kuji_replay_t *r, const kuji_leaf_t *leaf,
                                const uint64_t *entries, apr_size_t size)
{
    apr_size_t count = (apr_size_t)(leaf->nwinners + leaf->nalternates), at = 0;
    uint64_t *picks = malloc((count + 1) * sizeof(*picks));
    apr_status_t rv = picks ? APR_SUCCESS : APR_ENOMEM;

    for (apr_size_t k = 0; k < count && picks; k++) {
        picks[k] = picked(leaf, k);
    }
    if (picks) {
        qsort(picks, count, sizeof(*picks), compare);
    }
    for (apr_size_t k = 0; k < count && !rv; k++) {
        while (at < size && entries[at] < picks[k]) {
            at++;
        }
        if (at == size || entries[at] != picks[k] ||
            (k > 0 && picks[k] == picks[k - 1])) {
            rv = kuji_replay__wrong(r,
                                    "picks %" APR_UINT64_T_FMT
                                    ", which is void, no entry or "
                                    "picked already",
                                    (apr_uint64_t)picks[k]);
        }
    }
    free(picks);
    return rv;
}

static void keep_alternates(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    r->nalternates = leaf->nalternates;
    r->alternates = apr_palloc(r->pool, ((apr_size_t)leaf->nalternates + 1) *
                                            sizeof(*r->alternates));
    for (int k = 0; k < leaf->nalternates; k++) {
        r->alternates[k] = leaf->alternates[k].n;
    }
}

apr_status_t kuji_replay__raffle(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    apr_status_t rv = check_time(r, leaf);
    apr_size_t size;
    uint64_t *entries;

    if (rv) {
        return rv;
    }
    entries = list_entries(r, &size);
    if (!entries) {
        return APR_ENOMEM;
    }
    rv = check_counts(r, leaf, size);
    if (!rv) {
        rv = r->report.outcomes ? replay(r, leaf, entries, size)
                                : check_picks(r, leaf, entries, size);
    }
    free(entries);
    if (!rv) {
        keep_alternates(r, leaf);
        r->report.raffled = 1;
        rv = award(r, leaf);
    }
    return rv;
}

/* The first alternate neither used nor void; 0: there is none. */
static uint64_t next_alternate(kuji_replay_t *r)
{
    while (r->next_alternate < r->nalternates) {
        uint64_t n = r->alternates[r->next_alternate++];
        const kuji_replay_void_t *v = kuji_replay__void_find(r, n);

        if (!v || !v->done) {
            return n;
        }
    }
    return 0;
}

apr_status_t kuji_replay__substitute(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    uint64_t due;

    if (r->vacant == KUJI_BLANK) {
        return kuji_replay__wrong(r, "does not follow the void of a winner");
    }
    if (strcmp(leaf->prize, r->m->prizes[r->vacant].code) != 0) {
        return kuji_replay__wrong(r, "gives '%s', but '%s' became free",
                                  leaf->prize, r->m->prizes[r->vacant].code);
    }
    due = next_alternate(r);
    if (leaf->n != due) {
        return due ? kuji_replay__wrong(
                         r,
                         "takes entry %" APR_UINT64_T_FMT
                         ", but alternate %" APR_UINT64_T_FMT " is next",
                         (apr_uint64_t)leaf->n, (apr_uint64_t)due)
                   : kuji_replay__wrong(r, "no alternate is left");
    }
    r->state.stock[r->vacant].left--;
    r->state.stock[r->vacant].awarded++;
    kuji_replay__void_holds(r, leaf->n, r->vacant);
    r->vacant = KUJI_BLANK;
    return APR_SUCCESS;
}
