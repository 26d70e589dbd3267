/* SPDX-License-Identifier: Apache-2.0 */
#include "core/jwt.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define SUBJECT_MAX 255

static apr_status_t decode(const unsigned char **bytes, apr_size_t *len,
                           const char *text, apr_size_t text_len,
                           apr_pool_t *pool)
{
    unsigned char *out = apr_palloc(pool, text_len + 1);
    const char *end = NULL;
    size_t used = 0;

    if (sodium_base642bin(out, text_len, text, text_len, NULL, &used, &end,
                          URLSAFE) != 0 ||
        end != text + text_len) {
        return KUJI_EINVAL;
    }
    out[used] = '\0';
    *bytes = out;
    *len = used;
    return APR_SUCCESS;
}

static apr_status_t release(void *doc)
{
    json_decref(doc);
    return APR_SUCCESS;
}

static apr_status_t decode_object(json_t **doc, const char *text,
                                  apr_size_t text_len, apr_pool_t *pool)
{
    const unsigned char *bytes;
    apr_size_t len;

    if (decode(&bytes, &len, text, text_len, pool) != APR_SUCCESS) {
        return KUJI_EINVAL;
    }
    *doc = json_loadb((const char *)bytes, len, JSON_REJECT_DUPLICATES, NULL);
    if (!*doc) {
        return KUJI_EINVAL;
    }
    apr_pool_cleanup_register(pool, *doc, release, apr_pool_cleanup_null);
    return json_is_object(*doc) ? APR_SUCCESS : KUJI_EINVAL;
}

/* A string of the object, "" where there is none. */
static const char *word(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

apr_status_t kuji_jwt_parse(const kuji_jwt_t **out, const char *token,
                            apr_pool_t *pool)
{
    kuji_jwt_t *jwt = apr_pcalloc(pool, sizeof(*jwt));
    const char *payload = strchr(token, '.'), *signature;
    json_t *header, *claims;

    if (strlen(token) > KUJI_JWT_MAX) {
        return KUJI_ETOOBIG;
    }
    signature = payload ? strchr(payload + 1, '.') : NULL;
    if (!signature ||
        decode_object(&header, token, (apr_size_t)(payload - token), pool) ||
        decode_object(&claims, payload + 1,
                      (apr_size_t)(signature - payload - 1), pool) ||
        decode(&jwt->signature, &jwt->signature_len, signature + 1,
               strlen(signature + 1), pool) ||
        json_object_get(header, "crit")) {
        return KUJI_EINVAL;
    }
    jwt->alg = word(header, "alg");
    jwt->kid = word(header, "kid");
    jwt->claims = claims;
    jwt->signed_part = apr_pstrdup(pool, token);
    jwt->signed_len = (apr_size_t)(signature - token);
    *out = jwt;
    return APR_SUCCESS;
}

apr_status_t kuji_jwt_verify_hs256(const kuji_jwt_t *jwt, const void *key,
                                   apr_size_t len)
{
    unsigned char mac[crypto_auth_hmacsha256_BYTES];
    crypto_auth_hmacsha256_state state;
    int same;

    if (strcmp(jwt->alg, "HS256") != 0 || jwt->signature_len != sizeof(mac) ||
        len == 0) {
        return KUJI_EVERIFY;
    }
    crypto_auth_hmacsha256_init(&state, key, len);
    crypto_auth_hmacsha256_update(
        &state, (const unsigned char *)jwt->signed_part, jwt->signed_len);
    crypto_auth_hmacsha256_final(&state, mac);
    same = sodium_memcmp(mac, jwt->signature, sizeof(mac)) == 0;
    sodium_memzero(&state, sizeof(state));
    return same ? APR_SUCCESS : KUJI_EVERIFY;
}

static int coordinate(unsigned char out[KUJI_P256_LEN], const json_t *key,
                      const char *name)
{
    const char *text = word(key, name), *end = NULL;
    size_t len = 0;

    return sodium_base642bin(out, KUJI_P256_LEN, text, strlen(text), NULL, &len,
                             &end, URLSAFE) == 0 &&
           len == KUJI_P256_LEN && !*end;
}

apr_status_t kuji_jwt_key(unsigned char x[KUJI_P256_LEN],
                          unsigned char y[KUJI_P256_LEN], const json_t *set,
                          const char *kid)
{
    const json_t *key;
    size_t i;

    json_array_foreach(json_object_get(set, "keys"), i, key)
    {
        if (strcmp(word(key, "kid"), kid) == 0 &&
            strcmp(word(key, "kty"), "EC") == 0 &&
            strcmp(word(key, "crv"), "P-256") == 0 && coordinate(x, key, "x") &&
            coordinate(y, key, "y")) {
            return APR_SUCCESS;
        }
    }
    return KUJI_ENOTFOUND;
}

static int is_audience(const char *audience, const char *const *audiences)
{
    for (; *audiences; audiences++) {
        if (strcmp(audience, *audiences) == 0) {
            return 1;
        }
    }
    return 0;
}

/* "aud" is a string, or a list (RFC 7519 4.1.3): of a list with others in it
 * nobody knows for whom the token was made, so it must be ours alone. */
static int audience_fits(const json_t *claims, const char *const *audiences)
{
    const json_t *aud = json_object_get(claims, "aud");

    if (json_is_array(aud)) {
        aud = json_array_size(aud) == 1 ? json_array_get(aud, 0) : NULL;
    }
    return json_is_string(aud) &&
           is_audience(json_string_value(aud), audiences);
}

static int is_subject(const char *subject)
{
    size_t len = strlen(subject), i;

    for (i = 0; i < len; i++) {
        if (subject[i] <= ' ' || subject[i] > '~') {
            return 0;
        }
    }
    return len > 0 && len <= SUBJECT_MAX;
}

static kuji_jwt_flaw_e check_times(const json_t *claims,
                                   const kuji_jwt_expect_t *expect)
{
    const json_t *exp = json_object_get(claims, "exp");
    const json_t *iat = json_object_get(claims, "iat");
    const json_t *nbf = json_object_get(claims, "nbf");
    const json_int_t now = expect->now;

    if (!json_is_integer(exp) ||
        json_integer_value(exp) <= now - KUJI_JWT_SKEW) {
        return KUJI_JWT_EXPIRED;
    }
    if (!json_is_integer(iat) ||
        json_integer_value(iat) > now + KUJI_JWT_SKEW) {
        return KUJI_JWT_EARLY;
    }
    if (nbf && (!json_is_integer(nbf) ||
                json_integer_value(nbf) > now + KUJI_JWT_SKEW)) {
        return KUJI_JWT_EARLY; /* LINE sends none (RFC 7519 4.1.5) */
    }
    if (expect->longest &&
        json_integer_value(iat) < now - expect->longest - KUJI_JWT_SKEW) {
        return KUJI_JWT_OLD;
    }
    return KUJI_JWT_FINE;
}

kuji_jwt_flaw_e kuji_jwt_check(const char **subject, const kuji_jwt_t *jwt,
                               const kuji_jwt_expect_t *expect)
{
    const char *nonce = word(jwt->claims, "nonce");
    kuji_jwt_flaw_e flaw;

    if (strcmp(word(jwt->claims, "iss"), expect->issuer) != 0) {
        return KUJI_JWT_ISSUER;
    }
    if (!audience_fits(jwt->claims, expect->audiences)) {
        return KUJI_JWT_AUDIENCE;
    }
    if ((flaw = check_times(jwt->claims, expect)) != KUJI_JWT_FINE) {
        return flaw;
    }
    if (expect->nonce && (strlen(nonce) != strlen(expect->nonce) ||
                          sodium_memcmp(nonce, expect->nonce, strlen(nonce)))) {
        return KUJI_JWT_NONCE;
    }
    *subject = word(jwt->claims, "sub");
    return is_subject(*subject) ? KUJI_JWT_FINE : KUJI_JWT_SUBJECT;
}

const char *kuji_jwt_flaw_name(kuji_jwt_flaw_e flaw)
{
    static const char *const names[] = {"fine",    "issuer", "audience",
                                        "expired", "early",  "old",
                                        "nonce",   "subject"};

    return names[flaw];
}
