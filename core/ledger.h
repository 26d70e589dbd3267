/* Leaves of a campaign's ledger (fairness.md 3): writing and reading them.
 *
 * Every writer returns the leaf's exact canonical bytes without newline.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_LEDGER_H
#define KUJI_CORE_LEDGER_H

#include "core/draw.h"
#include "core/tree.h"

#define KUJI_SALT_LEN 16
/** No draw or entry leaf is longer (a terminating zero included). */
#define KUJI_LEAF_DRAW_MAX 256

typedef enum kuji_leaf_e {
    KUJI_LEAF_DRAW,
    KUJI_LEAF_ENTRY,
    KUJI_LEAF_STOCK,
    KUJI_LEAF_VOID,
    KUJI_LEAF_RAFFLE,
    KUJI_LEAF_SUBSTITUTE,
    KUJI_LEAF_CLOSE
} kuji_leaf_e;

typedef struct kuji_pick_t {
    uint64_t n;
    const char *prize; /* code; NULL for an alternate */
} kuji_pick_t;

/** One parsed leaf; which fields are set goes by kind. */
typedef struct kuji_leaf_t {
    kuji_leaf_e kind;
    uint64_t i;
    int64_t t;                        /* ms */
    uint64_t n;                       /* draw, entry, void, substitute */
    unsigned char who[KUJI_HASH_LEN]; /* draw, entry */
    const char *prize;       /* draw (NULL: blank), stock, substitute */
    int64_t units;           /* stock */
    int returned;            /* void */
    const char *by, *reason; /* stock, void, substitute; close: NULL unless
                                closed early */
    /* raffle */
    int has_beacon;
    int64_t beacon_round;
    unsigned char beacon_randomness[32];
    const char *beacon_signature; /* hex */
    int nwinners, nalternates;
    const kuji_pick_t *winners, *alternates;
    /* close */
    int nawarded;
    const kuji_pick_t *awarded; /* prize = code, n = units */
    unsigned char seed[KUJI_SEED_LEN];
} kuji_leaf_t;

/** who = SHA256(salt || participant id). */
void kuji_ledger_who(unsigned char who[KUJI_HASH_LEN],
                     const unsigned char salt[KUJI_SALT_LEN], const void *id,
                     apr_size_t len);

/** The two hot ones: no allocation, out has room for KUJI_LEAF_DRAW_MAX;
 * returns the length, out ends with a zero byte. prize NULL: blank. */
apr_size_t kuji_ledger_draw(char *out, uint64_t i, uint64_t n,
                            const char *prize, int64_t t,
                            const unsigned char who[KUJI_HASH_LEN]);
apr_size_t kuji_ledger_entry(char *out, uint64_t i, uint64_t n, int64_t t,
                             const unsigned char who[KUJI_HASH_LEN]);

/** Any leaf, canonically, allocated in pool. KUJI_EINVAL for a leaf that the
 * reader would refuse (bad reason, units < 1, ...). */
apr_status_t kuji_ledger_write(const char **bytes, apr_size_t *len,
                               const kuji_leaf_t *leaf, apr_pool_t *pool);

/** Parses one leaf other than leaf 0: exact fields and types, canonical form.
 * Order, numbers and outcomes are core/replay's. *why as in manifest.h. */
apr_status_t kuji_ledger_read(kuji_leaf_t *leaf, const char **why,
                              const char *bytes, apr_size_t len,
                              apr_pool_t *pool);

/** Whether text is one of the public reasons of fairness.md 3. */
int kuji_ledger_reason_ok(const char *text);

#endif
