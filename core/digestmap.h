/* A small map from look-up digests to indexes, for one batch: open addressing,
 * no removal. Digests are keyed and thus uniform, so their own bytes hash.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_DIGESTMAP_H
#define KUJI_CORE_DIGESTMAP_H

#include "core/seal.h"

typedef struct kuji_digestmap_t {
    uint32_t mask;
    int *slots;                    /* index + 1; 0: free */
    const unsigned char **digests; /* by index; borrowed */
} kuji_digestmap_t;

/** Room for max entries, in pool. */
void kuji_digestmap_init(kuji_digestmap_t *map, int max, apr_pool_t *pool);

/** The index under which digest is held, or -1. */
int kuji_digestmap_find(const kuji_digestmap_t *map,
                        const unsigned char digest[KUJI_DIGEST_LEN]);

/** Finds digest, or enters it as `index` (entered as 0, 1, 2 … in turn, fewer
 * than max); returns the index that it has now. digest is borrowed. */
int kuji_digestmap_add(kuji_digestmap_t *map,
                       const unsigned char digest[KUJI_DIGEST_LEN], int index);

#endif
