/* The participant's cookie: signed, renewed, bound to the tenant.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/session.h"
#include "web/request.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdio.h>

#define MAC_LABEL "kuji/1 cookie"
#define MAC_TEXT_LEN 43 /* 32 bytes in base64url */
#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING

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

void kuji_session_sign(char *out, const kuji_keyfile_t *keys,
                       const char *tenant_id, const char *id, int64_t expires)
{
    int len = snprintf(out, KUJI_SESSION_MAX, "v1.%u.%lld.%s",
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

    if (!len || len > 12 || (*at)[len] != '.')
        return -1;
    value = apr_atoi64(*at);
    *at += len + 1;
    return value;
}

static const kuji_numbered_key_t *find_key(const kuji_keyfile_t *keys,
                                           int64_t id)
{
    int i;

    for (i = 0; i < keys->ncookies; i++) {
        if (keys->cookies[i].id == id)
            return &keys->cookies[i];
    }
    return NULL;
}

apr_status_t kuji_session_verify(char *id, int64_t *expires, int *current,
                                 const kuji_keyfile_t *keys,
                                 const char *tenant_id, const char *value,
                                 int64_t now)
{
    const kuji_numbered_key_t *key;
    char want[MAC_TEXT_LEN + 1];
    const char *at = value + 3;
    int64_t kid;

    if (strncmp(value, "v1.", 3) || (kid = read_number(&at)) < 0 ||
        (*expires = read_number(&at)) < 0)
        return KUJI_EINVAL;
    if (strlen(at) != KUJI_SESSION_ID_LEN + 1 + MAC_TEXT_LEN ||
        at[KUJI_SESSION_ID_LEN] != '.')
        return KUJI_EINVAL;
    if (!(key = find_key(keys, kid)))
        return KUJI_EVERIFY;
    mac(want, key->key, tenant_id, value,
        (apr_size_t)(at - value) + KUJI_SESSION_ID_LEN);
    if (sodium_memcmp(want, at + KUJI_SESSION_ID_LEN + 1, MAC_TEXT_LEN))
        return KUJI_EVERIFY;
    if (*expires <= now)
        return KUJI_EINVAL;
    apr_cpystrn(id, at, KUJI_SESSION_ID_LEN + 1);
    *current = key == &keys->cookies[0];
    return APR_SUCCESS;
}

static const char *cookie_name(const kuji_web_t *web)
{
    return kuji_is_https(web->r) ? "__Host-kuji" : "kuji";
}

static void send_cookie(kuji_web_t *web, kuji_session_t *session)
{
    char value[KUJI_SESSION_MAX];

    session->expires =
        apr_time_sec(web->r->request_time) + KUJI_SESSION_SECONDS;
    kuji_session_sign(value, web->process->keys, web->tenant->id, session->id,
                      session->expires);
    /* By hand: ap_cookie_write puts the value into the debug log. __Host- asks
     * for Path=/ and no Domain. */
    apr_table_addn(web->r->err_headers_out, "Set-Cookie",
                   apr_psprintf(web->r->pool,
                                "%s=%s; Max-Age=%d; Path=/; HttpOnly; "
                                "SameSite=Lax%s",
                                cookie_name(web), value, KUJI_SESSION_SECONDS,
                                kuji_is_https(web->r) ? "; Secure" : ""));
}

void kuji_session_read(kuji_web_t *web)
{
    const char *value = kuji_cookie_get(web, cookie_name(web));
    char id[KUJI_SESSION_ID_LEN + 1];
    int64_t now = apr_time_sec(web->r->request_time);
    kuji_session_t *session;
    int64_t expires;
    int current;

    if (!value ||
        kuji_session_verify(id, &expires, &current, web->process->keys,
                            web->tenant->id, value, now))
        return;
    session = apr_pcalloc(web->r->pool, sizeof(*session));
    session->id = apr_pstrdup(web->r->pool, id);
    session->expires = expires;
    if (!current || expires - now < KUJI_SESSION_SECONDS / 2)
        send_cookie(web, session);
    web->session = session;
}

const kuji_session_t *kuji_session_start(kuji_web_t *web)
{
    unsigned char bytes[16];
    kuji_session_t *session;
    char *id;

    if (web->session)
        return web->session;
    session = apr_pcalloc(web->r->pool, sizeof(*session));
    id = apr_palloc(web->r->pool, KUJI_SESSION_ID_LEN + 1);
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2base64(id, KUJI_SESSION_ID_LEN + 1, bytes, sizeof(bytes),
                      URLSAFE);
    session->id = id;
    session->is_new = 1;
    send_cookie(web, session);
    web->session = session;
    return session;
}
