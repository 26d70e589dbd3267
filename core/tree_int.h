/* Shared by tree.c and proof.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_TREE_INT_H
#define KUJI_CORE_TREE_INT_H

#include "core/tree.h"

/** SHA256(01 || left || right); out may be left or right. */
void kuji_tree__node_hash(unsigned char out[KUJI_HASH_LEN],
                          const unsigned char left[KUJI_HASH_LEN],
                          const unsigned char right[KUJI_HASH_LEN]);

#endif
