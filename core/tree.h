/* RFC 6962 Merkle tree over a campaign's leaves, kept as its right edge so
 * that appending costs O(log n).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_TREE_H
#define KUJI_CORE_TREE_H

#include "core/manifest.h"

#define KUJI_TREE_EDGE_MAX 53
/** Full subtrees of this level (2^8 = 256 leaves) and above are stored. */
#define KUJI_TREE_STORED_LEVEL 8

typedef struct kuji_tree_t {
    uint64_t size; /* leaves */
    /* Roots of the full subtrees that size's one-bits stand for, the largest
     * first. */
    unsigned char edge[KUJI_TREE_EDGE_MAX][KUJI_HASH_LEN];
} kuji_tree_t;

/** Told of each full subtree that an append completes: level >= 1, index
 * counts subtrees of that level from the left. */
typedef void kuji_tree_node_fn(void *baton, unsigned level, uint64_t index,
                               const unsigned char hash[KUJI_HASH_LEN]);

/** Hash of the full subtree of 2^level leaves at index, from storage. */
typedef apr_status_t kuji_tree_read_fn(void *baton, unsigned level,
                                       uint64_t index,
                                       unsigned char hash[KUJI_HASH_LEN]);

void kuji_tree_init(kuji_tree_t *tree);
void kuji_tree_leaf_hash(unsigned char out[KUJI_HASH_LEN], const void *leaf,
                         apr_size_t len);
/** on_node may be NULL. */
void kuji_tree_append(kuji_tree_t *tree,
                      const unsigned char leaf[KUJI_HASH_LEN],
                      kuji_tree_node_fn *on_node, void *baton);
void kuji_tree_root(const kuji_tree_t *tree, unsigned char root[KUJI_HASH_LEN]);

/** The edge as bytes: popcount(size) hashes, the largest subtree first.
 * unpack: KUJI_EINVAL where len does not fit size. */
apr_size_t kuji_tree_pack(const kuji_tree_t *tree, unsigned char *out);
apr_status_t kuji_tree_unpack(kuji_tree_t *tree, uint64_t size,
                              const unsigned char *edge, apr_size_t len);

/** Audit path of leaf in the tree of the first size leaves (RFC 6962 2.1.1),
 * and consistency proof (2.1.2). hashes: room for 64; *count how many.
 * KUJI_EINVAL for leaf >= size, or from > to, or from = 0. Reads O(log n)
 * nodes of full subtrees through read (level 0 is a leaf's hash). */
apr_status_t kuji_tree_inclusion(unsigned char (*hashes)[KUJI_HASH_LEN],
                                 int *count, uint64_t leaf, uint64_t size,
                                 kuji_tree_read_fn *read, void *baton);
apr_status_t kuji_tree_consistency(unsigned char (*hashes)[KUJI_HASH_LEN],
                                   int *count, uint64_t from, uint64_t to,
                                   kuji_tree_read_fn *read, void *baton);
/** APR_SUCCESS or KUJI_EVERIFY. */
apr_status_t
kuji_tree_check_inclusion(const unsigned char leaf_hash[KUJI_HASH_LEN],
                          uint64_t leaf, uint64_t size,
                          const unsigned char (*hashes)[KUJI_HASH_LEN],
                          int count, const unsigned char root[KUJI_HASH_LEN]);
apr_status_t kuji_tree_check_consistency(
    uint64_t from, uint64_t to, const unsigned char (*hashes)[KUJI_HASH_LEN],
    int count, const unsigned char root_from[KUJI_HASH_LEN],
    const unsigned char root_to[KUJI_HASH_LEN]);

#endif
