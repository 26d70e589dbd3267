/* Signing and verifying passes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/pass.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define MAC_LABEL "kuji/1 pass"
#define MAC_TEXT_LEN 43 /* 32 bytes in base64url */
#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define ID_TEXT_MAX (KUJI_PASS_ID_MAX * 4 / 3 + 4)

/* Each with its zero byte, so that no two scopes read the same. */
static void add(crypto_auth_hmacsha256_state *state, const char *text)
{
    crypto_auth_hmacsha256_update(state, (const unsigned char *)text,
                                  strlen(text) + 1);
}

static void mac(char out[MAC_TEXT_LEN + 1], const unsigned char *key,
                const kuji_pass_scope_t *scope, const char *text,
                apr_size_t len)
{
    crypto_auth_hmacsha256_state state;
    unsigned char bytes[crypto_auth_hmacsha256_BYTES];

    crypto_auth_hmacsha256_init(&state, key, KUJI_KEY_LEN);
    add(&state, MAC_LABEL);
    add(&state, scope->gate);
    add(&state, scope->tenant);
    add(&state, scope->campaign);
    add(&state, scope->session);
    crypto_auth_hmacsha256_update(&state, (const unsigned char *)text, len);
    crypto_auth_hmacsha256_final(&state, bytes);
    sodium_bin2base64(out, MAC_TEXT_LEN + 1, bytes, sizeof(bytes), URLSAFE);
    sodium_memzero(&state, sizeof(state));
}

const char *kuji_pass_sign(const kuji_keyfile_t *keys,
                           const kuji_pass_scope_t *scope, const char *id,
                           unsigned marks, int64_t expires, apr_pool_t *pool)
{
    char text[ID_TEXT_MAX], end[MAC_TEXT_LEN + 1];
    const char *head;

    sodium_bin2base64(text, sizeof(text), (const unsigned char *)id, strlen(id),
                      URLSAFE);
    head = apr_psprintf(pool, "p1.%u.%" APR_INT64_T_FMT ".%u.%s",
                        keys->cookies[0].id, (apr_int64_t)expires, marks, text);
    mac(end, keys->cookies[0].key, scope, head, strlen(head));
    return apr_pstrcat(pool, head, ".", end, NULL);
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

static const unsigned char *find_key(const kuji_keyfile_t *keys, int64_t id)
{
    int i;

    for (i = 0; i < keys->ncookies; i++) {
        if (keys->cookies[i].id == id) {
            return keys->cookies[i].key;
        }
    }
    return NULL;
}

/* The id as text; NULL: not one that was signed. */
static const char *read_id(const char *text, apr_size_t len, apr_pool_t *pool)
{
    unsigned char *id = apr_pcalloc(pool, KUJI_PASS_ID_MAX + 1);
    size_t used;

    if (len >= ID_TEXT_MAX ||
        sodium_base642bin(id, KUJI_PASS_ID_MAX, text, len, NULL, &used, NULL,
                          URLSAFE) ||
        !used || memchr(id, 0, used)) {
        return NULL;
    }
    return (const char *)id;
}

apr_status_t kuji_pass_verify(const char **id, unsigned *marks,
                              const kuji_keyfile_t *keys,
                              const kuji_pass_scope_t *scope, const char *value,
                              int64_t now, apr_pool_t *pool)
{
    const char *at = value + 3, *dot;
    const unsigned char *key;
    char want[MAC_TEXT_LEN + 1];
    int64_t kid, expires, noted;

    if (strncmp(value, "p1.", 3) || (kid = read_number(&at)) < 0 ||
        (expires = read_number(&at)) < 0 || (noted = read_number(&at)) < 0 ||
        !(dot = strchr(at, '.')) || strlen(dot + 1) != MAC_TEXT_LEN) {
        return KUJI_EINVAL;
    }
    if (!(key = find_key(keys, kid))) {
        return KUJI_EVERIFY;
    }
    mac(want, key, scope, value, (apr_size_t)(dot - value));
    if (sodium_memcmp(want, dot + 1, MAC_TEXT_LEN)) {
        return KUJI_EVERIFY;
    }
    *marks = (unsigned)noted;
    *id = read_id(at, (apr_size_t)(dot - at), pool);
    return *id && expires > now ? APR_SUCCESS : KUJI_EINVAL;
}
