/* Times of a zone as forms have them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/zone.h"

#include <apr_strings.h>
#include <apr_time.h>
#include <string.h>

#define DAY_MS ((int64_t)86400000)

const char *kuji_zone_local(const kuji_zone_t *zone, int64_t ms,
                            apr_pool_t *pool)
{
    return apr_pstrmemdup(pool, kuji_zone_iso(zone, ms, pool), 16);
}

/* `len` digits at text; -1: they are none. */
static int digits(const char *text, int len)
{
    int value = 0;

    for (; len > 0; len--, text++) {
        if (*text < '0' || *text > '9') {
            return -1;
        }
        value = value * 10 + (*text - '0');
    }
    return value;
}

static int days_in(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (leap && month == 2);
}

/* Days from 1970-01-01. */
static int64_t day_number(int year, int month, int day)
{
    int64_t y = year - 1, days = y * 365 + y / 4 - y / 100 + y / 400 - 719162;
    int m;

    for (m = 1; m < month; m++) {
        days += days_in(year, m);
    }
    return days + day - 1;
}

/* The text as if it were UTC; -1: it is none. */
static int64_t read_plain(const char *text)
{
    int year, month, day, hour, minute, second = 0;
    apr_size_t len = strlen(text);

    if ((len != 16 && (len != 19 || text[16] != ':')) || text[4] != '-' ||
        text[7] != '-' || text[10] != 'T' || text[13] != ':') {
        return -1;
    }
    year = digits(text, 4);
    month = digits(text + 5, 2);
    day = digits(text + 8, 2);
    hour = digits(text + 11, 2);
    minute = digits(text + 14, 2);
    if (len == 19) {
        second = digits(text + 17, 2);
    }
    if (year < 1970 || month < 1 || month > 12 || day < 1 ||
        day > days_in(year, month) || hour < 0 || hour > 23 || minute < 0 ||
        minute > 59 || second < 0 || second > 59) {
        return -1;
    }
    return (day_number(year, month, day) * 86400 + hour * 3600 + minute * 60 +
            second) *
           1000;
}

/* The moment that a clock of the zone shows it. */
static int64_t moment_of(const kuji_zone_t *zone, int64_t plain)
{
    /* The offsets of a day before and after bracket any change in between. */
    int64_t before =
        plain - kuji_zone_offset(zone, plain - DAY_MS) * (int64_t)1000;
    int64_t after =
        plain - kuji_zone_offset(zone, plain + DAY_MS) * (int64_t)1000;

    return kuji_zone_offset(zone, after) * (int64_t)1000 == plain - after &&
                   kuji_zone_offset(zone, before) * (int64_t)1000 !=
                       plain - before
               ? after
               : before;
}

apr_status_t kuji_zone_read_local(int64_t *ms, const kuji_zone_t *zone,
                                  const char *text)
{
    int64_t plain = read_plain(text);

    if (plain < 0) {
        return KUJI_EINVAL;
    }
    *ms = moment_of(zone, plain);
    return APR_SUCCESS;
}

int64_t kuji_zone_next_day(const kuji_zone_t *zone, int64_t ms)
{
    int64_t local = ms + kuji_zone_offset(zone, ms) * (int64_t)1000;
    int64_t next = moment_of(zone, (local / DAY_MS + 1) * DAY_MS);

    return next > ms ? next : ms + DAY_MS;
}
