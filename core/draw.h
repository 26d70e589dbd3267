/* How draw n is decided (fairness.md 2): a pure function of the manifest, what
 * is left, K, n and t. No clock, no address, no history beyond the counts.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_DRAW_H
#define KUJI_CORE_DRAW_H

#include "core/sha256.h"

/** The stream of be64 words behind one decision. Holds what amounts to the
 * key: wipe it (kuji_words_wipe). */
typedef struct kuji_words_t {
    kuji_hmac_t keyed;
    unsigned char message[64]; /* label, numbers; be32(c) goes behind */
    apr_size_t len;
    uint32_t block;
    unsigned used; /* words taken from the current block, 4 = none left */
    unsigned char words[32];
} kuji_words_t;

/** Sets the key (half the cost of a word, so once for many decisions);
 * kuji_words_start comes next. */
void kuji_words_init(kuji_words_t *w, const unsigned char key[KUJI_KEY_LEN]);

/** Begins a stream under the same key. prefix: label with its zero byte, then
 * numbers; at most 51 bytes. */
void kuji_words_start(kuji_words_t *w, const void *prefix, apr_size_t len);

void kuji_words_wipe(kuji_words_t *w);

/** Uniform in [0, r), 1 <= r <= 2^53, by rejection; takes one word at least. */
uint64_t kuji_words_uniform(kuji_words_t *w, uint64_t r);

typedef struct kuji_stock_t {
    int64_t left;    /* units not yet awarded */
    int64_t awarded; /* net of returned */
    int64_t added;   /* by stock leaves */
} kuji_stock_t;

/** What a campaign's draws have used up so far. */
typedef struct kuji_state_t {
    kuji_stock_t *stock; /* nprizes of them, in manifest order */
    int64_t blanks_left; /* box */
} kuji_state_t;

typedef struct kuji_moment_t {
    int64_t time; /* ms */
    uint32_t prize, unit;
} kuji_moment_t;

/** Winning moments, sorted by (time, prize, unit): draws claim them in this
 * order, since t never decreases, so the number claimed is all the state. */
typedef struct kuji_moments_t {
    apr_size_t count;
    kuji_moment_t *list; /* malloc'ed */
} kuji_moments_t;

/** Works out every winning moment; list is malloc'ed and secret while the
 * campaign runs. KUJI_ETOOBIG over 2^26 units, APR_ENOMEM. */
apr_status_t kuji_moments_make(kuji_moments_t *moments,
                               const kuji_manifest_t *m,
                               const unsigned char k[KUJI_KEY_LEN]);
/** Wipes and frees the list. */
void kuji_moments_free(kuji_moments_t *moments);

/** State of a campaign before its first draw: left = units, blanks_left =
 * blanks. stock is allocated in pool. */
void kuji_state_init(kuji_state_t *state, const kuji_manifest_t *m,
                     apr_pool_t *pool);

/** Decides draw n at time t (ms) and takes the unit from state. Returns the
 * prize's index, KUJI_BLANK, or KUJI_SOLD_OUT (box only: nothing is appended
 * and no n is used). moments is NULL but for KUJI_MOMENT. Never called for
 * KUJI_RAFFLE. */
int kuji_draw_decide(const kuji_manifest_t *m, const kuji_moments_t *moments,
                     const unsigned char k[KUJI_KEY_LEN], kuji_state_t *state,
                     uint64_t n, int64_t t);

/** The same with K set in w already, for whoever decides many. */
int kuji_draw_decide_with(const kuji_manifest_t *m,
                          const kuji_moments_t *moments, kuji_words_t *w,
                          kuji_state_t *state, uint64_t n, int64_t t);

/** Units of prize i that may be awarded at t: released by the schedule plus
 * added, never more than left. */
int64_t kuji_draw_available(const kuji_manifest_t *m, const kuji_state_t *state,
                            int i, int64_t t);

/** Units that may still be added to prize i: a prize's units, added ones
 * included, stay within 2^53 - 1, and so does all that is left in a box. */
int64_t kuji_draw_stock_room(const kuji_manifest_t *m,
                             const kuji_state_t *state, int i);

/** Kr; randomness is 32 bytes or NULL without a beacon. */
void kuji_raffle_key(unsigned char kr[KUJI_KEY_LEN], const kuji_manifest_t *m,
                     const unsigned char seed[KUJI_SEED_LEN],
                     const unsigned char root[KUJI_HASH_LEN],
                     const unsigned char *randomness);

/** Partial Fisher-Yates in place: entries (n's that are not void, ascending)
 * ends with min(size, want) picks in front, in pick order; returns their
 * count. */
apr_size_t kuji_raffle_pick(const unsigned char kr[KUJI_KEY_LEN],
                            uint64_t *entries, apr_size_t size,
                            apr_size_t want);

#endif
