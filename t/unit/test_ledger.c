/* Leaves: written, read back, and the known ledgers rewritten byte by byte.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/canon.h"
#include "core/error.h"
#include "t/unit/unit.h"
#include "t/unit/vectors.h"

#include <string.h>

/* Reading a leaf that somebody else wrote and writing it gives his bytes. */
START_TEST(test_known)
{
    const json_t *campaigns =
        json_object_get(unit_vectors("kuji1.json"), "campaigns");
    int kinds[KUJI_LEAF_CLOSE + 1] = {0};

    for (size_t c = 0; c < json_array_size(campaigns); c++) {
        unit_ledger_t ledger = unit_ledger(json_array_get(campaigns, c));

        for (int i = 1; i < ledger.count; i++) {
            const char *line = ledger.leaves[i], *again, *why = NULL;
            apr_size_t len;
            kuji_leaf_t leaf;

            ck_assert_msg(
                !kuji_ledger_read(&leaf, &why, line, strlen(line), unit_pool),
                "%s: %s", line, why);
            kinds[leaf.kind]++;
            ck_assert(!kuji_ledger_write(&again, &len, &leaf, unit_pool));
            ck_assert_str_eq(again, line);
            ck_assert_uint_eq(len, strlen(line));
        }
    }
    for (int kind = 0; kind <= KUJI_LEAF_CLOSE; kind++) {
        ck_assert_int_gt(kinds[kind], 0);
    }
}
END_TEST

START_TEST(test_longest)
{
    unsigned char who[KUJI_HASH_LEN] = {0xFF};
    char out[KUJI_LEAF_DRAW_MAX];
    kuji_leaf_t leaf;
    apr_size_t len =
        kuji_ledger_draw(out, KUJI_INT_MAX, KUJI_INT_MAX,
                         "0123456789abcdef0123456789abcdef", KUJI_INT_MAX, who);

    ck_assert_uint_lt(len, sizeof(out));
    ck_assert_uint_eq(len, strlen(out));
    ck_assert(!kuji_ledger_read(&leaf, NULL, out, len, unit_pool));
    ck_assert_int_eq(leaf.t, KUJI_INT_MAX);
    ck_assert_str_eq(leaf.prize, "0123456789abcdef0123456789abcdef");
    len = kuji_ledger_entry(out, 1, 1, 0, who);
    ck_assert_uint_eq(len, strlen(out));
    ck_assert(!kuji_ledger_read(&leaf, NULL, out, len, unit_pool));
    ck_assert_int_eq(leaf.kind, KUJI_LEAF_ENTRY);
    ck_assert_int_eq(leaf.who[0], 0xFF);
}
END_TEST

static const kuji_leaf_t model = {.kind = KUJI_LEAF_STOCK,
                                  .i = 1,
                                  .t = 1,
                                  .n = 1,
                                  .prize = "A",
                                  .units = 1,
                                  .by = "admin",
                                  .reason = "added"};

static apr_status_t write_leaf(kuji_leaf_t leaf)
{
    const char *bytes;
    apr_size_t len;

    return kuji_ledger_write(&bytes, &len, &leaf, unit_pool);
}

#define REFUSED(change)                                                        \
    do {                                                                       \
        kuji_leaf_t leaf = model;                                              \
        change;                                                                \
        ck_assert_msg(write_leaf(leaf) == KUJI_EINVAL, #change);               \
    } while (0)

/* Nothing is written that the reader would refuse. */
START_TEST(test_refused)
{
    ck_assert_int_eq(write_leaf(model), APR_SUCCESS);
    REFUSED(leaf.i = 0);
    REFUSED(leaf.t = -1);
    REFUSED(leaf.t = KUJI_INT_MAX + 1);
    REFUSED(leaf.units = 0);
    REFUSED(leaf.reason = "because");
    REFUSED(leaf.reason = NULL);
    REFUSED(leaf.by = NULL);
    REFUSED(leaf.by = "\xFF");
    REFUSED(leaf.prize = NULL);
    REFUSED(leaf.kind = KUJI_LEAF_VOID; leaf.n = 0);
    REFUSED(leaf.kind = KUJI_LEAF_DRAW; leaf.n = 0);
    REFUSED(leaf.kind = KUJI_LEAF_DRAW; leaf.i = (uint64_t)KUJI_INT_MAX + 1);
    REFUSED(leaf.kind = KUJI_LEAF_DRAW;
            leaf.prize = "0123456789abcdef0123456789abcdef0");
    REFUSED(leaf.kind = KUJI_LEAF_DRAW; leaf.prize = "a\"b");
    REFUSED(leaf.kind = KUJI_LEAF_RAFFLE; leaf.has_beacon = 1;
            leaf.beacon_round = 1; leaf.beacon_signature = "XY");
    REFUSED(leaf.kind = KUJI_LEAF_CLOSE; leaf.by = NULL);
}
END_TEST

START_TEST(test_reasons)
{
    ck_assert(kuji_ledger_reason_ok("unreachable"));
    ck_assert(!kuji_ledger_reason_ok("Unreachable"));
    ck_assert(!kuji_ledger_reason_ok(""));
}
END_TEST

/* The fast reader must take exactly what the full one takes: every draw leaf
 * with one byte changed or dropped is judged the same by a JSON parser. */
static void ck_same(const char *line, apr_size_t len)
{
    const char *why = NULL;
    kuji_leaf_t leaf;
    json_t *value;
    apr_status_t read = kuji_ledger_read(&leaf, &why, line, len, unit_pool);

    if (!read) {
        const char *again;
        apr_size_t again_len;

        ck_assert(!kuji_canon_load(&value, &why, line, len, unit_pool));
        ck_assert(!kuji_ledger_write(&again, &again_len, &leaf, unit_pool));
        ck_assert_uint_eq(again_len, len);
        ck_assert_mem_eq(again, line, len);
    }
}

START_TEST(test_scanner)
{
    unsigned char who[KUJI_HASH_LEN] = {0xAB};
    char line[KUJI_LEAF_DRAW_MAX], copy[KUJI_LEAF_DRAW_MAX];
    static const char tries[] = "0189afAF\"\\,{}:-. \n\x01\x7F\xC3\0";
    apr_size_t len = kuji_ledger_draw(line, 10, 7, "A-1", 1234, who);

    for (apr_size_t i = 0; i < len; i++) {
        for (apr_size_t c = 0; c < sizeof(tries); c++) {
            memcpy(copy, line, len + 1);
            copy[i] = tries[c];
            ck_same(copy, len);
        }
        memcpy(copy, line, i);
        memcpy(copy + i, line + i + 1, len - i);
        ck_same(copy, len - 1);
        ck_same(line, i);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ledger");

    UNIT_TEST(suite, test_known);
    UNIT_TEST(suite, test_longest);
    UNIT_TEST(suite, test_refused);
    UNIT_TEST(suite, test_reasons);
    UNIT_TEST(suite, test_scanner);
    return unit_main(suite);
}
