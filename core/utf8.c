/* SPDX-License-Identifier: Apache-2.0 */
#include "core/utf8.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <utf8proc.h>

/* How many bytes a character that begins with this one has; 0: none does. */
static apr_size_t length_of(unsigned char lead)
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
    apr_size_t len = length_of(at[0]);
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

apr_size_t kuji_utf8_write(unsigned char out[4], uint32_t c)
{
    apr_size_t len = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4, i;

    if (len == 1) {
        out[0] = (unsigned char)c;
        return 1;
    }
    for (i = len - 1; i > 0; i--, c >>= 6) {
        out[i] = (unsigned char)(0x80 | (c & 0x3f));
    }
    out[0] = (unsigned char)((0xf00u >> len) | c);
    return len;
}

const char *kuji_utf8_plain(const char *text, apr_size_t len, int fold,
                            apr_pool_t *pool)
{
    utf8proc_uint8_t *out = NULL;
    utf8proc_option_t how = UTF8PROC_STABLE | UTF8PROC_COMPOSE |
                            UTF8PROC_COMPAT | (fold ? UTF8PROC_CASEFOLD : 0);
    utf8proc_ssize_t used = utf8proc_map((const utf8proc_uint8_t *)text,
                                         (utf8proc_ssize_t)len, &out, how);
    const char *plain =
        used < 0 ? NULL
                 : apr_pstrmemdup(pool, (const char *)out, (apr_size_t)used);

    free(out);
    return plain;
}
