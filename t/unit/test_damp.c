/* Lines that anybody can bring about: one in a while, and none is lost.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "web/damp.h"

#include <apr_strings.h>

static kuji_damp_t *make(void)
{
    kuji_damp_t *damp;

    ck_assert_int_eq(kuji_damp_create(&damp, 60, unit_pool), 0);
    return damp;
}

START_TEST(test_one_a_minute)
{
    kuji_damp_t *damp = make();
    int64_t passed = -1;
    int i;

    ck_assert(kuji_damp_tells(&passed, damp, "one", 1000));
    ck_assert_int_eq(passed, 0);
    for (i = 0; i < 306; i++) {
        ck_assert(!kuji_damp_tells(&passed, damp, "one", 1000 + i % 60));
    }
    ck_assert(kuji_damp_tells(&passed, damp, "other", 1030)); /* its own */
    ck_assert(kuji_damp_tells(&passed, damp, "one", 1060));
    ck_assert_int_eq(passed, 306);
    ck_assert(kuji_damp_tells(&passed, damp, "one", 1200));
    ck_assert_int_eq(passed, 0);
    ck_assert(
        kuji_damp_tells(&passed, damp, "one", 100)); /* a clock set back */
}
END_TEST

/* What was passed over is told of later, though no more of it comes. */
START_TEST(test_left)
{
    kuji_damp_t *damp = make();
    int64_t passed;

    ck_assert_int_eq(kuji_damp_left(damp, "one", 1000), 0);
    ck_assert(kuji_damp_tells(&passed, damp, "one", 1000));
    ck_assert_int_eq(kuji_damp_left(damp, "one", 1100), 0);
    ck_assert(!kuji_damp_tells(&passed, damp, "one", 1001));
    ck_assert(!kuji_damp_tells(&passed, damp, "one", 1002));
    ck_assert_int_eq(kuji_damp_left(damp, "one", 1059), 0);
    ck_assert_int_eq(kuji_damp_left(damp, "other", 1060), 0);
    ck_assert_int_eq(kuji_damp_left(damp, "one", 1060), 2);
    ck_assert_int_eq(kuji_damp_left(damp, "one", 1200), 0);
    ck_assert(kuji_damp_tells(&passed, damp, "one", 1201));
    ck_assert_int_eq(passed, 0);
}
END_TEST

START_TEST(test_many_keys)
{
    kuji_damp_t *damp = make();
    int64_t passed;
    int i;

    for (i = 0; i < KUJI_DAMP_KEYS; i++) {
        ck_assert(kuji_damp_tells(
            &passed, damp, apr_psprintf(unit_pool, "%036d", i), 1000 + i));
    }
    for (i = 0; i < KUJI_DAMP_KEYS; i++) {
        ck_assert(!kuji_damp_tells(
            &passed, damp, apr_psprintf(unit_pool, "%036d", i), 1000 + i));
    }
    /* One more takes the place of the one that was told of first. */
    ck_assert(kuji_damp_tells(&passed, damp, "more", 1059));
    ck_assert(!kuji_damp_tells(&passed, damp,
                               apr_psprintf(unit_pool, "%036d", 1), 1059));
    ck_assert(kuji_damp_tells(&passed, damp,
                              apr_psprintf(unit_pool, "%036d", 0), 1059));
    ck_assert_int_eq(passed, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("damp");

    UNIT_TEST(suite, test_one_a_minute);
    UNIT_TEST(suite, test_left);
    UNIT_TEST(suite, test_many_keys);
    return unit_main(suite);
}
