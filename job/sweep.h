/* The slow round of the jobs: tenant by tenant, wins that nobody claimed
 * expire, gift codes that are owed are handed out, personal data past its time
 * is erased.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_JOB_SWEEP_H
#define KUJI_JOB_SWEEP_H

#include "job/job.h"

/** One round; returns how many tenants failed (told to config's log, as is what
 * was erased). Ends soon after *stop is set (atomically). */
int kuji_sweep(const kuji_jobs_config_t *config, const int *stop,
               apr_pool_t *pool);

#endif
