/* What servers of payments and LINE's webhooks want signed: vectors of others
 * where they are published, PayPay's by its SDK's rule.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/paysign.h"
#include "t/unit/unit.h"

#include <string.h>

#define SECRET "a917ab6a2367b536f8e5a6e2977e06f4"
#define NONCE "44453d45-768e-40e8-8349-748e797c450f"

START_TEST(test_line)
{
    ck_assert_str_eq(kuji_paysign_line(SECRET, "/v4/payments/oneTimeKeys/pay",
                                       "{\"amount\":100,\"currency\":\"TWD\"}",
                                       NONCE, unit_pool),
                     "BXBruQWV2y7r6BZUEMrwRfFPZnG36kkPz4M/kWFE6Fk=");
    ck_assert_str_eq(kuji_paysign_line(SECRET, "/v4/payments",
                                       "orderId=ORDER-1", NONCE, unit_pool),
                     "nvIKNIPp5YuCnCbwv6YBpI6QAT/OA/ucckA7+0hVwHo=");
}
END_TEST

START_TEST(test_webhook)
{
    static const char secret[] = "8c570fa6dd201bb328f1c1eac23a96d8";
    static const char body[] =
        "{\"destination\":\"U8e742f61d673b39c7fff3cecb7536ef0\",\"events\":[]}";
    static const char *const wrong[] = {
        "",
        "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs",
        "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLt=",
        "HhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=",
        "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs= ",
        "AAAA",
    };
    const char *right = "GhRKmvmHys4Pi8DxkF4+EayaH0OqtJtaZxgTD9fMDLs=";

    ck_assert_int_eq(kuji_webhook_verify(secret, body, strlen(body), right),
                     APR_SUCCESS);
    ck_assert_int_eq(kuji_webhook_verify(secret, body, strlen(body) - 1, right),
                     KUJI_EVERIFY);
    ck_assert_int_eq(kuji_webhook_verify("", body, strlen(body), right),
                     KUJI_EVERIFY);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        ck_assert_int_eq(
            kuji_webhook_verify(secret, body, strlen(body), wrong[i]),
            KUJI_EVERIFY);
    }
}
END_TEST

START_TEST(test_paypay)
{
    /* printf 'path\nMETHOD\nnonce\nepoch\ntype\nhash' | openssl dgst -hmac */
    ck_assert_str_eq(kuji_paysign_paypay("KEY", "SECRET", "POST", "/v2/codes",
                                         "application/json", "{\"a\":1}",
                                         "acd028", 1579843452, unit_pool),
                     "hmac "
                     "OPA-Auth:KEY:+Dxo++c9yUJwYJyfi/"
                     "ZjUsICwj8ahlXYbDchsW5rZ0o=:acd028:1579843452:V2JK2tb0qFf+"
                     "FUHdRzxwaw==");
    ck_assert_str_eq(
        kuji_paysign_paypay("KEY", "SECRET", "GET", "/v2/codes/payments/1",
                            NULL, NULL, "acd028", 1579843452, unit_pool),
        "hmac "
        "OPA-Auth:KEY:pGLiMFvkcP/"
        "M2CTBNd3Q8p57k4guck0rgf9CtGNAah8=:acd028:1579843452:empty");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("paysign");

    UNIT_TEST(suite, test_line);
    UNIT_TEST(suite, test_webhook);
    UNIT_TEST(suite, test_paypay);
    return unit_main(suite);
}
