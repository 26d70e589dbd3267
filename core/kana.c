/* SPDX-License-Identifier: Apache-2.0 */
#include "core/kana.h"

#include "core/utf8.h"

#include <string.h>

/* U+FF61 .. U+FF9D: half-width punctuation and katakana as the usual ones. */
static const uint16_t wide[] = {
    0x3002, 0x300c, 0x300d, 0x3001, 0x30fb, 0x30f2, 0x30a1, 0x30a3, 0x30a5,
    0x30a7, 0x30a9, 0x30e3, 0x30e5, 0x30e7, 0x30c3, 0x30fc, 0x30a2, 0x30a4,
    0x30a6, 0x30a8, 0x30aa, 0x30ab, 0x30ad, 0x30af, 0x30b1, 0x30b3, 0x30b5,
    0x30b7, 0x30b9, 0x30bb, 0x30bd, 0x30bf, 0x30c1, 0x30c4, 0x30c6, 0x30c8,
    0x30ca, 0x30cb, 0x30cc, 0x30cd, 0x30ce, 0x30cf, 0x30d2, 0x30d5, 0x30d8,
    0x30db, 0x30de, 0x30df, 0x30e0, 0x30e1, 0x30e2, 0x30e4, 0x30e6, 0x30e8,
    0x30e9, 0x30ea, 0x30eb, 0x30ec, 0x30ed, 0x30ef, 0x30f3,
};

uint32_t kuji_kana_width(uint32_t c)
{
    if (c >= 0xff01 && c <= 0xff5e) {
        return c - (0xff01 - 0x21);
    }
    if (c >= 0xff61 && c <= 0xff9d) {
        return wide[c - 0xff61];
    }
    return c == 0x3000 || c == 0xa0 ? ' ' : c;
}

uint32_t kuji_kana_katakana(uint32_t c)
{
    return (c >= 0x3041 && c <= 0x3096) || c == 0x309d || c == 0x309e ? c + 0x60
                                                                      : c;
}

int kuji_kana_voicing(uint32_t c)
{
    if (c == 0x3099 || c == 0x309b || c == 0xff9e) {
        return 1;
    }
    return c == 0x309a || c == 0x309c || c == 0xff9f ? 2 : 0;
}

static uint32_t voiced_katakana(uint32_t base, int mark)
{
    if (base >= 0x30cf && base <= 0x30db && (base - 0x30cf) % 3 == 0) {
        return base + (uint32_t)mark;
    }
    if (mark != 1) {
        return 0;
    }
    if (base == 0x30a6) {
        return 0x30f4;
    }
    if ((base >= 0x30ab && base <= 0x30c1 && base % 2 == 1) ||
        (base >= 0x30c4 && base <= 0x30c8 && base % 2 == 0)) {
        return base + 1;
    }
    return 0;
}

uint32_t kuji_kana_voiced(uint32_t base, int mark)
{
    uint32_t katakana = kuji_kana_katakana(base);
    uint32_t voiced = voiced_katakana(katakana, mark);

    return voiced ? voiced - (katakana - base) : 0;
}

int kuji_kana_is_hyphen(uint32_t c)
{
    return c == '-' || (c >= 0x2010 && c <= 0x2015) || c == 0x2212 ||
           c == 0x30fc || c == 0xff70 || c == 0xff0d || c == 0x2043 ||
           c == 0xfe63;
}

apr_ssize_t kuji_kana_tidy(char *out, apr_size_t size, const char *text,
                           int katakana)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t left = strlen(text), used, to = 0, last = 0;
    uint32_t c, before = 0, joined;

    for (; left > 0; at += used, left -= used) {
        used = kuji_utf8_next(&c, at, left);
        if (used == 0) {
            return -1;
        }
        joined = kuji_kana_voicing(c)
                     ? kuji_kana_voiced(before, kuji_kana_voicing(c))
                     : 0;
        to = joined ? last : to;
        c = joined ? joined : kuji_kana_width(c);
        c = katakana ? kuji_kana_katakana(c) : c;
        if (c == ' ' && to == 0) {
            continue;
        }
        if (to + 5 > size) {
            return -1;
        }
        last = to;
        before = c;
        to += kuji_utf8_write((unsigned char *)out + to, c);
    }
    while (to && out[to - 1] == ' ') {
        to--;
    }
    out[to] = '\0';
    return (apr_ssize_t)to;
}
