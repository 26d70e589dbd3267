/* GIF: frames are kept, and of the extensions a frame's control and the loop
 * count.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/image_int.h"

static unsigned le16(const unsigned char *in)
{
    return in[0] | (unsigned)in[1] << 8;
}

static int take(kuji_image_work_t *w, apr_size_t len)
{
    if (!kuji_image__has(w, len)) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    kuji_image__put(w, w->at, len);
    w->at += len;
    return 1;
}

/* Bytes of a colour table that flags announce. */
static apr_size_t table_len(unsigned flags)
{
    return flags & 0x80 ? (apr_size_t)3 << ((flags & 7) + 1) : 0;
}

/* Blocks of a length byte and as many bytes, up to one of length zero. */
static int take_blocks(kuji_image_work_t *w)
{
    while (kuji_image__has(w, 1) && *w->at) {
        if (!take(w, (apr_size_t)*w->at + 1)) {
            return 0;
        }
    }
    return take(w, 1);
}

static int skip_blocks(kuji_image_work_t *w)
{
    while (kuji_image__has(w, 1) && *w->at) {
        if (!kuji_image__has(w, (apr_size_t)*w->at + 1)) {
            return kuji_image__bad(w, KUJI_IMAGE_CUT);
        }
        w->at += *w->at + 1;
    }
    if (!kuji_image__has(w, 1)) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    w->at++;
    return 1;
}

static int take_header(kuji_image_work_t *w)
{
    if (!kuji_image__has(w, 13)) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    return kuji_image__size(w, le16(w->at + 6), le16(w->at + 8)) &&
           take(w, 13 + table_len(w->at[10]));
}

static int take_frame(kuji_image_work_t *w)
{
    const unsigned char *d = w->at;

    if (!kuji_image__has(w, 10)) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    if (!le16(d + 5) || !le16(d + 7) ||
        le16(d + 1) + le16(d + 5) > (unsigned)w->width ||
        le16(d + 3) + le16(d + 7) > (unsigned)w->height) {
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    if (!take(w, 10 + table_len(d[9]))) {
        return 0;
    }
    if (!kuji_image__has(w, 1) || *w->at < 2 || *w->at > 8) {
        return kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    return take(w, 1) && take_blocks(w);
}

/* "21 FF 0B NETSCAPE2.0 03 01 lo hi 00", exactly. */
static int is_loop(const kuji_image_work_t *w)
{
    const unsigned char *d = w->at;

    return kuji_image__has(w, 19) && d[2] == 11 &&
           (!memcmp(d + 3, "NETSCAPE2.0", 11) ||
            !memcmp(d + 3, "ANIMEXTS1.0", 11)) &&
           d[14] == 3 && d[15] == 1 && !d[18];
}

/* "21 F9 04 …4 bytes… 00". */
static int is_control(const kuji_image_work_t *w)
{
    return kuji_image__has(w, 8) && w->at[2] == 4 && !w->at[7];
}

static int take_extension(kuji_image_work_t *w, int *looped)
{
    if (!kuji_image__has(w, 2)) {
        return kuji_image__bad(w, KUJI_IMAGE_CUT);
    }
    if (w->at[1] == 0xff && is_loop(w) && !*looped) {
        *looped = 1;
        return take(w, 19);
    }
    if (w->at[1] == 0xf9) {
        return is_control(w) ? take(w, 8)
                             : kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    w->at += 2;
    return skip_blocks(w);
}

int kuji_image__gif(kuji_image_work_t *w)
{
    int frames = 0, looped = 0, good = take_header(w);

    while (good && kuji_image__has(w, 1) && *w->at != 0x3b) {
        if (*w->at == 0x2c) {
            good = take_frame(w);
            frames++;
        }
        else if (*w->at == 0x21) {
            good = take_extension(w, &looped);
        }
        else {
            good = kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
        }
    }
    if (good && !frames) {
        good = kuji_image__bad(w, KUJI_IMAGE_DAMAGED);
    }
    return good && take(w, 1);
}
