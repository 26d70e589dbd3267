/* Inclusion and consistency proofs: making them (RFC 6962 2.1.1, 2.1.2) and
 * checking them (RFC 9162 2.1.3.2, 2.1.4.2, the same proofs said as loops).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/tree_int.h"

#include <string.h>

/* Where nodes come from, and where hashes of a proof go. */
typedef struct maker_t {
    kuji_tree_read_fn *read;
    void *baton;
    unsigned char (*hashes)[KUJI_HASH_LEN];
    int count;
} maker_t;

/* The largest power of two below n, as its exponent; n >= 2. */
static unsigned split_level(uint64_t n)
{
    return 63 - (unsigned)__builtin_clzll(n - 1);
}

/* Root of the leaves from .. from + size - 1. from is where a left-to-right
 * split of the whole tree puts it, so full parts lie aligned. At most one part
 * of a proof is not full, hence O(log n) reads in all. */
static apr_status_t range_hash(maker_t *maker, uint64_t from, uint64_t size,
                               unsigned char out[KUJI_HASH_LEN])
{
    unsigned char parts[64][KUJI_HASH_LEN];
    int count = 0;

    for (; size > 0; count++) {
        unsigned level = 63 - (unsigned)__builtin_clzll(size);
        apr_status_t rv =
            maker->read(maker->baton, level, from >> level, parts[count]);

        if (rv) {
            return rv;
        }
        from += (uint64_t)1 << level;
        size -= (uint64_t)1 << level;
    }
    for (int i = count - 2; i >= 0; i--) {
        kuji_tree__node_hash(parts[i], parts[i], parts[i + 1]);
    }
    memcpy(out, parts[0], KUJI_HASH_LEN);
    return APR_SUCCESS;
}

static apr_status_t add(maker_t *maker, uint64_t from, uint64_t size)
{
    return range_hash(maker, from, size, maker->hashes[maker->count++]);
}

/* Both proofs are defined from the leaf upwards and made from the root down. */
static void reverse(unsigned char (*hashes)[KUJI_HASH_LEN], int count)
{
    unsigned char spare[KUJI_HASH_LEN];

    for (int i = 0; i < count / 2; i++) {
        memcpy(spare, hashes[i], KUJI_HASH_LEN);
        memcpy(hashes[i], hashes[count - 1 - i], KUJI_HASH_LEN);
        memcpy(hashes[count - 1 - i], spare, KUJI_HASH_LEN);
    }
}

apr_status_t kuji_tree_inclusion(unsigned char (*hashes)[KUJI_HASH_LEN],
                                 int *count, uint64_t leaf, uint64_t size,
                                 kuji_tree_read_fn *read, void *baton)
{
    maker_t maker = {read, baton, hashes, 0};
    uint64_t from = 0;

    if (leaf >= size || size > (uint64_t)KUJI_INT_MAX) {
        return KUJI_EINVAL;
    }
    while (size > 1) {
        uint64_t k = (uint64_t)1 << split_level(size);
        int left = leaf - from < k;
        apr_status_t rv =
            left ? add(&maker, from + k, size - k) : add(&maker, from, k);

        if (rv) {
            return rv;
        }
        from += left ? 0 : k;
        size = left ? k : size - k;
    }
    reverse(hashes, maker.count);
    *count = maker.count;
    return APR_SUCCESS;
}

apr_status_t kuji_tree_consistency(unsigned char (*hashes)[KUJI_HASH_LEN],
                                   int *count, uint64_t from, uint64_t to,
                                   kuji_tree_read_fn *read, void *baton)
{
    maker_t maker = {read, baton, hashes, 0};
    uint64_t at = 0, old = from, size = to;
    apr_status_t rv = APR_SUCCESS;

    if (from == 0 || from > to || to > (uint64_t)KUJI_INT_MAX) {
        return KUJI_EINVAL;
    }
    while (old < size && !rv) {
        uint64_t k = (uint64_t)1 << split_level(size);

        if (old <= k) {
            rv = add(&maker, at + k, size - k);
            size = k;
        }
        else {
            rv = add(&maker, at, k);
            at += k;
            old -= k;
            size -= k;
        }
    }
    /* Where the old tree is a left part of the new one, its root is known to
     * whoever checks. */
    if (!rv && at > 0) {
        rv = add(&maker, at, size);
    }
    reverse(hashes, maker.count);
    *count = maker.count;
    return rv;
}

/* One step up from a node that is a right child or the last of its level: up
 * to where it is a right child. */
static void climb(uint64_t *node, uint64_t *last)
{
    while (!(*node & 1) && *node != 0) {
        *node >>= 1;
        *last >>= 1;
    }
}

apr_status_t
kuji_tree_check_inclusion(const unsigned char leaf_hash[KUJI_HASH_LEN],
                          uint64_t leaf, uint64_t size,
                          const unsigned char (*hashes)[KUJI_HASH_LEN],
                          int count, const unsigned char root[KUJI_HASH_LEN])
{
    unsigned char hash[KUJI_HASH_LEN];
    uint64_t node = leaf, last = size - 1;

    if (leaf >= size) {
        return KUJI_EVERIFY;
    }
    memcpy(hash, leaf_hash, KUJI_HASH_LEN);
    for (int i = 0; i < count; i++) {
        if (last == 0) {
            return KUJI_EVERIFY;
        }
        if (node & 1 || node == last) {
            kuji_tree__node_hash(hash, hashes[i], hash);
            climb(&node, &last);
        }
        else {
            kuji_tree__node_hash(hash, hash, hashes[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return last == 0 && !memcmp(hash, root, KUJI_HASH_LEN) ? APR_SUCCESS
                                                           : KUJI_EVERIFY;
}

apr_status_t kuji_tree_check_consistency(
    uint64_t from, uint64_t to, const unsigned char (*hashes)[KUJI_HASH_LEN],
    int count, const unsigned char root_from[KUJI_HASH_LEN],
    const unsigned char root_to[KUJI_HASH_LEN])
{
    unsigned char old[KUJI_HASH_LEN], hash[KUJI_HASH_LEN];
    uint64_t node = from - 1, last = to - 1;
    int i = 0;

    if (from == 0 || from > to || (from == to) != (count == 0)) {
        return KUJI_EVERIFY;
    }
    /* A power of two: the old root itself is the first hash. */
    memcpy(old, from & (from - 1) && count > 0 ? hashes[i++] : root_from,
           KUJI_HASH_LEN);
    memcpy(hash, old, KUJI_HASH_LEN);
    for (; node & 1; node >>= 1) {
        last >>= 1;
    }
    for (; i < count; i++) {
        if (last == 0) {
            return KUJI_EVERIFY;
        }
        if (node & 1 || node == last) {
            kuji_tree__node_hash(old, hashes[i], old);
            kuji_tree__node_hash(hash, hashes[i], hash);
            climb(&node, &last);
        }
        else {
            kuji_tree__node_hash(hash, hash, hashes[i]);
        }
        node >>= 1;
        last >>= 1;
    }
    return (last == 0 || from == to) &&
                   !memcmp(old, root_from, KUJI_HASH_LEN) &&
                   !memcmp(hash, root_to, KUJI_HASH_LEN)
               ? APR_SUCCESS
               : KUJI_EVERIFY;
}
