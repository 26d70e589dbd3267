/* Any bytes as an ID token, as the claims of one, and as LINE's set of keys:
 * what parses has its parts, no key fits it, claims that are fine name a
 * subject and us.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/jwt.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define NOW 1700000000

static const unsigned char x[KUJI_P256_LEN] = {1};

static void demand(int holds)
{
    if (!holds) {
        abort();
    }
}

static void check(const kuji_jwt_t *jwt)
{
    static const char *const audiences[] = {"1234", "5678", NULL};
    static const kuji_jwt_expect_t expect = {.issuer = "https://access.line.me",
                                             .audiences = audiences,
                                             .now = NOW,
                                             .longest = 3600};
    const char *subject = NULL;
    kuji_jwt_flaw_e flaw = kuji_jwt_check(&subject, jwt, &expect);

    demand(*kuji_jwt_flaw_name(flaw) != '\0');
    if (flaw == KUJI_JWT_FINE) {
        demand(strlen(subject) >= 1 && strlen(subject) <= 255);
        demand(!strpbrk(subject, " \r\n\t"));
        demand(json_integer_value(json_object_get(jwt->claims, "exp")) >
               NOW - KUJI_JWT_SKEW);
    }
}

static void read_token(const char *token, apr_pool_t *pool)
{
    const kuji_jwt_t *jwt;

    if (kuji_jwt_parse(&jwt, token, pool) == APR_SUCCESS) {
        demand(json_is_object(jwt->claims));
        demand(kuji_jwt_verify_hs256(jwt, "no key", 6) != APR_SUCCESS);
        demand(kuji_jwt_verify_es256(jwt, x, x) != APR_SUCCESS);
        check(jwt);
    }
}

/* The bytes as claims, without their way through base64. */
static void read_claims(const uint8_t *data, size_t size, apr_pool_t *pool)
{
    apr_size_t room = sodium_base64_encoded_len(size, URLSAFE);
    char *text = apr_palloc(pool, room);

    sodium_bin2base64(text, room, data, size, URLSAFE);
    read_token(apr_pstrcat(pool, "eyJhbGciOiJFUzI1NiJ9.", text, ".AAAA", NULL),
               pool);
}

static void read_keys(const char *text, size_t size)
{
    unsigned char key_x[KUJI_P256_LEN], key_y[KUJI_P256_LEN];
    json_t *set = json_loadb(text, size, 0, NULL);

    (void)kuji_jwt_key(key_x, key_y, set, "k1");
    json_decref(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static apr_pool_t *pool;

    if (!pool && (apr_initialize() || apr_pool_create(&pool, NULL))) {
        abort();
    }
    read_token(apr_pstrmemdup(pool, (const char *)data, size), pool);
    read_claims(data, size, pool);
    read_keys((const char *)data, size);
    apr_pool_clear(pool);
    return 0;
}
