/* Reading a ledger: leaves by pages, checkpoint, proofs. Nothing here locks,
 * and no connection is held between two calls.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_PROOF_H
#define KUJI_STORE_PROOF_H

#include "core/tree.h"
#include "store/act.h"

/** Leaves of one page at most. */
#define KUJI_PROOF_PAGE 2000

typedef struct kuji_proof_leaf_t {
    const char *bytes; /* ends with a zero byte */
    apr_size_t len;
} kuji_proof_leaf_t;

/** Leaves from, from + 1, ... below `to`, at most KUJI_PROOF_PAGE; *count 0 at
 * the end. act needs pg and tenant only. */
apr_status_t kuji_proof_leaves(const kuji_proof_leaf_t **leaves, int *count,
                               const kuji_act_t *act, int64_t campaign_id,
                               uint64_t from, uint64_t to, apr_pool_t *pool);

/** Size and root as committed now. KUJI_ENOTFOUND. */
apr_status_t kuji_proof_head(uint64_t *size, unsigned char root[KUJI_HASH_LEN],
                             const kuji_act_t *act, int64_t campaign_id,
                             apr_pool_t *pool);

/** Room for 64 hashes; KUJI_EINVAL for what the tree does not hold (leaf >=
 * size, size beyond the ledger, from = 0, from > to). */
apr_status_t kuji_proof_inclusion(unsigned char (*hashes)[KUJI_HASH_LEN],
                                  int *count, const kuji_act_t *act,
                                  int64_t campaign_id, uint64_t leaf,
                                  uint64_t size, apr_pool_t *pool);
apr_status_t kuji_proof_consistency(unsigned char (*hashes)[KUJI_HASH_LEN],
                                    int *count, const kuji_act_t *act,
                                    int64_t campaign_id, uint64_t from,
                                    uint64_t to, apr_pool_t *pool);

#endif
