/* SHA-256 where it is hot: leaves, nodes, words. By the CPU's own instructions
 * where it has them (five times as fast), by libsodium otherwise; the results
 * are the same, which the tests hold it to.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_SHA256_H
#define KUJI_CORE_SHA256_H

#include "core/manifest.h"

#include <sodium.h>

void kuji_sha256(unsigned char out[KUJI_HASH_LEN], const void *bytes,
                 apr_size_t len);

/** SHA256(prefix || bytes); a prefix is shorter than a block, 64 bytes. */
void kuji_sha256_prefixed(unsigned char out[KUJI_HASH_LEN], const void *prefix,
                          apr_size_t prefix_len, const void *bytes,
                          apr_size_t len);

/** A key set for many messages. Secret as the key: wipe it. */
typedef struct kuji_hmac_t {
    uint32_t inner[8], outer[8];         /* by the CPU */
    crypto_auth_hmacsha256_state sodium; /* or by libsodium */
} kuji_hmac_t;

void kuji_hmac_init(kuji_hmac_t *hmac, const unsigned char key[KUJI_KEY_LEN]);
void kuji_hmac(unsigned char out[KUJI_HASH_LEN], const kuji_hmac_t *hmac,
               const void *message, apr_size_t len);

/** Whether the CPU's instructions are used; on = 0 keeps to libsodium from now
 * on (for tests; not while other threads hash). */
int kuji_sha256_cpu(void);
void kuji_sha256_use_cpu(int on);

#endif
