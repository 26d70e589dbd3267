/* Marks: how a campaign's counters stood before the first leaf of a quarter of
 * an hour, so that its draws and wins of any time are differences and nobody
 * counts them (sql/deploy/figures.sql). Whoever appends leaves makes them, in
 * the same transaction.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_MARK_H
#define KUJI_STORE_MARK_H

#include "store/args.h"

/** Every time zone's days and hours begin with one. */
#define KUJI_QUARTER_MS (15 * 60 * 1000)

/** Whether a leaf at t is the first of its quarter, the one before it being of
 * last_t (ms; 0: there is none). */
int kuji_mark_is_due(int64_t last_t, int64_t t);

/** Parameters of KUJI_Q_FIGURES_MARK, to be run with the campaign locked and
 * before its counters or its prizes' change. */
void kuji_mark_args(kuji_args_t *args, int64_t campaign_id, int64_t t,
                    apr_pool_t *pool);

#endif
