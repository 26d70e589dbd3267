/* What prizes would do under so many visitors a day, decided by core/draw.c.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_FORECAST_H
#define KUJI_WEB_ADMIN_FORECAST_H

#include "web/admin/desk.h"

/** Visitors a day where nobody said how many. */
#define KUJI_FORECAST_VISITORS 1000

/** Most visitors a day that are asked about. */
int64_t kuji_forecast_visitors_max(void);

/** *out, the caller's: {result, prizes, days, runs, cut, cut_days}, or {ratio}
 * for a raffle. visitors: 1 .. kuji_forecast_visitors_max(). KUJI_EINVAL:
 * config makes no manifest yet. KUJI_ETOOBIG: more winning moments than one
 * forecast decides. */
apr_status_t kuji_forecast_of(json_t **out, const kuji_desk_t *desk,
                              const json_t *config, int64_t visitors);

#endif
