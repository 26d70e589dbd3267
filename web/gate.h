/* So many at once and no more: for work that takes a processor for a while
 * (bcrypt), which must not take them all.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_GATE_H
#define KUJI_WEB_GATE_H

#include "core/error.h"

#include <apr_pools.h>
#include <apr_time.h>

typedef struct kuji_gate_t kuji_gate_t;

/** most: how many are in; waiters: how many wait at most; wait: how long. */
apr_status_t kuji_gate_create(kuji_gate_t **gate, int most, int waiters,
                              apr_interval_time_t wait, apr_pool_t *p);

/** APR_SUCCESS: in, and kuji_gate_leave follows. KUJI_EBUSY: too many wait, or
 * it took too long. */
apr_status_t kuji_gate_enter(kuji_gate_t *gate);
void kuji_gate_leave(kuji_gate_t *gate);

#endif
