/* Amounts of money, and the names of a payment's states.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/money.h"
#include "core/pay.h"
#include "core/pay_config.h"
#include "t/unit/unit.h"

#include <string.h>

START_TEST(test_write)
{
    static const struct {
        int64_t amount;
        const char *currency, *text;
    } cases[] = {{10000, "TWD", "100"},
                 {10050, "TWD", "100.50"},
                 {5, "USD", "0.05"},
                 {1999, "THB", "19.99"},
                 {100, "JPY", "100"},
                 {0, "JPY", "0"},
                 {KUJI_MONEY_MAX, "USD", "9999999999999.99"},
                 {KUJI_MONEY_MAX, "JPY", "999999999999999"},
                 {KUJI_MONEY_MAX + 1, "JPY", NULL},
                 {-1, "USD", NULL},
                 {100, "EUR", NULL},
                 {100, "twd", NULL}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        ck_assert_pstr_eq(
            kuji_money_write(cases[i].amount, cases[i].currency, unit_pool),
            cases[i].text);
    }
}
END_TEST

START_TEST(test_read)
{
    static const struct {
        const char *text, *currency;
        int64_t amount;
    } cases[] = {{"100", "TWD", 10000},
                 {"100.5", "TWD", 10050},
                 {"0.05", "USD", 5},
                 {"19.9900", "THB", 1999},
                 {"-19.99", "THB", -1999},
                 {"0", "JPY", 0},
                 {"100.00", "JPY", 100},
                 {"9999999999999.99", "USD", KUJI_MONEY_MAX},
                 {"999999999999999", "JPY", KUJI_MONEY_MAX}};
    static const struct {
        const char *text, *currency;
    } wrong[] = {{"", "USD"},
                 {"-", "USD"},
                 {"1.", "USD"},
                 {".5", "USD"},
                 {"1.234", "USD"},
                 {"1.5", "JPY"},
                 {"01", "JPY"},
                 {"1e2", "USD"},
                 {" 1", "USD"},
                 {"1 ", "USD"},
                 {"+1", "USD"},
                 {"1,000", "JPY"},
                 {"--1", "USD"},
                 {"1.2.3", "USD"},
                 {"1", "EUR"},
                 {"0x10", "JPY"},
                 {"NaN", "USD"},
                 {"10000000000000", "USD"},
                 {"1000000000000000", "JPY"},
                 {"99999999999999999999999999", "JPY"}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        int64_t amount = 7;

        ck_assert_int_eq(
            kuji_money_read(&amount, cases[i].text, cases[i].currency),
            APR_SUCCESS);
        ck_assert_int_eq(amount, cases[i].amount);
    }
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        int64_t amount = 7;

        ck_assert_int_eq(
            kuji_money_read(&amount, wrong[i].text, wrong[i].currency),
            KUJI_EINVAL);
        ck_assert_int_eq(amount, 7);
    }
}
END_TEST

START_TEST(test_names)
{
    int i;

    for (i = KUJI_PAY_IS_UNKNOWN; i <= KUJI_PAY_IS_FAILED; i++) {
        ck_assert_int_eq(
            kuji_pay_state_read(kuji_pay_state_name((kuji_pay_state_e)i)), i);
    }
    ck_assert_str_eq(kuji_pay_state_name(KUJI_PAY_IS_PARTLY_REFUNDED),
                     "partly_refunded");
    ck_assert_str_eq(kuji_pay_state_name(KUJI_PAY_IS_FAILED), "failed");
    ck_assert_int_eq(kuji_pay_state_read("paid"), -1);
    for (i = KUJI_PAY_LINE_OFFLINE; i <= KUJI_PAY_PAYPAY; i++) {
        ck_assert_int_eq(
            kuji_pay_driver_read(kuji_pay_driver_name((kuji_pay_driver_e)i)),
            i);
    }
    ck_assert_str_eq(kuji_pay_driver_name(KUJI_PAY_PAYPAY), "paypay");
    ck_assert_int_eq(kuji_pay_driver_read(""), -1);
}
END_TEST

/* Where each provider is, in each environment. */
START_TEST(test_places)
{
    static const struct {
        const char *provider, *environment, *base;
    } cases[] = {{"paypay", "production", "https://apigw.paypay.ne.jp"},
                 {"paypay", "sandbox", "https://apigw.sandbox.paypay.ne.jp"},
                 {"line_pay", "production", "https://api-pay.line.me"},
                 {"line_pay", "sandbox", "https://sandbox-api-pay.line.me"},
                 {"paypay", "other", "https://api.paypay.ne.jp"},
                 {"line_pay", "other", "https://api.paypay.ne.jp"}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        kuji_pay_config_t c = {.provider = cases[i].provider,
                               .environment = cases[i].environment,
                               .base = "https://api.paypay.ne.jp",
                               .version = "v4",
                               .key = "k",
                               .merchant = ""};

        kuji_pay_config_place(&c);
        ck_assert_str_eq(c.base, cases[i].base);
        ck_assert_ptr_null(kuji_pay_config_wrong(&c));
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pay");

    UNIT_TEST(suite, test_write);
    UNIT_TEST(suite, test_read);
    UNIT_TEST(suite, test_names);
    UNIT_TEST(suite, test_places);
    return unit_main(suite);
}
