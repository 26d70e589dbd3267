/* Lists of codes: lines, fields, marks and headers, in one piece and byte by
 * byte.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/code_list.h"
#include "t/unit/unit.h"

#include <apr_strings.h>
#include <string.h>

static const struct {
    const char *text, *found;
} cases[] = {
    {"", ""},
    {"\n\r\n \n\t\r", ""},
    {"AB12\nCD34\n", "1:AB12 2:CD34 "},
    {"AB12\r\nCD34", "1:AB12 2:CD34 "},
    {"AB12\r\rCD34", "1:AB12 3:CD34 "},
    {"AB12\n\n\nCD34\n", "1:AB12 4:CD34 "},
    {"code\nAB12", "2:AB12 "},
    {"\xef\xbb\xbf\"Code\",name\r\nAB12,x\r\n", "2:AB12 "},
    {"シリアルコード,配布先\nAB12,東京", "2:AB12 "},
    {"AB12\ncode\n", "1:AB12 2:code "},
    {"\xef\xbb\xbf", ""},
    {"\xef\xbb\xbf"
     "AB12",
     "1:AB12 "},
    {" \"AB-12\" ,\"x\"\"y\"\n  CD34  , 2", "1:AB-12 2:CD34 "},
    {",x\n\"\"\n", "1: 2: "},
    {"\"AB12\n", "1:AB12 "},
};

typedef struct found_t {
    char text[4096];
    apr_size_t len;
} found_t;

static apr_status_t on_line(void *baton, int64_t line, const char *text,
                            apr_size_t len)
{
    found_t *f = baton;

    f->len +=
        (apr_size_t)apr_snprintf(f->text + f->len, sizeof(f->text) - f->len,
                                 "%d:%.*s ", (int)line, (int)len, text);
    return APR_SUCCESS;
}

START_TEST(reads_lists)
{
    const char *text = cases[_i].text;
    apr_size_t len = strlen(text), step, at;

    for (step = 1; step <= len + 1; step++) {
        found_t found = {"", 0};
        kuji_code_list_t list = {.fn = on_line, .baton = &found};

        for (at = 0; at < len; at += step) {
            ck_assert_int_eq(
                kuji_code_list_feed(&list, text + at,
                                    len - at < step ? len - at : step),
                APR_SUCCESS);
        }
        ck_assert_int_eq(kuji_code_list_end(&list), APR_SUCCESS);
        ck_assert_msg(strcmp(found.text, cases[_i].found) == 0,
                      "case %d by %d: %s", _i, (int)step, found.text);
    }
}
END_TEST

START_TEST(cuts_long_lines)
{
    found_t found = {"", 0};
    kuji_code_list_t list = {.fn = on_line, .baton = &found};
    char line[2 * KUJI_CODE_LINE_MAX];

    memset(line, 'A', sizeof(line));
    line[sizeof(line) - 1] = '\n';
    kuji_code_list_feed(&list, line, sizeof(line));
    kuji_code_list_feed(&list, "B", 1);
    kuji_code_list_end(&list);
    ck_assert_uint_eq(found.len, KUJI_CODE_LINE_MAX + 3 + 4);
    ck_assert_str_eq(found.text + found.len - 4, "2:B ");
}
END_TEST

static apr_status_t refuse(void *baton, int64_t line, const char *text,
                           apr_size_t len)
{
    return line == 2 ? APR_EGENERAL : APR_SUCCESS;
}

START_TEST(stops_when_told)
{
    kuji_code_list_t list = {.fn = refuse};

    ck_assert_int_eq(kuji_code_list_feed(&list, "a\nb\nc\n", 6), APR_EGENERAL);
    ck_assert_int_eq((int)list.lines, 2);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("code_list");
    TCase *table = tcase_create("reads_lists");

    tcase_add_loop_test(table, reads_lists, 0,
                        (int)(sizeof(cases) / sizeof(cases[0])));
    suite_add_tcase(suite, table);
    UNIT_TEST(suite, cuts_long_lines);
    UNIT_TEST(suite, stops_when_told);
    return unit_main(suite);
}
