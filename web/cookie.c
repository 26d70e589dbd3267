/* Cookies: finding one in a header, signing and verifying ours.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/cookie.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>

#define MAC_LABEL "kuji/1 cookie"
#define MAC_TEXT_LEN 43 /* 32 bytes in base64url */
#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING

apr_status_t kuji_cookie_find(const char **value, const char *header,
                              const char *name, apr_pool_t *pool)
{
    apr_size_t name_len = strlen(name);
    const char *found = NULL;
    apr_size_t found_len = 0;

    while (*header) {
        apr_size_t len;

        header += strspn(header, " \t;");
        len = strcspn(header, ";");
        if (len > name_len && header[name_len] == '=' &&
            !strncmp(header, name, name_len)) {
            const char *v = header + name_len + 1;
            apr_size_t v_len = len - name_len - 1;

            while (v_len && (v[v_len - 1] == ' ' || v[v_len - 1] == '\t')) {
                v_len--;
            }
            if (found && (found_len != v_len || memcmp(found, v, v_len))) {
                return KUJI_EINVAL;
            }
            found = v;
            found_len = v_len;
        }
        header += len;
    }
    if (!found) {
        return KUJI_ENOTFOUND;
    }
    *value = apr_pstrmemdup(pool, found, found_len);
    return APR_SUCCESS;
}

static void mac(char out[MAC_TEXT_LEN + 1], const unsigned char *key,
                const char *tenant_id, const char *text, apr_size_t len)
{
    crypto_auth_hmacsha256_state state;
    unsigned char bytes[crypto_auth_hmacsha256_BYTES];

    crypto_auth_hmacsha256_init(&state, key, KUJI_KEY_LEN);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)MAC_LABEL,
                                  sizeof(MAC_LABEL));
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)tenant_id,
                                  strlen(tenant_id) + 1);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, len);
    crypto_auth_hmacsha256_final(&state, bytes);
    sodium_bin2base64(out, MAC_TEXT_LEN + 1, bytes, sizeof(bytes), URLSAFE);
    sodium_memzero(&state, sizeof(state));
}

void kuji_cookie_sign(char *out, const kuji_keyfile_t *keys,
                      const char *tenant_id, const char *id, int64_t expires)
{
    int len = snprintf(out, KUJI_COOKIE_MAX, "v1.%u.%lld.%s",
                       keys->cookies[0].id, (long long)expires, id);
    char *end = out + len;

    mac(end + 1, keys->cookies[0].key, tenant_id, out, (apr_size_t)len);
    *end = '.';
}

/* Digits up to a dot; -1 for anything else. Moves *at behind the dot. */
static int64_t read_number(const char **at)
{
    apr_size_t len = strspn(*at, "0123456789");
    int64_t value;

    if (!len || len > 12 || (*at)[len] != '.') {
        return -1;
    }
    value = apr_atoi64(*at);
    *at += len + 1;
    return value;
}

static const kuji_numbered_key_t *find_key(const kuji_keyfile_t *keys,
                                           int64_t id)
{
    int i;

    for (i = 0; i < keys->ncookies; i++) {
        if (keys->cookies[i].id == id) {
            return &keys->cookies[i];
        }
    }
    return NULL;
}

apr_status_t kuji_cookie_verify(char *id, int64_t *expires, int *current,
                                const kuji_keyfile_t *keys,
                                const char *tenant_id, const char *value,
                                int64_t now)
{
    const kuji_numbered_key_t *key;
    char want[MAC_TEXT_LEN + 1];
    const char *at = value + 3;
    int64_t kid;

    if (strncmp(value, "v1.", 3) || (kid = read_number(&at)) < 0 ||
        (*expires = read_number(&at)) < 0) {
        return KUJI_EINVAL;
    }
    if (strlen(at) != KUJI_COOKIE_ID_LEN + 1 + MAC_TEXT_LEN ||
        at[KUJI_COOKIE_ID_LEN] != '.') {
        return KUJI_EINVAL;
    }
    if (!(key = find_key(keys, kid))) {
        return KUJI_EVERIFY;
    }
    mac(want, key->key, tenant_id, value,
        (apr_size_t)(at - value) + KUJI_COOKIE_ID_LEN);
    if (sodium_memcmp(want, at + KUJI_COOKIE_ID_LEN + 1, MAC_TEXT_LEN)) {
        return KUJI_EVERIFY;
    }
    if (*expires <= now) {
        return KUJI_EINVAL;
    }
    apr_cpystrn(id, at, KUJI_COOKIE_ID_LEN + 1);
    *current = key == &keys->cookies[0];
    return APR_SUCCESS;
}
