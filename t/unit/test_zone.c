/* Dates as people of a zone read them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/zone.h"
#include "t/unit/unit.h"

#include <string.h>

/* 2026-11-22T09:04:05Z */
#define NOVEMBER INT64_C(1795338245000)
/* New York's clocks go forward on 2026-03-08T07:00:00Z. */
#define FORWARD INT64_C(1772953200000)

START_TEST(test_dates)
{
    const kuji_zone_t *tokyo = kuji_zone_load("Asia/Tokyo", unit_pool);

    ck_assert_str_eq(kuji_zone_text(tokyo, NOVEMBER, "ja", unit_pool),
                     "2026年11月22日（日）18:04");
    ck_assert_str_eq(kuji_zone_text(tokyo, NOVEMBER, "en", unit_pool),
                     "Sunday 22 November 2026, 18:04 (JST)");
    ck_assert_str_eq(kuji_zone_brief(tokyo, NOVEMBER, "en", unit_pool),
                     "Sun 22 Nov 2026, 18:04 JST");
    ck_assert_str_eq(kuji_zone_brief(tokyo, NOVEMBER, "ja", unit_pool),
                     "2026年11月22日（日）18:04");
    ck_assert_str_eq(kuji_zone_date(tokyo, NOVEMBER, "ja", unit_pool),
                     "2026年11月22日（日）");
    ck_assert_str_eq(kuji_zone_date(tokyo, NOVEMBER, "en", unit_pool),
                     "Sun 22 Nov 2026");
    ck_assert_str_eq(kuji_zone_iso(tokyo, NOVEMBER, unit_pool),
                     "2026-11-22T18:04:05+09:00");
}
END_TEST

START_TEST(test_summer_time)
{
    const kuji_zone_t *york = kuji_zone_load("America/New_York", unit_pool);

    ck_assert_int_eq(kuji_zone_offset(york, FORWARD - 1), -5 * 3600);
    ck_assert_int_eq(kuji_zone_offset(york, FORWARD), -4 * 3600);
    ck_assert_str_eq(kuji_zone_iso(york, FORWARD, unit_pool),
                     "2026-03-08T03:00:00-04:00");
}
END_TEST

/* Each zone names its clock, summer's apart; and days begin where people
 * live. */
START_TEST(test_clocks)
{
    static const struct {
        const char *zone;
        int64_t ms;
        const char *ja, *en;
    } cases[] = {
        {"America/New_York", FORWARD - 1, "2026年3月8日（日）01:59（EST）",
         "Sunday 8 March 2026, 01:59 (EST)"},
        {"America/New_York", FORWARD, "2026年3月8日（日）03:00（EDT）",
         "Sunday 8 March 2026, 03:00 (EDT)"},
        /* 01:30 twice on 1 November: the names tell them apart. */
        {"America/New_York", INT64_C(1793511000000),
         "2026年11月1日（日）01:30（EDT）",
         "Sunday 1 November 2026, 01:30 (EDT)"},
        {"America/New_York", INT64_C(1793514600000),
         "2026年11月1日（日）01:30（EST）",
         "Sunday 1 November 2026, 01:30 (EST)"},
        {"Europe/London", INT64_C(1774746000000 - 1),
         "2026年3月29日（日）00:59（GMT）",
         "Sunday 29 March 2026, 00:59 (GMT)"},
        {"Europe/London", INT64_C(1774746000000),
         "2026年3月29日（日）02:00（BST）",
         "Sunday 29 March 2026, 02:00 (BST)"},
        {"UTC", NOVEMBER, "2026年11月22日（日）09:04（UTC）",
         "Sunday 22 November 2026, 09:04 (UTC)"},
        {"Asia/Kolkata", NOVEMBER, "2026年11月22日（日）14:34（IST）",
         "Sunday 22 November 2026, 14:34 (IST)"},
        /* Without a name of its own. */
        {"America/Sao_Paulo", NOVEMBER, "2026年11月22日（日）06:04（UTC-3）",
         "Sunday 22 November 2026, 06:04 (UTC-3)"},
        {"Asia/Kathmandu", NOVEMBER, "2026年11月22日（日）14:49（UTC+5:45）",
         "Sunday 22 November 2026, 14:49 (UTC+5:45)"},
        {"Pacific/Kiritimati", NOVEMBER, "2026年11月22日（日）23:04（UTC+14）",
         "Sunday 22 November 2026, 23:04 (UTC+14)"},
        /* A new year in one zone is not yet one in another. */
        {"Asia/Tokyo", INT64_C(1798729200000), "2027年1月1日（金）00:00",
         "Friday 1 January 2027, 00:00 (JST)"},
        {"Pacific/Honolulu", INT64_C(1798729200000),
         "2026年12月31日（木）05:00（HST）",
         "Thursday 31 December 2026, 05:00 (HST)"},
        /* As Japan's, which needs no name in Japanese. */
        {"Asia/Seoul", NOVEMBER, "2026年11月22日（日）18:04",
         "Sunday 22 November 2026, 18:04 (KST)"},
    };
    const kuji_zone_t *zone;
    size_t i;

    for (i = 0; i < sizeof cases / sizeof *cases; i++) {
        zone = kuji_zone_load(cases[i].zone, unit_pool);
        ck_assert_str_eq(kuji_zone_text(zone, cases[i].ms, "ja", unit_pool),
                         cases[i].ja);
        ck_assert_str_eq(kuji_zone_text(zone, cases[i].ms, "en", unit_pool),
                         cases[i].en);
    }
}
END_TEST

START_TEST(test_local)
{
    static const struct {
        const char *zone, *text, *iso;
    } good[] = {
        {"Asia/Tokyo", "2026-11-22T18:00", "2026-11-22T18:00:00+09:00"},
        {"Asia/Tokyo", "2024-02-29T00:00:59", "2024-02-29T00:00:59+09:00"},
        {"Asia/Tokyo", "1970-01-02T00:00", "1970-01-02T00:00:00+09:00"},
        {"Asia/Tokyo", "9999-12-31T23:59", "9999-12-31T23:59:00+09:00"},
        {"America/New_York", "2026-03-08T01:59", "2026-03-08T01:59:00-05:00"},
        {"America/New_York", "2026-03-08T02:30", "2026-03-08T03:30:00-04:00"},
        {"America/New_York", "2026-03-08T03:00", "2026-03-08T03:00:00-04:00"},
        {"America/New_York", "2026-11-01T01:30", "2026-11-01T01:30:00-04:00"},
        {"America/New_York", "2026-11-01T02:00", "2026-11-01T02:00:00-05:00"},
    };
    static const char *const bad[] = {"",
                                      "2026-11-22",
                                      "2026-11-22 18:00",
                                      "2026-11-22T18:00Z",
                                      "2026-11-22T18:00:",
                                      "2026-11-22T24:00",
                                      "2026-11-22T18:60",
                                      "2026-11-22T18:00:60",
                                      "2026-02-29T18:00",
                                      "2026-13-01T18:00",
                                      "2026-00-01T18:00",
                                      "2026-01-00T18:00",
                                      "1969-12-31T18:00",
                                      "2026-1-022T18:00",
                                      "20260-1-22T18:00",
                                      "+026-11-22T18:00",
                                      "2026-11-22T18:00:0",
                                      "2026-11-22T18:00:00.0"};
    const kuji_zone_t *zone;
    int64_t ms;
    size_t i;

    for (i = 0; i < sizeof good / sizeof *good; i++) {
        zone = kuji_zone_load(good[i].zone, unit_pool);
        ck_assert_int_eq(kuji_zone_read_local(&ms, zone, good[i].text), 0);
        ck_assert_str_eq(kuji_zone_iso(zone, ms, unit_pool), good[i].iso);
    }
    for (i = 0; i < sizeof bad / sizeof *bad; i++) {
        ck_assert_msg(kuji_zone_read_local(&ms, zone, bad[i]) == KUJI_EINVAL,
                      "%s", bad[i]);
    }
    ck_assert_int_eq(kuji_zone_read_local(&ms, zone, "2026-03-07T12:00"), 0);
    ck_assert_str_eq(kuji_zone_local(zone, ms, unit_pool), "2026-03-07T12:00");
    ms = kuji_zone_next_day(zone, ms);
    ck_assert_str_eq(kuji_zone_iso(zone, ms, unit_pool),
                     "2026-03-08T00:00:00-05:00");
    ms = kuji_zone_next_day(zone, ms); /* a day of 23 hours */
    ck_assert_str_eq(kuji_zone_iso(zone, ms, unit_pool),
                     "2026-03-09T00:00:00-04:00");
}
END_TEST

START_TEST(test_unknown_zones_are_utc_and_say_so)
{
    static const char *const names[] = {"Nowhere/Town", "../../etc/passwd",
                                        "/etc/passwd", "", "Asia/To kyo"};
    size_t i;

    for (i = 0; i < sizeof names / sizeof *names; i++) {
        ck_assert_str_eq(kuji_zone_text(kuji_zone_load(names[i], unit_pool),
                                        NOVEMBER, "ja", unit_pool),
                         "2026年11月22日（日）09:04（UTC）");
    }
}
END_TEST

/* Two headers and a 64-bit block of one type, as RFC 8536 has it. */
static apr_size_t tiny(unsigned char *out)
{
    static const unsigned char header[20] = "TZif2";

    memset(out, 0, 96);
    memcpy(out, header, sizeof header);
    memcpy(out + 44, header, sizeof header);
    out[44 + 39] = 1; /* types */
    out[44 + 43] = 1; /* bytes of names */
    out[88 + 2] = 0x0e;
    out[88 + 3] = 0x10; /* 3600 s east */
    return 88 + 6 + 1;
}

START_TEST(test_files_are_not_trusted)
{
    unsigned char bytes[96], *exact;
    apr_size_t len = tiny(bytes), cut;
    const kuji_zone_t *zone = kuji_zone_parse(bytes, len, unit_pool);

    ck_assert_ptr_nonnull(zone);
    ck_assert_int_eq(kuji_zone_offset(zone, 0), 3600);
    /* The name of its clock is not ended within the file. */
    bytes[len - 1] = 'A';
    ck_assert_str_eq(kuji_zone_clock(zone, 0, unit_pool), "UTC+1");
    for (cut = 0; cut < len; cut++) {
        exact = malloc(cut + 1);
        memcpy(exact, bytes, cut);
        ck_assert_ptr_null(kuji_zone_parse(exact, cut, unit_pool));
        free(exact);
    }
    bytes[44 + 32] = 0xff; /* four billion transitions */
    ck_assert_ptr_null(kuji_zone_parse(bytes, len, unit_pool));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("zone");

    UNIT_TEST(suite, test_dates);
    UNIT_TEST(suite, test_summer_time);
    UNIT_TEST(suite, test_clocks);
    UNIT_TEST(suite, test_local);
    UNIT_TEST(suite, test_unknown_zones_are_utc_and_say_so);
    UNIT_TEST(suite, test_files_are_not_trusted);
    return unit_main(suite);
}
