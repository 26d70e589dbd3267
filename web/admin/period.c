/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/period.h"
#include "web/zone.h"

#include <stdlib.h>
#include <string.h>

#define DAY_MS ((int64_t)86400000)

const char *kuji_period_word(kuji_web_t *web, const char *name)
{
    const char *value = kuji_query_get(web, name);

    return value && *value ? value : NULL;
}

/* Days since 1970-01-01 of the proleptic Gregorian calendar (Hinnant,
 * "chrono-compatible low-level date algorithms"). */
static int64_t days_from_civil(int64_t y, int64_t m, int64_t d)
{
    int64_t era, yoe, doy;

    y -= m <= 2;
    era = y / 400;
    yoe = y - era * 400;
    doy = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

static int days_of(int y, int m)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = m == 2 && y % 4 == 0 && (y % 100 != 0 || y % 400 == 0);

    return days[m - 1] + leap;
}

/* The day's number; KUJI_EINVAL. */
static apr_status_t read_day(int64_t *day, const char *text)
{
    static const char form[] = "dddd-dd-dd";
    int y, m, d;
    unsigned i;

    for (i = 0; form[i]; i++) {
        if (form[i] == '-' ? text[i] != '-' : text[i] < '0' || text[i] > '9') {
            return KUJI_EINVAL;
        }
    }
    y = atoi(text);
    m = atoi(text + 5);
    d = atoi(text + 8);
    if (text[i] || y < 1970 || m < 1 || m > 12 || d < 1 || d > days_of(y, m)) {
        return KUJI_EINVAL;
    }
    *day = days_from_civil(y, m, d);
    return APR_SUCCESS;
}

/* When the day begins there. */
static int64_t begins(const kuji_zone_t *zone, int64_t day)
{
    int64_t ms = day * DAY_MS;
    int64_t guess = ms - (int64_t)kuji_zone_offset(zone, ms) * 1000;

    return ms - (int64_t)kuji_zone_offset(zone, guess) * 1000;
}

apr_status_t kuji_period_read(kuji_period_t *period, kuji_web_t *web,
                              const char *zone)
{
    const kuji_zone_t *z = kuji_zone_load(zone, web->r->pool);
    const char *from = kuji_period_word(web, "from");
    const char *to = kuji_period_word(web, "to");
    int64_t day;

    period->from = period->to = 0;
    if (from) {
        if (read_day(&day, from)) {
            return KUJI_EINVAL;
        }
        period->from = begins(z, day);
    }
    if (to) {
        if (read_day(&day, to)) {
            return KUJI_EINVAL;
        }
        period->to = begins(z, day + 1);
    }
    return APR_SUCCESS;
}
