/* LINE's webhook and texts: which events count, whose they are, how long a
 * message may be, when a month begins.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/line_hook.h"
#include "core/line_text.h"
#include "t/unit/unit.h"

#include <apr_strings.h>
#include <string.h>

#define USER "U206d25c2ea6bd87c17655609a1c37cb8"
#define EVENT(type, more)                                                      \
    "{\"type\":\"" type "\",\"mode\":\"active\",\"timestamp\":1625665242211,"  \
    "\"webhookEventId\":\"01FZ74A0TDDPYRVKNK77XKC3ZR\","                       \
    "\"source\":{\"type\":\"user\",\"userId\":\"" USER "\"}" more "}"

static int read_events(const kuji_line_event_t **events, const char *list)
{
    const char *body = apr_pstrcat(unit_pool, "{\"destination\":\"x\",",
                                   "\"events\":[", list, "]}", NULL);
    int count = -1;

    ck_assert_int_eq(
        kuji_line_hook_read(events, &count, body, strlen(body), unit_pool),
        APR_SUCCESS);
    return count;
}

START_TEST(test_events)
{
    const kuji_line_event_t *e;

    ck_assert_int_eq(read_events(&e, ""), 0);
    ck_assert_int_eq(
        read_events(
            &e, EVENT("follow", ",\"replyToken\":\"r-1\"") "," EVENT(
                    "unfollow",
                    ",\"new\":{\"a\":[1]}") "," EVENT("message",
                                                      ",\"replyToken\":\"a "
                                                      "b\",\"message\":"
                                                      "{\"type\":\"text\","
                                                      "\"text\":\"くじ\"}")),
        3);
    ck_assert_int_eq(e[0].kind, KUJI_LINE_FOLLOW);
    ck_assert_str_eq(e[0].id, "01FZ74A0TDDPYRVKNK77XKC3ZR");
    ck_assert_str_eq(e[0].user, USER);
    ck_assert_str_eq(e[0].reply, "r-1");
    ck_assert_int_eq(e[0].at, INT64_C(1625665242211));
    ck_assert_int_eq(e[1].kind, KUJI_LINE_UNFOLLOW);
    ck_assert_str_eq(e[1].reply, "");
    ck_assert_int_eq(e[2].kind, KUJI_LINE_TEXT);
    ck_assert_str_eq(e[2].text, "くじ");
    ck_assert_str_eq(e[2].reply, "");
}
END_TEST

static const char *const passed_over[] = {
    "1",
    "null",
    "[]",
    "{}",
    "{\"type\":\"follow\"}",
    EVENT("join", ""),
    EVENT("message", ",\"message\":{\"type\":\"sticker\"}"),
    EVENT("message", ",\"message\":\"text\""),
    EVENT("follow", ",\"mode\":\"standby\""),
    EVENT("follow", ",\"webhookEventId\":\"a/b\""),
    EVENT("follow", ",\"webhookEventId\":\"\""),
    EVENT("follow", ",\"timestamp\":\"1\""),
    EVENT("follow", ",\"timestamp\":-1"),
    EVENT("follow", ",\"source\":{\"type\":\"group\",\"userId\":\"" USER "\"}"),
    EVENT("follow", ",\"source\":{\"type\":\"user\"}"),
    EVENT("follow", ",\"source\":{\"type\":\"user\",\"userId\":\"U 1\"}"),
};

START_TEST(test_passed_over)
{
    const kuji_line_event_t *e;
    size_t i;

    for (i = 0; i < sizeof(passed_over) / sizeof(passed_over[0]); i++) {
        ck_assert_int_eq(read_events(&e, passed_over[i]), 0);
    }
}
END_TEST

START_TEST(test_no_events)
{
    static const char *const bodies[] = {
        "", "{", "[]", "{}", "{\"events\":1}", "\xff", "{\"events\":{}}"};
    const kuji_line_event_t *e;
    char *many;
    size_t i;
    int count;

    for (i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
        ck_assert_int_eq(kuji_line_hook_read(&e, &count, bodies[i],
                                             strlen(bodies[i]), unit_pool),
                         KUJI_EINVAL);
    }
    many = apr_palloc(unit_pool, 4096);
    strcpy(many, "{\"events\":[0");
    for (i = 0; i < KUJI_LINE_EVENTS_MAX; i++) {
        strcat(many, ",0");
    }
    strcat(many, "]}");
    ck_assert_int_eq(
        kuji_line_hook_read(&e, &count, many, strlen(many), unit_pool),
        KUJI_ETOOBIG);
}
END_TEST

START_TEST(test_keyword)
{
    ck_assert(kuji_line_is_keyword("くじ", "くじ", unit_pool));
    ck_assert(kuji_line_is_keyword("　ｋｕｊｉ ", "KUJI", unit_pool));
    ck_assert(!kuji_line_is_keyword("くじを引く", "くじ", unit_pool));
    ck_assert(!kuji_line_is_keyword("", "", unit_pool));
    ck_assert(!kuji_line_is_keyword("", "くじ", unit_pool));
    ck_assert(!kuji_line_is_keyword("\xff", "くじ", unit_pool));
}
END_TEST

static const char *repeat(const char *what, int count)
{
    size_t len = strlen(what);
    char *text = apr_palloc(unit_pool, len * (size_t)count + 1);
    int i;

    for (i = 0; i < count; i++) {
        memcpy(text + len * (size_t)i, what, len);
    }
    text[len * (size_t)count] = '\0';
    return text;
}

START_TEST(test_units)
{
    ck_assert_int_eq(kuji_line_text_units(""), 0);
    ck_assert_int_eq(kuji_line_text_units("aあ"), 2);
    ck_assert_int_eq(kuji_line_text_units("\xf0\x9f\x8e\x81"), 2);
    ck_assert_int_eq(kuji_line_text_units("\xff"), -1);
}
END_TEST

START_TEST(test_fit)
{
    static const char link[] = "https://kuji.example/k/x";
    const char *out, *long_one = repeat("\xf0\x9f\x8e\x81", 2600);

    ck_assert_int_eq(kuji_line_text_fit(&out, "あ", link, unit_pool),
                     APR_SUCCESS);
    ck_assert_str_eq(out, "あ");
    out = repeat("あ", 5000);
    ck_assert_int_eq(kuji_line_text_fit(&out, out, link, unit_pool),
                     APR_SUCCESS);
    ck_assert_int_eq(kuji_line_text_units(out), 5000);
    ck_assert_ptr_null(strstr(out, link));
    ck_assert_int_eq(kuji_line_text_fit(&out, long_one, link, unit_pool),
                     APR_SUCCESS);
    ck_assert_int_le(kuji_line_text_units(out), 5000);
    ck_assert_int_ge(kuji_line_text_units(out), 4999);
    ck_assert_ptr_nonnull(
        strstr(out, "\xe2\x80\xa6\nhttps://kuji.example/k/x"));
    ck_assert_int_eq(kuji_line_text_fit(&out, long_one, NULL, unit_pool),
                     APR_SUCCESS);
    ck_assert_int_le(kuji_line_text_units(out), 5000);
    ck_assert_int_eq(kuji_line_text_fit(&out, "", link, unit_pool),
                     KUJI_EINVAL);
    ck_assert_int_eq(kuji_line_text_fit(&out, "\xff", link, unit_pool),
                     KUJI_EINVAL);
    ck_assert_int_eq(
        kuji_line_text_fit(&out, long_one, repeat("a", 5000), unit_pool),
        KUJI_EINVAL);
}
END_TEST

/* Until a day's midnight in Japan, 15:00 of the day before in UTC; by date(1).
 */
static const struct {
    int64_t now, next; /* s */
} months[] = {
    {1795615200, 1796050800}, /* 2026-11-25 14:00Z: 2026-12-01 */
    {1796050799, 1796050800},
    {1796050800, 1798729200}, /* 2026-12-01 itself: 2027-01-01 */
    {1798729199, 1798729200},
    {1798729200, 1801407600}, /* 2027-02-01 */
    {1835362800, 1835449200}, /* 2028-02-29 there: 2028-03-01 */
    {0, 2646000},             /* 1970-02-01 */
};

START_TEST(test_month)
{
    size_t i;

    for (i = 0; i < sizeof(months) / sizeof(months[0]); i++) {
        ck_assert_int_eq(kuji_line_month_left(months[i].now * 1000),
                         (months[i].next - months[i].now) * 1000);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("line_hook");

    UNIT_TEST(suite, test_events);
    UNIT_TEST(suite, test_passed_over);
    UNIT_TEST(suite, test_no_events);
    UNIT_TEST(suite, test_keyword);
    UNIT_TEST(suite, test_units);
    UNIT_TEST(suite, test_fit);
    UNIT_TEST(suite, test_month);
    return unit_main(suite);
}
