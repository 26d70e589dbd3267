/* Serial codes.
 *
 * The alphabet is Crockford's: no I, L, O (they fold to 1 and 0) and no U. Its
 * 32 symbols are the field GF(2^5), and a code is good if the polynomial of
 * its symbols has the root 2, whose order is 31: every single wrong symbol
 * shows, and so does every swap of two that are less than 31 places apart.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/code.h"

#include "core/error.h"
#include "core/utf8.h"

#include <stdint.h>
#include <string.h>
#include <utf8proc.h>

static const char alphabet[33] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/* What people put between symbols: spaces, dashes, what looks like one on a
 * Japanese keyboard, and the invisible characters that pasted text brings. */
static const struct {
    uint32_t first, last;
} dropped[] = {
    {0x09, 0x0d},     {0x20, 0x20},     {0x2d, 0x2d},     {0xa0, 0xa0},
    {0xad, 0xad},     {0x58a, 0x58a},   {0x5be, 0x5be},   {0x1400, 0x1400},
    {0x1680, 0x1680}, {0x1806, 0x1806}, {0x2000, 0x2015}, {0x2028, 0x202f},
    {0x2043, 0x2043}, {0x205f, 0x2060}, {0x207b, 0x207b}, {0x208b, 0x208b},
    {0x2212, 0x2212}, {0x2500, 0x2501}, {0x2e17, 0x2e17}, {0x2e1a, 0x2e1a},
    {0x2e3a, 0x2e3b}, {0x2e40, 0x2e40}, {0x2e5d, 0x2e5d}, {0x3000, 0x3000},
    {0x301c, 0x301c}, {0x3030, 0x3030}, {0x30a0, 0x30a0}, {0x30fc, 0x30fc},
    {0xfe31, 0xfe32}, {0xfe58, 0xfe58}, {0xfe63, 0xfe63}, {0xfeff, 0xfeff},
    {0xff0d, 0xff0d}, {0xff5e, 0xff5e}, {0xff70, 0xff70}, {0x10ead, 0x10ead},
};

static int is_dropped(uint32_t c)
{
    size_t i;

    for (i = 0; i < sizeof(dropped) / sizeof(dropped[0]); i++) {
        if (c >= dropped[i].first && c <= dropped[i].last) {
            return 1;
        }
    }
    return 0;
}

/* The symbol that a character stands for; 0 for none. */
static char fold(uint32_t c)
{
    if (c >= 'a' && c <= 'z') {
        c -= 'a' - 'A';
    }
    if (c == 'O') {
        return '0';
    }
    if (c == 'I' || c == 'L') {
        return '1';
    }
    if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z')) {
        return (char)c;
    }
    return 0;
}

/* Appends one character's symbols, by NFKC: a circled letter is the letter.
 * -1: it stands for none, or there is no room. */
static int add(char *out, apr_size_t *count, uint32_t c)
{
    utf8proc_int32_t parts[32] = {(utf8proc_int32_t)c};
    utf8proc_ssize_t n = 1, i;
    int boundary = 0;

    if (is_dropped(c)) {
        return 0;
    }
    if (c >= 0x80) {
        n = utf8proc_decompose_char((utf8proc_int32_t)c, parts, 32,
                                    UTF8PROC_COMPAT | UTF8PROC_DECOMPOSE,
                                    &boundary);
    }
    for (i = 0; i < n && i < 32; i++) {
        if (is_dropped((uint32_t)parts[i])) {
            continue;
        }
        if (*count == KUJI_CODE_MAX ||
            (out[*count] = fold((uint32_t)parts[i])) == 0) {
            return -1;
        }
        ++*count;
    }
    return n < 0 ? -1 : 0;
}

apr_status_t kuji_code_normalise(char *out, const char *text, apr_size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t used, count = 0;
    uint32_t c;

    out[0] = '\0';
    for (; len > 0; at += used, len -= used) {
        used = kuji_utf8_next(&c, at, len);
        if (used == 0) {
            return KUJI_EINVAL;
        }
        if (add(out, &count, c)) {
            out[0] = '\0';
            return KUJI_EINVAL;
        }
    }
    out[count] = '\0';
    return count > 0 ? APR_SUCCESS : KUJI_EINVAL;
}

/* Times 2 in GF(2^5), modulo x^5 + x^2 + 1. */
static unsigned twice(unsigned value)
{
    value <<= 1;
    return value & 32 ? value ^ 37 : value;
}

void kuji_code_make(char *out, const unsigned char *random, int symbols)
{
    unsigned sum = 0;
    int i;

    for (i = 0; i < symbols; i++) {
        sum = twice(sum) ^ (random[i] & 31u);
        out[i] = alphabet[random[i] & 31];
    }
    out[symbols] = alphabet[twice(sum)];
    out[symbols + 1] = '\0';
}

int kuji_code_check(const char *normalised)
{
    apr_size_t len = strlen(normalised);
    unsigned sum = 0;

    if (len < 9 || len > 33) {
        return 0;
    }
    for (; *normalised; normalised++) {
        const char *symbol = strchr(alphabet, *normalised);

        if (!symbol) {
            return 0;
        }
        sum = twice(sum) ^ (unsigned)(symbol - alphabet);
    }
    return sum == 0;
}
