/* SPDX-License-Identifier: Apache-2.0 */
#include "web/number.h"
#include "t/unit/unit.h"

START_TEST(test_text)
{
    static const struct {
        int64_t value;
        const char *text;
    } cases[] = {{0, "0"},
                 {7, "7"},
                 {999, "999"},
                 {1000, "1,000"},
                 {12345, "12,345"},
                 {123456, "123,456"},
                 {10000000, "10,000,000"},
                 {-1, "-1"},
                 {-123, "-123"},
                 {-1234, "-1,234"},
                 {INT64_MAX, "9,223,372,036,854,775,807"},
                 {INT64_MIN, "-9,223,372,036,854,775,808"}};
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ck_assert_str_eq(kuji_number_text(cases[i].value, unit_pool),
                         cases[i].text);
    }
}
END_TEST

START_TEST(test_share)
{
    ck_assert_str_eq(kuji_number_share(0, 3, unit_pool), "0%");
    ck_assert_str_eq(kuji_number_share(1, 3, unit_pool), "33%");
    ck_assert_str_eq(kuji_number_share(3, 3, unit_pool), "100%");
    ck_assert_str_eq(kuji_number_share(1, 200, unit_pool), "0.5%");
    ck_assert_str_eq(kuji_number_share(994, 10000, unit_pool), "9.9%");
    ck_assert_str_eq(kuji_number_share(996, 10000, unit_pool), "10%");
    ck_assert_ptr_null(kuji_number_share(1, 0, unit_pool));
    ck_assert_ptr_null(kuji_number_share(4, 3, unit_pool));
    ck_assert_ptr_null(kuji_number_share(-1, 3, unit_pool));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("number");

    UNIT_TEST(suite, test_text);
    UNIT_TEST(suite, test_share);
    return unit_main(suite);
}
