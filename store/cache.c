/* The cache itself: buckets of a bounded depth under one lock, never held while
 * PostgreSQL is asked. Of many threads that find an entry too old one asks;
 * the others go on with what is there.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/cache_int.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

void kuji_held_keep(kuji_held_t *held)
{
    __atomic_add_fetch(&held->holders, 1, __ATOMIC_RELAXED);
}

void kuji_held_drop(kuji_held_t *held)
{
    if (held && __atomic_sub_fetch(&held->holders, 1, __ATOMIC_ACQ_REL) == 0) {
        held->destroy(held);
    }
}

static unsigned bucket_of(const char *key)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (; *key; key++) {
        hash = (hash ^ (unsigned char)*key) * 16777619u;
    }
    return hash % KUJI_CACHE_BUCKETS;
}

static void free_entry(kuji_cache_entry_t *entry)
{
    kuji_held_drop(entry->held);
    free(entry);
}

static kuji_cache_entry_t *find(kuji_cache_t *cache, const char *key)
{
    kuji_cache_entry_t *entry = cache->buckets[bucket_of(key)];

    while (entry && strcmp(entry->key, key) != 0) {
        entry = entry->next;
    }
    return entry;
}

/* Of a bucket that is too deep the oldest miss goes, or else the oldest entry:
 * made-up names must not push out what is in use. */
static void trim(kuji_cache_entry_t **bucket)
{
    kuji_cache_entry_t **at = bucket, **victim = NULL, *entry;
    int depth = 0;

    for (; (entry = *at); at = &entry->next) {
        depth++;
        if (!entry->loading && (!entry->held || !victim || (*victim)->held)) {
            victim = at;
        }
    }
    if (depth > KUJI_CACHE_DEPTH && victim) {
        entry = *victim;
        *victim = entry->next;
        free_entry(entry);
    }
}

/* The newest stand in front. */
static kuji_cache_entry_t *add(kuji_cache_t *cache, const char *key)
{
    kuji_cache_entry_t **bucket = &cache->buckets[bucket_of(key)];
    kuji_cache_entry_t *entry = calloc(1, sizeof(*entry) + strlen(key) + 1);

    if (entry) {
        strcpy(entry->key, key);
        entry->next = *bucket;
        *bucket = entry;
    }
    return entry;
}

static void put(kuji_cache_t *cache, const char *key, kuji_held_t *held)
{
    kuji_cache_entry_t *entry = find(cache, key);

    if (!entry) {
        entry = add(cache, key);
    }
    if (!entry) {
        return;
    }
    if (held) {
        kuji_held_keep(held);
    }
    kuji_held_drop(entry->held);
    entry->held = held;
    entry->loaded = apr_time_now();
    entry->loading = 0;
    trim(&cache->buckets[bucket_of(key)]);
}

/* 1: the entry may be used as it is. */
static int is_fresh(const kuji_cache_entry_t *entry)
{
    apr_interval_time_t age = apr_time_now() - entry->loaded;

    return age < KUJI_CACHE_TTL || (entry->loading && age < KUJI_CACHE_STALE);
}

/* The first asks for all: at a start, or for a campaign that goes hot, the
 * others wait for its answer. Called and returns with the lock held; the entry
 * may be gone or old all the same. */
static void await_answer(kuji_cache_t *cache, const char *key)
{
    apr_time_t end = apr_time_now() + KUJI_CACHE_PATIENCE;
    struct timespec until = {end / APR_USEC_PER_SEC,
                             end % APR_USEC_PER_SEC * 1000};
    kuji_cache_entry_t *entry;
    int rc = 0;

    while (rc == 0 && (entry = find(cache, key)) && entry->loading &&
           !is_fresh(entry)) {
        rc = pthread_cond_timedwait(&cache->answered, &cache->lock, &until);
    }
}

/* 1: *held is good to use (NULL: known not to exist). 0: the caller loads;
 * *held is then what was there before. Either way it is kept for the caller. */
static int look(kuji_held_t **held, kuji_cache_t *cache, const char *key)
{
    kuji_cache_entry_t *entry;

    await_answer(cache, key);
    entry = find(cache, key);
    if (!entry) {
        entry = add(cache, key);
    }
    *held = entry ? entry->held : NULL;
    if (*held) {
        kuji_held_keep(*held);
    }
    if (entry && is_fresh(entry)) {
        return 1;
    }
    if (entry) {
        entry->loading = 1;
    }
    return 0;
}

static apr_status_t drop_held(void *held)
{
    kuji_held_drop(held);
    return APR_SUCCESS;
}

/* Nothing was learnt; what was never loaded is no entry. */
static void no_answer(kuji_cache_t *cache, const char *key)
{
    kuji_cache_entry_t **at = &cache->buckets[bucket_of(key)], *entry;

    for (; (entry = *at); at = &entry->next) {
        if (strcmp(entry->key, key) == 0) {
            entry->loading = 0;
            if (entry->loaded == 0) {
                *at = entry->next;
                free_entry(entry);
            }
            return;
        }
    }
}

static apr_status_t load(kuji_held_t **held, kuji_cache_t *cache,
                         const char *key, kuji_cache_load_fn *loader,
                         void *baton, apr_pool_t *pool)
{
    kuji_held_t *stale = *held;
    apr_pool_t *scratch;
    apr_status_t rv;

    *held = NULL;
    apr_pool_create(&scratch, pool);
    rv = loader(held, cache, stale, baton, scratch);
    apr_pool_destroy(scratch);
    pthread_mutex_lock(&cache->lock);
    if (rv == APR_SUCCESS || rv == KUJI_ENOTFOUND) {
        put(cache, key, *held);
    }
    else {
        no_answer(cache, key);
    }
    pthread_cond_broadcast(&cache->answered);
    pthread_mutex_unlock(&cache->lock);
    kuji_held_drop(stale);
    return rv;
}

apr_status_t kuji_cache__get(kuji_held_t **held, kuji_cache_t *cache,
                             const char *key, kuji_cache_load_fn *loader,
                             void *baton, apr_pool_t *pool)
{
    apr_status_t rv = APR_SUCCESS;
    int fresh;

    pthread_mutex_lock(&cache->lock);
    fresh = look(held, cache, key);
    pthread_mutex_unlock(&cache->lock);
    if (!fresh) {
        rv = load(held, cache, key, loader, baton, pool);
    }
    if (rv == APR_SUCCESS && !*held) {
        rv = KUJI_ENOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        apr_pool_cleanup_register(pool, *held, drop_held,
                                  apr_pool_cleanup_null);
    }
    return rv;
}

apr_status_t kuji_cache_tenant(const kuji_tenant_t **tenant,
                               kuji_cache_t *cache, const char *name,
                               apr_pool_t *pool)
{
    kuji_held_t *held;
    apr_status_t rv =
        kuji_cache__get(&held, cache, apr_pstrcat(pool, "t:", name, NULL),
                        kuji_cache__load_tenant, (void *)name, pool);

    if (rv == APR_SUCCESS) {
        *tenant = &((kuji_tenant_held_t *)held)->tenant;
    }
    return rv;
}

apr_status_t kuji_cache_token(const kuji_token_t **token, kuji_cache_t *cache,
                              const unsigned char digest[32], apr_pool_t *pool)
{
    char key[2 + 64 + 1] = "k:";
    kuji_held_t *held;
    apr_status_t rv;

    sodium_bin2hex(key + 2, sizeof(key) - 2, digest, 32);
    rv = kuji_cache__get(&held, cache, key, kuji_cache__load_token,
                         (void *)digest, pool);
    if (rv == APR_SUCCESS) {
        *token = kuji_cache__token_of(held);
    }
    return rv;
}

static const char *campaign_key(const char *tenant_id, const char *slug,
                                apr_pool_t *pool)
{
    return apr_pstrcat(pool, "c:", tenant_id, "/", slug, NULL);
}

apr_status_t kuji_cache_campaign(const kuji_campaign_t **campaign,
                                 kuji_cache_t *cache,
                                 const kuji_tenant_t *tenant, const char *slug,
                                 apr_pool_t *pool)
{
    kuji_campaign_ask_t ask = {
        (const kuji_tenant_held_t *)((const char *)tenant -
                                     offsetof(kuji_tenant_held_t, tenant)),
        slug};
    kuji_held_t *held;
    apr_status_t rv =
        kuji_cache__get(&held, cache, campaign_key(tenant->id, slug, pool),
                        kuji_cache__load_campaign, &ask, pool);

    if (rv == APR_SUCCESS) {
        *campaign = kuji_cache__campaign_of(held);
    }
    return rv;
}

void kuji_cache_forget(kuji_cache_t *cache, const char *tenant_id,
                       const char *slug)
{
    kuji_cache_entry_t *entry;
    apr_pool_t *pool;

    apr_pool_create_unmanaged_ex(&pool, NULL, NULL);
    pthread_mutex_lock(&cache->lock);
    entry = find(cache, campaign_key(tenant_id, slug, pool));
    if (entry) {
        entry->loaded = 0;
        entry->loading = 0;
    }
    pthread_mutex_unlock(&cache->lock);
    apr_pool_destroy(pool);
}

void kuji_campaign_keep(const kuji_campaign_t *campaign)
{
    kuji_held_keep(kuji_cache__campaign_held(campaign));
}

void kuji_campaign_drop(const kuji_campaign_t *campaign)
{
    kuji_held_drop(kuji_cache__campaign_held(campaign));
}

static apr_status_t release(void *baton)
{
    kuji_cache_t *cache = baton;
    int i;

    for (i = 0; i < KUJI_CACHE_BUCKETS; i++) {
        while (cache->buckets[i]) {
            kuji_cache_entry_t *entry = cache->buckets[i];

            cache->buckets[i] = entry->next;
            free_entry(entry);
        }
    }
    pthread_cond_destroy(&cache->answered);
    pthread_mutex_destroy(&cache->lock);
    return APR_SUCCESS;
}

apr_status_t kuji_cache_create(kuji_cache_t **out, kuji_pg_t *pg,
                               const kuji_keyfile_t *keys, apr_pool_t *p)
{
    kuji_cache_t *cache = apr_pcalloc(p, sizeof(*cache));

    cache->pg = pg;
    cache->keys = keys;
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->answered, NULL);
    apr_pool_cleanup_register(p, cache, release, apr_pool_cleanup_null);
    *out = cache;
    return APR_SUCCESS;
}
