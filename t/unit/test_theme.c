/* Colours, contrast, and what a theme's document becomes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "core/theme.h"

#include <math.h>
#include <string.h>

#define NAME                                                                   \
    "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1eff.png"

START_TEST(reads_colours)
{
    static const struct {
        const char *in, *out;
    } cases[] = {{"#fff", "#ffffff"}, {"#C73E3A", "#c73e3a"},
                 {"#0a9", "#00aa99"}, {"", NULL},
                 {"#", NULL},         {"#ff", NULL},
                 {"#ffff", NULL},     {"#fffff", NULL},
                 {"#fffffff", NULL},  {"fff", NULL},
                 {"#ggg", NULL},      {"#12345g", NULL},
                 {"red", NULL},       {" #fff", NULL},
                 {"#ff ", NULL},      {"#12\xef\xbc", NULL}};
    kuji_colour_t c;
    char text[8];
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ck_assert_int_eq(kuji_colour_read(&c, cases[i].in),
                         cases[i].out != NULL);
        if (cases[i].out) {
            kuji_colour_write(text, &c);
            ck_assert_str_eq(text, cases[i].out);
        }
    }
}
END_TEST

/* Ratios as W3C's and others' checkers give them, to two places. */
START_TEST(measures_contrast)
{
    static const struct {
        const char *a, *b;
        double ratio;
    } cases[] = {
        {"#000", "#fff", 21.0},    {"#fff", "#fff", 1.0},
        {"#777", "#fff", 4.48},    {"#767676", "#fff", 4.54},
        {"#949494", "#fff", 3.03}, {"#959595", "#fff", 2.99},
        {"#f00", "#fff", 4.0},     {"#00f", "#fff", 8.59},
        {"#0f0", "#fff", 1.37},    {"#fff", "#0f0", 1.37},
        {"#ff0", "#00f", 8.0},     {"#0a0a0a", "#000", 1.06},
    };
    kuji_colour_t a, b;
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ck_assert(kuji_colour_read(&a, cases[i].a));
        ck_assert(kuji_colour_read(&b, cases[i].b));
        ck_assert_msg(fabs(kuji_colour_contrast(&a, &b) - cases[i].ratio) <
                          0.006,
                      "%s on %s: %f", cases[i].a, cases[i].b,
                      kuji_colour_contrast(&a, &b));
    }
}
END_TEST

static kuji_theme_t theme_of(const char *text)
{
    json_t *doc = json_loads(text, 0, NULL);
    const char *why;
    kuji_theme_t theme;

    ck_assert_msg(kuji_theme_read(&theme, &why, doc, unit_pool) == APR_SUCCESS,
                  "%s: %s", text, why);
    json_decref(doc);
    return theme;
}

START_TEST(shipped_themes_pass)
{
    kuji_theme_check_t check;
    kuji_theme_t theme = {.css = ""};
    int i, j;

    for (i = 0; kuji_theme_bases[i]; i++) {
        theme.base = kuji_theme_bases[i];
        kuji_theme_check(&check, &theme, unit_pool);
        ck_assert_int_ge(check.npairs, 38);
        ck_assert_int_eq(check.nfailed, 0);
        for (j = 0; j < check.npairs; j++) { /* every token was found */
            ck_assert_msg(check.pairs[j].is > 1, "%s %s", theme.base,
                          check.pairs[j].on);
        }
    }
}
END_TEST

START_TEST(tells_what_is_hard_to_read)
{
    kuji_theme_t theme = theme_of(
        "{\"base\":\"mono\",\"day\":{\"on-primary\":\"#777\",\"primary\":"
        "\"#888\"},\"css\":\"body{top:0}\"}");
    kuji_theme_check_t check;
    int i, failed = 0;

    kuji_theme_check(&check, &theme, unit_pool);
    for (i = 0; i < check.npairs; i++) {
        if (check.pairs[i].is < check.pairs[i].least) {
            ck_assert_int_eq(check.pairs[i].mode, 0);
            failed++;
        }
    }
    /* on primary, as on black by mono's primary-deep it is well read */
    ck_assert_int_eq(failed, 1);
    ck_assert_int_eq(check.nfailed, 1);
    ck_assert_int_eq(check.css.nfaults, 1);
}
END_TEST

START_TEST(keeps_its_document)
{
    static const char text[] =
        "{\"base\":\"yuki\",\"day\":{\"ink\":\"#111111\"},\"night\":{},"
        "\"logo\":\"" NAME "\",\"css\":\".prize{top:0}\"}";
    kuji_theme_t theme = theme_of(text);
    json_t *doc = kuji_theme_json(&theme), *same = json_loads(text, 0, NULL);

    ck_assert(json_equal(doc, same));
    json_decref(doc);
    json_decref(same);
    theme = theme_of("{\"base\":\"yuki\",\"day\":null,\"logo\":null,"
                     "\"visual\":null,\"css\":null}");
    ck_assert_ptr_null(theme.logo);
    ck_assert_str_eq(theme.css, "");
}
END_TEST

START_TEST(refuses_documents)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"[]", "no object"},
        {"{}", "base"},
        {"{\"base\":\"neon\"}", "base"},
        {"{\"base\":\"mono\",\"day\":[]}", "day"},
        {"{\"base\":\"mono\",\"day\":{\"shade\":\"#fff\"}}", "shade"},
        {"{\"base\":\"mono\",\"day\":{\"ink\":\"red\"}}", "ink"},
        {"{\"base\":\"mono\",\"night\":{\"ink\":7}}", "ink"},
        {"{\"base\":\"mono\",\"day\":{\"ink\":\"#fff;}body{top:0}\"}}", "ink"},
        {"{\"base\":\"mono\",\"logo\":\"x.png\"}", "logo"},
        {"{\"base\":\"mono\",\"visual\":1}", "visual"},
        {"{\"base\":\"mono\",\"css\":1}", "css"},
        {"{\"base\":\"mono\",\"font\":\"x\"}", "theme"},
        {"{\"base\":\"mono\",\"css\":\"a\\u0000b\"}", "css"},
    };
    kuji_theme_t theme;
    const char *why;
    json_t *doc;
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        doc = json_loads(cases[i].text, JSON_ALLOW_NUL, NULL);
        ck_assert_msg(doc, "%s", cases[i].text);
        ck_assert_int_eq(kuji_theme_read(&theme, &why, doc, unit_pool),
                         KUJI_EINVAL);
        ck_assert_msg(strstr(why, cases[i].says), "%s: %s", cases[i].text, why);
        json_decref(doc);
    }
}
END_TEST

START_TEST(writes_its_sheet)
{
    kuji_theme_t theme = theme_of(
        "{\"base\":\"mono\",\"day\":{\"ink\":\"#111\"},\"night\":{\"ink\":"
        "\"#eee\",\"line\":\"#444\"},\"css\":\"p{top:0}\"}");
    kuji_theme_check_t check;

    kuji_theme_check(&check, &theme, unit_pool);
    ck_assert_str_eq(
        kuji_theme_sheet(&theme, &check.css, unit_pool),
        "@layer reset,tokens,base,components,pages,organiser;\n"
        "@layer organiser{\n"
        "@media (prefers-color-scheme:light){:root{--ink:#111111;}}\n"
        "@media (prefers-color-scheme:dark){:root{--ink:#eeeeee;"
        "--line:#444444;}}\n"
        ".organiser p{top:0;}\n"
        "}\n");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("theme");

    UNIT_TEST(suite, reads_colours);
    UNIT_TEST(suite, measures_contrast);
    UNIT_TEST(suite, shipped_themes_pass);
    UNIT_TEST(suite, tells_what_is_hard_to_read);
    UNIT_TEST(suite, keeps_its_document);
    UNIT_TEST(suite, refuses_documents);
    UNIT_TEST(suite, writes_its_sheet);
    return unit_main(suite);
}
