/* Passphrases: what people type, and lists of them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "core/phrase.h"

#include <string.h>

static const struct {
    const char *typed, *normal; /* normal NULL: refused */
} cases[] = {
    {"さくら", "さくら"},
    {" さ く　ら ", "さくら"},
    {"ｻｸﾗ", "サクラ"},
    {"ﾊﾞﾅﾅ", "バナナ"},
    {"サクラ", "サクラ"}, /* kana's width folds, its kind does not */
    {"Sakura 2026", "sakura2026"},
    {"ＳＡＫＵＲＡ　２０２６", "sakura2026"},
    {"Straße", "strasse"},
    {"\xe3\x81\x8b\xe3\x82\x99", "が"}, /* composed */
    {"夏\xe2\x80\x8bまつり", "夏まつり"},
    {"夏まつり！", "夏まつり!"},
    {"", NULL},
    {" 　\t", NULL},
    {"\xff", NULL},
    {"\xe3\x81", NULL},
};

START_TEST(normalises)
{
    const char *out, *typed = cases[_i].typed;
    apr_status_t rv =
        kuji_phrase_normalise(&out, typed, strlen(typed), unit_pool);

    ck_assert_int_eq(rv, cases[_i].normal ? APR_SUCCESS : KUJI_EINVAL);
    if (cases[_i].normal) {
        ck_assert_str_eq(out, cases[_i].normal);
    }
}
END_TEST

START_TEST(lists)
{
    const kuji_phrase_t *p;
    int count, line;

    ck_assert_int_eq(kuji_phrase_list(&p, &count, &line,
                                      "さくら\r\n\n 1970-01-02 あか\n"
                                      "2026-12-01　アオ\n2000-02-29 x\n"
                                      "2026-12-01x",
                                      unit_pool),
                     APR_SUCCESS);
    ck_assert_int_eq(count, 5);
    ck_assert_int_eq(p[0].day, KUJI_PHRASE_ANY_DAY);
    ck_assert_str_eq(p[0].text, "さくら");
    ck_assert_int_eq(p[1].day, 1);
    ck_assert_str_eq(p[1].text, "あか");
    ck_assert_int_eq(p[2].day, 20788);
    ck_assert_str_eq(p[2].text, "アオ");
    ck_assert_int_eq(p[3].day, 11016);
    ck_assert_str_eq(p[4].text, "2026-12-01x");
}
END_TEST

START_TEST(bad_lists)
{
    static const struct {
        const char *text;
        int line;
    } bad[] = {{"x\n2026-02-29 y", 2},
               {"2026-13-01 y", 1},
               {"x\n\n2026-12-01 ", 3},
               {"1969-12-31 y", 1},
               {"\xff", 1}};
    const kuji_phrase_t *p;
    int count, line;
    unsigned i;

    for (i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
        ck_assert_int_eq(
            kuji_phrase_list(&p, &count, &line, bad[i].text, unit_pool),
            KUJI_EINVAL);
        ck_assert_int_eq(line, bad[i].line);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phrase");
    TCase *table = tcase_create("normalises");

    tcase_add_checked_fixture(table, unit_setup, unit_teardown);
    tcase_add_loop_test(table, normalises, 0, sizeof(cases) / sizeof(cases[0]));
    suite_add_tcase(suite, table);
    UNIT_TEST(suite, lists);
    UNIT_TEST(suite, bad_lists);
    return unit_main(suite);
}
