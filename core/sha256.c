/* SPDX-License-Identifier: Apache-2.0 */
#include "core/sha256.h"
#include "core/bytes.h"
#include "core/sha256_int.h"

#include <string.h>

#define BLOCK 64

/* FIPS 180-4 5.3.3 */
static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372,
                                  0xa54ff53a, 0x510e527f, 0x9b05688c,
                                  0x1f83d9ab, 0x5be0cd19};

/* -1: not asked yet. Threads that ask at once get the same answer. */
static int use_cpu = -1;

int kuji_sha256_cpu(void)
{
    int use = __atomic_load_n(&use_cpu, __ATOMIC_RELAXED);

    if (use < 0) {
        use = kuji_sha256__supported();
        __atomic_store_n(&use_cpu, use, __ATOMIC_RELAXED);
    }
    return use;
}

void kuji_sha256_use_cpu(int on)
{
    __atomic_store_n(&use_cpu, on && kuji_sha256__supported(),
                     __ATOMIC_RELAXED);
}

static void put_state(unsigned char out[KUJI_HASH_LEN], const uint32_t state[8])
{
    for (int i = 0; i < 8; i++) {
        kuji_be32(out + 4 * i, state[i]);
    }
}

/* What is left (less than a block) with its padding; total counts all bytes
 * hashed, earlier blocks too. */
static void finish(uint32_t state[8], const unsigned char *rest, apr_size_t len,
                   uint64_t total)
{
    unsigned char last[2 * BLOCK] = {0};
    apr_size_t blocks = len + 9 > BLOCK ? 2 : 1;

    memcpy(last, rest, len);
    last[len] = 0x80;
    kuji_be64(last + blocks * BLOCK - 8, total * 8);
    kuji_sha256__compress(state, last, blocks);
}

/* The whole blocks, then the rest; total as in finish. */
static void add_last(uint32_t state[8], const unsigned char *bytes,
                     apr_size_t len, uint64_t total)
{
    apr_size_t whole = len / BLOCK;

    kuji_sha256__compress(state, bytes, whole);
    finish(state, bytes + whole * BLOCK, len - whole * BLOCK, total);
}

static void prefixed_by_cpu(unsigned char out[KUJI_HASH_LEN],
                            const void *prefix, apr_size_t prefix_len,
                            const unsigned char *bytes, apr_size_t len)
{
    unsigned char first[BLOCK];
    apr_size_t room = BLOCK - prefix_len, taken = len < room ? len : room;
    uint32_t state[8];

    memcpy(state, start, sizeof(state));
    memcpy(first, prefix, prefix_len);
    memcpy(first + prefix_len, bytes, taken);
    if (taken < room) {
        finish(state, first, prefix_len + taken, prefix_len + len);
    }
    else {
        kuji_sha256__compress(state, first, 1);
        add_last(state, bytes + taken, len - taken, prefix_len + len);
    }
    put_state(out, state);
}

void kuji_sha256(unsigned char out[KUJI_HASH_LEN], const void *bytes,
                 apr_size_t len)
{
    uint32_t state[8];

    if (kuji_sha256_cpu()) {
        memcpy(state, start, sizeof(state));
        add_last(state, bytes, len, len);
        put_state(out, state);
    }
    else {
        crypto_hash_sha256(out, bytes, len);
    }
}

void kuji_sha256_prefixed(unsigned char out[KUJI_HASH_LEN], const void *prefix,
                          apr_size_t prefix_len, const void *bytes,
                          apr_size_t len)
{
    crypto_hash_sha256_state state;

    if (kuji_sha256_cpu()) {
        prefixed_by_cpu(out, prefix, prefix_len, bytes, len);
        return;
    }
    crypto_hash_sha256_init(&state);
    crypto_hash_sha256_update(&state, prefix, prefix_len);
    crypto_hash_sha256_update(&state, bytes, len);
    crypto_hash_sha256_final(&state, out);
}

static void set_pad(uint32_t state[8], const unsigned char key[KUJI_KEY_LEN],
                    unsigned char with)
{
    unsigned char pad[BLOCK];

    memset(pad, with, sizeof(pad));
    for (int i = 0; i < KUJI_KEY_LEN; i++) {
        pad[i] ^= key[i];
    }
    memcpy(state, start, sizeof(start));
    kuji_sha256__compress(state, pad, 1);
    sodium_memzero(pad, sizeof(pad));
}

void kuji_hmac_init(kuji_hmac_t *hmac, const unsigned char key[KUJI_KEY_LEN])
{
    if (kuji_sha256_cpu()) {
        set_pad(hmac->inner, key, 0x36);
        set_pad(hmac->outer, key, 0x5C);
    }
    else {
        crypto_auth_hmacsha256_init(&hmac->sodium, key, KUJI_KEY_LEN);
    }
}

void kuji_hmac(unsigned char out[KUJI_HASH_LEN], const kuji_hmac_t *hmac,
               const void *message, apr_size_t len)
{
    uint32_t state[8];

    if (kuji_sha256_cpu()) {
        memcpy(state, hmac->inner, sizeof(state));
        add_last(state, message, len, BLOCK + len);
        put_state(out, state);
        memcpy(state, hmac->outer, sizeof(state));
        finish(state, out, KUJI_HASH_LEN, BLOCK + KUJI_HASH_LEN);
        put_state(out, state);
    }
    else {
        crypto_auth_hmacsha256_state copy = hmac->sodium;

        crypto_auth_hmacsha256_update(&copy, message, len);
        crypto_auth_hmacsha256_final(&copy, out);
    }
}
