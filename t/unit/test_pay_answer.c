/* What providers' answers are taken for: LINE Pay's return codes for each kind
 * of call, details of orders, PayPay's words.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/pay_line.h"
#include "core/pay_paypay.h"
#include "t/unit/unit.h"

#include <apr_strings.h>
#include <string.h>

static const kuji_pay_order_t order = {
    .id = "o1", .amount = 10000, .currency = "TWD"};
static const kuji_pay_order_t yen = {
    .id = "o1", .amount = 100, .currency = "JPY"};

/* A letter for how a call ended: Done, Refused, Unknown, Away. */
static char letter(kuji_pay_end_e end)
{
    return "DRUA"[end];
}

START_TEST(test_codes)
{
    /* charge, capture, void, refund, read */
    static const struct {
        const char *codes, *ends;
    } cases[] = {
        {"0000 0", "DDDDD"},
        {"1101 1102 1104 1105 1106 1110 1124 1133 1141 1142 1153 1178 1180 "
         "1183 1184 2020 2021 2022 2023 2024 2101 2102 2103 2104",
         "RRRRR"},
        {"1169 1170 1177", "RRRRR"},
        {"1145 1152 1172 1198 1199 9000", "UUUUA"},
        {"1159 1179 1280 1289 1298", "UUUUA"},
        {"1900 1902 1905 1999", "UUAUA"},
        {"1150", "URRRD"},
        {"1155 1163 1164 1115 2042", "URRRA"},
        {"1165", "UUDDA"},
        {"0110 0121 0122 0123", "UUUUD"},
        {"1279 1299 2025 3000 9999 abc 00000 -1 10000", "UUUUA"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char *codes = apr_pstrdup(unit_pool, cases[i].codes), *state = NULL;
        char *code = apr_strtok(codes, " ", &state);

        for (; code; code = apr_strtok(NULL, " ", &state)) {
            char ends[6] = {0};
            const char *reason;
            int act;

            for (act = KUJI_PAY_ACT_CHARGE; act <= KUJI_PAY_ACT_READ; act++) {
                kuji_pay_end_e end =
                    kuji_pay_line_code(&reason, (kuji_pay_act_e)act, code);

                ends[act] = letter(end);
                ck_assert_int_eq(!*reason, end == KUJI_PAY_DONE);
            }
            ck_assert_msg(strcmp(ends, cases[i].ends) == 0, "%s: %s", code,
                          ends);
        }
    }
}
END_TEST

/* "end state transaction captured refunded mismatch expires" */
static const char *told(kuji_pay_end_e end, const kuji_pay_result_t *r)
{
    return apr_psprintf(unit_pool,
                        "%c %s %s %" APR_INT64_T_FMT " %" APR_INT64_T_FMT
                        " %d %" APR_INT64_T_FMT,
                        letter(end), kuji_pay_state_name(r->state),
                        r->transaction, r->captured, r->refunded, r->mismatch,
                        r->expires);
}

static kuji_pay_result_t blank(kuji_pay_state_e state)
{
    const kuji_pay_result_t result = {.state = state,
                                      .transaction = "",
                                      .url = "",
                                      .app = "",
                                      .code = "",
                                      .reason = ""};

    return result;
}

#define PAID(parts)                                                            \
    "{\"returnCode\":\"0000\",\"info\":{\"transactionId\":"                    \
    "9223372036854775809,\"orderId\":\"o1\",\"authorizationExpireDate\":"      \
    "\"2026-11-25T00:00:01Z\"" parts "}}"

START_TEST(test_paid)
{
    static const struct {
        const char *body;
        int captured;
        const char *want;
    } cases[] = {
        {PAID(",\"payInfo\":[{\"amount\":60},{\"amount\":40.00}]"), 1,
         "D captured 9223372036854775809 10000 0 0 0"},
        {PAID(",\"payInfo\":[{\"amount\":\"60\"},{\"amount\":40.0}]"), 0,
         "D authorized 9223372036854775809 0 0 0 1795564801"},
        {PAID(",\"payInfo\":[{\"amount\":99.99}]"), 1,
         "D captured 9223372036854775809 9999 0 1 0"},
        {PAID(",\"payInfo\":[]"), 1,
         "D captured 9223372036854775809 10000 0 1 0"},
        {PAID(""), 1, "D captured 9223372036854775809 10000 0 1 0"},
        {PAID(",\"payInfo\":[{\"amount\":1e2}]"), 1,
         "D captured 9223372036854775809 10000 0 1 0"},
        {PAID(",\"payInfo\":[{\"amount\":-1},{\"amount\":101}]"), 1,
         "D captured 9223372036854775809 10000 0 1 0"},
        {PAID(",\"currency\":\"THB\",\"payInfo\":[{\"amount\":100}]"), 1,
         "D captured 9223372036854775809 10000 0 1 0"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        kuji_pay_result_t result = blank(KUJI_PAY_IS_UNKNOWN);
        json_t *info;
        kuji_pay_end_e end =
            kuji_pay_line_read(&info, &result, KUJI_PAY_ACT_CHARGE,
                               cases[i].body, strlen(cases[i].body), unit_pool);

        ck_assert_int_eq(kuji_pay_line_paid(&result, info, &order,
                                            cases[i].captured, unit_pool),
                         APR_SUCCESS);
        ck_assert_str_eq(told(end, &result), cases[i].want);
    }
}
END_TEST

#define ENTRY(more)                                                            \
    "{\"orderId\":\"o1\",\"transactionId\":7,\"currency\":\"TWD\","            \
    "\"payInfo\":[{\"amount\":100}]" more "}"

START_TEST(test_details)
{
    static const struct {
        const char *entries, *want;
    } cases[] = {
        {"", "D absent  0 0 0 0"},
        {"{\"orderId\":\"o2\",\"payInfo\":[{\"amount\":100}]}",
         "D absent  0 0 0 0"},
        {ENTRY(""), "D captured 7 10000 0 0 0"},
        {ENTRY(",\"payStatus\":\"CAPTURE\""), "D captured 7 10000 0 0 0"},
        {ENTRY(",\"payStatus\":\"AUTHORIZATION\""), "D authorized 7 0 0 0 0"},
        {ENTRY(",\"payStatus\":\"VOIDED_AUTHORIZATION\""),
         "D voided 7 0 0 0 0"},
        {ENTRY(",\"payStatus\":\"EXPIRED_AUTHORIZATION\""),
         "D expired 7 0 0 0 0"},
        {ENTRY(
             ",\"refundList\":[{\"refundAmount\":-1},{\"refundAmount\":0.5}]"),
         "D partly_refunded 7 10000 150 0 0"},
        {ENTRY(",\"refundList\":[{\"refundAmount\":-100}]"),
         "D refunded 7 10000 10000 0 0"},
        {ENTRY(",\"refundList\":[{\"refundAmount\":\"x\"}]"),
         "D captured 7 10000 0 1 0"},
        {ENTRY("") "," ENTRY(""), "D captured 7 20000 0 1 0"},
        {ENTRY(",\"transactionType\":\"PAYMENT_REFUND\""), "D absent  0 0 0 0"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *body =
            apr_pstrcat(unit_pool, "{\"returnCode\":\"0000\",\"info\":[",
                        cases[i].entries, "]}", NULL);
        kuji_pay_result_t result = blank(KUJI_PAY_IS_ABSENT);
        json_t *info;
        kuji_pay_end_e end = kuji_pay_line_read(
            &info, &result, KUJI_PAY_ACT_READ, body, strlen(body), unit_pool);

        kuji_pay_line_details(&result, info, &order, unit_pool);
        ck_assert_str_eq(told(end, &result), cases[i].want);
    }
}
END_TEST

START_TEST(test_request_states)
{
    ck_assert_int_eq(kuji_pay_line_request_state("0000"), KUJI_PAY_IS_WAITING);
    ck_assert_int_eq(kuji_pay_line_request_state("0110"), KUJI_PAY_IS_AGREED);
    ck_assert_int_eq(kuji_pay_line_request_state("0121"),
                     KUJI_PAY_IS_CANCELLED);
    ck_assert_int_eq(kuji_pay_line_request_state("0122"), KUJI_PAY_IS_FAILED);
    ck_assert_int_eq(kuji_pay_line_request_state("0123"), KUJI_PAY_IS_CAPTURED);
    ck_assert_int_eq(kuji_pay_line_request_state("0124"), KUJI_PAY_IS_UNKNOWN);
    ck_assert_int_eq(kuji_pay_line_request_state("1150"), KUJI_PAY_IS_UNKNOWN);
}
END_TEST

#define DATA(more) "\"merchantPaymentId\":\"o1\",\"paymentId\":\"09\"" more

START_TEST(test_paypay)
{
    static const struct {
        int status;
        const char *code, *data, *want;
    } cases[] = {
        {200, "SUCCESS", DATA(",\"status\":\"CREATED\""), "D waiting  0 0 0 0"},
        {200, "SUCCESS",
         DATA(",\"status\":\"COMPLETED\",\"amount\":{\"amount\":100.0,"
              "\"currency\":\"JPY\"}"),
         "D captured 09 100 0 0 0"},
        {200, "SUCCESS",
         DATA(",\"status\":\"COMPLETED\",\"amount\":{\"amount\":100.5,"
              "\"currency\":\"JPY\"}"),
         "D captured 09 100 0 1 0"},
        {200, "SUCCESS", DATA(",\"status\":\"COMPLETED\""),
         "D captured 09 100 0 1 0"},
        {200, "SUCCESS",
         DATA(",\"status\":\"REFUNDED\",\"amount\":{\"amount\":100,"
              "\"currency\":\"JPY\"},\"refunds\":{\"data\":[{\"status\":"
              "\"CREATED\",\"amount\":{\"amount\":30,\"currency\":\"JPY\"}},"
              "{\"status\":\"FAILED\",\"amount\":{\"amount\":70,"
              "\"currency\":\"JPY\"}}]}"),
         "D partly_refunded 09 100 30 0 0"},
        {200, "SUCCESS", DATA(",\"status\":\"EXPIRED\""),
         "D expired 09 0 0 0 0"},
        {200, "SUCCESS", DATA(",\"status\":\"NEW\""), "D unknown 09 0 0 0 0"},
        {400, "DYNAMIC_QR_PAYMENT_NOT_FOUND", DATA(""), "D absent  0 0 0 0"},
        {404, "NO_SUCH_REFUND_ORDER", DATA(""), "D absent  0 0 0 0"},
        {404, "OPA_CLIENT_NOT_FOUND", DATA(""), "R unknown  0 0 0 0"},
        {503, "SUCCESS", DATA(""), "A unknown  0 0 0 0"},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const char *body = apr_pstrcat(
            unit_pool, "{\"resultInfo\":{\"code\":\"", cases[i].code,
            "\"},\"data\":{", cases[i].data, "}}", NULL);
        kuji_pay_result_t result = blank(KUJI_PAY_IS_UNKNOWN);
        json_t *data;
        kuji_pay_end_e end = kuji_pay_paypay_read(
            &data, &result, 1, cases[i].status, body, strlen(body), unit_pool);

        if (end == KUJI_PAY_DONE && result.state == KUJI_PAY_IS_UNKNOWN) {
            apr_status_t rv =
                kuji_pay_paypay_payment(&result, data, &yen, unit_pool);

            ck_assert_int_eq(rv == APR_SUCCESS,
                             result.state != KUJI_PAY_IS_UNKNOWN);
        }
        ck_assert_str_eq(told(end, &result), cases[i].want);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pay_answer");

    UNIT_TEST(suite, test_codes);
    UNIT_TEST(suite, test_paid);
    UNIT_TEST(suite, test_details);
    UNIT_TEST(suite, test_request_states);
    UNIT_TEST(suite, test_paypay);
    return unit_main(suite);
}
