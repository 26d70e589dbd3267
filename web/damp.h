/* Lines of the log that whoever likes can bring about: the first of a kind is
 * written, then one in a while says how many there were. Per process, in memory
 * that does not grow.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_DAMP_H
#define KUJI_WEB_DAMP_H

#include "core/error.h"

#include <apr_pools.h>
#include <stdint.h>

/** Keys that are told apart; of more than these, the one that was told of
 * longest ago is forgotten. */
#define KUJI_DAMP_KEYS 64

typedef struct kuji_damp_t kuji_damp_t;

/** seconds: at least so many between two lines about one key. Usable by many
 * threads. */
apr_status_t kuji_damp_create(kuji_damp_t **damp, int seconds, apr_pool_t *p);

/** Counts one more of key (a tenant's uuid). 1: a line is due, and *passed were
 * passed over since the last one. now: seconds, which may go back. */
int kuji_damp_tells(int64_t *passed, kuji_damp_t *damp, const char *key,
                    int64_t now);

/** How many of key were passed over, once a line about them is due; then they
 * are told of. 0: none, or not yet. */
int64_t kuji_damp_left(kuji_damp_t *damp, const char *key, int64_t now);

#endif
