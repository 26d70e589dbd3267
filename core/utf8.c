/* SPDX-License-Identifier: Apache-2.0 */
#include "core/utf8.h"

/* How many bytes a character that begins with this one has; 0: none does. */
static apr_size_t utf8_length(unsigned char lead)
{
    if (lead < 0x80) {
        return 1;
    }
    if (lead < 0xc2 || lead > 0xf4) {
        return 0;
    }
    return lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
}

apr_size_t kuji_utf8_next(uint32_t *c, const unsigned char *at, apr_size_t left)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    apr_size_t len = utf8_length(at[0]);
    apr_size_t i;

    if (len == 0 || len > left) {
        return 0;
    }
    *c = len == 1 ? at[0] : at[0] & (0x7fu >> len);
    for (i = 1; i < len; i++) {
        if ((at[i] & 0xc0) != 0x80) {
            return 0;
        }
        *c = *c << 6 | (at[i] & 0x3fu);
    }
    if (*c < least[len] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff)) {
        return 0;
    }
    return len;
}

apr_size_t kuji_utf8_put(char *out, uint32_t c)
{
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    if (c < 0x800) {
        out[0] = (char)(0xc0 | c >> 6);
        out[1] = (char)(0x80 | (c & 0x3f));
        return 2;
    }
    if (c < 0x10000) {
        out[0] = (char)(0xe0 | c >> 12);
        out[1] = (char)(0x80 | (c >> 6 & 0x3f));
        out[2] = (char)(0x80 | (c & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | c >> 18);
    out[1] = (char)(0x80 | (c >> 12 & 0x3f));
    out[2] = (char)(0x80 | (c >> 6 & 0x3f));
    out[3] = (char)(0x80 | (c & 0x3f));
    return 4;
}
