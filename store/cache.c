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

/* Entries of such keys are never used beyond their time. */
#define STRICT 's'

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

/* What was never loaded, and is not being loaded, is no entry: names that are
 * asked for while the database is away must leave nothing. */
static void no_answer(kuji_cache_t *cache, const char *key)
{
    kuji_cache_entry_t **at = &cache->buckets[bucket_of(key)], *entry;

    while ((entry = *at) && strcmp(entry->key, key) != 0) {
        at = &entry->next;
    }
    if (entry && !entry->loaded && !entry->loading) {
        *at = entry->next;
        free_entry(entry);
    }
}

/* 1: the entry may be used as it is. */
static int is_fresh(const kuji_cache_entry_t *entry)
{
    apr_interval_time_t age = apr_time_now() - entry->loaded;

    return age < KUJI_CACHE_TTL || (entry->loading && age < KUJI_CACHE_STALE &&
                                    entry->key[0] != STRICT);
}

/* 1: somebody is asking about key, and the caller may wait for the answer. */
static int may_wait(const kuji_cache_t *cache, const kuji_cache_entry_t *entry)
{
    return entry && entry->loading && !is_fresh(entry) &&
           (!cache->failing || cache->waiters < cache->patient);
}

/* The first asks for all: at a start, or for a campaign that goes hot, the
 * others wait for its answer. Called and returns with the lock held; the entry
 * may be gone or old all the same. */
static void await_answer(kuji_cache_t *cache, const char *key)
{
    apr_time_t end = apr_time_now() +
                     (cache->failing ? KUJI_CACHE_INSIST : KUJI_CACHE_PATIENCE);
    struct timespec until = {end / APR_USEC_PER_SEC,
                             end % APR_USEC_PER_SEC * 1000};
    int rc = 0;

    while (rc == 0 && may_wait(cache, find(cache, key))) {
        cache->waiters++;
        rc = pthread_cond_timedwait(&cache->answered, &cache->lock, &until);
        cache->waiters--;
    }
}

/* Whether the caller may ask PostgreSQL about entry; marks that it does. */
static int may_ask(kuji_cache_t *cache, kuji_cache_entry_t *entry)
{
    if (entry->loading || cache->askers >= KUJI_CACHE_ASKERS) {
        return 0;
    }
    entry->loading = 1;
    cache->askers++;
    return 1;
}

/* APR_SUCCESS: *held is good to use (NULL: known not to exist). APR_INCOMPLETE:
 * the caller loads; *held is then what was there before. Either way it is kept
 * for the caller. KUJI_EBUSY: not known, and not the time to ask. */
static apr_status_t look(kuji_held_t **held, kuji_cache_t *cache,
                         const char *key)
{
    kuji_cache_entry_t *entry;
    apr_status_t rv;

    await_answer(cache, key);
    entry = find(cache, key);
    if (!entry && !(entry = add(cache, key))) {
        return APR_ENOMEM;
    }
    if (is_fresh(entry)) {
        rv = APR_SUCCESS;
    }
    else if (may_ask(cache, entry)) {
        rv = APR_INCOMPLETE;
    }
    else {
        no_answer(cache, key);
        return KUJI_EBUSY;
    }
    *held = entry->held;
    if (*held) {
        kuji_held_keep(*held);
    }
    return rv;
}

static apr_status_t drop_held(void *held)
{
    kuji_held_drop(held);
    return APR_SUCCESS;
}

/* Asks until there is an answer, for a while. */
static apr_status_t insist(kuji_held_t **held, kuji_cache_t *cache,
                           kuji_cache_load_fn *loader, kuji_held_t *stale,
                           void *baton, apr_pool_t *pool)
{
    apr_time_t end = apr_time_now() + KUJI_CACHE_INSIST;
    apr_pool_t *scratch;
    apr_status_t rv;

    apr_pool_create(&scratch, pool);
    rv = loader(held, cache, stale, baton, scratch);
    while (rv == KUJI_EBUSY && apr_time_now() < end) {
        pthread_mutex_lock(&cache->lock);
        cache->failing = 1;
        pthread_mutex_unlock(&cache->lock);
        apr_sleep(KUJI_CACHE_PAUSE);
        apr_pool_clear(scratch);
        rv = loader(held, cache, stale, baton, scratch);
    }
    apr_pool_destroy(scratch);
    return rv;
}

static apr_status_t load(kuji_held_t **held, kuji_cache_t *cache,
                         const char *key, kuji_cache_load_fn *loader,
                         void *baton, apr_pool_t *pool)
{
    kuji_held_t *stale = *held;
    kuji_cache_entry_t *entry;
    apr_status_t rv;

    *held = NULL;
    rv = insist(held, cache, loader, stale, baton, pool);
    pthread_mutex_lock(&cache->lock);
    cache->askers--;
    cache->failing = rv == KUJI_EBUSY;
    if (rv == APR_SUCCESS || rv == KUJI_ENOTFOUND) {
        put(cache, key, *held);
    }
    else {
        entry = find(cache, key);
        if (entry) {
            entry->loading = 0;
            no_answer(cache, key);
        }
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
    apr_status_t rv;

    *held = NULL;
    pthread_mutex_lock(&cache->lock);
    rv = look(held, cache, key);
    pthread_mutex_unlock(&cache->lock);
    if (rv == APR_INCOMPLETE) {
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
                              const unsigned char digest[32], int strict,
                              apr_pool_t *pool)
{
    char key[2 + 64 + 1] = {strict ? STRICT : 'k', ':'};
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
                               const kuji_keyfile_t *keys, int patient,
                               apr_pool_t *p)
{
    kuji_cache_t *cache = apr_pcalloc(p, sizeof(*cache));

    cache->pg = pg;
    cache->patient = patient;
    cache->keys = keys;
    pthread_mutex_init(&cache->lock, NULL);
    pthread_cond_init(&cache->answered, NULL);
    apr_pool_cleanup_register(p, cache, release, apr_pool_cleanup_null);
    *out = cache;
    return APR_SUCCESS;
}
