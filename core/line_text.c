/* SPDX-License-Identifier: Apache-2.0 */
#include "core/line_text.h"

#include "core/utf8.h"

#include <apr_strings.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)
/** Japan has no summer time. */
#define TOKYO_MS (9 * INT64_C(3600000))

static int units_of(uint32_t c)
{
    return c > 0xffff ? 2 : 1;
}

int64_t kuji_line_text_units(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t left = strlen(text), used;
    int64_t units = 0;
    uint32_t c;

    for (; left > 0; at += used, left -= used) {
        used = kuji_utf8_next(&c, at, left);
        if (used == 0) {
            return -1;
        }
        units += units_of(c);
    }
    return units;
}

/* Bytes of the longest beginning of so many units; text is UTF-8. */
static apr_size_t beginning(const char *text, int64_t units)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t left = strlen(text), used;
    uint32_t c;

    for (; left > 0; at += used, left -= used) {
        used = kuji_utf8_next(&c, at, left);
        units -= units_of(c);
        if (units < 0) {
            break;
        }
    }
    return (apr_size_t)(at - (const unsigned char *)text);
}

apr_status_t kuji_line_text_fit(const char **out, const char *text,
                                const char *link, apr_pool_t *pool)
{
    int64_t units = kuji_line_text_units(text);
    const char *tail;

    if (units <= 0) {
        return KUJI_EINVAL;
    }
    if (units <= KUJI_LINE_TEXT_MAX) {
        *out = text;
        return APR_SUCCESS;
    }
    tail =
        link ? apr_pstrcat(pool, "\xe2\x80\xa6\n", link, NULL) : "\xe2\x80\xa6";
    units = kuji_line_text_units(tail);
    if (units < 0 || units >= KUJI_LINE_TEXT_MAX) {
        return KUJI_EINVAL;
    }
    *out = apr_pstrcat(
        pool,
        apr_pstrmemdup(pool, text, beginning(text, KUJI_LINE_TEXT_MAX - units)),
        tail, NULL);
    return APR_SUCCESS;
}

/* Days since 1970 of the first of a month (H. Hinnant, "chrono-compatible
 * low-level date algorithms"). month: 1 .. 12. */
static int64_t first_of(int64_t year, int month)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
    int64_t day = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5;

    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + day -
           719468;
}

int64_t kuji_line_month_left(int64_t now)
{
    int64_t there = now + TOKYO_MS, day = there / DAY_MS;
    int64_t year = 1970 + day / 366, next;
    int month = 1;

    while ((next = first_of(year, month)) <= day) {
        year += month == 12;
        month = month == 12 ? 1 : month + 1;
    }
    return next * DAY_MS - there;
}
