/* Signing checkpoints. Opening is note_open.c's.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/bytes.h"
#include "core/note.h"
#include "core/note_int.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define ALGORITHM_ED25519 1
#define BASE64 sodium_base64_VARIANT_ORIGINAL

void kuji_signer_init(kuji_signer_t *signer,
                      const unsigned char seed[KUJI_SIGN_SEED_LEN])
{
    crypto_sign_seed_keypair(signer->public_key, signer->secret, seed);
}

void kuji_note__key_id(unsigned char id[4], const char *name,
                       const unsigned char public_key[KUJI_SIGN_PUBLIC_LEN])
{
    static const unsigned char middle[2] = {'\n', ALGORITHM_ED25519};
    unsigned char hash[KUJI_HASH_LEN];
    crypto_hash_sha256_state state;

    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, (const unsigned char *)name,
                              strlen(name));
    crypto_hash_sha256_update(&state, middle, sizeof(middle));
    crypto_hash_sha256_update(&state, public_key, KUJI_SIGN_PUBLIC_LEN);
    crypto_hash_sha256_final(&state, hash);
    memcpy(id, hash, 4);
}

static apr_size_t put_base64(char *out, const unsigned char *bytes,
                             apr_size_t len)
{
    sodium_bin2base64(out, sodium_base64_ENCODED_LEN(len, BASE64), bytes, len,
                      BASE64);
    return sodium_base64_ENCODED_LEN(len, BASE64) - 1;
}

apr_size_t kuji_note_sign(char *out, const kuji_signer_t *signer,
                          const char *origin, uint64_t size,
                          const unsigned char root[KUJI_HASH_LEN])
{
    unsigned char signature[4 + crypto_sign_BYTES];
    apr_size_t len = (apr_size_t)snprintf(out, KUJI_NOTE_MAX, "%s\n%llu\n",
                                          origin, (unsigned long long)size);

    len += put_base64(out + len, root, KUJI_HASH_LEN);
    out[len++] = '\n';
    kuji_note__key_id(signature, origin, signer->public_key);
    crypto_sign_detached(signature + 4, NULL, (const unsigned char *)out, len,
                         signer->secret);
    len += (apr_size_t)snprintf(out + len, KUJI_NOTE_MAX - len,
                                "\n\xE2\x80\x94 %s ", origin);
    len += put_base64(out + len, signature, sizeof(signature));
    out[len++] = '\n';
    out[len] = '\0';
    return len;
}

const char *kuji_note_vkey(const char *name,
                           const unsigned char public_key[KUJI_SIGN_PUBLIC_LEN],
                           apr_pool_t *pool)
{
    unsigned char id[4], key[1 + KUJI_SIGN_PUBLIC_LEN] = {ALGORITHM_ED25519};
    char encoded[64];

    memcpy(key + 1, public_key, KUJI_SIGN_PUBLIC_LEN);
    kuji_note__key_id(id, name, public_key);
    put_base64(encoded, key, sizeof(key));
    return apr_psprintf(pool, "%s+%02x%02x%02x%02x+%s", name, id[0], id[1],
                        id[2], id[3], encoded);
}
