/* JPEG: segments behind markers, then entropy-coded data. Tables, frame and
 * scans are kept; of the application's segments JFIF's density, Adobe's colour
 * transform and the orientation, each written anew.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/image_int.h"

enum {
    SOF0 = 0xc0, /* baseline, extended, progressive: up to SOF2 */
    SOF2 = 0xc2,
    DHT = 0xc4,
    RST0 = 0xd0,
    RST7 = 0xd7,
    EOI = 0xd9,
    SOS = 0xda,
    DQT = 0xdb,
    DRI = 0xdd,
    APP0 = 0xe0,
    APP1 = 0xe1,
    APP14 = 0xee,
    APP15 = 0xef,
    COM = 0xfe
};

typedef struct jpeg_t {
    kuji_image_work_t *w;
    int components; /* 0: no frame yet */
    int orientation, jfif, adobe, scans;
} jpeg_t;

/* One segment: its marker, and the bytes behind its length field. */
typedef struct segment_t {
    int marker;
    const unsigned char *data;
    apr_size_t len;
} segment_t;

static unsigned be16(const unsigned char *in)
{
    return (unsigned)in[0] << 8 | in[1];
}

static void put_segment(jpeg_t *j, int marker, const void *data, apr_size_t len)
{
    const unsigned char head[4] = {0xff, (unsigned char)marker,
                                   (unsigned char)((len + 2) >> 8),
                                   (unsigned char)(len + 2)};

    kuji_image__put(j->w, head, 4);
    kuji_image__put(j->w, data, len);
}

/* Any number of FF may stand before a marker. */
static int read_segment(jpeg_t *j, segment_t *s)
{
    kuji_image_work_t *w = j->w;

    if (!kuji_image__has(w, 2)) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    if (w->at[0] != 0xff) {
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    while (w->at + 1 < w->end && w->at[1] == 0xff) {
        w->at++;
    }
    if (!kuji_image__has(w, 2)) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    s->marker = w->at[1];
    w->at += 2;
    s->len = 0;
    if (s->marker == EOI) {
        return 1;
    }
    if (!kuji_image__has(w, 2) || be16(w->at) < 2 ||
        !kuji_image__has(w, be16(w->at))) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    s->data = w->at + 2;
    s->len = be16(w->at) - 2;
    w->at += be16(w->at);
    return 1;
}

static int frame(jpeg_t *j, const segment_t *s)
{
    const unsigned char *d = s->data;

    if (j->components || s->len < 6 || d[0] != 8 ||
        (d[5] != 1 && d[5] != 3 && d[5] != 4) || s->len != 6u + 3u * d[5]) {
        return kuji_image__bad(j->w, KUJI_IMAGE_DAMAGED);
    }
    j->components = d[5];
    return kuji_image__size(j->w, be16(d + 3), be16(d + 1));
}

/* Quantisation tables: 64 values of one byte or two behind a byte. */
static int is_quantisation(const segment_t *s)
{
    apr_size_t at = 0;

    while (at < s->len) {
        if ((s->data[at] >> 4) > 1 || (s->data[at] & 15) > 3) {
            return 0;
        }
        at += s->data[at] >> 4 ? 129 : 65;
    }
    return s->len > 0 && at == s->len;
}

/* Huffman tables: 16 counts behind a byte, then as many symbols. */
static int is_huffman(const segment_t *s)
{
    apr_size_t at = 0, symbols;
    int i;

    while (at < s->len) {
        if (s->len - at < 17 || (s->data[at] >> 4) > 1 ||
            (s->data[at] & 15) > 3) {
            return 0;
        }
        for (symbols = 0, i = 1; i <= 16; i++) {
            symbols += s->data[at + (apr_size_t)i];
        }
        at += 17 + symbols;
    }
    return s->len > 0 && at == s->len;
}

/* Copies entropy-coded data up to the next marker that is no restart. */
static int scan(jpeg_t *j, const segment_t *s)
{
    kuji_image_work_t *w = j->w;
    const unsigned char *start = w->at;

    if (!j->components || s->len < 4 || !s->data[0] ||
        s->data[0] > j->components || s->len != 4u + 2u * s->data[0]) {
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    put_segment(j, SOS, s->data, s->len);
    while (kuji_image__has(w, 2) && (w->at[0] != 0xff || !w->at[1] ||
                                     (w->at[1] >= RST0 && w->at[1] <= RST7))) {
        w->at += w->at[0] == 0xff ? 2 : 1;
    }
    if (!kuji_image__has(w, 2)) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    kuji_image__put(w, start, (apr_size_t)(w->at - start));
    j->scans++;
    return 1;
}

/* An Exif block that says nothing but how to turn the picture. */
static void put_orientation(jpeg_t *j)
{
    unsigned char exif[] = "Exif\0\0MM\0*\0\0\0\10\0\1\1\22\0\3\0\0\0\1\0\0\0\0"
                           "\0\0\0";

    exif[25] = (unsigned char)j->orientation;
    put_segment(j, APP1, exif, sizeof(exif));
}

static void application(jpeg_t *j, const segment_t *s)
{
    const unsigned char *d = s->data;
    unsigned char jfif[14];

    if (s->marker == APP0 && s->len >= 14 && !memcmp(d, "JFIF", 5) &&
        !j->jfif) {
        /* without its thumbnail */
        memcpy(jfif, d, 12);
        jfif[12] = jfif[13] = 0;
        put_segment(j, APP0, jfif, 14);
        j->jfif = 1;
    }
    else if (s->marker == APP14 && s->len >= 12 && !memcmp(d, "Adobe", 5) &&
             !j->adobe) {
        put_segment(j, APP14, d, 12);
        j->adobe = 1;
    }
    else if (s->marker == APP1 && s->len > 6 && !memcmp(d, "Exif\0", 6) &&
             !j->orientation) {
        j->orientation = kuji_image__orientation(d + 6, s->len - 6);
        if (j->orientation > 1) {
            put_orientation(j);
        }
    }
}

static int take_segment(jpeg_t *j, const segment_t *s)
{
    int good;

    if (s->marker == SOS) {
        return scan(j, s);
    }
    if ((s->marker >= APP0 && s->marker <= APP15) || s->marker == COM) {
        application(j, s);
        return 1;
    }
    good = s->marker == DQT   ? is_quantisation(s)
           : s->marker == DHT ? is_huffman(s)
           : s->marker == DRI ? s->len == 2
                              : s->marker >= SOF0 && s->marker <= SOF2;
    if (!good) {
        return kuji_image__bad(j->w, KUJI_IMAGE_DAMAGED);
    }
    if (s->marker <= SOF2 && !frame(j, s)) {
        return 0;
    }
    put_segment(j, s->marker, s->data, s->len);
    return 1;
}

int kuji_image__jpeg(kuji_image_work_t *w)
{
    jpeg_t j = {.w = w};
    segment_t s;
    int side;

    kuji_image__put(w, w->at, 2);
    w->at += 2;
    for (;;) {
        if (!read_segment(&j, &s)) {
            return 0;
        }
        if (s.marker == EOI) {
            break;
        }
        if (!take_segment(&j, &s)) {
            return 0;
        }
    }
    if (!j.scans) {
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    kuji_image__put(w, "\xff\xd9", 2);
    if (j.orientation > 4) { /* lies on its side */
        side = w->width;
        w->width = w->height;
        w->height = side;
    }
    return 1;
}
