/* Serial codes: what people type, and the check symbol.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "core/code.h"
#include "core/error.h"

#include <string.h>

static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

static const struct {
    const char *typed, *normal; /* normal NULL: refused */
} cases[] = {
    {"ABC123", "ABC123"},
    {"abc-123", "ABC123"},
    {"  ab c\t12 3\r\n", "ABC123"},
    {"oOiIlL", "001111"},
    {"uU", "UU"},
    {"ＡＢＣ１２３", "ABC123"},
    {"ａｂｃ－ｏｉｌ", "ABC011"},
    {"ＡＢＣ　１２３", "ABC123"},
    {"Ⓐⓑ①𝐂𝟤", "AB1C2"},
    {"㎏", "KG"},
    {"½", NULL},
    /* every dash that a keyboard or a mail program may put there */
    {"A-B‐C‑D‒E–F—G―H", "ABCDEFGH"},
    {"A−BーCｰD－E﹣F﹘G〜H～J", "ABCDEFGHJ"},
    {"A─B━C⁻D₋E⁃F", "ABCDEF"},
    /* what pasting brings along */
    {"\xef\xbb\xbf"
     "A\xe2\x80\x8b"
     "B\xc2\xa0"
     "C\xc2\xad"
     "D",
     "ABCD"},
    {"0000000000000000000000000000000000000000000000000000000000000000",
     "0000000000000000000000000000000000000000000000000000000000000000"},
    {"00000000000000000000000000000000-00000000000000000000000000000000 ",
     "0000000000000000000000000000000000000000000000000000000000000000"},
    {"00000000000000000000000000000000000000000000000000000000000000000", NULL},
    {"", NULL},
    {" - ー　", NULL},
    {"ABC_123", NULL},
    {"ABC.123", NULL},
    {"ＡＢＣ！", NULL},
    {"あいう", NULL},
    {"ÀBC", NULL},
    {"АВС", NULL}, /* Cyrillic */
    {"ABC\x7f", NULL},
    {"ABC\x01", NULL},
    /* not well-formed UTF-8 */
    {"AB\x80", NULL},
    {"AB\xc0\xad", NULL},
    {"AB\xe3\x83", NULL},
    {"AB\xe0\x80\xad", NULL},
    {"AB\xed\xa0\x80", NULL},
    {"AB\xf4\x90\x80\x80", NULL},
    {"AB\xff", NULL},
};

START_TEST(normalises)
{
    char out[KUJI_CODE_MAX + 1];
    const char *typed = cases[_i].typed;
    apr_status_t rv = kuji_code_normalise(out, typed, strlen(typed));

    if (cases[_i].normal) {
        ck_assert_int_eq(rv, APR_SUCCESS);
        ck_assert_str_eq(out, cases[_i].normal);
    }
    else {
        ck_assert_int_eq(rv, KUJI_EINVAL);
    }
}
END_TEST

START_TEST(refuses_a_zero_byte)
{
    char out[KUJI_CODE_MAX + 1];

    ck_assert_int_eq(kuji_code_normalise(out, "AB\0C", 4), KUJI_EINVAL);
}
END_TEST

START_TEST(makes_codes_of_the_alphabet)
{
    unsigned char random[32];
    char code[34], normal[KUJI_CODE_MAX + 1];
    int i, n;

    for (i = 0; i < 32; i++) {
        random[i] = (unsigned char)(i + 32 * (i % 8));
    }
    kuji_code_make(code, random, 32);
    ck_assert_mem_eq(code, symbols, 32);
    for (n = 8; n <= 32; n++) {
        randombytes_buf(random, sizeof(random));
        kuji_code_make(code, random, n);
        ck_assert_uint_eq(strlen(code), (unsigned)n + 1);
        ck_assert_uint_eq(strspn(code, symbols), (unsigned)n + 1);
        ck_assert(kuji_code_check(code));
        ck_assert_int_eq(kuji_code_normalise(normal, code, strlen(code)),
                         APR_SUCCESS);
        ck_assert_str_eq(normal, code);
    }
}
END_TEST

/* A fixed pair, so that codes printed yesterday stay good tomorrow. */
START_TEST(keeps_its_check_symbol)
{
    char code[34];

    kuji_code_make(code, (const unsigned char *)"\0\1\2\3\4\5\6\7", 8);
    ck_assert_str_eq(code, "01234567Y");
    kuji_code_make(code, (const unsigned char *)"\37\36\35\34\33\32\31\30", 8);
    ck_assert_str_eq(code, "ZYXWVTSRX");
}
END_TEST

static void every_single_error(char *code)
{
    size_t i, s;

    for (i = 0; code[i]; i++) {
        const char right = code[i];

        for (s = 0; s < 32; s++) {
            code[i] = symbols[s];
            ck_assert_int_eq(kuji_code_check(code), symbols[s] == right);
        }
        code[i] = right;
    }
}

static void swap(char *a, char *b)
{
    const char held = *a;

    *a = *b;
    *b = held;
}

static void every_swap(char *code)
{
    size_t i, j;

    for (i = 0; code[i]; i++) {
        for (j = i + 1; code[j] && j - i < 31; j++) {
            const int same = code[i] == code[j];

            swap(&code[i], &code[j]);
            ck_assert_int_eq(kuji_code_check(code), same);
            swap(&code[i], &code[j]);
        }
    }
}

START_TEST(finds_every_single_error_and_swap)
{
    unsigned char random[32];
    char code[34];
    int n, sample;

    for (n = 8; n <= 32; n++) {
        for (sample = 0; sample < 40; sample++) {
            randombytes_buf(random, sizeof(random));
            kuji_code_make(code, random, n);
            every_single_error(code);
            every_swap(code);
        }
    }
}
END_TEST

/* One in 32 guesses passes, no more: the check symbol is spread evenly. */
START_TEST(spreads_its_check_symbol)
{
    unsigned char random[32];
    char code[34];
    int seen[128] = {0}, i;

    for (i = 0; i < 32000; i++) {
        randombytes_buf(random, sizeof(random));
        kuji_code_make(code, random, 10);
        seen[(int)code[10]]++;
    }
    for (i = 0; i < 32; i++) {
        ck_assert_int_gt(seen[(int)symbols[i]], 800);
        ck_assert_int_lt(seen[(int)symbols[i]], 1200);
    }
}
END_TEST

START_TEST(refuses_what_is_no_code_of_ours)
{
    ck_assert(!kuji_code_check(""));
    ck_assert(!kuji_code_check("00000000"));
    ck_assert(kuji_code_check("000000000"));
    ck_assert(kuji_code_check("000000000000000000000000000000000"));
    ck_assert(!kuji_code_check("0000000000000000000000000000000000"));
    ck_assert(!kuji_code_check("00000000U"));
    ck_assert(!kuji_code_check("00000000 "));
    ck_assert(!kuji_code_check("000000000a"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("code");
    TCase *table = tcase_create("normalises");

    tcase_add_loop_test(table, normalises, 0,
                        (int)(sizeof(cases) / sizeof(cases[0])));
    suite_add_tcase(suite, table);
    UNIT_TEST(suite, refuses_a_zero_byte);
    UNIT_TEST(suite, makes_codes_of_the_alphabet);
    UNIT_TEST(suite, keeps_its_check_symbol);
    UNIT_TEST(suite, finds_every_single_error_and_swap);
    UNIT_TEST(suite, spreads_its_check_symbol);
    UNIT_TEST(suite, refuses_what_is_no_code_of_ours);
    return unit_main(suite);
}
