/* The raffle: Kr, and picks by a partial Fisher-Yates shuffle.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/bytes.h"
#include "core/draw.h"

void kuji_raffle_key(unsigned char kr[KUJI_KEY_LEN], const kuji_manifest_t *m,
                     const unsigned char seed[KUJI_SEED_LEN],
                     const unsigned char root[KUJI_HASH_LEN],
                     const unsigned char *randomness)
{
    static const unsigned char label[] = "kuji/1 raffle";
    crypto_auth_hmacsha256_state state;

    crypto_auth_hmacsha256_init(&state, seed, KUJI_SEED_LEN);
    crypto_auth_hmacsha256_update(&state, label, sizeof(label));
    crypto_auth_hmacsha256_update(&state, m->hash, KUJI_HASH_LEN);
    crypto_auth_hmacsha256_update(&state, root, KUJI_HASH_LEN);
    if (randomness) {
        crypto_auth_hmacsha256_update(&state, randomness, 32);
    }
    crypto_auth_hmacsha256_final(&state, kr);
    sodium_memzero(&state, sizeof(state));
}

apr_size_t kuji_raffle_pick(const unsigned char kr[KUJI_KEY_LEN],
                            uint64_t *entries, apr_size_t size, apr_size_t want)
{
    unsigned char prefix[20] = "kuji/1 pick";
    apr_size_t count = want < size ? want : size;
    kuji_words_t w;

    kuji_words_init(&w, kr);
    for (apr_size_t k = 0; k < count; k++) {
        apr_size_t from;
        uint64_t n = entries[k];

        kuji_be64(prefix + 12, k);
        kuji_words_start(&w, prefix, sizeof(prefix));
        from = k + (apr_size_t)kuji_words_uniform(&w, size - k);
        entries[k] = entries[from];
        entries[from] = n;
    }
    kuji_words_wipe(&w);
    return count;
}
