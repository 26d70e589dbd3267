/* PNG: chunks with a length, a name and a checksum. Those that draw are kept.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/image_int.h"

typedef struct chunk_t {
    const unsigned char *start; /* of its length field */
    const unsigned char *data;
    uint32_t len;
    int kind; /* index into kept, -1: dropped */
} chunk_t;

/* What is kept, with the lengths that it may have. An animation's frames
 * (APNG) are kept; texts, times, profiles, Exif and the unknown are not. */
static const struct {
    const char *name;
    uint32_t min, max;
    int many;
} kept[] = {
    {"IHDR", 13, 13, 0}, {"PLTE", 3, 768, 0},        {"IDAT", 0, UINT32_MAX, 1},
    {"IEND", 0, 0, 0},   {"tRNS", 1, 256, 0},        {"gAMA", 4, 4, 0},
    {"cHRM", 32, 32, 0}, {"sRGB", 1, 1, 0},          {"acTL", 8, 8, 0},
    {"fcTL", 26, 26, 1}, {"fdAT", 4, UINT32_MAX, 1},
};
enum { IHDR, PLTE, IDAT, IEND, FCTL = 9 };

static uint32_t be32(const unsigned char *in)
{
    return (uint32_t)in[0] << 24 | (uint32_t)in[1] << 16 |
           (uint32_t)in[2] << 8 | in[3];
}

/* Four bits at a time: no table to fill in first. */
static uint32_t crc32(const unsigned char *bytes, apr_size_t len)
{
    static const uint32_t table[16] = {
        0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
        0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
        0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c};
    uint32_t crc = 0xffffffff;

    while (len--) {
        crc ^= *bytes++;
        crc = crc >> 4 ^ table[crc & 15];
        crc = crc >> 4 ^ table[crc & 15];
    }
    return ~crc;
}

static int kind_of(const unsigned char *name)
{
    unsigned i;

    for (i = 0; i < sizeof(kept) / sizeof(*kept); i++) {
        if (!memcmp(kept[i].name, name, 4)) {
            return (int)i;
        }
    }
    return -1;
}

static int read_chunk(kuji_image_work_t *w, chunk_t *c)
{
    if (!kuji_image__has(w, 12)) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    c->start = w->at;
    c->len = be32(w->at);
    c->kind = kind_of(w->at + 4);
    c->data = w->at + 8;
    if (!kuji_image__has(w, (apr_size_t)c->len + 12)) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    w->at += c->len + 12;
    if (crc32(c->start + 4, c->len + 4) != be32(c->data + c->len) ||
        (c->kind < 0 && !(c->start[4] & 0x20))) {
        /* An unknown chunk in capitals must be understood. */
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    return 1;
}

/* Depths of colour types 0, 2, 3, 4 and 6, as bits of a mask. */
static int depth_fits(unsigned type, unsigned depth)
{
    static const unsigned char many = 1 | 2 | 4 | 8 | 16;
    static const unsigned char depths[7] = {many,   0, 8 | 16, 1 | 2 | 4 | 8,
                                            8 | 16, 0, 8 | 16};

    return type < 7 && (depth & (depth - 1)) == 0 && (depths[type] & depth);
}

static int read_header(kuji_image_work_t *w, const chunk_t *c)
{
    const unsigned char *d = c->data;

    if (c->kind != IHDR || c->len != 13 || !depth_fits(d[9], d[8]) || d[10] ||
        d[11] || d[12] > 1) {
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    return kuji_image__size(w, be32(d), be32(d + 4));
}

/* A frame lies within the picture. */
static int frame_fits(const kuji_image_work_t *w, const unsigned char *d)
{
    uint64_t right = (uint64_t)be32(d + 4) + be32(d + 12);
    uint64_t bottom = (uint64_t)be32(d + 8) + be32(d + 16);

    return be32(d + 4) && be32(d + 8) && right <= (uint32_t)w->width &&
           bottom <= (uint32_t)w->height;
}

/* The pixels begin as a zlib stream does (RFC 1950). */
static int is_zlib(const chunk_t *c)
{
    return c->len < 2 ||
           ((c->data[0] & 15) == 8 && (c->data[0] << 8 | c->data[1]) % 31 == 0);
}

static int check_chunk(kuji_image_work_t *w, const chunk_t *c, unsigned *seen)
{
    unsigned bit = 1u << c->kind;

    if (c->len < kept[c->kind].min || c->len > kept[c->kind].max ||
        ((*seen & bit) && !kept[c->kind].many) ||
        (c->kind == IDAT && !(*seen & bit) && !is_zlib(c)) ||
        (c->kind == FCTL && !frame_fits(w, c->data)) ||
        (c->kind == IEND && !(*seen & 1u << IDAT))) {
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    *seen |= bit;
    return 1;
}

int kuji_image__png(kuji_image_work_t *w)
{
    unsigned seen = 1u << IHDR;
    chunk_t c;

    kuji_image__put(w, w->at, 8);
    w->at += 8;
    if (!read_chunk(w, &c) || !read_header(w, &c)) {
        return 0;
    }
    kuji_image__put(w, c.start, c.len + 12);
    do {
        if (!read_chunk(w, &c)) {
            return 0;
        }
        if (c.kind >= 0) {
            if (!check_chunk(w, &c, &seen)) {
                return 0;
            }
            kuji_image__put(w, c.start, c.len + 12);
        }
    } while (c.kind != IEND);
    return 1;
}
