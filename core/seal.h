/* Sealing bytes under a key: XChaCha20-Poly1305 with a purpose as associated
 * data, and keyed digests for look-ups. Master key -> tenant key -> data.
 *
 * Sealed form: 01 || be32 key id || 24-byte nonce || ciphertext and tag.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_SEAL_H
#define KUJI_CORE_SEAL_H

#include "core/manifest.h"

#define KUJI_NONCE_LEN 24
#define KUJI_SEAL_OVERHEAD (1 + 4 + KUJI_NONCE_LEN + 16)
#define KUJI_DIGEST_LEN 16

/** purpose: a short label plus the owner's id, so that a blob moved to another
 * row does not open. out has room for len + KUJI_SEAL_OVERHEAD. The nonce is
 * the caller's (random): core has no randomness. */
void kuji_seal(unsigned char *out, const unsigned char key[KUJI_KEY_LEN],
               uint32_t key_id, const unsigned char nonce[KUJI_NONCE_LEN],
               const char *purpose, const void *plain, apr_size_t len);

/** Which key a blob asks for; 0 for what is no blob of ours. */
uint32_t kuji_seal_key_id(const unsigned char *blob, apr_size_t len);

/** out has room for len - KUJI_SEAL_OVERHEAD. KUJI_ECRYPT if it does not open.
 */
apr_status_t kuji_unseal(unsigned char *out,
                         const unsigned char key[KUJI_KEY_LEN],
                         const char *purpose, const unsigned char *blob,
                         apr_size_t len);

/** Sub-key HMAC(key, "kuji/1 " label 00 || context). */
void kuji_seal_derive(unsigned char out[KUJI_KEY_LEN],
                      const unsigned char key[KUJI_KEY_LEN], const char *label,
                      const void *context, apr_size_t len);

/** First 16 bytes of HMAC(key, label 00 || bytes): look-up digest of a
 * participant, an idempotency key, a code. */
void kuji_seal_digest(unsigned char out[KUJI_DIGEST_LEN],
                      const unsigned char key[KUJI_KEY_LEN], const char *label,
                      const void *bytes, apr_size_t len);

#endif
