/* How often something may be tried: buckets in memory that all child processes
 * share. Lock-free, of fixed size, never waits; a restart of httpd (not a
 * graceful one) forgets them. Each host counts its own.
 *
 * A bucket is one number, the time by which all that was charged is paid off
 * (the generic cell rate algorithm). Where the table is full, the bucket that
 * is nearest to being paid off goes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_THROTTLE_H
#define KUJI_WEB_THROTTLE_H

#include "core/error.h"

#include <apr_pools.h>
#include <stdint.h>

typedef struct kuji_throttle_t kuji_throttle_t;

typedef struct kuji_throttle_rule_t {
    const char *name; /* buckets of two rules are never the same one */
    int burst;        /* charges at once */
    int64_t interval; /* ms after which one of them is forgotten */
} kuji_throttle_rule_t;

/** What is counted: made by kuji_throttle_key, from one or more texts. */
typedef uint64_t kuji_throttle_key_t;

/** In post_config, in shared memory that lives as long as p. */
apr_status_t kuji_throttle_create(kuji_throttle_t **throttle, apr_pool_t *p);

/** A keyed hash: whoever does not know the key cannot make two collide. texts
 * ends with NULL. */
kuji_throttle_key_t kuji_throttle_key(const kuji_throttle_t *throttle,
                                      const kuji_throttle_rule_t *rule,
                                      int64_t campaign_id,
                                      const char *const *texts);

/** ms until one more would be allowed; 0: it is. now: ms since 1970. */
int64_t kuji_throttle_wait(const kuji_throttle_t *throttle,
                           const kuji_throttle_rule_t *rule,
                           kuji_throttle_key_t key, int64_t now);

/** Charges one, also where none is allowed: what was under way at once is paid
 * off all the same, up to twice the burst. */
void kuji_throttle_charge(kuji_throttle_t *throttle,
                          const kuji_throttle_rule_t *rule,
                          kuji_throttle_key_t key, int64_t now);

#endif
