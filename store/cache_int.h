/* Inside of the cache: for its own files only.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_CACHE_INT_H
#define KUJI_STORE_CACHE_INT_H

#include "store/cache.h"

#include <pthread.h>

#define KUJI_CACHE_TTL apr_time_from_sec(2)
/** While one thread asks anew, the others may use what is this old. */
#define KUJI_CACHE_STALE apr_time_from_sec(6)
/** A thread that asks for all is waited for this long. */
#define KUJI_CACHE_PATIENCE apr_time_from_sec(1)
/** A question without an answer is asked again for this long: whoever comes
 * first after a restart of PostgreSQL gets what he came for. */
#define KUJI_CACHE_INSIST apr_time_from_sec(2)
#define KUJI_CACHE_PAUSE apr_time_from_msec(50)
/** Threads that ask at once, at most. */
#define KUJI_CACHE_ASKERS 16

/** What is held: freed by `destroy` when the last holder drops it. */
typedef struct kuji_held_t {
    int holders; /* atomic */
    void (*destroy)(struct kuji_held_t *held);
} kuji_held_t;

void kuji_held_keep(kuji_held_t *held);
void kuji_held_drop(kuji_held_t *held);

enum { KUJI_CACHE_BUCKETS = 1024, KUJI_CACHE_DEPTH = 8 };

typedef struct kuji_cache_entry_t {
    struct kuji_cache_entry_t *next;
    kuji_held_t *held; /* NULL: known not to exist */
    apr_time_t loaded;
    int loading; /* a thread is asking */
    char key[];
} kuji_cache_entry_t;

struct kuji_cache_t {
    kuji_pg_t *pg;
    const kuji_keyfile_t *keys;
    pthread_mutex_t lock;
    pthread_cond_t answered; /* some thread's question was */
    int askers, waiters;
    /* After a question without an answer no more wait for the next one: a
     * database that is stuck must not hold a thread for each request. */
    int patient;
    int failing; /* the last question had no answer */
    kuji_cache_entry_t *buckets[KUJI_CACHE_BUCKETS];
};

/** Asks PostgreSQL. stale: what was held before, or NULL; the result may share
 * its parts. KUJI_ENOTFOUND is cached too. */
typedef apr_status_t kuji_cache_load_fn(kuji_held_t **held, kuji_cache_t *cache,
                                        kuji_held_t *stale, void *baton,
                                        apr_pool_t *pool);

/** Finds key, loading it where that is due; the result is held for the caller
 * until pool dies. */
apr_status_t kuji_cache__get(kuji_held_t **held, kuji_cache_t *cache,
                             const char *key, kuji_cache_load_fn *load,
                             void *baton, apr_pool_t *pool);

/** A tenant as the cache holds it: with its data key, in sodium memory. */
typedef struct kuji_tenant_held_t {
    kuji_held_t held;
    kuji_tenant_t tenant;
    unsigned char *data_key;
    apr_pool_t *pool;
} kuji_tenant_held_t;

kuji_cache_load_fn kuji_cache__load_tenant;   /* baton: the name */
kuji_cache_load_fn kuji_cache__load_token;    /* baton: 32 bytes */
kuji_cache_load_fn kuji_cache__load_campaign; /* baton: the next */

typedef struct kuji_campaign_ask_t {
    const kuji_tenant_held_t *tenant;
    const char *slug;
} kuji_campaign_ask_t;

kuji_held_t *kuji_cache__campaign_held(const kuji_campaign_t *campaign);
const kuji_campaign_t *kuji_cache__campaign_of(kuji_held_t *held);
const kuji_token_t *kuji_cache__token_of(kuji_held_t *held);

#endif
