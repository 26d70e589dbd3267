/* LINE Login v2.1: what a log-in begins with, and how what comes back is read
 * (LINE Developers, "Integrating LINE Login with your web app", "PKCE support
 * for LINE Login", "How to handle auto login failure").
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_LINE_H
#define KUJI_CORE_LINE_H

#include "core/error.h"
#include "core/seal.h"

#include <apr_pools.h>

/** The issuer of ID tokens, whatever the servers' addresses are. */
#define KUJI_LINE_ISSUER "https://access.line.me"

/** Random texts of one log-in, each derived from one secret: 43 characters of
 * base64url, so that nothing but the state need be kept. */
#define KUJI_LINE_WORD_LEN 43
typedef struct kuji_line_words_t {
    char nonce[KUJI_LINE_WORD_LEN + 1];
    char verifier[KUJI_LINE_WORD_LEN + 1];
    char
        challenge[KUJI_LINE_WORD_LEN + 1]; /* S256 of the verifier (RFC 7636) */
} kuji_line_words_t;

/** state: the log-in's, random, bound to the browser. */
void kuji_line_words(kuji_line_words_t *out,
                     const unsigned char key[KUJI_KEY_LEN], const char *state);

/** S256 of RFC 7636 4.2: unpadded base64url of the SHA-256. */
void kuji_line_challenge(char out[KUJI_LINE_WORD_LEN + 1],
                         const char *verifier);

typedef struct kuji_line_ask_t {
    const char *base;         /* "https://access.line.me" */
    const char *channel;      /* id of the login channel */
    const char *redirect_uri; /* as registered */
    const char *state;
    const kuji_line_words_t *words;
    const char *bot_prompt; /* "normal", "aggressive", or NULL */
    const char *locale;     /* "ja-JP", "en-US" */
    int profile;            /* ask for name and picture too */
    int no_auto_login;      /* the retry after a failed one */
} kuji_line_ask_t;

/** Where the browser goes to log in; in pool. */
const char *kuji_line_authorize(const kuji_line_ask_t *ask, apr_pool_t *pool);

/** How a callback's parameters read; none of them is trusted. */
typedef enum kuji_line_back_e {
    KUJI_LINE_BACK_CODE,   /* go on: exchange the code */
    KUJI_LINE_BACK_DENIED, /* the user said no (ACCESS_DENIED, LOGIN_CANCEL) */
    KUJI_LINE_BACK_FAILED, /* another error of LINE's */
    KUJI_LINE_BACK_FOREIGN /* no state of this browser's: a failed auto login,
                              or somebody else's link; never exchange the code
                            */
} kuji_line_back_e;

/** state, code, error: the query's, NULL where absent; expected: the browser's
 * (NULL: it has none). */
kuji_line_back_e kuji_line_back(const char *state, const char *code,
                                const char *error, const char *expected);

#endif
