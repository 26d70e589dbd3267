/* What every request needs to know without asking PostgreSQL: host -> tenant,
 * token digests, published campaigns with K. Bounded, per process, 2 s old at
 * most (6 s while PostgreSQL is slow), misses included. Whatever decides a draw
 * is looked at again inside the batch; nothing here is authoritative.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_CACHE_H
#define KUJI_STORE_CACHE_H

#include "core/draw.h"
#include "core/gates.h"
#include "core/keyfile.h"
#include "core/seal.h"
#include "store/pg.h"

typedef struct kuji_tenant_t {
    const char *id; /* uuid */
    const char *name, *host, *title;
    int active;
    unsigned char lookup_key[KUJI_KEY_LEN]; /* for cookies' and form digests */
} kuji_tenant_t;

typedef enum kuji_status_e {
    KUJI_STATUS_PUBLISHED,
    KUJI_STATUS_PAUSED,
    KUJI_STATUS_CLOSED
} kuji_status_e;

/** An image on a page: its name, its size in pixels. */
typedef struct kuji_picture_t {
    const char *name; /* NULL: none */
    int width, height;
} kuji_picture_t;

/** The looks that are shown. */
typedef struct kuji_looks_t {
    int version; /* 0: none, what CONFIG says alone */
    const char *base;
    kuji_picture_t logo, visual;
} kuji_looks_t;

/** A campaign's passphrases, as digests ("passphrase"). */
typedef struct kuji_phrases_t {
    int version; /* 0: none was ever set */
    int count;
    const int *days; /* core/phrase.h */
    const unsigned char (*digests)[KUJI_DIGEST_LEN];
} kuji_phrases_t;

/** A published campaign as read at most 2 s ago (drafts are not here). Held by
 * reference; immutable. */
typedef struct kuji_campaign_t {
    int64_t id;
    const char *uuid, *tenant_id, *slug;
    kuji_status_e status;
    unsigned gates; /* KUJI_GATE_* */
    const kuji_manifest_t *manifest;
    json_t *config; /* what the organiser wrote (texts, kinds, theme) */
    const kuji_looks_t *looks;
    const kuji_phrases_t *phrases;
    int64_t clock;     /* ms: the database's minus this host's, when read */
    int codes_checked; /* all its codes end with our check symbol */
    const char *time_zone;
    const unsigned char *k;          /* KUJI_KEY_LEN; NULL once closed */
    const unsigned char *digest_key; /* participants, keys, codes */
    const kuji_moments_t *moments;   /* moment only, NULL once closed */
} kuji_campaign_t;

typedef struct kuji_token_t {
    int64_t id;
    const char *tenant_id;
    unsigned scopes; /* KUJI_SCOPE_* */
} kuji_token_t;

#define KUJI_SCOPE_READ 1u
#define KUJI_SCOPE_DRAW 2u
#define KUJI_SCOPE_WRITE 4u

typedef struct kuji_cache_t kuji_cache_t;

/** keys outlive the cache. patient: threads that may wait for an answer while
 * PostgreSQL gives none, > 0; the others are told at once that it is busy.
 * Freed with p. */
apr_status_t kuji_cache_create(kuji_cache_t **cache, kuji_pg_t *pg,
                               const kuji_keyfile_t *keys, int patient,
                               apr_pool_t *p);

/** Each is copied into, or referenced until the end of, pool. KUJI_ENOTFOUND,
 * KUJI_EBUSY (database away and nothing fresh), KUJI_ECRYPT (the key file does
 * not fit). */
apr_status_t kuji_cache_tenant(const kuji_tenant_t **tenant,
                               kuji_cache_t *cache, const char *name,
                               apr_pool_t *pool);
/** strict: never older than 2 s, for what is not looked at again later. */
apr_status_t kuji_cache_token(const kuji_token_t **token, kuji_cache_t *cache,
                              const unsigned char digest[32], int strict,
                              apr_pool_t *pool);
apr_status_t kuji_cache_campaign(const kuji_campaign_t **campaign,
                                 kuji_cache_t *cache,
                                 const kuji_tenant_t *tenant, const char *slug,
                                 apr_pool_t *pool);
/** After a change made by this process: forget that campaign. */
void kuji_cache_forget(kuji_cache_t *cache, const char *tenant_id,
                       const char *slug);
/** One more reference, for what outlives the request (a queued draw). */
void kuji_campaign_keep(const kuji_campaign_t *campaign);
void kuji_campaign_drop(const kuji_campaign_t *campaign);

#endif
