/* What a log may show of a query string.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "web/mask.h"

#include <apr_strings.h>

static const struct {
    const char *query, *masked; /* NULL: stays as it is */
} cases[] = {
    {"", NULL},
    {"a=1&b=2", NULL},
    {"code", NULL},
    {"code=", NULL},
    {"encode=1", NULL},
    {"code=ABC", "code=***"},
    {"CODE=ABC", "CODE=***"},
    {"a=1&code=ABC&b=2", "a=1&code=***&b=2"},
    {"code=A&code=B", "code=***&code=***"},
    {"passphrase=x&key=y&token=z", "passphrase=***&key=***&token=***"},
    {"code=a?b=c", "code=***"},
    {"c%6fde=ABC", "c%6fde=***"},
    {"%=1", "%=***"},
    {"%=1&%=1&%=1", "%=***&%=***&%=***"},
    {"code=A=B", "code=***"},
};

START_TEST(masks_queries)
{
    char *query = apr_pstrdup(unit_pool, cases[_i].query);
    const char *want = cases[_i].masked ? cases[_i].masked : cases[_i].query;

    ck_assert_str_eq(kuji_mask_query(query, unit_pool), want);
}
END_TEST

START_TEST(masks_request_lines)
{
    char *line = apr_pstrdup(unit_pool, "GET /k/a?code=ABC&x=1 HTTP/1.1");
    char *plain = apr_pstrdup(unit_pool, "GET /k/code=ABC HTTP/1.1");

    ck_assert_str_eq(kuji_mask_url(line, unit_pool),
                     "GET /k/a?code=***&x=1 HTTP/1.1");
    line = apr_pstrdup(unit_pool, "GET /k/a?x=1&code=ABC HTTP/1.1");
    ck_assert_str_eq(kuji_mask_url(line, unit_pool),
                     "GET /k/a?x=1&code=*** HTTP/1.1");
    ck_assert_ptr_eq(kuji_mask_url(plain, unit_pool), plain);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mask");
    TCase *table = tcase_create("queries");

    tcase_add_checked_fixture(table, unit_setup, unit_teardown);
    tcase_add_loop_test(table, masks_queries, 0,
                        sizeof(cases) / sizeof(cases[0]));
    suite_add_tcase(suite, table);
    UNIT_TEST(suite, masks_request_lines);
    return unit_main(suite);
}
