/* When a prize's units will have run out, if it goes on being won as it was
 * lately.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_RUNOUT_H
#define KUJI_CORE_RUNOUT_H

#include <stdint.h>

typedef enum kuji_runout_e {
    KUJI_RUNOUT_UNKNOWN, /* too little was seen to say anything */
    KUJI_RUNOUT_GONE,    /* nothing is left */
    KUJI_RUNOUT_AT,      /* before the close */
    KUJI_RUNOUT_LASTS    /* some will be left at the close */
} kuji_runout_e;

/** Fewer wins than this, or a shorter time, say nothing. */
#define KUJI_RUNOUT_WINS 5
#define KUJI_RUNOUT_MS (60 * 60 * 1000)

/** What was won in the time before now; all times in ms, all counts >= 0. */
typedef struct kuji_pace_t {
    int64_t won;    /* units */
    int64_t during; /* how long */
    int64_t now, closes_at;
} kuji_pace_t;

/** *at is set with KUJI_RUNOUT_AT only. */
kuji_runout_e kuji_runout(int64_t *at, int64_t left, const kuji_pace_t *pace);

#endif
