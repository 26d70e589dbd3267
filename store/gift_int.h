/* Shared by store/gift*.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_GIFT_INT_H
#define KUJI_STORE_GIFT_INT_H

#include "store/claim_int.h"
#include "store/gift.h"

/** Serves who is owed a code of that prize, the longest first, one transaction
 * each, until the pool is empty. */
apr_status_t kuji_gift__serve(int64_t *count, const kuji_act_t *act,
                              const char *slug, const char *prize,
                              const int *stop, apr_pool_t *pool);

/** A pool whose row this transaction has locked. */
typedef struct kuji_gift_place_t {
    int64_t id, campaign_id, warn_at;
    const char *object; /* for the audit log: "campaign:<uuid>" */
} kuji_gift_place_t;

/** Locks the pool of a gift-code prize, made now where there is none.
 * KUJI_ENOTFOUND with *why. */
apr_status_t kuji_gift__pool(kuji_gift_place_t *place, const char **why,
                             const kuji_act_t *act, kuji_conn_t *conn,
                             const char *slug, const char *prize,
                             apr_pool_t *pool);

#endif
