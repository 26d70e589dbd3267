/* Bounds per participant.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "web/pace.h"

START_TEST(test_bound)
{
    static const unsigned char one[KUJI_DIGEST_LEN] = {1, 2};
    static const unsigned char other[KUJI_DIGEST_LEN] = {2, 1};
    kuji_pace_t *pace;
    int i;

    ck_assert_int_eq(kuji_pace_create(&pace, 3, 60, unit_pool), 0);
    for (i = 0; i < 3; i++) {
        ck_assert(kuji_pace_allows(pace, one, 600));
    }
    ck_assert(!kuji_pace_allows(pace, one, 600));
    ck_assert(!kuji_pace_allows(pace, one, 659)); /* the same minute */
    ck_assert(kuji_pace_allows(pace, other, 600));
    ck_assert(kuji_pace_allows(pace, one, 660));
    /* Refusals do not lengthen the wait; a clock set back starts anew. */
    ck_assert(kuji_pace_allows(pace, one, 599));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pace");

    UNIT_TEST(suite, test_bound);
    return unit_main(suite);
}
