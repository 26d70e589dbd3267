/* Counting a ledger before its close, independently of the counters that the
 * draws kept: core/replay over the leaves as they are stored, in pages, most of
 * them before the campaign is locked.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_TALLY_H
#define KUJI_STORE_TALLY_H

#include "core/replay.h"
#include "store/append.h"

typedef struct kuji_tally_t kuji_tally_t;

/** Reads the ledger as far as it goes now, each page in a transaction of its
 * own. KUJI_EVERIFY with *why: it breaks a rule. KUJI_ESTATE: a draft.
 * KUJI_EBUSY: *stop (NULL: never) was set meanwhile, by another thread. */
apr_status_t kuji_tally_read(kuji_tally_t **tally, const char **why,
                             const kuji_act_t *act, const char *slug,
                             const int *stop, apr_pool_t *pool);

/** Reads the rest under the campaign's lock and compares with the prizes'
 * rows, next_n and the tree. KUJI_EBUSY: something was voided meanwhile, count
 * anew. KUJI_EVERIFY with *why. */
apr_status_t kuji_tally_finish(kuji_tally_t *tally, const char **why,
                               kuji_append_t *a);

/** Of the last leaf read. */
const kuji_replay_report_t *kuji_tally_report(const kuji_tally_t *tally);

#endif
