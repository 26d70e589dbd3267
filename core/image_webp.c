/* WebP: a RIFF of chunks with a name and a length, padded to even. The picture,
 * its alpha and an animation's frames are kept.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/image_int.h"

/* Flags of the extended header that stay: animation, alpha. */
#define FLAGS_KEPT 0x12
#define FLAG_ANIMATION 0x02

typedef struct chunk_t {
    const unsigned char *start, *data;
    uint32_t len;
    apr_size_t whole; /* with header and padding */
} chunk_t;

static uint32_t little(const unsigned char *in, int bytes)
{
    uint32_t n = 0;

    while (bytes--) {
        n = n << 8 | in[bytes];
    }
    return n;
}

static void put_little32(unsigned char *out, uint32_t n)
{
    int i;

    for (i = 0; i < 4; i++, n >>= 8) {
        out[i] = (unsigned char)n;
    }
}

static int is(const chunk_t *c, const char *name)
{
    return !memcmp(c->start, name, 4);
}

/* The chunk at *at, which moves behind it. The last one's padding may be
 * missing. */
static int read_chunk(kuji_image_work_t *w, chunk_t *c,
                      const unsigned char **at, const unsigned char *end)
{
    apr_size_t room = (apr_size_t)(end - *at);

    if (room < 8) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    c->start = *at;
    c->data = *at + 8;
    c->len = little(*at + 4, 4);
    if (c->len > room - 8) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    c->whole = 8 + (apr_size_t)c->len + (c->len & 1);
    *at += c->whole > room ? room : c->whole;
    return 1;
}

static void put_chunk(kuji_image_work_t *w, const chunk_t *c)
{
    kuji_image__put(w, c->start, 8 + (apr_size_t)c->len);
    if (c->len & 1) {
        kuji_image__put(w, "", 1);
    }
}

/* Width and height of a bitstream, lossy (RFC 6386, 9.1) or lossless; 0: it is
 * no bitstream. */
static int bitstream(const chunk_t *c, uint32_t *width, uint32_t *height)
{
    const unsigned char *d = c->data;
    uint32_t bits;

    if (is(c, "VP8 ")) {
        if (c->len < 10 || (d[0] & 1) || memcmp(d + 3, "\x9d\x01\x2a", 3)) {
            return 0;
        }
        *width = little(d + 6, 2) & 0x3fff;
        *height = little(d + 8, 2) & 0x3fff;
        return 1;
    }
    if (!is(c, "VP8L") || c->len < 5 || d[0] != 0x2f || d[4] >> 5) {
        return 0;
    }
    bits = little(d + 1, 4);
    *width = (bits & 0x3fff) + 1;
    *height = (bits >> 14 & 0x3fff) + 1;
    return 1;
}

/* Of the chunks in at .. end one picture with its alpha is kept, and it is
 * width × height. */
static int take_picture(kuji_image_work_t *w, const unsigned char *at,
                        const unsigned char *end, uint32_t width,
                        uint32_t height)
{
    uint32_t is_width, is_height;
    int alpha = 0;
    chunk_t c;

    while (at < end) {
        if (!read_chunk(w, &c, &at, end)) {
            return 0;
        }
        if (is(&c, "ALPH") && !alpha) {
            put_chunk(w, &c);
            alpha = 1;
        }
        else if (is(&c, "VP8 ") || is(&c, "VP8L")) {
            if (!bitstream(&c, &is_width, &is_height) || is_width != width ||
                is_height != height) {
                return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
            }
            put_chunk(w, &c);
            return 1;
        }
    }
    return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
}

/* A frame: 16 bytes of place, size and time, then a picture's chunks. */
static int take_frame(kuji_image_work_t *w, const chunk_t *c)
{
    unsigned char *start = w->out;
    uint32_t width, height;

    if (c->len < 16) {
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    width = little(c->data + 6, 3) + 1;
    height = little(c->data + 9, 3) + 1;
    if (2 * little(c->data, 3) + width > (uint32_t)w->width ||
        2 * little(c->data + 3, 3) + height > (uint32_t)w->height) {
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    kuji_image__put(w, c->start, 8 + 16);
    if (!take_picture(w, c->data + 16, c->data + c->len, width, height)) {
        return 0;
    }
    put_little32(start + 4, (uint32_t)(w->out - start - 8));
    return 1;
}

static int take_frames(kuji_image_work_t *w, const unsigned char *at)
{
    int frames = 0, begun = 0;
    chunk_t c;

    while (at < w->end) {
        if (!read_chunk(w, &c, &at, w->end)) {
            return 0;
        }
        if (is(&c, "ANIM") && !begun && c.len == 6) {
            put_chunk(w, &c);
            begun = 1;
        }
        else if (is(&c, "ANMF")) {
            if (!begun || !take_frame(w, &c)) {
                return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
            }
            frames++;
        }
    }
    return frames ? 1 : kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
}

static int take_extended(kuji_image_work_t *w, const chunk_t *c,
                         const unsigned char *at)
{
    unsigned char *flags = w->out + 8;

    if (c->len != 10) {
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    put_chunk(w, c);
    *flags &= FLAGS_KEPT;
    memset(flags + 1, 0, 3);
    if (!kuji_image__size(w, little(c->data + 4, 3) + 1,
                          little(c->data + 7, 3) + 1)) {
        return 0;
    }
    return *flags & FLAG_ANIMATION
               ? take_frames(w, at)
               : take_picture(w, at, w->end, (uint32_t)w->width,
                              (uint32_t)w->height);
}

int kuji_image__webp(kuji_image_work_t *w)
{
    unsigned char *start = w->out;
    uint32_t riff = little(w->at + 4, 4), width, height;
    const unsigned char *at = w->at + 12;
    chunk_t c;

    if (riff < 4 || !kuji_image__has(w, (apr_size_t)riff + 8)) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    w->end = w->at + 8 + riff; /* what follows is no part of it */
    kuji_image__put(w, w->at, 12);
    if (!read_chunk(w, &c, &at, w->end)) {
        return 0;
    }
    if (is(&c, "VP8X")) {
        if (!take_extended(w, &c, at)) {
            return 0;
        }
    }
    else if (!bitstream(&c, &width, &height)) {
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    else if (!kuji_image__size(w, width, height)) {
        return 0;
    }
    else {
        put_chunk(w, &c);
    }
    put_little32(start + 4, (uint32_t)(w->out - start - 8));
    return 1;
}
