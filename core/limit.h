/* Limits of the manifest (fairness.md 1 and 4.4): they refuse before an n is
 * given and never change an outcome.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_LIMIT_H
#define KUJI_CORE_LIMIT_H

#include "core/manifest.h"

/** What has been used up before the request; days are those of the campaign's
 * time zone. */
typedef struct kuji_usage_t {
    int64_t draws, day_draws;         /* of the campaign */
    int64_t own_draws, own_day_draws; /* of the participant */
    int64_t own_wins;
} kuji_usage_t;

/** Name of the limit that refuses `count` more draws (the manifest's field
 * name, static), or NULL. */
const char *kuji_limit_refuses(const kuji_limits_t *limits,
                               const kuji_usage_t *usage, int count);

#endif
