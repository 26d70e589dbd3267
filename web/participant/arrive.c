/* Coming by a link: what it brought leaves the address bar at once, and waits
 * in a sealed cookie of the campaign's for the press.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/gates.h"
#include "store/link.h"
#include "web/identity.h"
#include "web/request.h"
#include "web/session.h"
#include "web/tries.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define COOKIE "kuji-code"
#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define CODE_BYTES_MAX 256
#define BLOB_MAX (CODE_BYTES_MAX + KUJI_SEAL_OVERHEAD)
#define SECONDS 86400

static const char *purpose_of(const kuji_web_t *web)
{
    return apr_pstrcat(web->r->pool, "code:", web->campaign->uuid, NULL);
}

static void derive(unsigned char key[KUJI_KEY_LEN], const kuji_web_t *web,
                   const kuji_numbered_key_t *from)
{
    kuji_seal_derive(key, from->key, "carried", web->tenant->id,
                     strlen(web->tenant->id));
}

/* value "": the cookie goes. */
static void send_cookie(kuji_web_t *web, const char *value, int seconds)
{
    apr_table_addn(
        web->r->err_headers_out, "Set-Cookie",
        apr_psprintf(web->r->pool,
                     COOKIE "=%s; Max-Age=%d; Path=%s/k/%s; HttpOnly; "
                            "SameSite=Lax%s",
                     value, seconds, web->prefix, web->campaign->slug,
                     kuji_is_https(web->r) ? "; Secure" : ""));
}

/* Sealed, because what stands in a cookie may stand in a log. */
static void keep_code(kuji_web_t *web, const char *code)
{
    const kuji_numbered_key_t *from = &web->process->keys->cookies[0];
    unsigned char key[KUJI_KEY_LEN], nonce[KUJI_NONCE_LEN], blob[BLOB_MAX];
    apr_size_t len = strlen(code);
    char text[BLOB_MAX * 4 / 3 + 4];

    if (len > CODE_BYTES_MAX) {
        return;
    }
    derive(key, web, from);
    randombytes_buf(nonce, sizeof nonce);
    kuji_seal(blob, key, from->id, nonce, purpose_of(web), code, len);
    sodium_memzero(key, sizeof key);
    sodium_bin2base64(text, sizeof text, blob, len + KUJI_SEAL_OVERHEAD,
                      URLSAFE);
    send_cookie(web, text, SECONDS);
}

static const kuji_numbered_key_t *key_by_id(const kuji_keyfile_t *keys,
                                            uint32_t id)
{
    int i;

    for (i = 0; i < keys->ncookies; i++) {
        if (keys->cookies[i].id == id) {
            return &keys->cookies[i];
        }
    }
    return NULL;
}

static const char *open_code(kuji_web_t *web, const unsigned char *blob,
                             apr_size_t len)
{
    const kuji_numbered_key_t *from =
        key_by_id(web->process->keys, kuji_seal_key_id(blob, len));
    unsigned char key[KUJI_KEY_LEN];
    unsigned char *code = apr_pcalloc(web->r->pool, CODE_BYTES_MAX + 1);
    apr_status_t rv;

    if (!from || len <= KUJI_SEAL_OVERHEAD) {
        return "";
    }
    derive(key, web, from);
    rv = kuji_unseal(code, key, purpose_of(web), blob, len);
    sodium_memzero(key, sizeof key);
    return rv == APR_SUCCESS ? (const char *)code : "";
}

const char *kuji_gates_carried(kuji_web_t *web)
{
    const char *value = kuji_cookie_get(web, COOKIE);
    unsigned char blob[BLOB_MAX];
    size_t len;

    if (!value || sodium_base642bin(blob, sizeof blob, value, strlen(value),
                                    NULL, &len, NULL, URLSAFE)) {
        return "";
    }
    return open_code(web, blob, len);
}

void kuji_gates_used(kuji_web_t *web)
{
    if (kuji_cookie_get(web, COOKIE)) {
        send_cookie(web, "", 0);
    }
}

/* Back to the page, in the language that was asked for. */
static int to_page(kuji_web_t *web)
{
    const char *language = kuji_query_get(web, "lang") ? web->language : NULL;

    kuji_headers_caching(web, KUJI_CACHE_NO_STORE);
    return kuji_redirect(
        web, apr_pstrcat(web->r->pool, "/k/", web->campaign->slug,
                         language ? "?lang=" : NULL, language, NULL));
}

/* The token's pass: good for as long as the session, so that the results stay
 * reachable; the draw itself looks at the link's own end. */
static void pass_link(kuji_web_t *web, const unsigned char *digest,
                      const char *participant)
{
    char hex[2 * KUJI_DIGEST_LEN + 1];

    sodium_bin2hex(hex, sizeof hex, digest, KUJI_DIGEST_LEN);
    kuji_identity_pass(web, KUJI_IDENTITY_LINK,
                       apr_pstrcat(web->r->pool, hex, ":", participant, NULL),
                       KUJI_SESSION_SECONDS);
}

static int unknown_link(kuji_web_t *web)
{
    kuji_tries_wrong(web, kuji_identity(web)->id);
    return kuji_problem(web, KUJI_PROBLEM_LINK_NEEDED, NULL);
}

/* A link may be opened again and again, by whoever has it: mail programs look
 * at links before people do. It is the draw that uses it up. */
static int arrive_by_link(kuji_web_t *web, const char *token)
{
    kuji_act_t act = {.pg = web->process->pg,
                      .tenant = web->tenant->id,
                      .keys = web->process->keys};
    unsigned char digest[KUJI_DIGEST_LEN];
    const kuji_link_row_t *link;
    apr_status_t rv;
    int wait;

    kuji_identity_start(web);
    wait = kuji_tries_wait(web, kuji_identity(web)->id);
    if (wait) {
        return kuji_tries_refuse(web, wait);
    }
    if (strlen(token) != KUJI_LINK_TOKEN_LEN) {
        return unknown_link(web);
    }
    kuji_seal_digest(digest, web->campaign->digest_key, "link", token,
                     KUJI_LINK_TOKEN_LEN);
    rv =
        kuji_link_find(&link, &act, web->campaign->id, digest, 1, web->r->pool);
    if (rv == KUJI_ENOTFOUND) {
        return unknown_link(web);
    }
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "looking for a link");
    }
    pass_link(web, digest, link->participant);
    return to_page(web);
}

int kuji_gates_arrive(kuji_web_t *web)
{
    const char *code = kuji_query_get(web, "code");
    const char *token = kuji_query_get(web, "token");

    if (token && web->campaign->gates & KUJI_GATES_BY_LINK) {
        if (code && web->campaign->gates & KUJI_GATE_CODE) {
            keep_code(web, code);
        }
        return arrive_by_link(web, token);
    }
    if (!code && !token) {
        return DECLINED;
    }
    if (code && web->campaign->gates & KUJI_GATE_CODE) {
        keep_code(web, code);
    }
    return to_page(web);
}
