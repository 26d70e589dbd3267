/* Shared by store/event.c, close.c and raffle*.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_EVENT_INT_H
#define KUJI_STORE_EVENT_INT_H

#include "store/append.h"
#include "store/event.h"

#include <jansson.h>

/** Who asks what: the same for every event. */
typedef struct kuji_event_ask_t {
    const kuji_act_t *act;
    const char *slug, *reason, *note;
    const char **why;
    kuji_event_t *event; /* out */
} kuji_event_ask_t;

/** Locks a campaign that is published or paused and reads its manifest.
 * KUJI_ESTATE: draft or closed. */
apr_status_t kuji_event__lock(kuji_append_t *a, const kuji_manifest_t **m,
                              const kuji_event_ask_t *ask, kuji_conn_t *conn,
                              apr_pool_t *pool);

/** Appends leaf (by is filled in where there is a reason), writes the audit
 * row and flushes. detail is consumed. */
apr_status_t kuji_event__finish(kuji_append_t *a, kuji_leaf_t *leaf,
                                const kuji_event_ask_t *ask, const char *action,
                                json_t *detail);
/** The first half of it, where two leaves go together. */
apr_status_t kuji_event__append(kuji_append_t *a, kuji_leaf_t *leaf,
                                const kuji_event_ask_t *ask, const char *action,
                                json_t *detail);

/** KUJI_EINVAL unless ask's reason is one of the public ones. */
apr_status_t kuji_event__reason(const kuji_event_ask_t *ask);

/** Nobody who may have seen the beacon changes a raffle's list any more.
 * KUJI_ESTATE. */
apr_status_t kuji_event__not_frozen(const kuji_append_t *a,
                                    const kuji_manifest_t *m,
                                    const kuji_event_ask_t *ask);

/** Voids n: everything but the flush. */
apr_status_t kuji_event__void(kuji_append_t *a, const kuji_manifest_t *m,
                              const kuji_event_ask_t *ask, uint64_t n,
                              int returned);

/** Moves units between left and awarded (negative: back). */
apr_status_t kuji_event__award(kuji_append_t *a, int prize, int64_t units);

/** What a win of n is: *prize is its index, KUJI_BLANK for none or one that
 * was voided. */
apr_status_t kuji_event__holds(kuji_append_t *a, int *prize, uint64_t n);

#endif
