/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/known.h"

#include <apr_thread_mutex.h>
#include <sodium.h>
#include <string.h>

#define SLOTS 256
#define DIGEST 32

struct kuji_known_t {
    apr_thread_mutex_t *mutex;
    unsigned char key[crypto_generichash_KEYBYTES];
    unsigned char digests[SLOTS][DIGEST]; /* by the digest's first byte */
};

apr_status_t kuji_known_create(kuji_known_t **known, apr_pool_t *p)
{
    kuji_known_t *k = apr_pcalloc(p, sizeof(*k));

    randombytes_buf(k->key, sizeof(k->key));
    /* No slot holds a digest that could be asked for. */
    randombytes_buf(k->digests, sizeof(k->digests));
    *known = k;
    return apr_thread_mutex_create(&k->mutex, APR_THREAD_MUTEX_DEFAULT, p);
}

static void digest(unsigned char out[DIGEST], const kuji_known_t *known,
                   const char *hash, const char *password)
{
    crypto_generichash_state state;

    crypto_generichash_init(&state, known->key, sizeof(known->key), DIGEST);
    crypto_generichash_update(&state, (const unsigned char *)hash,
                              strlen(hash) + 1);
    crypto_generichash_update(&state, (const unsigned char *)password,
                              strlen(password));
    crypto_generichash_final(&state, out, DIGEST);
    sodium_memzero(&state, sizeof(state));
}

int kuji_known_has(kuji_known_t *known, const char *hash, const char *password)
{
    unsigned char wanted[DIGEST];
    int is;

    digest(wanted, known, hash, password);
    apr_thread_mutex_lock(known->mutex);
    is = sodium_memcmp(known->digests[wanted[0]], wanted, DIGEST) == 0;
    apr_thread_mutex_unlock(known->mutex);
    return is;
}

void kuji_known_add(kuji_known_t *known, const char *hash, const char *password)
{
    unsigned char given[DIGEST];

    digest(given, known, hash, password);
    apr_thread_mutex_lock(known->mutex);
    memcpy(known->digests[given[0]], given, DIGEST);
    apr_thread_mutex_unlock(known->mutex);
}
