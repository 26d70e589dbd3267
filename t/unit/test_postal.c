/* Japan Post's list: both encodings, towns that go on over several lines, and
 * what is no part of a place's name.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/cp932.h"
#include "core/postal.h"
#include "core/utf8.h"
#include "t/unit/unit.h"

#include <apr_strings.h>
#include <string.h>

#define LINE(code, prefecture, city, town)                                     \
    "13101,\"100  \",\"" code "\",\"カナ\",\"カナ\",\"カナ\",\"" prefecture    \
    "\",\"" city "\",\"" town "\",0,0,1,0,0,0\r\n"

typedef struct seen_t {
    char text[4000];
    int count;
} seen_t;

static apr_status_t see(void *baton, const kuji_postal_place_t *p)
{
    seen_t *s = baton;

    apr_snprintf(s->text + strlen(s->text), sizeof(s->text) - strlen(s->text),
                 "%s %s %s %s|", p->code, p->prefecture, p->city, p->town);
    s->count++;
    return APR_SUCCESS;
}

static apr_status_t read_list(seen_t *seen, int64_t *line, const char **why,
                              const char *bytes, apr_size_t len)
{
    memset(seen, 0, sizeof(*seen));
    return kuji_postal_read(line, why, bytes, len, see, seen, unit_pool);
}

static const char list[] = LINE("1000001", "東京都", "千代田区", "千代田")
    LINE("6028368", "京都府", "京都市上京区", "北町（今出川通御前通、")
        LINE("6028368", "京都府", "京都市上京区", "今出川通西入）")
            LINE("0600000", "北海道", "札幌市中央区", "以下に掲載がない場合");
static const char places[] =
    "1000001 東京都 千代田区 千代田|6028368 京都府 京都市上京区 北町|"
    "0600000 北海道 札幌市中央区 |";

START_TEST(utf8)
{
    seen_t seen;
    int64_t line;
    const char *why;

    ck_assert_int_eq(read_list(&seen, &line, &why, list, strlen(list)), 0);
    ck_assert_str_eq(seen.text, places);
}
END_TEST

/* The same in CP932. */
START_TEST(cp932)
{
    const kuji_cp932_t *table = kuji_cp932_create(unit_pool);
    const unsigned char *at = (const unsigned char *)list;
    unsigned char bytes[sizeof(list)], *to = bytes;
    apr_size_t left = strlen(list), used, wrote;
    seen_t seen;
    int64_t line;
    const char *why;
    uint32_t c;

    for (; left > 0; at += used, left -= used) {
        used = kuji_utf8_next(&c, at, left);
        wrote = kuji_cp932_write(to, table, c);
        ck_assert_uint_gt(wrote, 0);
        to += wrote;
    }
    ck_assert_int_eq(read_list(&seen, &line, &why, (const char *)bytes,
                               (apr_size_t)(to - bytes)),
                     0);
    ck_assert_str_eq(seen.text, places);
}
END_TEST

START_TEST(towns)
{
    static const char *const cases[][2] = {
        {"丸の内（次のビルを除く）", "丸の内"},
        {"霞が関霞が関ビル（１階）", "霞が関霞が関ビル１階"},
        {"霞が関霞が関ビル（３６階）", "霞が関霞が関ビル３６階"},
        {"霞が関霞が関ビル（地階・階層不明）", "霞が関霞が関ビル"},
        {"以下に掲載がない場合", ""},
        {"大里村の次に番地がくる場合", ""},
        {"土浦市の次に１～７００番地がくる場合", ""},
        {"利島村一円", ""},
        {"一円", "一円"},
        {"種市第１５地割～第２１地割（鹿糠、小路合）", "種市"},
        {"葛巻（第４０地割「５７番地１２５、１７６を除く」～第４５"
         "地割）",
         "葛巻"},
        {"甲、乙", "甲"},
        {"甲〜乙", "甲"},
        {"第二", "第二"},
        {"", ""},
        {"（", ""},
    };
    char town[600];
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        apr_cpystrn(town, cases[i][0], sizeof(town));
        kuji_postal_town(town);
        ck_assert_str_eq(town, cases[i][1]);
    }
}
END_TEST

START_TEST(refused)
{
    static const char *const cases[] = {
        "a,b,c\r\n",
        "13101,\"100\",\"100000\",\"\",\"\",\"\",\"東京都\",\"区\",\"町\"\r\n",
        "13101,\"100\",\"1000001\",\"\",\"\",\"\",\"江戸\",\"区\",\"町\"\r\n",
        "13101,\"100\",\"1000001\",\"\",\"\",\"\",\"東京都\",\"\",\"町\"\r\n",
        "13101,\"100",
    };
    seen_t seen;
    int64_t line;
    const char *why;
    unsigned i;

    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        line = 0;
        why = NULL;
        ck_assert_int_eq(
            read_list(&seen, &line, &why, cases[i], strlen(cases[i])),
            KUJI_EINVAL);
        ck_assert_int_eq(seen.count, 0);
        ck_assert_int_eq(line, 1);
        ck_assert_ptr_nonnull(why);
    }
}
END_TEST

/* A town that never ends is not kept without limit. */
START_TEST(endless)
{
    char *bytes = apr_palloc(unit_pool, 1 << 20), *to = bytes;
    const char *why;
    seen_t seen;
    int64_t line;
    int i;

    to += apr_snprintf(to, 200, "%s",
                       LINE("1000001", "東京都", "千代田区", "町（"));
    for (i = 0; i < 1000; i++) {
        to += apr_snprintf(to, 400, "%s",
                           LINE("1000001", "東京都", "千代田区",
                                "とてもとてもとてもとてもとても長い町"));
    }
    ck_assert_int_eq(
        read_list(&seen, &line, &why, bytes, (apr_size_t)(to - bytes)),
        KUJI_ETOOBIG);
}
END_TEST

START_TEST(codes)
{
    char out[KUJI_POSTAL_LEN + 1];

    ck_assert_int_eq(kuji_postal_code(out, "〒１００−０００１"), 1);
    ck_assert_str_eq(out, "1000001");
    ck_assert_int_eq(kuji_postal_code(out, "100-00012"), 0);
    ck_assert_int_eq(kuji_postal_code(out, "\xff"), 0);
    ck_assert_int_eq(kuji_postal_code(out, ""), 0);
}
END_TEST

START_TEST(prefectures)
{
    int i;

    for (i = 0; kuji_prefectures[i]; i++) {
        ck_assert(kuji_is_prefecture(kuji_prefectures[i]));
    }
    ck_assert_int_eq(i, 47);
    ck_assert(!kuji_is_prefecture("東京"));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("postal");

    UNIT_TEST(suite, utf8);
    UNIT_TEST(suite, cp932);
    UNIT_TEST(suite, towns);
    UNIT_TEST(suite, refused);
    UNIT_TEST(suite, endless);
    UNIT_TEST(suite, codes);
    UNIT_TEST(suite, prefectures);
    return unit_main(suite);
}
