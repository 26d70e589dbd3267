/* SPDX-License-Identifier: Apache-2.0 */
#include "core/limit.h"

/* Written so that nothing overflows: limit and used are both >= 0. */
static int exceeds(int64_t limit, int64_t used, int count)
{
    return limit > 0 && (used > limit || count > limit - used);
}

const char *kuji_limit_refuses(const kuji_limits_t *limits,
                               const kuji_usage_t *usage, int count)
{
    if (exceeds(limits->draws, usage->draws, count)) {
        return "draws";
    }
    if (exceeds(limits->draws_per_day, usage->day_draws, count)) {
        return "draws_per_day";
    }
    if (exceeds(limits->draws_per_participant, usage->own_draws, count)) {
        return "draws_per_participant";
    }
    if (exceeds(limits->draws_per_participant_day, usage->own_day_draws,
                count)) {
        return "draws_per_participant_day";
    }
    /* A draw need not win: one more is admitted while wins are left. */
    if (limits->wins_per_participant > 0 &&
        usage->own_wins >= limits->wins_per_participant) {
        return "wins_per_participant";
    }
    return 0;
}
