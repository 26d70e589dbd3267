/* What the console shows of a raffle: who takes part, what looks like one
 * person twice, and after the raffle who won and who stands by.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_RAFFLE_VIEW_H
#define KUJI_STORE_RAFFLE_VIEW_H

#include "store/act.h"

/** Suspects that are listed, and entries that are named of each. */
#define KUJI_SUSPECTS_MAX 50
#define KUJI_SUSPECT_ENTRIES_MAX 20

typedef enum kuji_suspect_e {
    /* more than one entry that is not void by one browser, one account or one
     * id of the caller: whatever limits are counted under */
    KUJI_SUSPECT_PARTICIPANT,
    /* entries by several participants with one code (of a batch whose codes
     * are worth several draws) */
    KUJI_SUSPECT_CODE
} kuji_suspect_e;

typedef struct kuji_suspect_t {
    kuji_suspect_e kind;
    int64_t entries;  /* that are not void */
    const int64_t *n; /* the first of them, ascending */
    int listed;       /* 1 .. KUJI_SUSPECT_ENTRIES_MAX */
} kuji_suspect_t;

typedef struct kuji_raffle_preview_t {
    int64_t entries, voided; /* all, and those of them that are void */
    int64_t participants;    /* with an entry that is not void */
    int64_t nsuspects;       /* all, listed or not */
    int listed;
    const kuji_suspect_t *suspects; /* those with the most entries first */
} kuji_raffle_preview_t;

/** What can be seen in the database and no more: it knows no names at the time
 * of an entry, so the same person with two browsers is two. KUJI_ENOTFOUND. */
apr_status_t kuji_raffle_preview(kuji_raffle_preview_t *preview,
                                 const kuji_act_t *act, const char *slug,
                                 apr_pool_t *pool);

/** A winner or an alternate, in pick order. */
typedef struct kuji_raffle_pick_t {
    uint64_t n;
    const char *prize; /* code; an alternate's: what it got, or NULL */
    int is_void;
    int is_used;         /* an alternate that became a substitute */
    uint64_t substitute; /* n of who took its place; 0: nobody */
} kuji_raffle_pick_t;

typedef struct kuji_raffle_result_t {
    int64_t t; /* ms; 0: no raffle has been run */
    int64_t nwinners, nalternates;
    const kuji_raffle_pick_t *winners, *alternates;
    const char *beacon_signature; /* NULL: no beacon */
} kuji_raffle_result_t;

/** KUJI_ENOTFOUND. */
apr_status_t kuji_raffle_result(kuji_raffle_result_t *result,
                                const kuji_act_t *act, const char *slug,
                                apr_pool_t *pool);

#endif
