/* SPDX-License-Identifier: Apache-2.0 */
#include "core/line.h"

#include "core/uri.h"

#include <apr_cstr.h>
#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define URLSAFE sodium_base64_VARIANT_URLSAFE_NO_PADDING

static void word(char out[KUJI_LINE_WORD_LEN + 1],
                 const unsigned char hash[KUJI_HASH_LEN])
{
    sodium_bin2base64(out, KUJI_LINE_WORD_LEN + 1, hash, KUJI_HASH_LEN,
                      URLSAFE);
}

void kuji_line_challenge(char out[KUJI_LINE_WORD_LEN + 1], const char *verifier)
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, (const unsigned char *)verifier, strlen(verifier));
    word(out, hash);
}

void kuji_line_words(kuji_line_words_t *out,
                     const unsigned char key[KUJI_KEY_LEN], const char *state)
{
    unsigned char secret[KUJI_KEY_LEN];

    kuji_seal_derive(secret, key, "line nonce", state, strlen(state));
    word(out->nonce, secret);
    kuji_seal_derive(secret, key, "line verifier", state, strlen(state));
    word(out->verifier, secret);
    sodium_memzero(secret, sizeof(secret));
    kuji_line_challenge(out->challenge, out->verifier);
}

const char *kuji_line_authorize(const kuji_line_ask_t *ask, apr_pool_t *pool)
{
    const kuji_uri_pair_t pairs[] = {
        {"response_type", "code"},
        {"client_id", ask->channel},
        {"redirect_uri", ask->redirect_uri},
        {"state", ask->state},
        {"scope", ask->profile ? "profile openid" : "openid"},
        {"nonce", ask->words->nonce},
        {"code_challenge", ask->words->challenge},
        {"code_challenge_method", "S256"},
        {"bot_prompt", ask->bot_prompt},
        {"ui_locales", ask->locale},
        {"disable_auto_login", ask->no_auto_login ? "true" : NULL},
        {NULL, NULL},
    };

    return apr_pstrcat(pool, ask->base, "/oauth2/v2.1/authorize?",
                       kuji_uri_form(pairs, pool), NULL);
}

static int same(const char *a, const char *b)
{
    return a && b && *b && strlen(a) == strlen(b) &&
           sodium_memcmp(a, b, strlen(a)) == 0;
}

/* Documented in capitals; OAuth's own lower case is read as well. */
static int is_denial(const char *error)
{
    return apr_cstr_casecmp(error, "ACCESS_DENIED") == 0 ||
           apr_cstr_casecmp(error, "LOGIN_CANCEL") == 0;
}

kuji_line_back_e kuji_line_back(const char *state, const char *code,
                                const char *error, const char *expected)
{
    if (!same(state, expected)) {
        return KUJI_LINE_BACK_FOREIGN;
    }
    if (error) {
        return is_denial(error) ? KUJI_LINE_BACK_DENIED : KUJI_LINE_BACK_FAILED;
    }
    return code && *code ? KUJI_LINE_BACK_CODE : KUJI_LINE_BACK_FAILED;
}
