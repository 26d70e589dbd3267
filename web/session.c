/* The participant's cookie: signed, renewed, bound to the tenant.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/session.h"
#include "web/cookie.h"
#include "web/request.h"

#include <apr_strings.h>
#include <sodium.h>

#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING

static const char *cookie_name(const kuji_web_t *web)
{
    return kuji_is_https(web->r) ? "__Host-kuji" : "kuji";
}

static void send_cookie(kuji_web_t *web, kuji_session_t *session)
{
    char value[KUJI_COOKIE_MAX];

    session->expires =
        apr_time_sec(web->r->request_time) + KUJI_SESSION_SECONDS;
    kuji_cookie_sign(value, web->process->keys, web->tenant->id, session->id,
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
    char id[KUJI_COOKIE_ID_LEN + 1];
    int64_t now = apr_time_sec(web->r->request_time);
    kuji_session_t *session;
    int64_t expires;
    int current;

    if (!value || kuji_cookie_verify(id, &expires, &current, web->process->keys,
                                     web->tenant->id, value, now)) {
        return;
    }
    session = apr_pcalloc(web->r->pool, sizeof(*session));
    session->id = apr_pstrdup(web->r->pool, id);
    session->expires = expires;
    if (!current || expires - now < KUJI_SESSION_SECONDS / 2) {
        send_cookie(web, session);
    }
    web->session = session;
}

const kuji_session_t *kuji_session_start(kuji_web_t *web)
{
    unsigned char bytes[16];
    kuji_session_t *session;
    char *id;

    if (web->session) {
        return web->session;
    }
    session = apr_pcalloc(web->r->pool, sizeof(*session));
    id = apr_palloc(web->r->pool, KUJI_COOKIE_ID_LEN + 1);
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2base64(id, KUJI_COOKIE_ID_LEN + 1, bytes, sizeof(bytes),
                      URLSAFE);
    session->id = id;
    session->is_new = 1;
    send_cookie(web, session);
    web->session = session;
    return session;
}
