/* SPDX-License-Identifier: Apache-2.0 */
#include "core/cp932.h"
#include "core/cp932_int.h"
#include "core/utf8.h"

#include <string.h>

#define TRAILS 188
#define KATAKANA 0xff61 /* half-width, A1 .. DF in CP932 */

struct kuji_cp932_t {
    uint16_t to[0x10000];   /* from Unicode; 0: none */
    uint16_t from[0x10000]; /* to Unicode, by both bytes; 0: none */
};

static const struct {
    uint16_t from, to;
} same[] = {
    {0x00a0, 0x0020}, {0x00a2, 0xffe0}, {0x00a3, 0xffe1}, {0x00a5, 0xffe5},
    {0x00a6, 0xffe4}, {0x00ac, 0xffe2}, {0x2014, 0x2015}, {0x2016, 0x2225},
    {0x203e, 0xffe3}, {0x2212, 0xff0d}, {0x301c, 0xff5e},
};

static unsigned trail_byte(int place)
{
    return 0x40u + (unsigned)place + (place >= 63);
}

static unsigned nibble(char c)
{
    return (unsigned)(c <= '9' ? c - '0' : c - 'A' + 10);
}

/* One line of the text; returns the next. */
static const char *add_line(kuji_cp932_t *table, const char *line)
{
    unsigned lead = nibble(line[0]) << 4 | nibble(line[1]), code;
    const unsigned char *at = (const unsigned char *)line + 2;
    uint32_t c;
    int i;

    for (i = 0; i < TRAILS; i++) {
        at += kuji_utf8_next(&c, at, 4);
        if (c == '.') {
            continue;
        }
        code = lead << 8 | trail_byte(i);
        table->from[code] = (uint16_t)c;
        if (!table->to[c]) {
            table->to[c] = (uint16_t)code;
        }
    }
    return (const char *)at + 1;
}

static void add_katakana(kuji_cp932_t *table)
{
    unsigned byte;

    for (byte = 0xa1; byte <= 0xdf; byte++) {
        table->to[KATAKANA + byte - 0xa1] = (uint16_t)byte;
    }
}

const kuji_cp932_t *kuji_cp932_create(apr_pool_t *pool)
{
    kuji_cp932_t *table = apr_pcalloc(pool, sizeof(*table));
    const char *line = kuji_cp932__text;
    size_t i;

    while (*line) {
        line = add_line(table, line);
    }
    add_katakana(table);
    for (i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
        table->to[same[i].from] =
            same[i].to < 0x80 ? same[i].to : table->to[same[i].to];
    }
    return table;
}

apr_size_t kuji_cp932_write(unsigned char out[2], const kuji_cp932_t *table,
                            uint32_t c)
{
    unsigned code = c < 0x80 ? c : c <= 0xffff ? table->to[c] : 0;

    if (code <= 0xff) {
        out[0] = (unsigned char)code;
        return code != 0 || c == 0;
    }
    out[0] = (unsigned char)(code >> 8);
    out[1] = (unsigned char)code;
    return 2;
}

apr_size_t kuji_cp932_next(uint32_t *c, const kuji_cp932_t *table,
                           const unsigned char *at, apr_size_t left)
{
    if (at[0] < 0x80) {
        *c = at[0];
        return 1;
    }
    if (at[0] >= 0xa1 && at[0] <= 0xdf) {
        *c = KATAKANA + at[0] - 0xa1u;
        return 1;
    }
    *c = left > 1 ? table->from[at[0] << 8 | at[1]] : 0;
    return *c ? 2 : 0;
}

const char *kuji_cp932_utf8(apr_size_t *out_len, const kuji_cp932_t *table,
                            const char *bytes, apr_size_t len, apr_pool_t *pool)
{
    const unsigned char *at = (const unsigned char *)bytes;
    unsigned char *out = apr_palloc(pool, 3 * len + 1), *o = out;
    apr_size_t used;
    uint32_t c;

    for (; len > 0; at += used, len -= used) {
        used = kuji_cp932_next(&c, table, at, len);
        if (used == 0) {
            return NULL;
        }
        o += kuji_utf8_write(o, c);
    }
    *o = '\0';
    *out_len = (apr_size_t)(o - out);
    return (const char *)out;
}
