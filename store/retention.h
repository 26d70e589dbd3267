/* Personal data past its time: a campaign's privacy.retention_days after its
 * close everything that says who took part is erased.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_RETENTION_H
#define KUJI_STORE_RETENTION_H

#include "store/act.h"

typedef struct kuji_retention_t {
    int64_t campaigns;     /* finished by this call */
    int64_t draws, claims; /* of these: unlinked; of which data was erased. One
                              that was stopped is gone on with by the next call,
                              whose sums, as the receipt's, are of the whole */
} kuji_retention_t;

/** Erases what is due in the tenant's campaigns, in spans of draws, each a
 * transaction; then the tombstones of closed campaigns, whose limits count no
 * more. Each campaign that is finished gets its receipt (kuji.erasure) and an
 * audit row "retention.erase" with its numbers. KUJI_EBUSY soon after *stop is
 * set (atomically); NULL: never. */
apr_status_t kuji_retention_run(kuji_retention_t *done, const kuji_act_t *act,
                                const int *stop, apr_pool_t *pool);

#endif
