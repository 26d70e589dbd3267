/* The one-time values of LIFF's pages: nothing is kept of them until they are
 * used.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/liff.h"
#include "web/session.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define NONCE_LEN 16
#define UNTIL_LEN 8
#define MAC_LEN KUJI_DIGEST_LEN
#define ONCE_LEN (NONCE_LEN + UNTIL_LEN + MAC_LEN)

static void put_until(unsigned char out[UNTIL_LEN], int64_t seconds)
{
    int i;

    for (i = 0; i < UNTIL_LEN; i++) {
        out[i] = (unsigned char)((uint64_t)seconds >> (8 * (7 - i)));
    }
}

static int64_t get_until(const unsigned char in[UNTIL_LEN])
{
    uint64_t seconds = 0;
    int i;

    for (i = 0; i < UNTIL_LEN; i++) {
        seconds = seconds << 8 | in[i];
    }
    return (int64_t)seconds;
}

/* Over what the value says, the campaign, and the browser's session. */
static void sign(unsigned char out[MAC_LEN], const unsigned char *once,
                 const kuji_numbered_key_t *from, const kuji_web_t *web)
{
    unsigned char key[KUJI_KEY_LEN];
    const char *whole = apr_pstrcat(
        web->r->pool,
        apr_psprintf(web->r->pool, "%" APR_INT64_T_FMT ":", web->campaign->id),
        web->session->id, ":", NULL);
    apr_size_t len = strlen(whole);
    unsigned char *bytes =
        apr_palloc(web->r->pool, len + NONCE_LEN + UNTIL_LEN);

    memcpy(bytes, whole, len);
    memcpy(bytes + len, once, NONCE_LEN + UNTIL_LEN);
    kuji_seal_derive(key, from->key, "liff", web->tenant->id,
                     strlen(web->tenant->id));
    kuji_seal_digest(out, key, "once", bytes, len + NONCE_LEN + UNTIL_LEN);
    sodium_memzero(key, sizeof(key));
}

const char *kuji_liff_once(kuji_web_t *web)
{
    unsigned char once[ONCE_LEN];
    apr_size_t room = sodium_base64_encoded_len(sizeof(once), URLSAFE);

    (void)kuji_session_start(web);
    randombytes_buf(once, NONCE_LEN);
    put_until(once + NONCE_LEN,
              apr_time_sec(web->r->request_time) + KUJI_LIFF_ONCE_SECONDS);
    sign(once + NONCE_LEN + UNTIL_LEN, once, &web->process->keys->cookies[0],
         web);
    return sodium_bin2base64(apr_palloc(web->r->pool, room), room, once,
                             sizeof(once), URLSAFE);
}

int kuji_liff_once_fits(int64_t *expires, const char *text, kuji_web_t *web)
{
    const kuji_keyfile_t *keys = web->process->keys;
    unsigned char once[ONCE_LEN], mac[MAC_LEN];
    const char *end;
    size_t len;
    int i, fits = 0;

    if (!web->session ||
        sodium_base642bin(once, sizeof(once), text, strlen(text), NULL, &len,
                          &end, URLSAFE) != 0 ||
        *end || len != sizeof(once)) {
        return 0;
    }
    for (i = 0; i < keys->ncookies; i++) {
        sign(mac, once, &keys->cookies[i], web);
        fits |= sodium_memcmp(mac, once + NONCE_LEN + UNTIL_LEN, MAC_LEN) == 0;
    }
    *expires = get_until(once + NONCE_LEN) * 1000;
    return fits && *expires >= apr_time_as_msec(web->r->request_time);
}
