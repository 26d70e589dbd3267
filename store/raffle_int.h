/* Shared by store/raffle.c and substitute.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_RAFFLE_INT_H
#define KUJI_STORE_RAFFLE_INT_H

#include "store/event_int.h"

/** The n's that are void, ascending. */
apr_status_t kuji_raffle__voids(const uint64_t **voids, apr_size_t *count,
                                kuji_append_t *a);

/** Claims of winners n for the prizes pos. */
apr_status_t kuji_raffle__claims(kuji_append_t *a, const int64_t *n,
                                 const int64_t *pos, int count);

#endif
