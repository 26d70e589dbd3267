/* Appending to a ledger, the step that every event shares: lock the campaign's
 * row, read the tree's edge and the time, append leaves, store them and the
 * subtrees they complete, update the row. Inside one transaction.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_APPEND_H
#define KUJI_STORE_APPEND_H

#include "core/ledger.h"
#include "store/act.h"

#include <apr_tables.h>

/** A campaign whose row this transaction has locked. */
typedef struct kuji_append_t {
    const kuji_act_t *act;
    kuji_conn_t *conn;
    apr_pool_t *pool;
    int64_t id;
    const char *uuid, *slug, *status;
    kuji_method_e method;
    int64_t opens_at, closes_at; /* ms */
    int version;
    int64_t next_n, blanks_left;
    int64_t raffled_at; /* 0: not yet */
    int64_t t;          /* ms: this transaction's, never before the last leaf */
    kuji_tree_t tree;
    /* leaves and nodes not yet stored */
    uint64_t first; /* index of the first of leaves */
    apr_array_header_t *leaves, *nodes;
} kuji_append_t;

/** Locks the tenant's campaign (FOR NO KEY UPDATE, as batches do) and reads its
 * state; t is max(database clock once locked, last leaf's t). KUJI_ENOTFOUND,
 * KUJI_EBUSY (lock time-out). */
apr_status_t kuji_append_lock(kuji_append_t *a, const char **why,
                              const kuji_act_t *act, kuji_conn_t *conn,
                              const char *slug, apr_pool_t *pool);

/** Adds exact leaf bytes; text ends with a zero byte and is borrowed. */
void kuji_append_bytes(kuji_append_t *a, const char *leaf, apr_size_t len);
/** Fills in leaf->i and leaf->t, writes it canonically and adds it; *bytes (may
 * be NULL) is its text. KUJI_EINVAL as kuji_ledger_write. */
apr_status_t kuji_append_leaf(kuji_append_t *a, kuji_leaf_t *leaf,
                              const char **bytes);

/** Stores what was added and the row's size, edge and last_t. To be called
 * once, last before the audit row. */
apr_status_t kuji_append_flush(kuji_append_t *a);

/** The published manifest of a locked campaign. KUJI_ESTATE for a draft. */
apr_status_t kuji_append_manifest(const kuji_manifest_t **m, const char **why,
                                  kuji_append_t *a);

/** What a prize's row counts. */
typedef struct kuji_append_prize_t {
    int64_t declared, added, left, awarded;
} kuji_append_prize_t;
/** Those of a locked campaign, in the manifest's order; *count of them. */
apr_status_t kuji_append_prizes(const kuji_append_prize_t **prizes, int *count,
                                kuji_append_t *a);

/** Collects the nodes to be stored, for the queue's batch: what an append
 * completes at KUJI_TREE_STORED_LEVEL and above. */
typedef struct kuji_append_node_t {
    int64_t level, index;
    unsigned char hash[KUJI_HASH_LEN];
} kuji_append_node_t;
/** A kuji_tree_node_fn; baton is an apr_array_header_t of kuji_append_node_t.
 */
void kuji_append_on_node(void *baton, unsigned level, uint64_t index,
                         const unsigned char hash[KUJI_HASH_LEN]);

#endif
