/* Limits, and the digest map of a batch.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/digestmap.h"
#include "core/limit.h"
#include "t/unit/unit.h"

#include <string.h>

static const struct {
    kuji_limits_t limits; /* draws, day, own, own day, own wins */
    kuji_usage_t usage;   /* draws, day, own, own day, own wins */
    int count;
    const char *refuses;
} cases[] = {
    {{0, 0, 0, 0, 0}, {99, 99, 99, 99, 99}, 100, NULL},
    {{10, 0, 0, 0, 0}, {9, 0, 0, 0, 0}, 1, NULL},
    {{10, 0, 0, 0, 0}, {10, 0, 0, 0, 0}, 1, "draws"},
    {{10, 0, 0, 0, 0}, {9, 0, 0, 0, 0}, 2, "draws"},
    {{10, 0, 0, 0, 0}, {11, 0, 0, 0, 0}, 1, "draws"},
    {{0, 3, 0, 0, 0}, {50, 2, 0, 0, 0}, 1, NULL},
    {{0, 3, 0, 0, 0}, {50, 3, 0, 0, 0}, 1, "draws_per_day"},
    {{0, 0, 1, 0, 0}, {5, 5, 0, 0, 0}, 1, NULL},
    {{0, 0, 1, 0, 0}, {5, 5, 1, 0, 0}, 1, "draws_per_participant"},
    {{0, 0, 0, 2, 0}, {5, 5, 9, 1, 0}, 1, NULL},
    {{0, 0, 0, 2, 0}, {5, 5, 9, 1, 0}, 2, "draws_per_participant_day"},
    {{0, 0, 0, 0, 1}, {5, 5, 9, 9, 0}, 1, NULL},
    {{0, 0, 0, 0, 1}, {5, 5, 9, 9, 1}, 1, "wins_per_participant"},
    {{1, 1, 1, 1, 1}, {1, 1, 1, 1, 1}, 1, "draws"},
    {{KUJI_INT_MAX, 0, 0, 0, 0}, {KUJI_INT_MAX - 1, 0, 0, 0, 0}, 2, "draws"},
};

START_TEST(limits_refuse)
{
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *got = kuji_limit_refuses(&cases[i].limits, &cases[i].usage,
                                             cases[i].count);

        ck_assert_msg(!got == !cases[i].refuses &&
                          (!got || strcmp(got, cases[i].refuses) == 0),
                      "case %u: %s", i, got ? got : "admitted");
    }
}
END_TEST

/* Digests that all begin alike, so that every look-up collides. */
START_TEST(map_finds_colliding_digests)
{
    enum { COUNT = 300 };
    unsigned char digests[COUNT][KUJI_DIGEST_LEN] = {{0}};
    unsigned char absent[KUJI_DIGEST_LEN] = {0};
    kuji_digestmap_t map;
    int i;

    kuji_digestmap_init(&map, COUNT, unit_pool);
    for (i = 0; i < COUNT; i++) {
        digests[i][8] = i % 256;
        digests[i][9] = 1 + i / 256;
        ck_assert_int_eq(kuji_digestmap_find(&map, digests[i]), -1);
        ck_assert_int_eq(kuji_digestmap_add(&map, digests[i], i), i);
    }
    for (i = 0; i < COUNT; i++) {
        ck_assert_int_eq(kuji_digestmap_find(&map, digests[i]), i);
        ck_assert_int_eq(kuji_digestmap_add(&map, digests[i], COUNT), i);
    }
    ck_assert_int_eq(kuji_digestmap_find(&map, absent), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("limit");

    UNIT_TEST(suite, limits_refuse);
    UNIT_TEST(suite, map_finds_colliding_digests);
    return unit_main(suite);
}
