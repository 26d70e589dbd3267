/* CP932 against glibc's converter, and what Japanese Excel expects beyond it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/unit/unit.h"

#include "core/cp932.h"
#include "core/utf8.h"

#include <iconv.h>
#include <string.h>

static iconv_t converter(const char *to, const char *from)
{
    iconv_t cd = iconv_open(to, from);

    ck_assert_msg(cd != (iconv_t)-1, "iconv knows no %s", to);
    return cd;
}

/* Converts all of it; bytes written, 0: refused. */
static size_t convert(iconv_t cd, unsigned char out[8], void *in, size_t len)
{
    char *from = in, *to = (char *)out;
    size_t room = 8;

    iconv(cd, NULL, NULL, NULL, NULL);
    return iconv(cd, &from, &len, &to, &room) == (size_t)-1 ? 0 : 8 - room;
}

/* Every pair of bytes reads as glibc reads it, the user-defined area apart. */
START_TEST(reads_like_glibc)
{
    const kuji_cp932_t *table = kuji_cp932_create(unit_pool);
    iconv_t cd = converter("UTF-32LE", "CP932");
    unsigned char in[2], out[8];
    unsigned lead, trail, seen = 0;
    uint32_t c, theirs;

    for (lead = 0x81; lead <= 0xfc; lead++) {
        if ((lead > 0x9f && lead < 0xe0) || (lead >= 0xf0 && lead <= 0xf9)) {
            continue;
        }
        for (trail = 0; trail <= 0xff; trail++) {
            in[0] = (unsigned char)lead;
            in[1] = (unsigned char)trail;
            theirs = 0;
            if (convert(cd, out, in, 2) == 4) {
                memcpy(&theirs, out, 4);
            }
            ck_assert_uint_eq(kuji_cp932_next(&c, table, in, 2),
                              theirs ? 2 : 0);
            ck_assert_msg(c == theirs, "%02x%02x: U+%04X, glibc U+%04X", lead,
                          trail, c, theirs);
            seen += theirs != 0;
        }
    }
    ck_assert_uint_eq(seen, 7724);
    iconv_close(cd);
}
END_TEST

/* Every character that glibc's CP932 has is written as there. */
START_TEST(writes_like_glibc)
{
    const kuji_cp932_t *table = kuji_cp932_create(unit_pool);
    iconv_t cd = converter("CP932", "UTF-32LE");
    unsigned char theirs[8], ours[2];
    unsigned same = 0;
    uint32_t c;

    for (c = 0x20; c <= 0xffff; c++) {
        size_t len, got;

        if ((c >= 0x80 && c <= 0xa0) || (c >= 0xd800 && c <= 0xdfff) ||
            (c >= 0xe000 && c <= 0xf8ff) || c == 0xa5 || c == 0xa6 ||
            c == 0x203e) {
            continue;
        }
        len = convert(cd, theirs, &c, 4);
        got = kuji_cp932_write(ours, table, c);
        if (len == 0) {
            ck_assert_msg(got == 0, "glibc has no U+%04X", c);
            continue;
        }
        ck_assert_msg(got == len && memcmp(ours, theirs, len) == 0,
                      "U+%04X is written otherwise", c);
        same++;
    }
    ck_assert_uint_gt(same, 7400);
    iconv_close(cd);
}
END_TEST

static void is_written(uint32_t c, unsigned code)
{
    const kuji_cp932_t *table = kuji_cp932_create(unit_pool);
    unsigned char out[2] = {0, 0};
    apr_size_t len = kuji_cp932_write(out, table, c);

    ck_assert_uint_eq(len, code == 0 ? 0 : code > 0xff ? 2 : 1);
    ck_assert_uint_eq(len == 2   ? (unsigned)(out[0] << 8 | out[1])
                      : len == 1 ? out[0]
                                 : 0,
                      code);
}

START_TEST(takes_the_signs_of_other_systems)
{
    is_written(0x301c, 0x8160); /* 〜 as ～ */
    is_written(0xff5e, 0x8160);
    is_written(0x2212, 0x817c); /* − as － */
    is_written(0xff0d, 0x817c);
    is_written(0x2016, 0x8161); /* ‖ as ∥ */
    is_written(0x2225, 0x8161);
    is_written(0x2014, 0x815c); /* — as ― */
    is_written(0x2015, 0x815c);
    is_written(0xa2, 0x8191);
    is_written(0xa3, 0x8192);
    is_written(0xac, 0x81ca);
    is_written(0xa6, 0xfa55); /* ¦ as ￤ */
    is_written(0xa5, 0x818f); /* ¥ as ￥, no backslash */
    is_written(0x203e, 0x8150);
    is_written(0xa0, 0x20);
    is_written('\\', 0x5c);
    is_written('~', 0x7e);
    is_written(0x30bd, 0x835c); /* ソ */
    is_written(0x9ad9, 0xfbfc); /* 髙 */
    is_written(0xfa11, 0xfab1); /* 﨑 */
    is_written(0x2460, 0x8740); /* ① */
    is_written(0x2252, 0x81e0); /* ≒: JIS before NEC */
    is_written(0x2170, 0xfa40); /* ⅰ: IBM before NEC's selection */
    is_written(0xff71, 0xb1);   /* ｱ */
    is_written(0x20bb7, 0);     /* 𠮷 */
    is_written(0x3094, 0);      /* ゔ */
    is_written(0x1f600, 0);
    is_written(0xe000, 0);
    is_written(0x80, 0);
}
END_TEST

START_TEST(reads_text)
{
    const kuji_cp932_t *table = kuji_cp932_create(unit_pool);
    apr_size_t len;
    const char *text;

    text = kuji_cp932_utf8(&len, table, "\x93\x8c\x8b\x9e a\xb1", 7, unit_pool);
    ck_assert_str_eq(text, "東京 aｱ");
    ck_assert_uint_eq(len, strlen(text));
    ck_assert_ptr_null(kuji_cp932_utf8(&len, table, "\x93", 1, unit_pool));
    ck_assert_ptr_null(kuji_cp932_utf8(&len, table, "\xff\x40", 2, unit_pool));
    ck_assert_ptr_null(kuji_cp932_utf8(&len, table, "\x80", 1, unit_pool));
    ck_assert_str_eq(kuji_cp932_utf8(&len, table, "", 0, unit_pool), "");
}
END_TEST

/* Every character there is comes back as itself. */
START_TEST(utf8_round_trip)
{
    unsigned char bytes[4];
    uint32_t c, back;

    for (c = 0; c <= 0x10ffff; c++) {
        apr_size_t len;

        if (c == 0xd800) {
            c = 0xe000;
        }
        len = kuji_utf8_write(bytes, c);
        ck_assert(kuji_utf8_next(&back, bytes, len) == len && back == c);
        ck_assert(len == 1 || kuji_utf8_next(&back, bytes, len - 1) == 0);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("cp932");

    UNIT_TEST(suite, reads_like_glibc);
    UNIT_TEST(suite, writes_like_glibc);
    UNIT_TEST(suite, takes_the_signs_of_other_systems);
    UNIT_TEST(suite, reads_text);
    UNIT_TEST(suite, utf8_round_trip);
    return unit_main(suite);
}
