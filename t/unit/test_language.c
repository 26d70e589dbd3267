/* The language that a reader asks for.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "web/language.h"

static const struct {
    const char *accept, *language;
} cases[] = {
    {NULL, "ja"},
    {"", "ja"},
    {"ja", "ja"},
    {"en", "en"},
    {"JA", "ja"},
    {"ja-JP", "ja"},
    {"en-US,en;q=0.9", "en"},
    {"en-US,en;q=0.9,ja;q=0.8", "en"},
    /* The weight decides, not the order. */
    {"en;q=0.5, ja;q=0.9", "ja"},
    {"ja;q=0.1,en;q=0.2", "en"},
    {"ja ; q=0.1 , en ; q=0.2", "en"},
    {"en;q=0.001,ja;q=0", "en"},
    {"ja;Q=0.3,en;Q=0.4", "en"},
    /* Equal weights: the first. */
    {"en,ja", "en"},
    {"ja,en", "ja"},
    {"fr, en;q=0.8, ja;q=0.8", "en"},
    /* A star is every language that is not named. */
    {"*", "ja"},
    {"en;q=0.5,*", "ja"},
    {"ja;q=0.5,*;q=0.8", "en"},
    {"ja;q=0.5,*;q=0.4", "ja"},
    {"*;q=0.1, en;q=0.2", "en"},
    {"ja;q=0, *", "en"},
    /* Neither: ours, unless it is refused. */
    {"fr", "ja"},
    {"fr,*;q=0", "ja"},
    {"ja;q=0", "en"},
    {"ja;q=0,en;q=0", "ja"},
    /* The best of several regions. */
    {"en-US;q=0.3,en-GB;q=0.9,ja;q=0.5", "en"},
    /* Not ours, though they begin alike. */
    {"jam,en;q=0.1", "en"},
    {"jav;q=1,eng;q=1", "ja"},
    /* No weights: the range counts for nothing. */
    {"ja;q=2,en;q=0.1", "en"},
    {"ja;q=1.001,en;q=0.1", "en"},
    {"ja;q=,en;q=0.1", "en"},
    {"ja;q=0.1234,en;q=0.1", "en"},
    {"ja;q=-1,en;q=0.1", "en"},
    {"ja;x=1,en;q=0.1", "en"},
    {"ja x,en;q=0.1", "en"},
    {"ja;q=1.000,en", "ja"},
    {",, ,en", "en"},
};

START_TEST(prefers)
{
    ck_assert_msg(
        !strcmp(kuji_language_preferred(cases[_i].accept), cases[_i].language),
        "%s: not %s", cases[_i].accept, cases[_i].language);
}
END_TEST

START_TEST(test_named)
{
    ck_assert_str_eq(kuji_language_named("ja"), "ja");
    ck_assert_str_eq(kuji_language_named("en"), "en");
    ck_assert_ptr_null(kuji_language_named("EN"));
    ck_assert_ptr_null(kuji_language_named("en-US"));
    ck_assert_ptr_null(kuji_language_named(""));
    ck_assert_ptr_null(kuji_language_named(NULL));
}
END_TEST

START_TEST(test_texts)
{
    ck_assert_str_eq(kuji_language_of_text("Autumn 秋"), "ja");
    ck_assert_str_eq(kuji_language_of_text("ぁ"), "ja");
    ck_assert_str_eq(kuji_language_of_text("カ"), "ja");
    ck_assert_ptr_null(kuji_language_of_text("Café — “2” ½"));
    ck_assert_ptr_null(kuji_language_of_text("、。「」")); /* marks alone */
    ck_assert_ptr_null(kuji_language_of_text("한국"));
    ck_assert_ptr_null(kuji_language_of_text(""));
    ck_assert_ptr_null(kuji_language_of_text(NULL));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("language");
    TCase *table = tcase_create("headers");

    tcase_add_checked_fixture(table, unit_setup, unit_teardown);
    tcase_add_loop_test(table, prefers, 0, sizeof cases / sizeof *cases);
    suite_add_tcase(suite, table);
    UNIT_TEST(suite, test_named);
    UNIT_TEST(suite, test_texts);
    return unit_main(suite);
}
