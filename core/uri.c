/* SPDX-License-Identifier: Apache-2.0 */
#include "core/uri.h"

#include <apr_strings.h>
#include <string.h>

const char *kuji_uri_escape(const char *text, apr_pool_t *pool)
{
    static const char hex[] = "0123456789ABCDEF";
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz0123456789-._~";
    char *out = apr_palloc(pool, 3 * strlen(text) + 1), *o = out;

    for (; *text; text++) {
        if (strchr(plain, *text)) {
            *o++ = *text;
        }
        else {
            *o++ = '%';
            *o++ = hex[(unsigned char)*text >> 4];
            *o++ = hex[*text & 15];
        }
    }
    *o = '\0';
    return out;
}

const char *kuji_uri_form(const kuji_uri_pair_t *pairs, apr_pool_t *pool)
{
    const char *out = "";

    for (; pairs->name; pairs++) {
        if (pairs->value) {
            out = apr_pstrcat(pool, out, *out ? "&" : "", pairs->name, "=",
                              kuji_uri_escape(pairs->value, pool), NULL);
        }
    }
    return out;
}
