/* SPDX-License-Identifier: Apache-2.0 */
#include "web/throttle.h"

#include <apr_shm.h>
#include <sodium.h>
#include <string.h>

/* 2^15 sets of four: 1 MiB. A word: 20 bits of the key's hash, 44 of time. */
enum { SETS = 1 << 15, WAYS = 4, TIME_BITS = 44 };
#define TIME_MASK ((UINT64_C(1) << TIME_BITS) - 1)

struct kuji_throttle_t {
    unsigned char key[crypto_generichash_KEYBYTES];
    uint64_t words[SETS][WAYS];
};

apr_status_t kuji_throttle_create(kuji_throttle_t **throttle, apr_pool_t *p)
{
    apr_shm_t *shm;
    apr_status_t rv = apr_shm_create(&shm, sizeof(**throttle), NULL, p);

    if (rv == APR_SUCCESS) {
        *throttle = apr_shm_baseaddr_get(shm);
        memset(*throttle, 0, sizeof(**throttle));
        crypto_generichash_keygen((*throttle)->key);
    }
    return rv;
}

kuji_throttle_key_t kuji_throttle_key(const kuji_throttle_t *throttle,
                                      const kuji_throttle_rule_t *rule,
                                      int64_t campaign_id,
                                      const char *const *texts)
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    crypto_generichash_state state;
    kuji_throttle_key_t key;

    crypto_generichash_init(&state, throttle->key, sizeof(throttle->key),
                            sizeof(hash));
    crypto_generichash_update(&state, (const unsigned char *)&campaign_id,
                              sizeof(campaign_id));
    crypto_generichash_update(&state, (const unsigned char *)rule->name,
                              strlen(rule->name) + 1);
    for (; *texts; texts++) {
        crypto_generichash_update(&state, (const unsigned char *)*texts,
                                  strlen(*texts) + 1);
    }
    crypto_generichash_final(&state, hash, sizeof(hash));
    memcpy(&key, hash, sizeof(key));
    return key;
}

static uint64_t tag_of(kuji_throttle_key_t key)
{
    return key >> TIME_BITS << TIME_BITS;
}

static uint64_t load(const uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}

/* The key's word, or NULL. */
static const uint64_t *find(const kuji_throttle_t *throttle,
                            kuji_throttle_key_t key)
{
    const uint64_t *set = throttle->words[key % SETS];
    int i;

    for (i = 0; i < WAYS; i++) {
        uint64_t word = load(&set[i]);

        if (word && (word & ~TIME_MASK) == tag_of(key)) {
            return &set[i];
        }
    }
    return NULL;
}

/* The key's word, or the one that it may take: free, paid off, or the nearest
 * to it. */
static uint64_t *find_room(kuji_throttle_t *throttle, kuji_throttle_key_t key)
{
    uint64_t *set = throttle->words[key % SETS], *room = set;
    uint64_t *found = (uint64_t *)find(throttle, key);
    int i;

    for (i = 1; i < WAYS; i++) {
        if ((load(&set[i]) & TIME_MASK) < (load(room) & TIME_MASK)) {
            room = &set[i];
        }
    }
    return found ? found : room;
}

int64_t kuji_throttle_wait(const kuji_throttle_t *throttle,
                           const kuji_throttle_rule_t *rule,
                           kuji_throttle_key_t key, int64_t now)
{
    const uint64_t *word = find(throttle, key);
    int64_t paid = word ? (int64_t)(load(word) & TIME_MASK) : 0;
    int64_t wait = paid - now - (rule->burst - 1) * rule->interval;

    return wait > 0 ? wait : 0;
}

void kuji_throttle_charge(kuji_throttle_t *throttle,
                          const kuji_throttle_rule_t *rule,
                          kuji_throttle_key_t key, int64_t now)
{
    uint64_t *word = find_room(throttle, key), was = load(word), next;
    int64_t most = now + 2 * rule->burst * rule->interval, paid;

    do {
        paid =
            (was & ~TIME_MASK) == tag_of(key) ? (int64_t)(was & TIME_MASK) : 0;
        paid = (paid > now ? paid : now) + rule->interval;
        next =
            tag_of(key) | ((uint64_t)(paid < most ? paid : most) & TIME_MASK);
    } while (!__atomic_compare_exchange_n(word, &was, next, 0, __ATOMIC_RELAXED,
                                          __ATOMIC_RELAXED));
}
