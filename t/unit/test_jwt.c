/* ID tokens: the examples of RFC 7515 (A.1, A.3), and what must be refused.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/jwt.h"
#include "t/unit/unit.h"

#include <apr_strings.h>
#include <string.h>

#define PAYLOAD                                                                \
    "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLm"   \
    "NvbS9pc19yb290Ijp0cnVlfQ"
#define A1_HEADER "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9"
#define A1_MAC "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
#define A1_KEY                                                                 \
    "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgU"  \
    "uTwjAzZr1Z9CAow"
#define A3_HEADER "eyJhbGciOiJFUzI1NiJ9"
#define A3_SIGNATURE                                                           \
    "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfK"  \
    "TUJqPP3-Kg6NU1Q"
#define A3_X "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"
#define A3_Y "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING

static size_t a1_key(unsigned char *out)
{
    size_t len = 0;

    ck_assert_int_eq(sodium_base642bin(out, 64, A1_KEY, strlen(A1_KEY), NULL,
                                       &len, NULL, URLSAFE),
                     0);
    return len;
}

static const kuji_jwt_t *parse(const char *token)
{
    const kuji_jwt_t *jwt = NULL;

    ck_assert_int_eq(kuji_jwt_parse(&jwt, token, unit_pool), APR_SUCCESS);
    return jwt;
}

static void a3_key(unsigned char *x, unsigned char *y)
{
    json_t *set = json_pack("{s:[{s:s, s:s}, {s:s, s:s, s:s, s:s, s:s}]}",
                            "keys", "kty", "RSA", "kid", "one", "kty", "EC",
                            "crv", "P-256", "kid", "one", "x", A3_X, "y", A3_Y);

    ck_assert_int_eq(kuji_jwt_key(x, y, set, "one"), APR_SUCCESS);
    ck_assert_int_eq(kuji_jwt_key(x, y, set, "two"), KUJI_ENOTFOUND);
    json_decref(set);
}

START_TEST(test_hs256)
{
    const kuji_jwt_t *jwt = parse(A1_HEADER "." PAYLOAD "." A1_MAC);
    unsigned char key[64];
    size_t len = a1_key(key);

    ck_assert_str_eq(jwt->alg, "HS256");
    ck_assert_int_eq(kuji_jwt_verify_hs256(jwt, key, len), APR_SUCCESS);
    ck_assert_int_eq(kuji_jwt_verify_hs256(jwt, key, len - 1), KUJI_EVERIFY);
    ck_assert_int_eq(kuji_jwt_verify_hs256(jwt, key, 0), KUJI_EVERIFY);
    key[0] ^= 1;
    ck_assert_int_eq(kuji_jwt_verify_hs256(jwt, key, len), KUJI_EVERIFY);
    ck_assert_int_eq(kuji_jwt_verify_es256(jwt, key, key), KUJI_EVERIFY);
}
END_TEST

START_TEST(test_es256)
{
    const kuji_jwt_t *jwt = parse(A3_HEADER "." PAYLOAD "." A3_SIGNATURE);
    unsigned char x[KUJI_P256_LEN], y[KUJI_P256_LEN];

    a3_key(x, y);
    ck_assert_int_eq(kuji_jwt_verify_es256(jwt, x, y), APR_SUCCESS);
    ck_assert_int_eq(kuji_jwt_verify_es256(jwt, y, x), KUJI_EVERIFY);
    x[0] ^= 1; /* off the curve */
    ck_assert_int_eq(kuji_jwt_verify_es256(jwt, x, y), KUJI_EVERIFY);
    x[0] ^= 1;
    ((unsigned char *)jwt->signature)[63] ^= 1;
    ck_assert_int_eq(kuji_jwt_verify_es256(jwt, x, y), KUJI_EVERIFY);
    ck_assert_int_eq(kuji_jwt_verify_hs256(jwt, x, sizeof(x)), KUJI_EVERIFY);
}
END_TEST

/* Numbers that are out of the curve's order, or nothing, and other lengths:
 * "psychic signatures" (CVE-2022-21449) among them. */
START_TEST(test_es256_bounds)
{
    static const char n[] = "ffffffff00000000ffffffffffffffff"
                            "bce6faada7179e84f3b9cac2fc632551";
    static const char zero[] = "00000000000000000000000000000000"
                               "00000000000000000000000000000000";
    static const char one[] = "00000000000000000000000000000000"
                              "00000000000000000000000000000001";
    static const char most[] = "ffffffffffffffffffffffffffffffff"
                               "ffffffffffffffffffffffffffffffff";
    const char *const numbers[] = {zero, one, n, most};
    kuji_jwt_t jwt = *parse(A3_HEADER "." PAYLOAD "." A3_SIGNATURE);
    const unsigned char *good = jwt.signature;
    unsigned char x[KUJI_P256_LEN], y[KUJI_P256_LEN];
    apr_size_t len;
    size_t i, j;

    a3_key(x, y);
    for (i = 0; i < 4; i++) {
        for (j = 0; j < 4; j++) {
            jwt.signature = unit_hex(
                apr_pstrcat(unit_pool, numbers[i], numbers[j], NULL), &len);
            ck_assert_int_eq(kuji_jwt_verify_es256(&jwt, x, y), KUJI_EVERIFY);
        }
    }
    jwt.signature = good;
    for (jwt.signature_len = 0; jwt.signature_len < 64; jwt.signature_len++) {
        ck_assert_int_eq(kuji_jwt_verify_es256(&jwt, x, y), KUJI_EVERIFY);
    }
    ck_assert_int_eq(kuji_jwt_verify_es256(&jwt, x, y), APR_SUCCESS);
    memset(x, 0, sizeof(x));
    memset(y, 0, sizeof(y));
    ck_assert_int_eq(kuji_jwt_verify_es256(&jwt, x, y), KUJI_EVERIFY);
}
END_TEST

/* The word of the token chooses nothing: "none" and a MAC made with the public
 * key of the other algorithm are refused. */
START_TEST(test_algorithms)
{
    const char *const tokens[] = {
        "eyJhbGciOiJub25lIn0." PAYLOAD ".",         /* none */
        "eyJhbGciOiJIUzUxMiJ9." PAYLOAD "." A1_MAC, /* HS512 */
        "e30." PAYLOAD "." A1_MAC,                  /* no word at all */
    };
    unsigned char key[64], x[KUJI_P256_LEN], y[KUJI_P256_LEN];
    size_t len = a1_key(key), i;

    a3_key(x, y);
    for (i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        const kuji_jwt_t *jwt = parse(tokens[i]);

        ck_assert_int_eq(kuji_jwt_verify_hs256(jwt, key, len), KUJI_EVERIFY);
        ck_assert_int_eq(kuji_jwt_verify_es256(jwt, x, y), KUJI_EVERIFY);
    }
}
END_TEST

START_TEST(test_malformed)
{
    static const char *const tokens[] = {
        "",
        ".",
        "..",
        A1_HEADER,
        A1_HEADER "." PAYLOAD,
        A1_HEADER "." PAYLOAD "." A1_MAC ".",
        A1_HEADER "." PAYLOAD "." A1_MAC "=",
        A1_HEADER "." PAYLOAD "." A1_MAC "\n",
        A1_HEADER "." PAYLOAD ".+/",
        "W10." PAYLOAD "." A1_MAC,
        A1_HEADER ".W10." A1_MAC,
        A1_HEADER ".IiI." A1_MAC,
        /* {"alg":"HS256","crit":["x"]} and {"alg":"HS256","alg":"none"} */
        "eyJhbGciOiJIUzI1NiIsImNyaXQiOlsieCJdfQ." PAYLOAD "." A1_MAC,
        "eyJhbGciOiJIUzI1NiIsImFsZyI6Im5vbmUifQ." PAYLOAD "." A1_MAC,
    };
    char *lengthy = apr_palloc(unit_pool, KUJI_JWT_MAX + 2);
    const kuji_jwt_t *jwt;

    for (size_t i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
        ck_assert_msg(kuji_jwt_parse(&jwt, tokens[i], unit_pool) == KUJI_EINVAL,
                      "%s", tokens[i]);
    }
    memset(lengthy, 'A', KUJI_JWT_MAX + 1);
    lengthy[KUJI_JWT_MAX + 1] = '\0';
    ck_assert_int_eq(kuji_jwt_parse(&jwt, lengthy, unit_pool), KUJI_ETOOBIG);
}
END_TEST

#define NOW 1700000000
#define GOOD                                                                   \
    "\"iss\":\"https://access.line.me\",\"aud\":\"1234\",\"nonce\":\"n\","     \
    "\"sub\":\"U1\""

static const struct {
    const char *claims;
    kuji_jwt_flaw_e flaw;
} checks[] = {
    {GOOD ",\"exp\":1700000001,\"iat\":1699999999,\"new\":{}", KUJI_JWT_FINE},
    {GOOD ",\"exp\":1699999881,\"iat\":1699999000", KUJI_JWT_FINE},
    {GOOD ",\"exp\":1699999880,\"iat\":1699999000", KUJI_JWT_EXPIRED},
    {GOOD ",\"iat\":1699999000", KUJI_JWT_EXPIRED},
    {GOOD ",\"exp\":\"1700000001\",\"iat\":1", KUJI_JWT_EXPIRED},
    {GOOD ",\"exp\":1700003600,\"iat\":1700000120", KUJI_JWT_FINE},
    {GOOD ",\"exp\":1700003600,\"iat\":1700000121", KUJI_JWT_EARLY},
    {GOOD ",\"exp\":1700003600,\"iat\":1700000000,\"nbf\":1700000120",
     KUJI_JWT_FINE},
    {GOOD ",\"exp\":1700003600,\"iat\":1700000000,\"nbf\":1700000121",
     KUJI_JWT_EARLY},
    {GOOD ",\"exp\":1700003600,\"iat\":1700000000,\"nbf\":\"0\"",
     KUJI_JWT_EARLY},
    {GOOD ",\"exp\":1700003600", KUJI_JWT_EARLY},
    {GOOD ",\"exp\":1700003600,\"iat\":1699996280", KUJI_JWT_FINE},
    {GOOD ",\"exp\":1700003600,\"iat\":1699996279", KUJI_JWT_OLD},
    {"\"iss\":\"https://access.line.me/\"", KUJI_JWT_ISSUER},
    {"\"aud\":\"1234\"", KUJI_JWT_ISSUER},
    {"\"iss\":\"https://access.line.me\",\"aud\":\"12345\"", KUJI_JWT_AUDIENCE},
    {"\"iss\":\"https://access.line.me\",\"aud\":[\"1234\",\"9\"]",
     KUJI_JWT_AUDIENCE},
    {"\"iss\":\"https://access.line.me\"", KUJI_JWT_AUDIENCE},
    {"\"iss\":\"https://access.line.me\",\"aud\":[\"5678\"],\"nonce\":\"n\","
     "\"sub\":\"U\",\"exp\":1700000001,\"iat\":1700000000",
     KUJI_JWT_FINE},
    {"\"iss\":\"https://access.line.me\",\"aud\":\"1234\",\"nonce\":\"m\","
     "\"sub\":\"U\",\"exp\":1700000001,\"iat\":1700000000",
     KUJI_JWT_NONCE},
    {"\"iss\":\"https://access.line.me\",\"aud\":\"1234\","
     "\"sub\":\"U\",\"exp\":1700000001,\"iat\":1700000000",
     KUJI_JWT_NONCE},
    {"\"iss\":\"https://access.line.me\",\"aud\":\"1234\",\"nonce\":\"n\","
     "\"exp\":1700000001,\"iat\":1700000000",
     KUJI_JWT_SUBJECT},
    {"\"iss\":\"https://access.line.me\",\"aud\":\"1234\",\"nonce\":\"n\","
     "\"sub\":\"\\u3042\",\"exp\":1700000001,\"iat\":1700000000",
     KUJI_JWT_SUBJECT},
};

START_TEST(test_claims)
{
    static const char *const audiences[] = {"1234", "5678", NULL};
    const kuji_jwt_expect_t expect = {.issuer = "https://access.line.me",
                                      .audiences = audiences,
                                      .nonce = "n",
                                      .now = NOW,
                                      .longest = 3600};
    const char *subject;

    for (size_t i = 0; i < sizeof(checks) / sizeof(checks[0]); i++) {
        const char *text =
            apr_pstrcat(unit_pool, "{", checks[i].claims, "}", NULL);
        kuji_jwt_t jwt = {.claims = json_loads(text, 0, NULL)};

        ck_assert_ptr_nonnull(jwt.claims);
        ck_assert_str_eq(
            kuji_jwt_flaw_name(kuji_jwt_check(&subject, &jwt, &expect)),
            kuji_jwt_flaw_name(checks[i].flaw));
        json_decref((json_t *)jwt.claims);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("jwt");

    UNIT_TEST(suite, test_hs256);
    UNIT_TEST(suite, test_es256);
    UNIT_TEST(suite, test_es256_bounds);
    UNIT_TEST(suite, test_algorithms);
    UNIT_TEST(suite, test_malformed);
    UNIT_TEST(suite, test_claims);
    return unit_main(suite);
}
