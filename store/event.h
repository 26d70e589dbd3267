/* Events of a published campaign other than draws: stock, void, close
 * (fairness.md 3). Each appends its leaf under the campaign's row lock.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_EVENT_H
#define KUJI_STORE_EVENT_H

#include "core/ledger.h"
#include "store/act.h"

typedef struct kuji_event_t {
    uint64_t i; /* the leaf */
    int64_t t;  /* ms */
    const char *leaf;
    apr_size_t leaf_len;
} kuji_event_t;

/** Adds units of a prize. reason: one of fairness.md's, NULL: "added"; note:
 * private free text for the audit log, or NULL. KUJI_EINVAL, KUJI_ENOTFOUND,
 * KUJI_ESTATE (moment; a raffle that was run; closed; draft). */
apr_status_t kuji_event_stock(kuji_event_t *event, const char **why,
                              const kuji_act_t *act, const char *slug,
                              const char *prize, int64_t units,
                              const char *reason, const char *note,
                              apr_pool_t *pool);

/** Voids draw or entry n, once. returned: the unit goes back (only where n
 * holds a prize; never moment). KUJI_ECONFLICT: void already. */
apr_status_t kuji_event_void(kuji_event_t *event, const char **why,
                             const kuji_act_t *act, const char *slug,
                             uint64_t n, int returned, const char *reason,
                             const char *note, apr_pool_t *pool);

/** Closes: counts the ledger, compares with the state, reveals the seed.
 * Before closes_at the reason is needed ("early"; NULL refuses with
 * KUJI_ESTATE); from closes_at on it is ignored. A raffle is closed after its
 * raffle leaf. KUJI_EVERIFY: ledger and state differ, nothing was done. */
apr_status_t kuji_event_close(kuji_event_t *event, const char **why,
                              const kuji_act_t *act, const char *slug,
                              const char *reason, const char *note,
                              apr_pool_t *pool);

/** As kuji_event_close from closes_at on, for the jobs' thread: KUJI_EBUSY soon
 * after *stop is set (atomically) by another thread. */
apr_status_t kuji_event_close_due(kuji_event_t *event, const char **why,
                                  const kuji_act_t *act, const char *slug,
                                  const int *stop, apr_pool_t *pool);

#endif
