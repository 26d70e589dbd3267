/* C2SP signed notes and tlog-checkpoints, Ed25519 (fairness.md 3).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_NOTE_H
#define KUJI_CORE_NOTE_H

#include "core/tree.h"

#define KUJI_SIGN_SEED_LEN 32
#define KUJI_SIGN_PUBLIC_LEN 32
/** Longest origin (and key name), zero byte not included. */
#define KUJI_ORIGIN_MAX 320
/** Room that any checkpoint note of ours needs, zero byte included. */
#define KUJI_NOTE_MAX 1024

typedef struct kuji_signer_t {
    unsigned char secret[64]; /* libsodium's secret key */
    unsigned char public_key[KUJI_SIGN_PUBLIC_LEN];
} kuji_signer_t;

void kuji_signer_init(kuji_signer_t *signer,
                      const unsigned char seed[KUJI_SIGN_SEED_LEN]);

/** Writes the signed checkpoint of (origin, size, root) into out (room for
 * KUJI_NOTE_MAX), zero-terminated; returns its length. Key name = origin.
 * Deterministic; no allocation. origin holds no space, plus or newline. */
apr_size_t kuji_note_sign(char *out, const kuji_signer_t *signer,
                          const char *origin, uint64_t size,
                          const unsigned char root[KUJI_HASH_LEN]);

/** The vkey "<name>+<8 hex>+<base64(01 || public key)>", in pool. */
const char *kuji_note_vkey(const char *name,
                           const unsigned char public_key[KUJI_SIGN_PUBLIC_LEN],
                           apr_pool_t *pool);
/** KUJI_EINVAL for anything malformed, or a key id that does not fit. */
apr_status_t
kuji_note_vkey_parse(const char **name,
                     unsigned char public_key[KUJI_SIGN_PUBLIC_LEN],
                     const char *vkey, apr_pool_t *pool);

/** Checks that the note is well-formed and has a good signature by vkey's key;
 * *text_len: bytes of its text, the last newline included. KUJI_EINVAL
 * malformed, KUJI_EVERIFY not signed by it. */
apr_status_t kuji_note_verify(apr_size_t *text_len, const char *note,
                              apr_size_t len, const char *vkey,
                              apr_pool_t *pool);

typedef struct kuji_checkpoint_t {
    const char *origin;
    uint64_t size;
    unsigned char root[KUJI_HASH_LEN];
} kuji_checkpoint_t;

/** Opens a checkpoint of ours: a verified note whose text is origin, size and
 * root and nothing else. Whether origin is the right one is the caller's.
 * Statuses as kuji_note_verify. */
apr_status_t kuji_note_open(kuji_checkpoint_t *checkpoint, const char *note,
                            apr_size_t len, const char *vkey, apr_pool_t *pool);

#endif
