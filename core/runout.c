/* SPDX-License-Identifier: Apache-2.0 */
#include "core/runout.h"

kuji_runout_e kuji_runout(int64_t *at, int64_t left, const kuji_pace_t *pace)
{
    int64_t rest = pace->closes_at - pace->now;

    if (left <= 0) {
        return KUJI_RUNOUT_GONE;
    }
    if (pace->won < KUJI_RUNOUT_WINS || pace->during < KUJI_RUNOUT_MS ||
        rest <= 0) {
        return KUJI_RUNOUT_UNKNOWN;
    }
    /* left * during / won, which could overflow, against rest */
    if (left > INT64_MAX / pace->during ||
        left * pace->during / pace->won >= rest) {
        return KUJI_RUNOUT_LASTS;
    }
    *at = pace->now + left * pace->during / pace->won;
    return KUJI_RUNOUT_AT;
}
