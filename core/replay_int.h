/* Shared by core/replay*.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_REPLAY_INT_H
#define KUJI_CORE_REPLAY_INT_H

#include "core/replay.h"

#include <apr_tables.h>

/** What was drawn on each of two days, one even and one odd: a clock put back
 * at midnight returns to the day before. */
typedef struct kuji_replay_days_t {
    int64_t day[2], draws[2];
} kuji_replay_days_t;

typedef struct kuji_replay_person_t {
    unsigned char who[KUJI_HASH_LEN];
    int64_t draws, wins; /* wins: less what was returned */
    kuji_replay_days_t days;
} kuji_replay_person_t;

/** Who drew how much, as far as the manifest limits it. */
typedef struct kuji_replay_usage_t {
    kuji_replay_day_fn *day_of; /* NULL: limits by day are not checked */
    void *baton;
    kuji_replay_days_t days;
    /* Open addressing; malloc'ed. slots: index + 1, or 0. */
    kuji_replay_person_t *people;
    uint32_t count, room, mask, *slots;
    int32_t last; /* whose draw was the last; -1: participants have no limit */
} kuji_replay_usage_t;

/** An n that some leaf voids, and what it holds at the moment. */
typedef struct kuji_replay_void_t {
    uint64_t n;
    int32_t prize;  /* index or KUJI_BLANK */
    int32_t person; /* index in usage, or -1 */
    uint8_t drawn;  /* its draw or entry has come */
    uint8_t done;   /* its void has come */
} kuji_replay_void_t;

struct kuji_replay_t {
    kuji_replay_report_t report;
    const kuji_manifest_t *m;
    kuji_state_t state;
    kuji_tree_t tree;
    int64_t t; /* the last leaf's */

    unsigned char seed[KUJI_SEED_LEN];
    kuji_words_t words; /* keyed with K */
    kuji_moments_t moments;

    kuji_replay_usage_t usage;

    apr_array_header_t *voids; /* kuji_replay_void_t, by n */
    int next_void;             /* the first that is not drawn yet */

    /* After the raffle: alternates in pick order, the first not yet used, and
     * the prize that a substitute may take right now. */
    uint64_t *alternates;
    int nalternates, next_alternate;
    int vacant;

    apr_pool_t *pool, *leaf_pool;
};

/** Notes the first difference; returns KUJI_EVERIFY. */
apr_status_t kuji_replay__wrong(kuji_replay_t *r, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* replay_void.c */
void kuji_replay__void_add(kuji_replay_t *r, uint64_t n);
void kuji_replay__void_sort(kuji_replay_t *r);
/** NULL where no leaf voids n. */
kuji_replay_void_t *kuji_replay__void_find(kuji_replay_t *r, uint64_t n);
/** Draw or entry n has come, holding prize (index or KUJI_BLANK). */
void kuji_replay__void_drawn(kuji_replay_t *r, uint64_t n, int prize);
/** n now holds prize (raffle, substitute). */
void kuji_replay__void_holds(kuji_replay_t *r, uint64_t n, int prize);
apr_status_t kuji_replay__void(kuji_replay_t *r, const kuji_leaf_t *leaf);

/* replay_limit.c */
/** Refuses or counts draw or entry leaf->n. APR_ENOMEM. */
apr_status_t kuji_replay__limit(kuji_replay_t *r, const kuji_leaf_t *leaf);
/** by: 1, the last draw won; -1, a prize of this person was returned. */
void kuji_replay__count_win(kuji_replay_t *r, int32_t person, int by);
void kuji_replay__limit_free(kuji_replay_t *r);

/* replay_draw.c */
apr_status_t kuji_replay__draw(kuji_replay_t *r, const kuji_leaf_t *leaf);
apr_status_t kuji_replay__entry(kuji_replay_t *r, const kuji_leaf_t *leaf);
apr_status_t kuji_replay__stock(kuji_replay_t *r, const kuji_leaf_t *leaf);

/* replay_raffle.c */
apr_status_t kuji_replay__raffle(kuji_replay_t *r, const kuji_leaf_t *leaf);
apr_status_t kuji_replay__substitute(kuji_replay_t *r, const kuji_leaf_t *leaf);

/** Index of the prize; says what is wrong where there is none. */
apr_status_t kuji_replay__prize(kuji_replay_t *r, int *prize, const char *code);

#endif
