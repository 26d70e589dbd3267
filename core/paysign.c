/* SPDX-License-Identifier: Apache-2.0 */
#include "core/paysign.h"

#include <apr_strings.h>
#include <openssl/evp.h>
#include <sodium.h>
#include <string.h>

#define BASE64 sodium_base64_VARIANT_ORIGINAL
#define MAC_LEN crypto_auth_hmacsha256_BYTES

static void mac_of(unsigned char out[MAC_LEN], const char *secret,
                   const void *bytes, apr_size_t len)
{
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, (const unsigned char *)secret,
                                strlen(secret));
    crypto_auth_hmacsha256_update(&state, bytes, len);
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof(state));
}

static const char *base64(const unsigned char *bytes, apr_size_t len,
                          apr_pool_t *pool)
{
    apr_size_t room = sodium_base64_encoded_len(len, BASE64);

    return sodium_bin2base64(apr_palloc(pool, room), room, bytes, len, BASE64);
}

static const char *mac_text(const char *secret, const char *text,
                            apr_pool_t *pool)
{
    unsigned char mac[MAC_LEN];

    mac_of(mac, secret, text, strlen(text));
    return base64(mac, sizeof(mac), pool);
}

const char *kuji_paysign_line(const char *secret, const char *path,
                              const char *text, const char *nonce,
                              apr_pool_t *pool)
{
    char *message = apr_pstrcat(pool, secret, path, text, nonce, NULL);
    const char *out = mac_text(secret, message, pool);

    sodium_memzero(message, strlen(message)); /* the secret is in it */
    return out;
}

/* MD5 names the body here; the MAC around it is what is trusted. */
static const char *body_hash(const char *type, const char *body,
                             apr_pool_t *pool)
{
    const char *text = apr_pstrcat(pool, type, body, NULL);
    unsigned char hash[EVP_MAX_MD_SIZE];
    unsigned int len = 0;

    if (EVP_Digest(text, strlen(text), hash, &len, EVP_md5(), NULL) != 1) {
        return NULL;
    }
    return base64(hash, len, pool);
}

const char *kuji_paysign_paypay(const char *key, const char *secret,
                                const char *method, const char *path,
                                const char *type, const char *body,
                                const char *nonce, int64_t epoch,
                                apr_pool_t *pool)
{
    const char *when = apr_psprintf(pool, "%" APR_INT64_T_FMT, epoch);
    const char *hash = body ? body_hash(type, body, pool) : "empty";
    const char *message;

    if (!hash) {
        return NULL;
    }
    message = apr_pstrcat(pool, path, "\n", method, "\n", nonce, "\n", when,
                          "\n", body ? type : "empty", "\n", hash, NULL);
    return apr_pstrcat(pool, "hmac OPA-Auth:", key, ":",
                       mac_text(secret, message, pool), ":", nonce, ":", when,
                       ":", hash, NULL);
}

apr_status_t kuji_webhook_verify(const char *secret, const void *body,
                                 apr_size_t len, const char *signature)
{
    unsigned char given[MAC_LEN], mac[MAC_LEN];
    const char *end = NULL;
    size_t given_len = 0;

    if (sodium_base642bin(given, sizeof(given), signature, strlen(signature),
                          NULL, &given_len, &end, BASE64) != 0 ||
        given_len != sizeof(given) || *end || !*secret) {
        return KUJI_EVERIFY;
    }
    mac_of(mac, secret, body, len);
    return sodium_memcmp(mac, given, sizeof(mac)) == 0 ? APR_SUCCESS
                                                       : KUJI_EVERIFY;
}
