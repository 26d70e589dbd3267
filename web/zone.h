/* Times as people of a campaign's time zone read them. The zones are the
 * system's (TZif files); the C library knows one zone a process only.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ZONE_H
#define KUJI_WEB_ZONE_H

#include "core/error.h"

#include <apr_pools.h>
#include <stdint.h>

typedef struct kuji_zone_t kuji_zone_t;

/** The zone of that IANA name, in pool. Never NULL: a zone that the system
 * does not have reads as UTC and says so. */
const kuji_zone_t *kuji_zone_load(const char *name, apr_pool_t *pool);

/** Parses a TZif file's bytes (RFC 8536, borrowed); NULL: not one. */
const kuji_zone_t *kuji_zone_parse(const unsigned char *bytes, apr_size_t len,
                                   apr_pool_t *pool);

/** Seconds east of UTC at ms since 1970. */
int kuji_zone_offset(const kuji_zone_t *zone, int64_t ms);

/** "2026年11月22日（日）18:00" or "Sunday 22 November 2026, 18:00 (JST)", in
 * pool. The zone is named in English, and in Japanese where the clock is not
 * Japan's. language: "ja" or "en". */
const char *kuji_zone_text(const kuji_zone_t *zone, int64_t ms,
                           const char *language, apr_pool_t *pool);
/** The same for lists and tables: "Sun 22 Nov 2026, 18:00 JST". */
const char *kuji_zone_brief(const kuji_zone_t *zone, int64_t ms,
                            const char *language, apr_pool_t *pool);
/** "2026年11月22日（日）" or "Sun 22 Nov 2026", in pool. */
const char *kuji_zone_date(const kuji_zone_t *zone, int64_t ms,
                           const char *language, apr_pool_t *pool);
/** What the zone's clock is called at ms: "JST", or "UTC+3" where it has no
 * name of its own; in pool. */
const char *kuji_zone_clock(const kuji_zone_t *zone, int64_t ms,
                            apr_pool_t *pool);
/** "2026-11-22T18:00:00+09:00", in pool. */
const char *kuji_zone_iso(const kuji_zone_t *zone, int64_t ms,
                          apr_pool_t *pool);

/** "2026-11-22T18:00", as a form's field for date and time has it. */
const char *kuji_zone_local(const kuji_zone_t *zone, int64_t ms,
                            apr_pool_t *pool);
/** Such a text (seconds may follow) as ms; where the clock shows it twice the
 * earlier, where never as if it had not been put forward. Years 1970 to
 * 9999. KUJI_EINVAL. */
apr_status_t kuji_zone_read_local(int64_t *ms, const kuji_zone_t *zone,
                                  const char *text);
/** The first midnight after ms. */
int64_t kuji_zone_next_day(const kuji_zone_t *zone, int64_t ms);

#endif
