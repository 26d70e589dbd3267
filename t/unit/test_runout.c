/* SPDX-License-Identifier: Apache-2.0 */
#include "core/runout.h"
#include "t/unit/unit.h"

#define HOUR INT64_C(3600000)

static kuji_runout_e ask(int64_t *at, int64_t left, int64_t won, int64_t during,
                         int64_t rest)
{
    const kuji_pace_t pace = {won, during, 1000 * HOUR, 1000 * HOUR + rest};

    *at = -1;
    return kuji_runout(at, left, &pace);
}

START_TEST(test_runs_out)
{
    int64_t at;

    /* 10 units in 2 hours: 30 more take 6 hours */
    ck_assert_int_eq(ask(&at, 30, 10, 2 * HOUR, 100 * HOUR), KUJI_RUNOUT_AT);
    ck_assert_int_eq(at, 1006 * HOUR);
    ck_assert_int_eq(ask(&at, 30, 10, 2 * HOUR, 6 * HOUR + 1), KUJI_RUNOUT_AT);
    ck_assert_int_eq(ask(&at, 30, 10, 2 * HOUR, 6 * HOUR), KUJI_RUNOUT_LASTS);
    ck_assert_int_eq(at, -1);
    ck_assert_int_eq(ask(&at, 1, 1000000, 24 * HOUR, HOUR), KUJI_RUNOUT_AT);
    ck_assert_int_eq(at, 1000 * HOUR + 86);
}
END_TEST

START_TEST(test_gone)
{
    int64_t at;

    ck_assert_int_eq(ask(&at, 0, 10, 2 * HOUR, HOUR), KUJI_RUNOUT_GONE);
    ck_assert_int_eq(ask(&at, 0, 0, 0, -HOUR), KUJI_RUNOUT_GONE);
}
END_TEST

START_TEST(test_unknown)
{
    int64_t at;

    ck_assert_int_eq(ask(&at, 30, 0, 24 * HOUR, HOUR), KUJI_RUNOUT_UNKNOWN);
    ck_assert_int_eq(ask(&at, 30, 4, 24 * HOUR, HOUR), KUJI_RUNOUT_UNKNOWN);
    ck_assert_int_ne(ask(&at, 30, 5, 24 * HOUR, HOUR), KUJI_RUNOUT_UNKNOWN);
    ck_assert_int_eq(ask(&at, 30, 50, HOUR - 1, HOUR), KUJI_RUNOUT_UNKNOWN);
    ck_assert_int_ne(ask(&at, 30, 50, HOUR, HOUR), KUJI_RUNOUT_UNKNOWN);
    /* after the close nothing more is won */
    ck_assert_int_eq(ask(&at, 30, 50, HOUR, 0), KUJI_RUNOUT_UNKNOWN);
    ck_assert_int_eq(ask(&at, 30, 50, HOUR, -HOUR), KUJI_RUNOUT_UNKNOWN);
}
END_TEST

START_TEST(test_large)
{
    int64_t at;

    ck_assert_int_eq(ask(&at, INT64_MAX, 5, HOUR, HOUR), KUJI_RUNOUT_LASTS);
    ck_assert_int_eq(ask(&at, INT64_C(1) << 53, 1 << 30, 24 * HOUR, HOUR),
                     KUJI_RUNOUT_LASTS);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("runout");

    UNIT_TEST(suite, test_runs_out);
    UNIT_TEST(suite, test_gone);
    UNIT_TEST(suite, test_unknown);
    UNIT_TEST(suite, test_large);
    return unit_main(suite);
}
