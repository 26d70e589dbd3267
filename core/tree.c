/* RFC 6962 tree: appending at the right edge, the root.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/tree.h"
#include "core/error.h"
#include "core/sha256.h"
#include "core/tree_int.h"

#include <sodium.h>
#include <string.h>

void kuji_tree_init(kuji_tree_t *tree)
{
    memset(tree, 0, sizeof(*tree));
}

void kuji_tree_leaf_hash(unsigned char out[KUJI_HASH_LEN], const void *leaf,
                         apr_size_t len)
{
    kuji_sha256_prefixed(out, "\0", 1, leaf, len);
}

void kuji_tree__node_hash(unsigned char out[KUJI_HASH_LEN],
                          const unsigned char left[KUJI_HASH_LEN],
                          const unsigned char right[KUJI_HASH_LEN])
{
    unsigned char pair[2 * KUJI_HASH_LEN];

    memcpy(pair, left, KUJI_HASH_LEN);
    memcpy(pair + KUJI_HASH_LEN, right, KUJI_HASH_LEN);
    kuji_sha256_prefixed(out, "\1", 1, pair, sizeof(pair));
}

void kuji_tree_append(kuji_tree_t *tree,
                      const unsigned char leaf[KUJI_HASH_LEN],
                      kuji_tree_node_fn *on_node, void *baton)
{
    int last = __builtin_popcountll(tree->size);

    /* Like a carry in binary: each one-bit at the low end is a full subtree
     * that the new one completes a larger one with. */
    memcpy(tree->edge[last], leaf, KUJI_HASH_LEN);
    for (unsigned level = 1; tree->size >> (level - 1) & 1; level++) {
        last--;
        kuji_tree__node_hash(tree->edge[last], tree->edge[last],
                             tree->edge[last + 1]);
        if (on_node) {
            on_node(baton, level, tree->size >> level, tree->edge[last]);
        }
    }
    tree->size++;
}

void kuji_tree_root(const kuji_tree_t *tree, unsigned char root[KUJI_HASH_LEN])
{
    int i = __builtin_popcountll(tree->size) - 1;

    if (i < 0) {
        crypto_hash_sha256(root, (const unsigned char *)"", 0);
        return;
    }
    memcpy(root, tree->edge[i], KUJI_HASH_LEN);
    while (i-- > 0) {
        kuji_tree__node_hash(root, tree->edge[i], root);
    }
}

apr_size_t kuji_tree_pack(const kuji_tree_t *tree, unsigned char *out)
{
    apr_size_t len =
        (apr_size_t)__builtin_popcountll(tree->size) * KUJI_HASH_LEN;

    memcpy(out, tree->edge, len);
    return len;
}

apr_status_t kuji_tree_unpack(kuji_tree_t *tree, uint64_t size,
                              const unsigned char *edge, apr_size_t len)
{
    kuji_tree_init(tree);
    if (size > (uint64_t)KUJI_INT_MAX ||
        len != (apr_size_t)__builtin_popcountll(size) * KUJI_HASH_LEN) {
        return KUJI_EINVAL;
    }
    tree->size = size;
    if (len > 0) {
        memcpy(tree->edge, edge, len);
    }
    return APR_SUCCESS;
}
