/* The tree against the test vectors of Certificate Transparency (eight leaves,
 * RFC 6962 hashing) and against itself over many sizes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/tree.h"
#include "t/unit/unit.h"

#include <string.h>

static const char *const inputs[] = {"",
                                     "00",
                                     "10",
                                     "2021",
                                     "3031",
                                     "40414243",
                                     "5051525354555657",
                                     "606162636465666768696a6b6c6d6e6f"};

static const char *const roots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

#define NODE_10                                                                \
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"
#define NODE_11                                                                \
    "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"
#define NODE_12                                                                \
    "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"
#define NODE_13                                                                \
    "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"
#define NODE_20                                                                \
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"
#define NODE_21                                                                \
    "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"
#define LEAF_0                                                                 \
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
#define LEAF_1                                                                 \
    "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"
#define LEAF_2                                                                 \
    "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7"
#define LEAF_3                                                                 \
    "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7"
#define LEAF_4                                                                 \
    "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"
#define LEAF_6                                                                 \
    "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"

/* The paths that RFC 6962's C++ and Go test suites publish for these leaves. */
static const struct {
    uint64_t leaf, size;
    const char *path[4];
} inclusions[] = {
    {0, 1, {NULL}},
    {0, 8, {LEAF_1, NODE_11, NODE_21}},
    {5, 8, {LEAF_4, NODE_13, NODE_20}},
    {2, 3, {NODE_10}},
    {1, 5, {LEAF_0, NODE_11, LEAF_4}},
};

static const struct {
    uint64_t from, to;
    const char *path[4];
} consistencies[] = {
    {1, 1, {NULL}},
    {1, 8, {LEAF_1, NODE_11, NODE_21}},
    {6, 8, {NODE_12, NODE_13, NODE_20}},
    {2, 5, {NODE_11, LEAF_4}},
    {4, 8, {NODE_21}},
};

/* All full subtrees of a tree under test. */
#define SIZE_MAX_TESTED 260
static unsigned char nodes[10][SIZE_MAX_TESTED][KUJI_HASH_LEN];
static int reads;

static void keep(void *baton, unsigned level, uint64_t index,
                 const unsigned char hash[KUJI_HASH_LEN])
{
    memcpy(nodes[level][index], hash, KUJI_HASH_LEN);
}

static apr_status_t read_node(void *baton, unsigned level, uint64_t index,
                              unsigned char hash[KUJI_HASH_LEN])
{
    reads++;
    memcpy(hash, nodes[level][index], KUJI_HASH_LEN);
    return APR_SUCCESS;
}

static void append(kuji_tree_t *tree, const void *leaf, apr_size_t len)
{
    unsigned char hash[KUJI_HASH_LEN];

    kuji_tree_leaf_hash(hash, leaf, len);
    memcpy(nodes[0][tree->size], hash, KUJI_HASH_LEN);
    kuji_tree_append(tree, hash, keep, NULL);
}

static void fill_public(kuji_tree_t *tree, int size)
{
    kuji_tree_init(tree);
    for (int i = 0; i < size; i++) {
        apr_size_t len;
        const unsigned char *leaf = unit_hex(inputs[i], &len);

        append(tree, leaf, len);
    }
}

static void ck_hash(const unsigned char *hash, const char *hex)
{
    char have[2 * KUJI_HASH_LEN + 1];

    sodium_bin2hex(have, sizeof(have), hash, KUJI_HASH_LEN);
    ck_assert_str_eq(have, hex);
}

START_TEST(test_public_roots)
{
    for (int size = 0; size <= 8; size++) {
        unsigned char root[KUJI_HASH_LEN];
        kuji_tree_t tree;

        fill_public(&tree, size);
        kuji_tree_root(&tree, root);
        ck_hash(root, roots[size]);
    }
}
END_TEST

START_TEST(test_public_nodes)
{
    kuji_tree_t tree;

    fill_public(&tree, 8);
    ck_hash(nodes[1][0], NODE_10);
    ck_hash(nodes[1][2], NODE_12);
    ck_hash(nodes[1][3], NODE_13);
    ck_hash(nodes[2][1], NODE_21);
    ck_hash(nodes[3][0], roots[8]);
}
END_TEST

static void ck_path(unsigned char (*hashes)[KUJI_HASH_LEN], int count,
                    const char *const *path)
{
    int want = 0;

    while (want < 4 && path[want]) {
        want++;
    }
    ck_assert_int_eq(count, want);
    for (int i = 0; i < count; i++) {
        ck_hash(hashes[i], path[i]);
    }
}

START_TEST(test_public_inclusions)
{
    unsigned char hashes[64][KUJI_HASH_LEN];
    kuji_tree_t tree;
    int count;

    fill_public(&tree, 8);
    for (size_t i = 0; i < sizeof(inclusions) / sizeof(inclusions[0]); i++) {
        ck_assert_int_eq(kuji_tree_inclusion(hashes, &count, inclusions[i].leaf,
                                             inclusions[i].size, read_node,
                                             NULL),
                         APR_SUCCESS);
        ck_path(hashes, count, inclusions[i].path);
    }
}
END_TEST

START_TEST(test_public_consistencies)
{
    unsigned char hashes[64][KUJI_HASH_LEN];
    kuji_tree_t tree;
    int count;

    fill_public(&tree, 8);
    for (size_t i = 0; i < sizeof(consistencies) / sizeof(consistencies[0]);
         i++) {
        ck_assert_int_eq(
            kuji_tree_consistency(hashes, &count, consistencies[i].from,
                                  consistencies[i].to, read_node, NULL),
            APR_SUCCESS);
        ck_path(hashes, count, consistencies[i].path);
    }
}
END_TEST

/* RFC 6962 2.1.3's own example: PROOF(3, D[7]) = [c, d, g, l], where l is the
 * root of leaves 4 .. 6. */
START_TEST(test_ragged)
{
    unsigned char hashes[64][KUJI_HASH_LEN], from[KUJI_HASH_LEN];
    kuji_tree_t tree;
    int count;

    fill_public(&tree, 7);
    ck_assert_int_eq(
        kuji_tree_consistency(hashes, &count, 3, 7, read_node, NULL),
        APR_SUCCESS);
    ck_assert_int_eq(count, 4);
    ck_hash(hashes[0], LEAF_2);
    ck_hash(hashes[1], LEAF_3);
    ck_hash(hashes[2], NODE_10);
    kuji_tree_leaf_hash(from, "", 0);
    ck_assert_int_ne(memcmp(hashes[3], from, KUJI_HASH_LEN), 0);
    ck_assert_int_eq(kuji_tree_check_consistency(
                         3, 7, (const unsigned char(*)[KUJI_HASH_LEN])hashes,
                         count, unit_hex(roots[3], &(apr_size_t){0}),
                         unit_hex(roots[7], &(apr_size_t){0})),
                     APR_SUCCESS);
}
END_TEST

static unsigned char all_roots[SIZE_MAX_TESTED + 1][KUJI_HASH_LEN];

static void fill_many(void)
{
    kuji_tree_t tree;

    kuji_tree_init(&tree);
    for (uint32_t i = 0; i < SIZE_MAX_TESTED; i++) {
        append(&tree, &i, sizeof(i));
        kuji_tree_root(&tree, all_roots[i + 1]);
    }
}

#define CONST_HASHES(h) ((const unsigned char(*)[KUJI_HASH_LEN])(h))

static apr_status_t check(unsigned char (*h)[KUJI_HASH_LEN], int count,
                          uint64_t leaf, uint64_t size)
{
    return kuji_tree_check_inclusion(nodes[0][leaf], leaf, size,
                                     CONST_HASHES(h), count, all_roots[size]);
}

START_TEST(test_every_inclusion)
{
    unsigned char h[64][KUJI_HASH_LEN];
    int count;

    fill_many();
    for (uint64_t size = 1; size <= SIZE_MAX_TESTED; size++) {
        for (uint64_t leaf = 0; leaf < size; leaf++) {
            reads = 0;
            ck_assert_int_eq(
                kuji_tree_inclusion(h, &count, leaf, size, read_node, NULL),
                APR_SUCCESS);
            ck_assert_int_le(reads, 18);
            ck_assert_int_eq(check(h, count, leaf, size), APR_SUCCESS);
            h[count / 2][7] ^= 1;
            ck_assert_int_eq(check(h, count, leaf, size) == APR_SUCCESS,
                             count == 0);
            h[count / 2][7] ^= 1;
            ck_assert_int_ne(check(h, count + 1, leaf, size), APR_SUCCESS);
            ck_assert(count == 0 || check(h, count - 1, leaf, size));
            ck_assert_int_ne(check(h, count, leaf ^ 1, size), APR_SUCCESS);
        }
    }
}
END_TEST

static apr_status_t check2(unsigned char (*h)[KUJI_HASH_LEN], int count,
                           uint64_t from, uint64_t to)
{
    return kuji_tree_check_consistency(from, to, CONST_HASHES(h), count,
                                       all_roots[from], all_roots[to]);
}

START_TEST(test_every_consistency)
{
    unsigned char h[64][KUJI_HASH_LEN];
    int count;

    fill_many();
    for (uint64_t to = 1; to <= SIZE_MAX_TESTED; to++) {
        for (uint64_t from = 1; from <= to; from++) {
            reads = 0;
            ck_assert_int_eq(
                kuji_tree_consistency(h, &count, from, to, read_node, NULL),
                APR_SUCCESS);
            ck_assert_int_le(reads, 20);
            ck_assert_int_eq(check2(h, count, from, to), APR_SUCCESS);
            ck_assert_int_ne(check2(h, count + 1, from, to), APR_SUCCESS);
            if (from < to) {
                ck_assert_int_ne(check2(h, count - 1, from, to), APR_SUCCESS);
                h[count - 1][0] ^= 1;
                ck_assert_int_ne(check2(h, count, from, to), APR_SUCCESS);
            }
        }
    }
}
END_TEST

START_TEST(test_edge)
{
    unsigned char packed[KUJI_TREE_EDGE_MAX * KUJI_HASH_LEN];
    unsigned char root[KUJI_HASH_LEN];
    kuji_tree_t tree, again;

    for (int size = 0; size <= 8; size++) {
        apr_size_t len;

        fill_public(&tree, size);
        len = kuji_tree_pack(&tree, packed);
        ck_assert_int_eq(len, __builtin_popcount((unsigned)size) * 32);
        ck_assert_int_eq(kuji_tree_unpack(&again, (uint64_t)size, packed, len),
                         APR_SUCCESS);
        kuji_tree_root(&again, root);
        ck_hash(root, roots[size]);
        ck_assert_int_eq(
            kuji_tree_unpack(&again, (uint64_t)size, packed, len + 32),
            KUJI_EINVAL);
    }
}
END_TEST

START_TEST(test_bounds)
{
    unsigned char h[64][KUJI_HASH_LEN] = {{0}};
    int count;

    ck_assert_int_eq(kuji_tree_inclusion(h, &count, 1, 1, read_node, NULL),
                     KUJI_EINVAL);
    ck_assert_int_eq(kuji_tree_consistency(h, &count, 0, 1, read_node, NULL),
                     KUJI_EINVAL);
    ck_assert_int_eq(kuji_tree_consistency(h, &count, 2, 1, read_node, NULL),
                     KUJI_EINVAL);
    ck_assert_int_eq(check2(h, 0, 0, 1), KUJI_EVERIFY);
    ck_assert_int_eq(check2(h, 1, 2, 1), KUJI_EVERIFY);
    ck_assert_int_eq(check(h, 0, 1, 1), KUJI_EVERIFY);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("tree");

    UNIT_TEST(suite, test_public_roots);
    UNIT_TEST(suite, test_public_nodes);
    UNIT_TEST(suite, test_public_inclusions);
    UNIT_TEST(suite, test_public_consistencies);
    UNIT_TEST(suite, test_ragged);
    UNIT_TEST(suite, test_every_inclusion);
    UNIT_TEST(suite, test_every_consistency);
    UNIT_TEST(suite, test_edge);
    UNIT_TEST(suite, test_bounds);
    return unit_main(suite);
}
