/* A span of days as a filter's form gives it: "from" and "to", both inclusive,
 * "2026-11-22" each.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_PERIOD_H
#define KUJI_WEB_ADMIN_PERIOD_H

#include "web/request.h"

typedef struct kuji_period_t {
    int64_t from, to; /* ms, from <= t < to; 0: no end on that side */
} kuji_period_t;

/** Of the query string, in zone (IANA). Absent or empty: no end. KUJI_EINVAL:
 * no such day. */
apr_status_t kuji_period_read(kuji_period_t *period, kuji_web_t *web,
                              const char *zone);

/** A query's parameter that says something: NULL for absent or empty. */
const char *kuji_period_word(kuji_web_t *web, const char *name);

#endif
