/* The replay's frame: what holds for every leaf, and the close.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/replay_int.h"

#include <apr_strings.h>
#include <stdarg.h>
#include <string.h>

apr_status_t kuji_replay__wrong(kuji_replay_t *r, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    r->report.why = apr_pvsprintf(r->pool, format, args);
    va_end(args);
    r->report.at = r->tree.size;
    return KUJI_EVERIFY;
}

apr_status_t kuji_replay__prize(kuji_replay_t *r, int *prize, const char *code)
{
    *prize = kuji_manifest_prize(r->m, code);
    return *prize == KUJI_BLANK
               ? kuji_replay__wrong(r, "no prize has the code '%s'", code)
               : APR_SUCCESS;
}

static apr_status_t free_all(void *replay)
{
    kuji_moments_free(&((kuji_replay_t *)replay)->moments);
    kuji_replay__limit_free(replay);
    return APR_SUCCESS;
}

apr_status_t kuji_replay_make(kuji_replay_t **replay, const char **why,
                              const char *manifest, apr_size_t len,
                              apr_pool_t *pool)
{
    kuji_replay_t *r = apr_pcalloc(pool, sizeof(*r));
    apr_status_t rv = kuji_manifest_parse(&r->m, why, manifest, len, pool);

    if (rv) {
        return rv;
    }
    rv = apr_pool_create(&r->leaf_pool, pool);
    if (rv) {
        return rv;
    }
    r->pool = pool;
    r->voids = apr_array_make(pool, 16, sizeof(kuji_replay_void_t));
    r->vacant = KUJI_BLANK;
    r->usage.last = -1;
    kuji_state_init(&r->state, r->m, pool);
    kuji_tree_init(&r->tree);
    r->report.manifest = r->m;
    r->report.state = &r->state;
    r->report.tree = &r->tree;
    apr_pool_cleanup_register(pool, r, free_all, apr_pool_cleanup_null);
    *replay = r;
    return APR_SUCCESS;
}

const kuji_replay_report_t *kuji_replay_report(const kuji_replay_t *replay)
{
    return &replay->report;
}

static int opens_commitment(const kuji_replay_t *r, const unsigned char *seed)
{
    unsigned char commitment[KUJI_HASH_LEN];

    kuji_manifest_commitment(commitment, r->m->uuid, seed);
    return !memcmp(commitment, r->m->commitment, KUJI_HASH_LEN);
}

/* In canonical form a void begins with its `by`, a close with `awarded`. */
static int begins(const char *bytes, apr_size_t len, const char *text)
{
    apr_size_t size = strlen(text);

    return len >= size && !memcmp(bytes, text, size);
}

void kuji_replay_preview(kuji_replay_t *r, const char *bytes, apr_size_t len)
{
    kuji_leaf_t leaf;

    if (!begins(bytes, len, "{\"by\":") &&
        !begins(bytes, len, "{\"awarded\":")) {
        return;
    }
    if (!kuji_ledger_read(&leaf, NULL, bytes, len, r->leaf_pool)) {
        if (leaf.kind == KUJI_LEAF_VOID) {
            kuji_replay__void_add(r, leaf.n);
        }
        if (leaf.kind == KUJI_LEAF_CLOSE && opens_commitment(r, leaf.seed)) {
            memcpy(r->seed, leaf.seed, KUJI_SEED_LEN);
            r->report.outcomes = 1;
        }
    }
    apr_pool_clear(r->leaf_pool);
}

apr_status_t kuji_replay_start(kuji_replay_t *r)
{
    unsigned char k[KUJI_KEY_LEN];

    kuji_replay__void_sort(r);
    if (!r->report.outcomes) {
        return APR_SUCCESS;
    }
    kuji_manifest_key(k, r->m, r->seed);
    kuji_words_init(&r->words, k);
    return r->m->method == KUJI_MOMENT ? kuji_moments_make(&r->moments, r->m, k)
                                       : APR_SUCCESS;
}

static apr_status_t check_awarded(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    if (leaf->nawarded != r->m->nprizes) {
        return kuji_replay__wrong(r, "'awarded' does not name every prize");
    }
    for (int a = 0; a < leaf->nawarded; a++) {
        int prize;
        apr_status_t rv = kuji_replay__prize(r, &prize, leaf->awarded[a].prize);

        if (rv) {
            return rv;
        }
        if (leaf->awarded[a].n != (uint64_t)r->state.stock[prize].awarded) {
            return kuji_replay__wrong(
                r,
                "says that %" APR_INT64_T_FMT
                " units of '%s' were awarded, but %" APR_INT64_T_FMT " were",
                (apr_int64_t)leaf->awarded[a].n, leaf->awarded[a].prize,
                (apr_int64_t)r->state.stock[prize].awarded);
        }
    }
    return APR_SUCCESS;
}

static apr_status_t close_leaf(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    int early = leaf->t < r->m->closes_at;

    if (early && !leaf->reason) {
        return kuji_replay__wrong(r, "closes before closes_at, but gives no "
                                     "reason");
    }
    if (!early && leaf->reason) {
        return kuji_replay__wrong(r, "gives a reason for an early close, but "
                                     "is not early");
    }
    if (r->m->method == KUJI_RAFFLE && !r->report.raffled) {
        return kuji_replay__wrong(r, "closes a raffle that was not drawn");
    }
    if (!opens_commitment(r, leaf->seed)) {
        return kuji_replay__wrong(r, "the seed does not open the commitment");
    }
    r->report.closed = 1;
    return check_awarded(r, leaf);
}

static apr_status_t apply(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    switch (leaf->kind) {
    case KUJI_LEAF_DRAW:
        return kuji_replay__draw(r, leaf);
    case KUJI_LEAF_ENTRY:
        return kuji_replay__entry(r, leaf);
    case KUJI_LEAF_STOCK:
        return kuji_replay__stock(r, leaf);
    case KUJI_LEAF_VOID:
        return kuji_replay__void(r, leaf);
    case KUJI_LEAF_RAFFLE:
        return kuji_replay__raffle(r, leaf);
    case KUJI_LEAF_SUBSTITUTE:
        return kuji_replay__substitute(r, leaf);
    case KUJI_LEAF_CLOSE:
        return close_leaf(r, leaf);
    }
    return kuji_replay__wrong(r, "is of an unknown kind");
}

static apr_status_t check_order(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    if (r->report.closed) {
        return kuji_replay__wrong(r, "follows the close");
    }
    if (leaf->i != r->tree.size) {
        return kuji_replay__wrong(r, "calls itself leaf %" APR_UINT64_T_FMT,
                                  (apr_uint64_t)leaf->i);
    }
    if (leaf->t < r->t) {
        return kuji_replay__wrong(r, "is earlier than the leaf before it");
    }
    return APR_SUCCESS;
}

static apr_status_t check(kuji_replay_t *r, const char *bytes, apr_size_t len)
{
    const char *why = NULL;
    kuji_leaf_t leaf;
    int vacant = r->vacant;
    apr_status_t rv;

    if (r->tree.size == 0) {
        return len == r->m->len && !memcmp(bytes, r->m->bytes, len)
                   ? APR_SUCCESS
                   : kuji_replay__wrong(r, "is not the manifest");
    }
    if (kuji_ledger_read(&leaf, &why, bytes, len, r->leaf_pool)) {
        return kuji_replay__wrong(r, "%s", why);
    }
    rv = check_order(r, &leaf);
    if (!rv) {
        rv = apply(r, &leaf);
    }
    r->t = leaf.t;
    /* Only the leaf right after a void may fill what that one vacated. */
    if (vacant != KUJI_BLANK && leaf.kind != KUJI_LEAF_VOID) {
        r->vacant = KUJI_BLANK;
    }
    return rv;
}

apr_status_t kuji_replay_leaf(kuji_replay_t *r, const char *bytes,
                              apr_size_t len)
{
    unsigned char hash[KUJI_HASH_LEN];
    apr_status_t rv;

    if (r->report.why) {
        return KUJI_EVERIFY;
    }
    rv = check(r, bytes, len);
    apr_pool_clear(r->leaf_pool);
    if (rv) {
        return rv;
    }
    kuji_tree_leaf_hash(hash, bytes, len);
    kuji_tree_append(&r->tree, hash, NULL, NULL);
    return APR_SUCCESS;
}
