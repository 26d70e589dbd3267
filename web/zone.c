/* Reading TZif files, and writing dates.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/zone.h"

#include <apr_file_io.h>
#include <apr_lib.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define ZONE_DIR "/usr/share/zoneinfo/"
#define ZONE_FILE_MAX 65536
#define HEADER 44
#define JAPAN (9 * 3600)

struct kuji_zone_t {
    int known; /* 0: stands in for a zone we do not have */
    uint32_t times, types;
    const unsigned char *at;   /* be64 each: when a type begins */
    const unsigned char *type; /* one byte each */
    const unsigned char *info; /* six bytes a type: be32 offset, is it summer
                                  time, where in names its name begins */
    const char *names;         /* zero-terminated each */
    uint32_t names_len;
};

static uint32_t be32(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

static int64_t be64(const unsigned char *p)
{
    return (int64_t)((uint64_t)be32(p) << 32 | be32(p + 4));
}

/* Bytes of the data block behind the header at p, its times being size wide. */
static uint64_t block_len(const unsigned char *p, unsigned size)
{
    return (uint64_t)be32(p + 20) + be32(p + 24) +
           (uint64_t)be32(p + 28) * (size + 4) +
           (uint64_t)be32(p + 32) * (size + 1) + (uint64_t)be32(p + 36) * 6 +
           be32(p + 40);
}

const kuji_zone_t *kuji_zone_parse(const unsigned char *bytes, apr_size_t len,
                                   apr_pool_t *pool)
{
    kuji_zone_t *zone = apr_pcalloc(pool, sizeof *zone);
    const unsigned char *p = bytes;
    uint64_t first;

    if (len < 2 * HEADER || memcmp(p, "TZif", 4) != 0 || p[4] < '2') {
        return NULL;
    }
    /* The 32-bit block comes first; the 64-bit one says everything. */
    first = HEADER + block_len(p, 4);
    if (first > len || len - first < HEADER) {
        return NULL;
    }
    p += first;
    zone->times = be32(p + 32);
    zone->types = be32(p + 36);
    if (memcmp(p, "TZif", 4) != 0 || zone->types == 0 ||
        block_len(p, 8) > len - first - HEADER) {
        return NULL;
    }
    zone->at = p + HEADER;
    zone->type = zone->at + (apr_size_t)zone->times * 8;
    zone->info = zone->type + zone->times;
    zone->names = (const char *)zone->info + (apr_size_t)zone->types * 6;
    zone->names_len = be32(p + 40);
    zone->known = 1;
    return zone;
}

/* A name that stays below the directory of zones. */
static int is_name(const char *name)
{
    const char *c;

    for (c = name; *c; c++) {
        if (!strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                    "0123456789_+-/",
                    *c)) {
            return 0;
        }
    }
    return *name && *name != '/' && c - name < 64;
}

static const kuji_zone_t *read_zone(const char *name, apr_pool_t *pool)
{
    unsigned char *bytes = NULL;
    apr_finfo_t info;
    apr_size_t len = 0;
    apr_file_t *file;
    apr_status_t rv;

    rv = apr_file_open(&file, apr_pstrcat(pool, ZONE_DIR, name, NULL),
                       APR_READ | APR_BINARY, 0, pool);
    if (rv != APR_SUCCESS) {
        return NULL;
    }
    rv = apr_file_info_get(&info, APR_FINFO_SIZE, file);
    if (rv == APR_SUCCESS && info.size <= ZONE_FILE_MAX) {
        len = (apr_size_t)info.size;
        bytes = apr_palloc(pool, len + 1);
        rv = apr_file_read_full(file, bytes, len, NULL);
    }
    apr_file_close(file);
    return rv == APR_SUCCESS && bytes ? kuji_zone_parse(bytes, len, pool)
                                      : NULL;
}

const kuji_zone_t *kuji_zone_load(const char *name, apr_pool_t *pool)
{
    const kuji_zone_t *zone = is_name(name) ? read_zone(name, pool) : NULL;

    return zone ? zone : apr_pcalloc(pool, sizeof *zone);
}

/* The six bytes of what holds at ms; NULL: nothing is known. */
static const unsigned char *info_at(const kuji_zone_t *zone, int64_t ms)
{
    int64_t second = ms >= 0 ? ms / 1000 : -((999 - ms) / 1000);
    uint32_t low = 0, high = zone->times, mid, type;

    if (!zone->known) {
        return NULL;
    }
    while (low < high) {
        mid = low + (high - low) / 2;
        if (be64(zone->at + (apr_size_t)mid * 8) <= second) {
            low = mid + 1;
        }
        else {
            high = mid;
        }
    }
    type = low ? zone->type[low - 1] : 0;
    return type < zone->types ? zone->info + type * 6 : NULL;
}

int kuji_zone_offset(const kuji_zone_t *zone, int64_t ms)
{
    const unsigned char *info = info_at(zone, ms);

    return info ? (int32_t)be32(info) : 0;
}

/* "UTC+5:30" */
static const char *by_offset(int offset, apr_pool_t *pool)
{
    int minutes = abs(offset) / 60;

    if (!minutes) {
        return "UTC";
    }
    return apr_psprintf(pool, minutes % 60 ? "UTC%c%d:%02d" : "UTC%c%d",
                        offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

const char *kuji_zone_clock(const kuji_zone_t *zone, int64_t ms,
                            apr_pool_t *pool)
{
    const unsigned char *info = info_at(zone, ms);
    uint32_t at = info ? info[5] : 0;

    /* Zones without a name of their own have "+03" there. */
    if (!info || at >= zone->names_len || !apr_isalpha(zone->names[at]) ||
        !memchr(zone->names + at, 0, zone->names_len - at)) {
        return by_offset(info ? (int32_t)be32(info) : 0, pool);
    }
    return apr_pstrdup(pool, zone->names + at);
}

static void explode(apr_time_exp_t *out, const kuji_zone_t *zone, int64_t ms)
{
    apr_time_exp_tz(out, (apr_time_t)ms * 1000, kuji_zone_offset(zone, ms));
}

static int is_english(const char *language)
{
    return strcmp(language, "en") == 0;
}

static const char *date_ja(const apr_time_exp_t *t, apr_pool_t *pool)
{
    static const char *const days[] = {"日", "月", "火", "水",
                                       "木", "金", "土"};

    return apr_psprintf(pool, "%d年%d月%d日（%s）", t->tm_year + 1900,
                        t->tm_mon + 1, t->tm_mday, days[t->tm_wday]);
}

static const char *date_en(const apr_time_exp_t *t, apr_pool_t *pool)
{
    static const char *const days[] = {"Sunday",    "Monday",   "Tuesday",
                                       "Wednesday", "Thursday", "Friday",
                                       "Saturday"};
    static const char *const months[] = {
        "January", "February", "March",     "April",   "May",      "June",
        "July",    "August",   "September", "October", "November", "December"};

    return apr_psprintf(pool, "%s %d %s %d", days[t->tm_wday], t->tm_mday,
                        months[t->tm_mon], t->tm_year + 1900);
}

static const char *date_brief(const apr_time_exp_t *t, const char *language,
                              apr_pool_t *pool)
{
    if (!is_english(language)) {
        return date_ja(t, pool);
    }
    return apr_psprintf(pool, "%s %d %s %d", apr_day_snames[t->tm_wday],
                        t->tm_mday, apr_month_snames[t->tm_mon],
                        t->tm_year + 1900);
}

/* "（EST）", or nothing where a reader of Japanese would expect that clock. */
static const char *clock_ja(const kuji_zone_t *zone, int64_t ms,
                            apr_pool_t *pool)
{
    if (zone->known && kuji_zone_offset(zone, ms) == JAPAN) {
        return "";
    }
    return apr_psprintf(pool, "（%s）", kuji_zone_clock(zone, ms, pool));
}

const char *kuji_zone_date(const kuji_zone_t *zone, int64_t ms,
                           const char *language, apr_pool_t *pool)
{
    apr_time_exp_t t;

    explode(&t, zone, ms);
    return date_brief(&t, language, pool);
}

const char *kuji_zone_text(const kuji_zone_t *zone, int64_t ms,
                           const char *language, apr_pool_t *pool)
{
    apr_time_exp_t t;

    explode(&t, zone, ms);
    if (is_english(language)) {
        return apr_psprintf(pool, "%s, %02d:%02d (%s)", date_en(&t, pool),
                            t.tm_hour, t.tm_min,
                            kuji_zone_clock(zone, ms, pool));
    }
    return apr_psprintf(pool, "%s%02d:%02d%s", date_ja(&t, pool), t.tm_hour,
                        t.tm_min, clock_ja(zone, ms, pool));
}

const char *kuji_zone_brief(const kuji_zone_t *zone, int64_t ms,
                            const char *language, apr_pool_t *pool)
{
    apr_time_exp_t t;

    explode(&t, zone, ms);
    if (!is_english(language)) {
        return kuji_zone_text(zone, ms, language, pool);
    }
    return apr_psprintf(pool, "%s, %02d:%02d %s",
                        date_brief(&t, language, pool), t.tm_hour, t.tm_min,
                        kuji_zone_clock(zone, ms, pool));
}

const char *kuji_zone_iso(const kuji_zone_t *zone, int64_t ms, apr_pool_t *pool)
{
    apr_time_exp_t t;
    int minutes;

    explode(&t, zone, ms);
    minutes = t.tm_gmtoff / 60;
    return apr_psprintf(pool, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d",
                        t.tm_year + 1900, t.tm_mon + 1, t.tm_mday, t.tm_hour,
                        t.tm_min, t.tm_sec, minutes < 0 ? '-' : '+',
                        abs(minutes) / 60, abs(minutes) % 60);
}
