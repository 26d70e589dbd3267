/* How often one may: a bound on what a participant can ask for that costs a
 * lot. Per process, and in memory that does not grow; who is pushed together
 * with somebody else by chance shares a bound.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PACE_H
#define KUJI_WEB_PACE_H

#include "core/seal.h"

#include <apr_pools.h>

typedef struct kuji_pace_t kuji_pace_t;

/** most: requests in each span of so many seconds. Usable by many threads. */
apr_status_t kuji_pace_create(kuji_pace_t **pace, int most, int seconds,
                              apr_pool_t *p);

/** Counts one more of that digest; 0: it is one too many. now: seconds, which
 * may go back. */
int kuji_pace_allows(kuji_pace_t *pace,
                     const unsigned char digest[KUJI_DIGEST_LEN], int64_t now);

#endif
