/* Replaying a campaign from its manifest and its ledger: every rule of
 * fairness.md 3 and, once the seed is revealed, every outcome.
 *
 * A ledger is read twice. The first reading (preview) learns what the second
 * must know beforehand: the revealed seed and which n's are void. Memory: state
 * per prize, 16 bytes a void and a moment, 8 bytes a raffle entry, about 90
 * bytes a participant where the manifest limits participants; nothing else
 * grows with the ledger.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_REPLAY_H
#define KUJI_CORE_REPLAY_H

#include "core/ledger.h"

typedef struct kuji_replay_t kuji_replay_t;

typedef struct kuji_replay_report_t {
    const kuji_manifest_t *manifest;
    const kuji_state_t *state; /* left, awarded, added as of the last leaf */
    const kuji_tree_t *tree;   /* of the leaves so far */
    uint64_t draws;            /* draws or entries */
    uint64_t voids;
    int raffled; /* the raffle leaf is there */
    int closed;
    int outcomes; /* the seed is known and fits: outcomes are replayed */
    /* The first difference: NULL while there is none. */
    const char *why; /* one English sentence without a full stop */
    uint64_t at;     /* its leaf's index */
} kuji_replay_report_t;

/** A replay of the campaign of this manifest (leaf 0). KUJI_EINVAL with *why.
 */
apr_status_t kuji_replay_make(kuji_replay_t **replay, const char **why,
                              const char *manifest, apr_size_t len,
                              apr_pool_t *pool);

/** The day on which t (ms) falls in the campaign's time zone, counted from any
 * day; baton is what kuji_replay_days was given. */
typedef int64_t kuji_replay_day_fn(void *baton, int64_t t);

/** Before the second reading: how days are told. Without it limits by day are
 * not checked; a zone's rules are in files, which core does not read. */
void kuji_replay_days(kuji_replay_t *replay, kuji_replay_day_fn *day_of,
                      void *baton);

/** First reading: each leaf, leaf 0 included or not. What is wrong with a leaf
 * is the second reading's to say. */
void kuji_replay_preview(kuji_replay_t *replay, const char *leaf,
                         apr_size_t len);

/** Between the readings. APR_ENOMEM, or KUJI_ETOOBIG for more winning moments
 * than kuji_moments_make takes. */
apr_status_t kuji_replay_start(kuji_replay_t *replay);

/** Second reading: each leaf in order, leaf 0 first, without newlines.
 * KUJI_EVERIFY at the first difference (see the report); it stays. */
apr_status_t kuji_replay_leaf(kuji_replay_t *replay, const char *leaf,
                              apr_size_t len);

/** Lives and changes with the replay. */
const kuji_replay_report_t *kuji_replay_report(const kuji_replay_t *replay);

#endif
