/* What a browser keeps while it is at LINE.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/uri.h"
#include "web/participant/line.h"
#include "web/request.h"
#include "web/session.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

/** The pass of who came by LINE is "kuji-line" (web/identity.c). */
#define COOKIE "kuji-login"
#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define STATE_BYTES 16
/** Longest sealed value that is read. */
#define SEALED_MAX 1500

/* Sealed: the verifier follows from the state. For one session, whose cookie
 * no neighbouring host can set: a log-in that somebody else began, put into
 * this browser, would let its reader draw as that somebody. */
static void key_of(unsigned char out[KUJI_KEY_LEN],
                   const kuji_numbered_key_t *key, const kuji_web_t *web)
{
    const char *whose =
        apr_pstrcat(web->r->pool, web->tenant->id, ":", web->session->id, NULL);

    kuji_seal_derive(out, key->key, "line cookie", whose, strlen(whose));
}

static void set_cookie(kuji_web_t *web, const char *value, int seconds)
{
    apr_table_addn(web->r->err_headers_out, "Set-Cookie",
                   apr_psprintf(web->r->pool,
                                COOKIE
                                "=%s; Max-Age=%d; Path=%s" KUJI_LINE_BEGIN
                                "; HttpOnly; SameSite=Lax%s",
                                value, seconds, web->prefix,
                                kuji_is_https(web->r) ? "; Secure" : ""));
}

static const char *seal(kuji_web_t *web, const char *text)
{
    const kuji_numbered_key_t *newest = &web->process->keys->cookies[0];
    apr_size_t len = strlen(text), sealed = len + KUJI_SEAL_OVERHEAD, room;
    unsigned char key[KUJI_KEY_LEN], nonce[KUJI_NONCE_LEN];
    unsigned char *blob = apr_palloc(web->r->pool, sealed);
    char *out;

    key_of(key, newest, web);
    randombytes_buf(nonce, sizeof(nonce));
    kuji_seal(blob, key, newest->id, nonce, COOKIE, text, len);
    sodium_memzero(key, sizeof(key));
    room = sodium_base64_encoded_len(sealed, URLSAFE);
    out = apr_palloc(web->r->pool, room);
    return sodium_bin2base64(out, room, blob, sealed, URLSAFE);
}

static const kuji_numbered_key_t *find_key(const kuji_keyfile_t *keys,
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

/* NULL: nothing that we sealed for this tenant and session. */
static const char *unseal(kuji_web_t *web, const char *value)
{
    unsigned char blob[SEALED_MAX], key[KUJI_KEY_LEN];
    const kuji_numbered_key_t *numbered;
    const char *end;
    char *out;
    size_t len;
    apr_status_t rv;

    if (sodium_base642bin(blob, sizeof(blob), value, strlen(value), NULL, &len,
                          &end, URLSAFE) != 0 ||
        *end || len <= KUJI_SEAL_OVERHEAD ||
        !(numbered =
              find_key(web->process->keys, kuji_seal_key_id(blob, len)))) {
        return NULL;
    }
    out = apr_pcalloc(web->r->pool, len - KUJI_SEAL_OVERHEAD + 1);
    key_of(key, numbered, web);
    rv = kuji_unseal((unsigned char *)out, key, COOKIE, blob, len);
    sodium_memzero(key, sizeof(key));
    return rv == APR_SUCCESS ? out : NULL;
}

void kuji_line_begin(kuji_line_begun_t *begun, kuji_web_t *web,
                     const kuji_line_way_t *way)
{
    unsigned char bytes[STATE_BYTES];
    char *state = apr_palloc(web->r->pool, KUJI_LINE_STATE_LEN + 1);
    const kuji_uri_pair_t pairs[] = {
        {"state", state},
        {"slug", way->slug},
        {"draw", way->draw},
        {"agreed", way->agreed},
        {"area", way->area},
        {"until",
         apr_psprintf(web->r->pool, "%" APR_INT64_T_FMT,
                      apr_time_sec(web->r->request_time) + KUJI_LINE_SECONDS)},
        {NULL, NULL}};

    (void)kuji_session_start(web);
    randombytes_buf(bytes, sizeof(bytes));
    sodium_bin2base64(state, KUJI_LINE_STATE_LEN + 1, bytes, sizeof(bytes),
                      URLSAFE);
    begun->state = state;
    begun->way = *way;
    kuji_line_words(&begun->words, web->process->keys->cookies[0].key, state);
    set_cookie(web, seal(web, kuji_uri_form(pairs, web->r->pool)),
               KUJI_LINE_SECONDS);
}

static int is_over(const kuji_web_t *web, const char *until)
{
    return !until ||
           apr_strtoi64(until, NULL, 10) < apr_time_sec(web->r->request_time);
}

int kuji_line_begun(kuji_line_begun_t *begun, kuji_web_t *web)
{
    const char *value = web->session ? kuji_cookie_get(web, COOKIE) : NULL;
    const char *text = value ? unseal(web, value) : NULL;
    const kuji_form_t *form;

    if (!text || kuji_form_parse(&form, text, strlen(text), web->r->pool) ||
        is_over(web, kuji_form_get(form, "until"))) {
        return 0;
    }
    begun->state = kuji_form_get(form, "state");
    begun->way.slug = kuji_form_get(form, "slug");
    begun->way.draw = kuji_form_get(form, "draw");
    begun->way.agreed = kuji_form_get(form, "agreed");
    begun->way.area = kuji_form_get(form, "area");
    if (!begun->state || !begun->way.slug || !begun->way.area) {
        return 0;
    }
    kuji_line_words(&begun->words, web->process->keys->cookies[0].key,
                    begun->state);
    return 1;
}

void kuji_line_forget(kuji_web_t *web)
{
    set_cookie(web, "", 0);
}
