/* What LINE's webhook changes: who follows a tenant's account, and which
 * keywords are answered.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_LINE_HOOK_H
#define KUJI_STORE_LINE_HOOK_H

#include "core/line_hook.h"
#include "store/act.h"

/** How long events are known as carried out, ms: LINE sends one again within
 * minutes, where it is told to at all. */
#define KUJI_LINE_EVENT_MS (INT64_C(3) * 86400000)
/** One answer to one person within this time, ms. */
#define KUJI_LINE_PACE_MS INT64_C(10000)

typedef struct kuji_line_hook_t {
    const kuji_line_event_t *events;
    int count;
    const char *keyword;  /* "" none */
    const char *campaign; /* slug of where it leads; "": what opened last */
    const char *base;     /* where its address begins */
} kuji_line_hook_t;

/** Carries out each event that was not before, in one transaction. act needs
 * keys. *done: how many of them were new. */
apr_status_t kuji_line_hook(int *done, const kuji_line_hook_t *hook,
                            const kuji_act_t *act, apr_pool_t *pool);

/** Forgets events whose time is over. */
apr_status_t kuji_line_hook_sweep(const kuji_act_t *act, apr_pool_t *pool);

#endif
