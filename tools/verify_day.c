/* Days of the campaign's time zone. The C library knows one zone a process;
 * this program needs no other.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "tools/verify.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define MS_PER_DAY 86400000

/* Times are not negative, nor do they become so by an offset that matters. */
static int64_t day_of(void *baton, int64_t t)
{
    time_t second = (time_t)(t / 1000);
    struct tm local;

    (void)baton;
    return localtime_r(&second, &local)
               ? (t + 1000 * (int64_t)local.tm_gmtoff + MS_PER_DAY) / MS_PER_DAY
               : t / MS_PER_DAY;
}

/* The C library takes a zone that it does not know for UTC, in silence. */
static int is_known(const char *name, apr_pool_t *pool)
{
    const char *dir = getenv("TZDIR");

    dir = dir ? dir : "/usr/share/zoneinfo";
    return *name && *name != '/' && !strstr(name, "..") &&
           !access(apr_pstrcat(pool, dir, "/", name, NULL), R_OK);
}

void kuji_verify_use_days(kuji_verify_t *v)
{
    const kuji_manifest_t *m = kuji_replay_report(v->replay)->manifest;

    v->days_needed =
        m->limits.draws_per_day > 0 || m->limits.draws_per_participant_day > 0;
    v->days_known = v->days_needed && is_known(m->timezone, v->pool);
    if (v->days_known) {
        setenv("TZ", apr_pstrcat(v->pool, ":", m->timezone, NULL), 1);
        tzset();
        kuji_replay_days(v->replay, day_of, NULL);
    }
}
