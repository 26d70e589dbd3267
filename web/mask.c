/* Masking secrets of a query string. Escaped names (c%6fde=) are not ours: no
 * form or link of the module writes them, but their values must be hidden too,
 * so any name with an escape counts as secret.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/mask.h"

#include <apr_strings.h>
#include <string.h>

static int is_secret(const char *name, apr_size_t len)
{
    static const char *const names[] = {
        "code",          "passphrase",    "key",          "token",
        "state",         "id_token",      "access_token", "liff.state",
        "context_token", "feature_token", "liff.referrer"};
    unsigned i;

    if (memchr(name, '%', len)) {
        return 1;
    }
    for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i]) == len && !strncasecmp(name, names[i], len)) {
            return 1;
        }
    }
    return 0;
}

/* Copies one "name=value" of field_len bytes to out, masked; returns out's
 * end. */
static char *copy_field(char *out, const char *field, apr_size_t field_len)
{
    const char *equals = memchr(field, '=', field_len);
    apr_size_t name_len = equals ? (apr_size_t)(equals - field) : field_len;

    if (equals && equals + 1 < field + field_len &&
        is_secret(field, name_len)) {
        memcpy(out, field, name_len + 1);
        memcpy(out + name_len + 1, "***", 3);
        return out + name_len + 4;
    }
    memcpy(out, field, field_len);
    return out + field_len;
}

char *kuji_mask_query(char *query, apr_pool_t *pool)
{
    const char *at = query;
    char *out, *end;

    if (!strchr(query, '=')) {
        return query;
    }
    /* "%=1" of three bytes grows by two: double is enough. */
    end = out = apr_palloc(pool, strlen(query) * 2 + 1);
    while (*at) {
        apr_size_t len = strcspn(at, "& ");

        end = copy_field(end, at, len);
        at += len;
        while (*at == '&' || *at == ' ') {
            *end++ = *at++;
        }
    }
    *end = '\0';
    return out;
}

char *kuji_mask_url(char *url, apr_pool_t *pool)
{
    char *mark = strchr(url, '?');
    char *masked = mark ? kuji_mask_query(mark + 1, pool) : NULL;

    if (!mark || masked == mark + 1) {
        return url;
    }
    return apr_pstrcat(pool,
                       apr_pstrmemdup(pool, url, (apr_size_t)(mark - url)), "?",
                       masked, NULL);
}
