/* Sealing and keyed digests over libsodium. See seal.h for the sealed form.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/seal.h"

#include "core/error.h"
#include "core/sha256.h"

#include <sodium.h>
#include <string.h>

#define SEAL_FORMAT 1
#define HEADER_LEN 5 /* version, key id */
#define SHORT 512    /* bytes of a message hashed in one piece */

void kuji_seal(unsigned char *out, const unsigned char key[KUJI_KEY_LEN],
               uint32_t key_id, const unsigned char nonce[KUJI_NONCE_LEN],
               const char *purpose, const void *plain, apr_size_t len)
{
    out[0] = SEAL_FORMAT;
    out[1] = (unsigned char)(key_id >> 24);
    out[2] = (unsigned char)(key_id >> 16);
    out[3] = (unsigned char)(key_id >> 8);
    out[4] = (unsigned char)key_id;
    memcpy(out + HEADER_LEN, nonce, KUJI_NONCE_LEN);
    crypto_aead_xchacha20poly1305_ietf_encrypt(
        out + HEADER_LEN + KUJI_NONCE_LEN, NULL, plain, len,
        (const unsigned char *)purpose, strlen(purpose), NULL, nonce, key);
}

uint32_t kuji_seal_key_id(const unsigned char *blob, apr_size_t len)
{
    if (len < KUJI_SEAL_OVERHEAD || blob[0] != SEAL_FORMAT) {
        return 0;
    }
    return (uint32_t)blob[1] << 24 | (uint32_t)blob[2] << 16 |
           (uint32_t)blob[3] << 8 | blob[4];
}

apr_status_t kuji_unseal(unsigned char *out,
                         const unsigned char key[KUJI_KEY_LEN],
                         const char *purpose, const unsigned char *blob,
                         apr_size_t len)
{
    const unsigned char *nonce = blob + HEADER_LEN;
    const unsigned char *sealed = nonce + KUJI_NONCE_LEN;

    if (kuji_seal_key_id(blob, len) == 0) {
        return KUJI_ECRYPT;
    }
    if (crypto_aead_xchacha20poly1305_ietf_decrypt(
            out, NULL, NULL, sealed, len - HEADER_LEN - KUJI_NONCE_LEN,
            (const unsigned char *)purpose, strlen(purpose), nonce, key)) {
        return KUJI_ECRYPT;
    }
    return APR_SUCCESS;
}

static void long_hmac(unsigned char out[KUJI_HASH_LEN],
                      const unsigned char key[KUJI_KEY_LEN], const char *prefix,
                      const char *label, const void *bytes, apr_size_t len)
{
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, key, KUJI_KEY_LEN);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)prefix,
                                  strlen(prefix));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)label,
                                  strlen(label) + 1);
    if (len > 0) {
        crypto_auth_hmacsha256_update(&state, bytes, len);
    }
    crypto_auth_hmacsha256_final(&state, out);
    sodium_memzero(&state, sizeof(state));
}

/* HMAC(key, prefix label 00 || bytes); each draw asks for three, all short. */
static void labelled_hmac(unsigned char out[KUJI_HASH_LEN],
                          const unsigned char key[KUJI_KEY_LEN],
                          const char *prefix, const char *label,
                          const void *bytes, apr_size_t len)
{
    apr_size_t a = strlen(prefix), b = strlen(label) + 1;
    unsigned char message[SHORT];
    kuji_hmac_t hmac;

    if (a + b + len > sizeof(message)) {
        long_hmac(out, key, prefix, label, bytes, len);
        return;
    }
    memcpy(message, prefix, a);
    memcpy(message + a, label, b);
    if (len > 0) {
        memcpy(message + a + b, bytes, len);
    }
    kuji_hmac_init(&hmac, key);
    kuji_hmac(out, &hmac, message, a + b + len);
    sodium_memzero(&hmac, sizeof(hmac));
    sodium_memzero(message, a + b + len);
}

void kuji_seal_derive(unsigned char out[KUJI_KEY_LEN],
                      const unsigned char key[KUJI_KEY_LEN], const char *label,
                      const void *context, apr_size_t len)
{
    labelled_hmac(out, key, "kuji/1 ", label, context, len);
}

void kuji_seal_digest(unsigned char out[KUJI_DIGEST_LEN],
                      const unsigned char key[KUJI_KEY_LEN], const char *label,
                      const void *bytes, apr_size_t len)
{
    unsigned char mac[KUJI_HASH_LEN];

    labelled_hmac(mac, key, "", label, bytes, len);
    memcpy(out, mac, KUJI_DIGEST_LEN);
    sodium_memzero(mac, sizeof(mac));
}
