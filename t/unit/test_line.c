/* LINE Login: PKCE by RFC 7636's and LINE's own example, the way there, the way
 * back.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/line.h"
#include "core/uri.h"
#include "t/unit/unit.h"

#include <string.h>

START_TEST(test_challenge)
{
    char out[KUJI_LINE_WORD_LEN + 1];

    kuji_line_challenge(out, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    ck_assert_str_eq(out, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    kuji_line_challenge(out, "wJKN8qz5t8SSI9lMFhBB6qwNkQBkuPZoCxzRhwLRUo1");
    ck_assert_str_eq(out, "BSCQwo_m8Wf0fpjmwkIKmPAJ1A7tiuRSNDnXzODS7QI");
}
END_TEST

START_TEST(test_words)
{
    static const unsigned char key[KUJI_KEY_LEN] = {1}, other[KUJI_KEY_LEN];
    kuji_line_words_t a, b;
    char challenge[KUJI_LINE_WORD_LEN + 1];

    kuji_line_words(&a, key, "state");
    kuji_line_words(&b, key, "state");
    ck_assert_int_eq(memcmp(&a, &b, sizeof(a)), 0);
    ck_assert_uint_eq(strlen(a.verifier), KUJI_LINE_WORD_LEN);
    ck_assert_str_ne(a.verifier, a.nonce);
    kuji_line_challenge(challenge, a.verifier);
    ck_assert_str_eq(a.challenge, challenge);
    kuji_line_words(&b, key, "state2");
    ck_assert_str_ne(a.verifier, b.verifier);
    kuji_line_words(&b, other, "state");
    ck_assert_str_ne(a.nonce, b.nonce);
}
END_TEST

START_TEST(test_authorize)
{
    const kuji_line_words_t words = {"n", "v", "c"};
    kuji_line_ask_t ask = {.base = "https://access.line.me",
                           .channel = "123",
                           .redirect_uri = "https://a.example/login/line?x=1",
                           .state = "s&=",
                           .words = &words,
                           .locale = "ja-JP"};

    ck_assert_str_eq(
        kuji_line_authorize(&ask, unit_pool),
        "https://access.line.me/oauth2/v2.1/authorize?response_type=code&"
        "client_id=123&redirect_uri=https%3A%2F%2Fa.example%2Flogin%2Fline%3F"
        "x%3D1&state=s%26%3D&scope=openid&nonce=n&code_challenge=c&"
        "code_challenge_method=S256&ui_locales=ja-JP");
    ask.profile = ask.no_auto_login = 1;
    ask.bot_prompt = "aggressive";
    ck_assert_ptr_nonnull(strstr(kuji_line_authorize(&ask, unit_pool),
                                 "&scope=profile%20openid&"));
    ck_assert_ptr_nonnull(
        strstr(kuji_line_authorize(&ask, unit_pool),
               "&bot_prompt=aggressive&ui_locales=ja-JP&disable_auto_login="
               "true"));
}
END_TEST

static const struct {
    const char *state, *code, *error, *expected;
    kuji_line_back_e back;
} backs[] = {
    {"s", "c", NULL, "s", KUJI_LINE_BACK_CODE},
    {"s", NULL, NULL, "s", KUJI_LINE_BACK_FAILED},
    {"s", "", NULL, "s", KUJI_LINE_BACK_FAILED},
    {"s", NULL, "ACCESS_DENIED", "s", KUJI_LINE_BACK_DENIED},
    {"s", NULL, "access_denied", "s", KUJI_LINE_BACK_DENIED},
    {"s", NULL, "SERVER_ERROR", "s", KUJI_LINE_BACK_FAILED},
    {"s", "c", "SERVER_ERROR", "s", KUJI_LINE_BACK_FAILED},
    {"t", "c", NULL, "s", KUJI_LINE_BACK_FOREIGN},
    {"t", NULL, "ACCESS_DENIED", "s", KUJI_LINE_BACK_FOREIGN},
    {NULL, "c", NULL, "s", KUJI_LINE_BACK_FOREIGN},
    {"s", "c", NULL, NULL, KUJI_LINE_BACK_FOREIGN},
    {"", "c", NULL, "", KUJI_LINE_BACK_FOREIGN},
};

START_TEST(test_back)
{
    for (size_t i = 0; i < sizeof(backs) / sizeof(backs[0]); i++) {
        ck_assert_msg(kuji_line_back(backs[i].state, backs[i].code,
                                     backs[i].error,
                                     backs[i].expected) == backs[i].back,
                      "%d", (int)i);
    }
}
END_TEST

START_TEST(test_escape)
{
    ck_assert_str_eq(kuji_uri_escape("aZ09-._~ +%&=/\xE3\x81\x82", unit_pool),
                     "aZ09-._~%20%2B%25%26%3D%2F%E3%81%82");
    ck_assert_str_eq(kuji_uri_escape("", unit_pool), "");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("line");

    UNIT_TEST(suite, test_challenge);
    UNIT_TEST(suite, test_words);
    UNIT_TEST(suite, test_authorize);
    UNIT_TEST(suite, test_back);
    UNIT_TEST(suite, test_escape);
    return unit_main(suite);
}
