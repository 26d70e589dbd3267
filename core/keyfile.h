/* The installation's key file (KujiKeyFile), text, one key a line:
 *
 *   kuji-keys 1
 *   master 2 <64 hex>        the newest master key; older ones may follow
 *   master 1 <64 hex>
 *   checkpoint <64 hex>      Ed25519 seed that signs checkpoints
 *   cookie 1 <64 hex>        the first signs, all verify
 *
 * '#' starts a comment line. Ids are 1 .. 2^31 - 1, unique per kind.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_KEYFILE_H
#define KUJI_CORE_KEYFILE_H

#include "core/note.h"

#define KUJI_KEYFILE_MAX 8

typedef struct kuji_numbered_key_t {
    uint32_t id;
    unsigned char key[KUJI_KEY_LEN];
} kuji_numbered_key_t;

typedef struct kuji_keyfile_t {
    int nmasters, ncookies;
    kuji_numbered_key_t masters[KUJI_KEYFILE_MAX]; /* the first seals */
    kuji_numbered_key_t cookies[KUJI_KEYFILE_MAX]; /* the first signs */
    kuji_signer_t signer;
} kuji_keyfile_t;

/** Parses text into *keys (caller's memory, ideally sodium_malloc'ed).
 * KUJI_EINVAL with *why (static text naming no key). */
apr_status_t kuji_keyfile_parse(kuji_keyfile_t *keys, const char **why,
                                const char *text, apr_size_t len);

/** The master key with that id, or NULL. */
const unsigned char *kuji_keyfile_master(const kuji_keyfile_t *keys,
                                         uint32_t id);

/** Seals and opens a tenant's data key; purpose is "tenant:<uuid>". */
void kuji_keyfile_seal_tenant(unsigned char *out, const kuji_keyfile_t *keys,
                              const unsigned char nonce[24],
                              const char *tenant_uuid,
                              const unsigned char data_key[KUJI_KEY_LEN]);
apr_status_t kuji_keyfile_open_tenant(unsigned char data_key[KUJI_KEY_LEN],
                                      const kuji_keyfile_t *keys,
                                      const char *tenant_uuid,
                                      const unsigned char *blob,
                                      apr_size_t len);

#endif
