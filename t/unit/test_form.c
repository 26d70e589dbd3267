/* Forms: what browsers send, and what nobody should.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "web/form.h"

#include <string.h>

static const struct {
    const char *text, *name, *value; /* value NULL: the form is refused */
} cases[] = {
    {"a=1", "a", "1"},
    {"a=b+c", "a", "b c"},
    {"a=%20%2B%26%3D", "a", " +&="},
    {"%61=1", "a", "1"},
    {"a=1&a=2", "a", "1"},
    {"b=2&a=", "a", ""},
    {"a", "a", ""},
    {"&&a=1&&", "a", "1"},
    {"a=b=c", "a", "b=c"},
    {"=x&a=1", "a", "1"},
    {"a=%E3%81%82", "a", "あ"},
    {"a=%e3%81%82", "a", "あ"},
    {"a=あ", "a", "あ"},
    {"a=%F0%9F%8E%81", "a", "🎁"},
    {"a=%00", "a", NULL},
    {"a=1%00b", "a", NULL},
    {"%00=1", "a", NULL},
    {"a=%", "a", NULL},
    {"a=%4", "a", NULL},
    {"a=%zz", "a", NULL},
    {"a=% 1", "a", NULL},
    {"a=%+1", "a", NULL},
    {"a=%ff", "a", NULL},
    {"a=\xff", "a", NULL},
    {"a=%c0%af", "a", NULL},
    {"a=%ed%a0%80", "a", NULL},
    {"a=%f4%90%80%80", "a", NULL},
    {"a=%e3%81", "a", NULL},
    {"a=1&b=%zz", "a", NULL},
};

START_TEST(parses)
{
    const kuji_form_t *form;
    const char *text = cases[_i].text;
    apr_status_t rv = kuji_form_parse(&form, text, strlen(text), unit_pool);

    if (cases[_i].value) {
        ck_assert_int_eq(rv, APR_SUCCESS);
        ck_assert_str_eq(kuji_form_get(form, cases[_i].name), cases[_i].value);
    }
    else {
        ck_assert_int_eq(rv, KUJI_EINVAL);
    }
}
END_TEST

START_TEST(keeps_order_and_repetitions)
{
    const kuji_form_t *form;

    ck_assert_int_eq(kuji_form_parse(&form, "a=1&b=2&a=3", 11, unit_pool),
                     APR_SUCCESS);
    ck_assert_int_eq(form->count, 3);
    ck_assert_str_eq(form->fields[0].value, "1");
    ck_assert_str_eq(form->fields[1].name, "b");
    ck_assert_str_eq(form->fields[2].value, "3");
    ck_assert_ptr_null(kuji_form_get(form, "c"));
}
END_TEST

START_TEST(empty_has_no_field)
{
    const kuji_form_t *form;

    ck_assert_int_eq(kuji_form_parse(&form, "", 0, unit_pool), APR_SUCCESS);
    ck_assert_int_eq(form->count, 0);
    ck_assert_ptr_null(kuji_form_get(form, "a"));
}
END_TEST

START_TEST(stops_at_len)
{
    const kuji_form_t *form;

    ck_assert_int_eq(kuji_form_parse(&form, "a=1%zz", 3, unit_pool),
                     APR_SUCCESS);
    ck_assert_str_eq(kuji_form_get(form, "a"), "1");
    ck_assert_int_eq(kuji_form_parse(&form, "a=%41", 4, unit_pool),
                     KUJI_EINVAL);
}
END_TEST

START_TEST(limits_fields)
{
    const kuji_form_t *form;
    char text[2 * KUJI_FORM_FIELDS_MAX + 3] = "";
    int i;

    for (i = 0; i < KUJI_FORM_FIELDS_MAX; i++) {
        memcpy(text + 2 * i, "a&", 2);
    }
    ck_assert_int_eq(
        kuji_form_parse(&form, text, 2 * KUJI_FORM_FIELDS_MAX - 1, unit_pool),
        APR_SUCCESS);
    ck_assert_int_eq(form->count, KUJI_FORM_FIELDS_MAX);
    memcpy(text + 2 * KUJI_FORM_FIELDS_MAX, "a", 1);
    ck_assert_int_eq(
        kuji_form_parse(&form, text, 2 * KUJI_FORM_FIELDS_MAX + 1, unit_pool),
        KUJI_ETOOBIG);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("form");
    TCase *table = tcase_create("parses");

    tcase_add_checked_fixture(table, unit_setup, unit_teardown);
    tcase_add_loop_test(table, parses, 0, sizeof(cases) / sizeof(cases[0]));
    suite_add_tcase(suite, table);
    UNIT_TEST(suite, keeps_order_and_repetitions);
    UNIT_TEST(suite, empty_has_no_field);
    UNIT_TEST(suite, stops_at_len);
    UNIT_TEST(suite, limits_fields);
    return unit_main(suite);
}
