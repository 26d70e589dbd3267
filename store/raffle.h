/* Running a raffle after closes_at, and substitutes (fairness.md 2, 3).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_RAFFLE_H
#define KUJI_STORE_RAFFLE_H

#include "store/event.h"

/** What the beacon said, for manifests that name one. */
typedef struct kuji_beacon_value_t {
    unsigned char randomness[32];
    const char *signature; /* hex */
} kuji_beacon_value_t;

/** beacon: NULL exactly where the manifest's is null. KUJI_ESTATE: too early,
 * run before; KUJI_EINVAL: beacon missing or not asked for. */
apr_status_t kuji_raffle_run(kuji_event_t *event, const char **why,
                             const kuji_act_t *act, const char *slug,
                             const kuji_beacon_value_t *beacon,
                             apr_pool_t *pool);

/** Gives the prize of winner n to the first alternate neither used nor void:
 * voids n (returned) if that is not yet the last leaf, then appends the
 * substitute, in one transaction. reason: of the void and the substitute.
 * KUJI_ESTATE: n holds no prize, no alternate is left, or another leaf came
 * after the void. */
apr_status_t kuji_raffle_substitute(kuji_event_t *event, uint64_t *alternate,
                                    const char **why, const kuji_act_t *act,
                                    const char *slug, uint64_t n,
                                    const char *reason, const char *note,
                                    apr_pool_t *pool);

#endif
