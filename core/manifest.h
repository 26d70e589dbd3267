/* The manifest: what was promised before the first draw (fairness.md 1).
 *
 * A kuji_manifest_t is immutable once made; several threads may read it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_MANIFEST_H
#define KUJI_CORE_MANIFEST_H

#include <apr_pools.h>
#include <jansson.h>
#include <stdint.h>

#define KUJI_HASH_LEN 32
#define KUJI_KEY_LEN 32
#define KUJI_SEED_LEN 32
#define KUJI_UUID_LEN 16
/** Integers of canonical JSON lie within +-(2^53 - 1). */
#define KUJI_INT_MAX ((int64_t)9007199254740991)

typedef enum kuji_method_e {
    KUJI_ODDS,
    KUJI_BOX,
    KUJI_MOMENT,
    KUJI_RAFFLE
} kuji_method_e;

/** Index into the manifest's prizes; these two are not prizes. */
#define KUJI_BLANK (-1)
#define KUJI_SOLD_OUT (-2)

typedef struct kuji_release_t {
    int64_t at;    /* ms */
    int64_t units; /* increment, >= 1 */
} kuji_release_t;

typedef struct kuji_prize_t {
    const char *code; /* [A-Za-z0-9-]{1,32} */
    const char *name;
    int64_t units;  /* declared, >= 1 */
    int64_t weight; /* odds only, >= 0 */
    int nreleases;  /* odds only; 0: everything is released */
    const kuji_release_t *releases;
    int64_t from, until; /* moment only, ms */
} kuji_prize_t;

/** Each 0 where the manifest says null: no limit. */
typedef struct kuji_limits_t {
    int64_t draws;
    int64_t draws_per_day;
    int64_t draws_per_participant;
    int64_t draws_per_participant_day;
    int64_t wins_per_participant;
} kuji_limits_t;

typedef struct kuji_beacon_t {
    const char *chain_hash;
    int64_t round;
    int64_t time; /* ms, >= closes_at */
} kuji_beacon_t;

typedef struct kuji_manifest_t {
    const char *bytes; /* the exact canonical bytes, no newline */
    apr_size_t len;
    unsigned char hash[KUJI_HASH_LEN]; /* M */
    unsigned char uuid[KUJI_UUID_LEN];
    unsigned char commitment[KUJI_HASH_LEN];
    const char *campaign; /* uuid as text */
    const char *tenant, *slug, *origin, *title, *timezone;
    const char *software_name, *software_version;
    kuji_method_e method;
    int64_t opens_at, closes_at; /* ms, opens_at < closes_at */
    int nprizes;
    const kuji_prize_t *prizes;
    kuji_limits_t limits;
    int64_t odds_total;          /* odds */
    int sold_out;                /* odds: prize index or KUJI_BLANK */
    int64_t blanks;              /* box */
    int64_t alternates;          /* raffle */
    const kuji_beacon_t *beacon; /* raffle; NULL where null */
} kuji_manifest_t;

/** Parses and checks everything fairness.md 1 asks, canonical form included.
 * *m and all it points to live in pool. On KUJI_EINVAL *why (may be NULL) says
 * in English what is wrong and where. */
apr_status_t kuji_manifest_parse(const kuji_manifest_t **m, const char **why,
                                 const char *bytes, apr_size_t len,
                                 apr_pool_t *pool);

/** Writes doc (an object with exactly the manifest's fields) canonically and
 * parses the result, so that nothing is published which a verifier would
 * refuse. */
apr_status_t kuji_manifest_build(const kuji_manifest_t **m, const char **why,
                                 const json_t *doc, apr_pool_t *pool);

/** Index of the prize with that code, or KUJI_BLANK. */
int kuji_manifest_prize(const kuji_manifest_t *m, const char *code);

/** Whether text is [A-Za-z0-9-]{1,32} and not "blank". */
int kuji_manifest_code_ok(const char *text);

/** "odds", "box", "moment", "raffle"; parse returns -1 for anything else. */
const char *kuji_method_name(kuji_method_e method);
int kuji_method_parse(const char *name);

/** C = SHA256("kuji/1 seed" 00 || uuid || seed). */
void kuji_manifest_commitment(unsigned char out[KUJI_HASH_LEN],
                              const unsigned char uuid[KUJI_UUID_LEN],
                              const unsigned char seed[KUJI_SEED_LEN]);

/** K = HMAC(seed, "kuji/1 key" 00 || M). */
void kuji_manifest_key(unsigned char k[KUJI_KEY_LEN], const kuji_manifest_t *m,
                       const unsigned char seed[KUJI_SEED_LEN]);

#endif
