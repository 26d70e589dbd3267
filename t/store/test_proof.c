/* Reading back: draws, pages of leaves, proofs against core's checks.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/append.h"
#include "store/draw.h"
#include "store/proof.h"
#include "t/store/house.h"

#include <apr_strings.h>
#include <string.h>

#define HOUR 3600000
#define BOX                                                                    \
    "\"blanks\":100000,\"prizes\":[{\"code\":\"A\",\"name\":\"一等\","       \
    "\"kind\":\"parcel\",\"units\":50000}]"

/* Leaves that look like draws, without their rows: enough for a tree. */
typedef struct fake_t {
    house_t *h;
    int count;
    unsigned char (*hashes)[KUJI_HASH_LEN]; /* of all leaves so far */
} fake_t;

static apr_status_t append_fakes(void *baton, kuji_conn_t *conn,
                                 apr_pool_t *pool)
{
    static const unsigned char who[KUJI_HASH_LEN];
    fake_t *f = baton;
    kuji_append_t a;
    int i;
    apr_status_t rv =
        kuji_append_lock(&a, &f->h->why, &f->h->act, conn, "box", pool);

    for (i = 0; i < f->count && rv == APR_SUCCESS; i++) {
        char *leaf = apr_palloc(pool, KUJI_LEAF_DRAW_MAX);
        uint64_t at = a.tree.size;
        apr_size_t len = kuji_ledger_draw(leaf, at, at, NULL, a.t, who);

        kuji_tree_leaf_hash(f->hashes[at], leaf, len);
        kuji_append_bytes(&a, leaf, len);
    }
    return rv == APR_SUCCESS ? kuji_append_flush(&a) : rv;
}

/* The root of the first size leaves, worked out the plain way. */
static void root_of(unsigned char root[KUJI_HASH_LEN],
                    unsigned char (*hashes)[KUJI_HASH_LEN], uint64_t size)
{
    kuji_tree_t tree;
    uint64_t i;

    kuji_tree_init(&tree);
    for (i = 0; i < size; i++) {
        kuji_tree_append(&tree, hashes[i], NULL, NULL);
    }
    kuji_tree_root(&tree, root);
}

static void check_inclusion(house_t *h, int64_t id,
                            unsigned char (*hashes)[KUJI_HASH_LEN],
                            uint64_t leaf, uint64_t size, apr_pool_t *pool)
{
    unsigned char path[64][KUJI_HASH_LEN], root[KUJI_HASH_LEN];
    int count;

    root_of(root, hashes, size);
    HOUSE_OK(kuji_proof_inclusion(path, &count, &h->act, id, leaf, size, pool));
    ck_assert_int_eq(
        kuji_tree_check_inclusion(hashes[leaf], leaf, size,
                                  (const unsigned char(*)[KUJI_HASH_LEN])path,
                                  count, root),
        APR_SUCCESS);
    if (count) {
        path[count / 2][7] ^= 1;
        ck_assert_int_eq(kuji_tree_check_inclusion(
                             hashes[leaf], leaf, size,
                             (const unsigned char(*)[KUJI_HASH_LEN])path, count,
                             root),
                         KUJI_EVERIFY);
    }
}

static void check_consistency(house_t *h, int64_t id,
                              unsigned char (*hashes)[KUJI_HASH_LEN],
                              uint64_t from, uint64_t to, apr_pool_t *pool)
{
    unsigned char path[64][KUJI_HASH_LEN], root_from[KUJI_HASH_LEN],
        root_to[KUJI_HASH_LEN];
    int count;

    root_of(root_from, hashes, from);
    root_of(root_to, hashes, to);
    HOUSE_OK(kuji_proof_consistency(path, &count, &h->act, id, from, to, pool));
    ck_assert_int_eq(kuji_tree_check_consistency(
                         from, to, (const unsigned char(*)[KUJI_HASH_LEN])path,
                         count, root_from, root_to),
                     APR_SUCCESS);
}

START_TEST(test_proofs)
{
    static const int steps[] = {1, 2, 250, 2, 1, 3, 254, 255, 256, 1000, 976};
    house_t *h = house_make();
    unsigned char root[KUJI_HASH_LEN], counted[KUJI_HASH_LEN];
    fake_t f = {h, 0, apr_palloc(unit_pool, 4096 * KUJI_HASH_LEN)};
    const kuji_proof_leaf_t *first;
    apr_pool_t *pool;
    int64_t id;
    uint64_t size;
    unsigned i;
    int count, k;

    house_publish(h, "box", HOUR, BOX);
    id = house_view(h, "box")->id;
    HOUSE_OK(kuji_proof_leaves(&first, &count, &h->act, id, 0, 9, unit_pool));
    ck_assert_int_eq(count, 1);
    kuji_tree_leaf_hash(f.hashes[0], first->bytes, first->len);
    apr_pool_create(&pool, unit_pool);
    for (i = 0; i < sizeof(steps) / sizeof(*steps); i++) {
        f.count = steps[i];
        HOUSE_OK(
            kuji_pg_transact(h->act.pg, h->act.tenant, append_fakes, &f, pool));
        HOUSE_OK(kuji_proof_head(&size, root, &h->act, id, pool));
        root_of(counted, f.hashes, size);
        ck_assert_mem_eq(root, counted, sizeof(root));
        check_inclusion(h, id, f.hashes, size - 1, size, pool);
        for (k = 0; k < 12; k++) {
            uint64_t to = 1 + randombytes_uniform((uint32_t)size);

            check_inclusion(h, id, f.hashes, randombytes_uniform((uint32_t)to),
                            to, pool);
            check_consistency(h, id, f.hashes,
                              1 + randombytes_uniform((uint32_t)to), to, pool);
        }
        apr_pool_clear(pool);
    }
    ck_assert_uint_eq(size, 3001);
    ck_assert_str_eq(
        house_ask(h, apr_psprintf(unit_pool,
                                  "SELECT count(*) || ' ' || max(level) "
                                  "FROM kuji.ledger_node WHERE campaign_id "
                                  "= %" APR_INT64_T_FMT,
                                  (apr_int64_t)id)),
        "19 11");
}
END_TEST

START_TEST(test_proof_refusals)
{
    house_t *h = house_make();
    unsigned char path[64][KUJI_HASH_LEN], root[KUJI_HASH_LEN];
    const kuji_proof_leaf_t *leaves;
    int64_t id;
    uint64_t size;
    int count;

    house_publish(h, "box", HOUR, BOX);
    id = house_view(h, "box")->id;
    ck_assert_int_eq(house_draw(h, "box", 10), 10);
    ck_assert_int_eq(
        kuji_proof_inclusion(path, &count, &h->act, id, 11, 11, unit_pool),
        KUJI_EINVAL);
    ck_assert_int_eq(
        kuji_proof_inclusion(path, &count, &h->act, id, 0, 12, unit_pool),
        KUJI_EINVAL);
    ck_assert_int_eq(
        kuji_proof_consistency(path, &count, &h->act, id, 0, 5, unit_pool),
        KUJI_EINVAL);
    ck_assert_int_eq(
        kuji_proof_consistency(path, &count, &h->act, id, 6, 5, unit_pool),
        KUJI_EINVAL);
    ck_assert_int_eq(
        kuji_proof_head(&size, root, &h->act, id + 1000000000, unit_pool),
        KUJI_ENOTFOUND);
    HOUSE_OK(
        kuji_proof_leaves(&leaves, &count, &h->act, id, 11, 20, unit_pool));
    ck_assert_int_eq(count, 0);
    HOUSE_OK(kuji_proof_leaves(&leaves, &count, &h->act, id, 3, 2, unit_pool));
    ck_assert_int_eq(count, 0);
    HOUSE_OK(kuji_proof_leaves(&leaves, &count, &h->act, id, 9, UINT64_MAX,
                               unit_pool));
    ck_assert_int_eq(count, 2);
}
END_TEST

START_TEST(test_draws)
{
    house_t *h = house_make();
    const kuji_draw_row_t *row, *rows;
    kuji_event_t e;
    unsigned char who[KUJI_HASH_LEN];
    int64_t id;
    int count, wins = 0, n;

    house_publish(h, "box", HOUR, BOX);
    id = house_view(h, "box")->id;
    ck_assert_int_eq(house_draw(h, "box", 20), 20);
    for (n = 1; n <= 20; n++) {
        HOUSE_OK(kuji_draw_get(&row, &h->act, id, (uint64_t)n, unit_pool));
        ck_assert_uint_eq(row->n, (uint64_t)n);
        ck_assert_uint_eq(row->read->n, row->n);
        ck_assert_uint_eq(row->read->i, row->i);
        ck_assert_int_eq(row->count, 1);
        ck_assert(row->has_salt && row->has_participant && !row->is_void);
        kuji_ledger_who(who, row->salt, apr_psprintf(unit_pool, "p%d", n - 1),
                        n > 10 ? 3 : 2);
        ck_assert_mem_eq(who, row->read->who, sizeof(who));
        ck_assert_int_eq(!row->read->prize, !row->won);
        if (row->won) {
            wins++;
            ck_assert_str_eq(row->claim, "won");
        }
    }
    ck_assert_int_eq(wins, house_view(h, "box")->prizes[0].awarded);
    HOUSE_OK(kuji_draw_mine(&rows, &count, &h->act, id, row->participant, 0, 10,
                            unit_pool));
    ck_assert_int_eq(count, 1);
    ck_assert_uint_eq(rows[0].n, 20);
    HOUSE_OK(kuji_draw_mine(&rows, &count, &h->act, id, row->participant, 20,
                            10, unit_pool));
    ck_assert_int_eq(count, 0);
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "box", 20, 0, "error", NULL,
                             unit_pool));
    HOUSE_OK(kuji_draw_request(&rows, &count, &h->act, id, 20, unit_pool));
    ck_assert_int_eq(count, 1);
    ck_assert(rows[0].is_void);
    ck_assert_int_eq(kuji_draw_get(&row, &h->act, id, 21, unit_pool),
                     KUJI_ENOTFOUND);
    ck_assert_int_eq(kuji_draw_get(&row, &h->act, id, UINT64_MAX, unit_pool),
                     KUJI_ENOTFOUND);
}
END_TEST

/* After an erasure the draw is there, the person is not. */
START_TEST(test_erased)
{
    house_t *h = house_make();
    const kuji_draw_row_t *row;
    kuji_event_t e;
    int64_t id;

    house_publish(h, "box", HOUR, BOX);
    id = house_view(h, "box")->id;
    ck_assert_int_eq(house_draw(h, "box", 2), 2);
    house_sql(
        h, apr_psprintf(unit_pool,
                        "UPDATE kuji.participant SET salt = NULL, "
                        "erased_at = 1 WHERE campaign_id = %" APR_INT64_T_FMT,
                        (apr_int64_t)id));
    HOUSE_OK(kuji_draw_get(&row, &h->act, id, 1, unit_pool));
    ck_assert(!row->has_salt);
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.draw SET participant = NULL WHERE "
                              "campaign_id = %" APR_INT64_T_FMT,
                              (apr_int64_t)id));
    HOUSE_OK(kuji_draw_get(&row, &h->act, id, 2, unit_pool));
    ck_assert(!row->has_salt && !row->has_participant);
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "box", "early", NULL,
                              unit_pool));
    ck_assert(house_replay(h, "box")->outcomes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/proof");

    UNIT_TEST(suite, test_proofs);
    UNIT_TEST(suite, test_proof_refusals);
    UNIT_TEST(suite, test_draws);
    UNIT_TEST(suite, test_erased);
    return unit_main(suite);
}
