/* What winners type, and what is kept of it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/claim_form.h"
#include "core/kana.h"
#include "t/unit/unit.h"

#include <string.h>

static json_t *parse(const char *text)
{
    json_error_t error;
    json_t *doc = json_loads(text, 0, &error);

    ck_assert_msg(doc != NULL, "%s: %s", text, error.text);
    return doc;
}

static void ck_form(const char *config, const char *expected)
{
    json_t *doc = parse(config);
    kuji_claim_form_t form;
    kuji_claim_input_t inputs[KUJI_CLAIM_INPUTS_MAX];
    char got[400] = "";
    int count, i;

    kuji_claim_form_read(&form, doc);
    count = kuji_claim_form_inputs(inputs, &form);
    for (i = 0; i < count; i++) {
        strcat(got, inputs[i].name);
        strcat(got, inputs[i].is_required ? "! " : " ");
    }
    ck_assert_str_eq(got, expected);
    json_decref(doc);
}

START_TEST(forms)
{
    ck_form("{}", "name! postal! prefecture! city! street! building phone! ");
    ck_form("{\"claim_fields\":[]}",
            "name! postal! prefecture! city! street! building phone! ");
    ck_form("{\"claim_fields\":[\"mail\",\"name\",\"note\"]}",
            "mail! name! note ");
    ck_form("{\"claim_fields\":[{\"name\":\"note\",\"required\":true},"
            "{\"name\":\"address\",\"required\":false},{\"name\":\"kana\"}]}",
            "note! prefecture city street building kana ");
}
END_TEST

START_TEST(labels)
{
    json_t *doc = parse("{\"claim_fields\":[{\"name\":\"note\",\"label\":"
                        "\"サイズ\",\"label_en\":\"Size\"}]}");
    kuji_claim_form_t form;

    kuji_claim_form_read(&form, doc);
    ck_assert_str_eq(form.asks[0].label, "サイズ");
    ck_assert_str_eq(form.asks[0].label_en, "Size");
    json_decref(doc);
}
END_TEST

static const struct {
    const char *name;
    kuji_claim_field_e field;
    const char *typed, *kept; /* kept NULL: */
    kuji_claim_wrong_e wrong;
} cases[] = {
    {"name", KUJI_FIELD_NAME, "　山田　太郎 ", "山田 太郎", 0},
    {"name", KUJI_FIELD_NAME, "Ｊｏｈｎ Ｓｍｉｔｈ", "John Smith", 0},
    {"name", KUJI_FIELD_NAME, "<b>&\"'", "<b>&\"'", 0},
    {"name", KUJI_FIELD_NAME, " 　", NULL, KUJI_WRONG_MISSING},
    {"name", KUJI_FIELD_NAME, NULL, NULL, KUJI_WRONG_MISSING},
    {"name", KUJI_FIELD_NAME, "a\nb", NULL, KUJI_WRONG_CHARACTER},
    {"name", KUJI_FIELD_NAME, "a\x07", NULL, KUJI_WRONG_CHARACTER},
    {"name", KUJI_FIELD_NAME, "a\xc2\x85", NULL, KUJI_WRONG_CHARACTER},
    {"name", KUJI_FIELD_NAME, "\xff", NULL, KUJI_WRONG_CHARACTER},
    {"kana", KUJI_FIELD_KANA, "やまだ　たろう", "ヤマダ タロウ", 0},
    {"kana", KUJI_FIELD_KANA, "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダ タロウ", 0},
    {"kana", KUJI_FIELD_KANA, "ﾊﾟｰｸ･ﾖﾝﾋ", "パーク・ヨンヒ", 0},
    {"kana", KUJI_FIELD_KANA, "か\xe3\x82\x99", "ガ", 0}, /* か + U+3099 */
    {"kana", KUJI_FIELD_KANA, "ゔぁいおりん", "ヴァイオリン", 0},
    {"kana", KUJI_FIELD_KANA, "山田", NULL, KUJI_WRONG_KANA},
    {"kana", KUJI_FIELD_KANA, "yamada", NULL, KUJI_WRONG_KANA},
    {"postal", KUJI_FIELD_POSTAL, "1000001", "100-0001", 0},
    {"postal", KUJI_FIELD_POSTAL, "〒１００－０００１", "100-0001", 0},
    {"postal", KUJI_FIELD_POSTAL, "100ー0001", "100-0001", 0},
    {"postal", KUJI_FIELD_POSTAL, " 100 0001 ", "100-0001", 0},
    {"postal", KUJI_FIELD_POSTAL, "100-001", NULL, KUJI_WRONG_POSTAL},
    {"postal", KUJI_FIELD_POSTAL, "100-00011", NULL, KUJI_WRONG_POSTAL},
    {"postal", KUJI_FIELD_POSTAL, "百-0001", NULL, KUJI_WRONG_POSTAL},
    {"prefecture", KUJI_FIELD_ADDRESS, "東京都", "東京都", 0},
    {"prefecture", KUJI_FIELD_ADDRESS, "東京", NULL, KUJI_WRONG_PREFECTURE},
    {"street", KUJI_FIELD_ADDRESS, "千代田１－１", "千代田1-1", 0},
    {"building", KUJI_FIELD_ADDRESS, "パークタワー１０１", "パークタワー101",
     0},
    {"phone", KUJI_FIELD_PHONE, "09012345678", "09012345678", 0},
    {"phone", KUJI_FIELD_PHONE, "０９０−１２３４−５６７８", "090-1234-5678", 0},
    {"phone", KUJI_FIELD_PHONE, "03（1234）5678", "03-1234-5678", 0},
    {"phone", KUJI_FIELD_PHONE, "03 1234 5678", "03-1234-5678", 0},
    {"phone", KUJI_FIELD_PHONE, "+81 90-1234-5678", "+81-90-1234-5678", 0},
    {"phone", KUJI_FIELD_PHONE, "+1 650 253 0000", "+1-650-253-0000", 0},
    {"phone", KUJI_FIELD_PHONE, "1234-5678", NULL, KUJI_WRONG_PHONE},
    {"phone", KUJI_FIELD_PHONE, "090-1234-56789", NULL, KUJI_WRONG_PHONE},
    {"phone", KUJI_FIELD_PHONE, "なし", NULL, KUJI_WRONG_PHONE},
    {"mail", KUJI_FIELD_MAIL, "Taro＠Example.jp", "Taro@Example.jp", 0},
    {"mail", KUJI_FIELD_MAIL, "taro@localhost", NULL, KUJI_WRONG_MAIL},
    {"mail", KUJI_FIELD_MAIL, "taro.example.jp", NULL, KUJI_WRONG_MAIL},
    {"mail", KUJI_FIELD_MAIL, "a b@example.jp", NULL, KUJI_WRONG_MAIL},
    {"mail", KUJI_FIELD_MAIL, "a@b@example.jp", NULL, KUJI_WRONG_MAIL},
    {"note", KUJI_FIELD_NOTE, "Ｌサイズ\r\n赤", "Ｌサイズ\n赤", 0},
    {"note", KUJI_FIELD_NOTE, "\r\n ", NULL, KUJI_WRONG_MISSING},
};

START_TEST(inputs)
{
    char out[KUJI_PERSON_VALUE_MAX + 1];
    kuji_claim_wrong_e wrong;
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        const kuji_claim_input_t input = {cases[i].name, cases[i].field, 1,
                                          NULL};

        wrong = kuji_claim_input_check(out, &input, cases[i].typed);
        ck_assert_msg(wrong == cases[i].wrong, "case %u, %s: %s", i,
                      cases[i].typed ? cases[i].typed : "(null)",
                      kuji_claim_wrong_name(wrong));
        if (cases[i].kept) {
            ck_assert_str_eq(out, cases[i].kept);
        }
    }
}
END_TEST

START_TEST(lengths)
{
    char text[2 * KUJI_PERSON_VALUE_MAX], out[KUJI_PERSON_VALUE_MAX + 1];
    kuji_claim_input_t input = {"name", KUJI_FIELD_NAME, 1, NULL};

    memset(text, 'a', sizeof(text));
    text[301] = '\0';
    ck_assert_int_eq(kuji_claim_input_check(out, &input, text),
                     KUJI_WRONG_LONG);
    text[300] = '\0';
    ck_assert_int_eq(kuji_claim_input_check(out, &input, text), 0);
    memset(text, 'a', sizeof(text));
    text[KUJI_PERSON_VALUE_MAX + 1] = '\0';
    input.field = KUJI_FIELD_NOTE;
    ck_assert_int_eq(kuji_claim_input_check(out, &input, text),
                     KUJI_WRONG_LONG);
    text[KUJI_PERSON_VALUE_MAX] = '\0';
    ck_assert_int_eq(kuji_claim_input_check(out, &input, text), 0);
    input.is_required = 0;
    ck_assert_int_eq(kuji_claim_input_check(out, &input, ""), 0);
    ck_assert_str_eq(out, "");
}
END_TEST

START_TEST(marks)
{
    char out[64];

    ck_assert_int_eq(kuji_kana_tidy(out, sizeof(out), "ﾊﾞｽ", 0), 6);
    ck_assert_str_eq(out, "バス");
    ck_assert_int_eq(kuji_kana_tidy(out, sizeof(out), "は゛", 0), 3);
    ck_assert_str_eq(out, "ば");
    ck_assert_int_eq(kuji_kana_tidy(out, sizeof(out), "ﾟ", 0), 3);
    ck_assert_int_eq(kuji_kana_tidy(out, 4, "アア", 0), -1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("claim_form");

    UNIT_TEST(suite, forms);
    UNIT_TEST(suite, labels);
    UNIT_TEST(suite, inputs);
    UNIT_TEST(suite, lengths);
    UNIT_TEST(suite, marks);
    return unit_main(suite);
}
