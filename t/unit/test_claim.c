/* The life of a claim, and what people type about themselves.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/claim.h"
#include "core/error.h"
#include "core/name.h"
#include "core/person.h"
#include "t/unit/unit.h"

#include <string.h>

/* Every step that is open: kind, from, to, who. */
static const char *const open_steps[] = {
    "parcel won claimed winner owner",
    "parcel won delivered staff owner",
    "parcel won expired job owner",
    "parcel won void editor owner",
    "parcel claimed shipped owner",
    "parcel claimed delivered staff owner",
    "parcel claimed void editor owner",
    "parcel shipped delivered owner",
    "parcel shipped claimed staff owner",
    "parcel shipped void editor owner",
    "parcel delivered void editor owner",
    "parcel expired void editor owner",
    "parcel redeemed void editor owner",
    "gift_code won claimed winner",
    "gift_code won delivered winner",
    "gift_code won expired job owner",
    "gift_code won void editor owner",
    "gift_code claimed delivered winner job",
    "gift_code claimed void editor owner",
    "gift_code shipped void editor owner",
    "gift_code redeemed void editor owner",
    "gift_code delivered void editor owner",
    "gift_code expired void editor owner",
    "coupon won redeemed staff owner",
    "coupon won expired job owner",
    "coupon won void editor owner",
    "coupon claimed void editor owner",
    "coupon shipped void editor owner",
    "coupon redeemed void editor owner",
    "coupon delivered void editor owner",
    "coupon expired void editor owner",
    "link won delivered winner",
    "link won expired job owner",
    "link won void editor owner",
    "link claimed void editor owner",
    "link shipped void editor owner",
    "link redeemed void editor owner",
    "link delivered void editor owner",
    "link expired void editor owner",
    "message won delivered winner",
    "message won expired job owner",
    "message won void editor owner",
    "message claimed void editor owner",
    "message shipped void editor owner",
    "message redeemed void editor owner",
    "message delivered void editor owner",
    "message expired void editor owner",
};

static int listed(const char *kind, const char *from, const char *to,
                  const char *who)
{
    char start[100];
    unsigned i;

    snprintf(start, sizeof(start), "%s %s %s ", kind, from, to);
    for (i = 0; i < sizeof(open_steps) / sizeof(*open_steps); i++) {
        if (strncmp(open_steps[i], start, strlen(start)) == 0) {
            return strstr(open_steps[i] + strlen(start) - 1, who) != NULL;
        }
    }
    return 0;
}

/* All 5 × 7 × 7 × 6 of them. */
START_TEST(steps)
{
    static const char *const kinds[] = {"parcel", "gift_code", "coupon", "link",
                                        "message"};
    static const struct {
        const char *name;
        kuji_claim_by_e by;
    } who[] = {{" nobody", KUJI_BY_NOBODY}, {" winner", KUJI_BY_WINNER},
               {" job", KUJI_BY_JOB},       {" staff", KUJI_BY_STAFF},
               {" editor", KUJI_BY_EDITOR}, {" owner", KUJI_BY_OWNER}};
    unsigned k, w;
    int from, to, opened = 0;

    for (k = 0; k < 5; k++) {
        for (from = 0; from < KUJI_CLAIM_LAST; from++) {
            for (to = 0; to < KUJI_CLAIM_LAST; to++) {
                for (w = 0; w < 6; w++) {
                    int may = kuji_claim_may(kuji_claim_kind(kinds[k]),
                                             (kuji_claim_e)from,
                                             (kuji_claim_e)to, who[w].by);

                    opened += may;
                    ck_assert_msg(
                        may == listed(kinds[k],
                                      kuji_claim_name((kuji_claim_e)from),
                                      kuji_claim_name((kuji_claim_e)to),
                                      who[w].name),
                        "%s %d -> %d by%s: %d", kinds[k], from, to, who[w].name,
                        may);
                }
            }
        }
    }
    ck_assert_int_eq(opened, 88);
}
END_TEST

START_TEST(names)
{
    ck_assert_int_eq(kuji_claim_state("won"), KUJI_CLAIM_WON);
    ck_assert_int_eq(kuji_claim_state("void"), KUJI_CLAIM_VOID);
    ck_assert_int_eq(kuji_claim_state("lost"), KUJI_CLAIM_LAST);
    ck_assert_int_eq(kuji_claim_state(NULL), KUJI_CLAIM_LAST);
    ck_assert_int_eq(kuji_claim_kind("message"), KUJI_KIND_MESSAGE);
    ck_assert_int_eq(kuji_claim_kind("box"), KUJI_KIND_LAST);
    ck_assert_int_eq(kuji_claim_role("owner"), KUJI_BY_OWNER);
    ck_assert_int_eq(kuji_claim_role("editor"), KUJI_BY_EDITOR);
    ck_assert_int_eq(kuji_claim_role("staff"), KUJI_BY_STAFF);
    ck_assert_int_eq(kuji_claim_role("viewer"), KUJI_BY_NOBODY);
    ck_assert_int_eq(kuji_claim_role("job"), KUJI_BY_NOBODY);
}
END_TEST

static const struct {
    kuji_identifier_e kind;
    const char *text, *out; /* NULL: none of that kind */
} alike[] = {
    {KUJI_IDENTIFIER_NAME, "山田 太郎", "山田太郎"},
    {KUJI_IDENTIFIER_NAME, " 山田　太郎\n", "山田太郎"},
    {KUJI_IDENTIFIER_NAME, "やまだ・たろう", "ヤマダタロウ"},
    {KUJI_IDENTIFIER_NAME, "ﾔﾏﾀﾞ ﾀﾛｳ", "ヤマダタロウ"},
    {KUJI_IDENTIFIER_NAME, "ヤマタ\xe3\x82\x99", "ヤマダ"},
    {KUJI_IDENTIFIER_NAME, "か\xe3\x82\x99は\xe3\x82\x9a", "ガパ"},
    {KUJI_IDENTIFIER_NAME, "ﾊﾟｳﾞﾂﾞｰ", "パヴヅー"},
    {KUJI_IDENTIFIER_NAME, "ゔ", "ヴ"},
    {KUJI_IDENTIFIER_NAME, "ｱﾞ", "ア\xef\xbe\x9e"},
    {KUJI_IDENTIFIER_NAME, "Ｊｏｈｎ Smith", "johnsmith"},
    {KUJI_IDENTIFIER_NAME, "大西ケンタ", "大西ケンタ"},
    {KUJI_IDENTIFIER_NAME, "　", NULL},
    {KUJI_IDENTIFIER_NAME, "", NULL},
    {KUJI_IDENTIFIER_NAME, "\xff", NULL},
    {KUJI_IDENTIFIER_NAME, "\xe3\x82", NULL},
    {KUJI_IDENTIFIER_PHONE, "090-1234-5678", "09012345678"},
    {KUJI_IDENTIFIER_PHONE, "０９０ー１２３４ー５６７８", "09012345678"},
    {KUJI_IDENTIFIER_PHONE, "+81 90 1234 5678", "09012345678"},
    {KUJI_IDENTIFIER_PHONE, "+81(0)90-1234-5678", "09012345678"},
    {KUJI_IDENTIFIER_PHONE, "(03) 1234−5678", "0312345678"},
    {KUJI_IDENTIFIER_PHONE, "+1 212 555 0100", "12125550100"},
    {KUJI_IDENTIFIER_PHONE, "12345", NULL},
    {KUJI_IDENTIFIER_PHONE, "090-1234-567x", NULL},
    {KUJI_IDENTIFIER_PHONE, "1234567890123456", NULL},
    {KUJI_IDENTIFIER_PHONE, "+", NULL},
    {KUJI_IDENTIFIER_MAIL, "Taro@Example.JP ", "taro@example.jp"},
    {KUJI_IDENTIFIER_MAIL, "ｔａｒｏ＠ｅｘａｍｐｌｅ．ｊｐ", "taro@example.jp"},
    {KUJI_IDENTIFIER_MAIL, "taro", NULL},
    {KUJI_IDENTIFIER_MAIL, "a@b@c", NULL},
    {KUJI_IDENTIFIER_MAIL, "@b", NULL},
    {KUJI_IDENTIFIER_MAIL, "a@", NULL},
    {KUJI_IDENTIFIER_MAIL, "a b@c", NULL},
};

START_TEST(made_alike)
{
    char out[KUJI_IDENTIFIER_MAX + 1];
    unsigned i;

    for (i = 0; i < sizeof(alike) / sizeof(*alike); i++) {
        apr_status_t rv = kuji_identifier_normalise(
            out, alike[i].kind, alike[i].text, strlen(alike[i].text));

        ck_assert_msg((rv == APR_SUCCESS) == (alike[i].out != NULL) &&
                          strcmp(out, alike[i].out ? alike[i].out : "") == 0,
                      "%s: %s", alike[i].text, out);
    }
}
END_TEST

START_TEST(too_long)
{
    char text[2000], out[KUJI_IDENTIFIER_MAX + 1];

    memset(text, 'a', sizeof(text));
    ck_assert_int_eq(kuji_identifier_normalise(out, KUJI_IDENTIFIER_NAME, text,
                                               sizeof(text)),
                     KUJI_ETOOBIG);
    ck_assert_int_eq(kuji_identifier_normalise(out, KUJI_IDENTIFIER_NAME, text,
                                               KUJI_IDENTIFIER_MAX - 4),
                     APR_SUCCESS);
}
END_TEST

static const struct {
    const char *query, *name, *kana;
    int matches; /* -1: not looked for as a name */
} parts[] = {
    {"山田", "山田太郎", "", 1},
    {"太郎", "山田太郎", "", 1},
    {"やまだ", "山田太郎", "ﾔﾏﾀﾞﾀﾛｳ", 1},
    {"ヤマダ　タロウ", "山田 太郎", "やまだ・たろう", 1},
    {"たろう やまだ", "山田 太郎", "やまだ・たろう", 1},
    {"山田 やまだ", "山田 太郎", "やまだ・たろう", 0},
    {"山", "山田太郎", "", 1},
    {"田", "山田太郎", "", 0},
    {"林 太郎", "小林太郎", "", 1},
    {"Ｓmi", "John Smith", "", 1},
    {"山田", "", "", 0},
    {"山田", "\xff", "山田", 1},
    {"090-1234-5678", "山田", "", -1},
    {"１２３", "山田", "", -1},
    {"a@b", "山田", "", -1},
    {"・", "山田", "", -1},
    {"", "山田", "", -1},
    {"\xff", "山田", "", -1},
};

START_TEST(name_parts)
{
    const kuji_name_query_t *query;
    json_t *data;
    unsigned i;
    int found;

    for (i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
        kuji_name_query(&query, parts[i].query, unit_pool);
        data = json_object();
        json_object_set_new(data, "name", json_string_nocheck(parts[i].name));
        json_object_set_new(data, "kana", json_string_nocheck(parts[i].kana));
        found = query ? kuji_name_matches(query, data) : -1;
        json_decref(data);
        ck_assert_msg(found == parts[i].matches, "%s: %d", parts[i].query,
                      found);
    }
    kuji_name_query(&query, "山田", unit_pool);
    ck_assert(!kuji_name_matches(query, NULL));
}
END_TEST

START_TEST(identifiers)
{
    static const char *const expected[] = {
        "name 山田太郎",     "name 山田",           "name 太郎",
        "name ヤマダタロウ", "name ヤマダ",         "name タロウ",
        "phone 09012345678", "mail taro@example.jp"};
    const kuji_identifier_t *list;
    char text[200];
    int count, i;
    json_t *data =
        json_pack("{s:s, s:s, s:s, s:s, s:s}", "name", "山田　太郎", "kana",
                  "やまだ たろう", "phone", "090-1234-5678", "mail",
                  "taro@example.jp", "address", "東京都千代田区1-1");

    kuji_person_identifiers(&list, &count, data, unit_pool);
    ck_assert_int_eq(count, 8);
    for (i = 0; i < count; i++) {
        snprintf(text, sizeof(text), "%s %s",
                 kuji_identifier_label(list[i].kind), list[i].text);
        ck_assert_str_eq(text, expected[i]);
    }
    json_decref(data);
}
END_TEST

START_TEST(data)
{
    static const struct {
        const char *json, *why;
    } cases[] = {
        {"{\"name\":\"山田\",\"address\":\"東京都\\n千代田区\"}", NULL},
        {"{}", "it must be an object of 1 to 20 fields"},
        {"[1]", "it must be an object of 1 to 20 fields"},
        {"{\"Name\":\"x\"}",
         "a field's name must be 1 to 32 of a-z, 0-9 and _"},
        {"{\"\":\"x\"}", "a field's name must be 1 to 32 of a-z, 0-9 and _"},
        {"{\"name\":1}", "name must be a text"},
        {"{\"name\":\" \"}", "name is empty"},
        {"{\"name\":\"a\\tb\"}", "name holds a control character"},
        {"{\"name\":\"a\\u007fb\"}", "name holds a control character"},
    };
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        json_t *doc = json_loads(cases[i].json, 0, NULL);
        const char *why = NULL;
        apr_status_t rv = kuji_person_check(&why, doc, unit_pool);

        ck_assert_int_eq(rv, cases[i].why ? KUJI_EINVAL : APR_SUCCESS);
        ck_assert_pstr_eq(why, cases[i].why);
        json_decref(doc);
    }
}
END_TEST

START_TEST(tracking)
{
    static const struct {
        const char *text, *out;
    } cases[] = {
        {"1234-5678-9012", "1234-5678-9012"},
        {" EX123456789JP ", "EX123456789JP"},
        {"１２３４－５６７８", "1234-5678"},
        {"", NULL},
        {"12 34", NULL},
        {"=1+1", NULL},
        {"12\"34", NULL},
        {"十二", NULL},
    };
    char out[KUJI_TRACKING_MAX + 1], longest[KUJI_TRACKING_MAX + 2];
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        apr_status_t rv =
            kuji_person_tracking(out, cases[i].text, strlen(cases[i].text));

        ck_assert_int_eq(rv, cases[i].out ? APR_SUCCESS : KUJI_EINVAL);
        if (cases[i].out) {
            ck_assert_str_eq(out, cases[i].out);
        }
    }
    memset(longest, '7', sizeof(longest));
    ck_assert_int_eq(kuji_person_tracking(out, longest, KUJI_TRACKING_MAX),
                     APR_SUCCESS);
    ck_assert_int_eq(kuji_person_tracking(out, longest, KUJI_TRACKING_MAX + 1),
                     KUJI_EINVAL);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("claim");

    UNIT_TEST(suite, steps);
    UNIT_TEST(suite, names);
    UNIT_TEST(suite, made_alike);
    UNIT_TEST(suite, too_long);
    UNIT_TEST(suite, name_parts);
    UNIT_TEST(suite, identifiers);
    UNIT_TEST(suite, data);
    UNIT_TEST(suite, tracking);
    return unit_main(suite);
}
