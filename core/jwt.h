/* ID tokens: JWS compact serialisation (RFC 7515) with HS256 or ES256 (RFC 7518
 * 3.2, 3.4) and the claims of OpenID Connect Core 1.0 §3.1.3.7, as LINE signs
 * them: HS256 with the channel's secret after a log-in on the web, ES256 with a
 * key of LINE's set in LIFF and apps.
 *
 * The caller says which algorithm it accepts; the token's own word is only
 * compared with it, so that "none" or a confused key never counts.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_JWT_H
#define KUJI_CORE_JWT_H

#include "core/error.h"

#include <apr_pools.h>
#include <jansson.h>
#include <stdint.h>

/** Longest token, in bytes. */
#define KUJI_JWT_MAX 8192
/** Seconds by which another server's clock may differ from ours. */
#define KUJI_JWT_SKEW 120
/** Bytes of a coordinate of P-256, and of an ES256 signature. */
#define KUJI_P256_LEN 32
#define KUJI_ES256_LEN 64

typedef struct kuji_jwt_t {
    const char *alg;
    const char *kid; /* "" where the header has none */
    const json_t *claims;
    const char *signed_part; /* header "." payload, signed_len bytes */
    apr_size_t signed_len;
    const unsigned char *signature;
    apr_size_t signature_len;
} kuji_jwt_t;

/** Takes a token apart; nothing of it is to be believed yet. All in pool, the
 * documents too. KUJI_EINVAL: no such token (a "crit" header is none we know,
 * RFC 7515 4.1.11), KUJI_ETOOBIG. */
apr_status_t kuji_jwt_parse(const kuji_jwt_t **jwt, const char *token,
                            apr_pool_t *pool);

/** KUJI_EVERIFY: another algorithm, or not by that key. */
apr_status_t kuji_jwt_verify_hs256(const kuji_jwt_t *jwt, const void *key,
                                   apr_size_t len);

/** x, y: the public key's coordinates. KUJI_EVERIFY also for a point that is
 * not on the curve. */
apr_status_t kuji_jwt_verify_es256(const kuji_jwt_t *jwt,
                                   const unsigned char x[KUJI_P256_LEN],
                                   const unsigned char y[KUJI_P256_LEN]);

/** The coordinates of the set's P-256 key with that id (RFC 7517, 7518 6.2.1).
 * KUJI_ENOTFOUND: none, then the set may be out of date. */
apr_status_t kuji_jwt_key(unsigned char x[KUJI_P256_LEN],
                          unsigned char y[KUJI_P256_LEN], const json_t *set,
                          const char *kid);

/** What the claims of a verified token must be. */
typedef struct kuji_jwt_expect_t {
    const char *issuer;
    const char *const *audiences; /* any of them; NULL ends the list */
    const char *nonce;            /* NULL: the flow has none */
    int64_t now;                  /* seconds since 1970 */
    int64_t longest;              /* seconds since iat at most; 0: any */
} kuji_jwt_expect_t;

typedef enum kuji_jwt_flaw_e {
    KUJI_JWT_FINE,
    KUJI_JWT_ISSUER,
    KUJI_JWT_AUDIENCE,
    KUJI_JWT_EXPIRED,
    KUJI_JWT_EARLY, /* iat, or nbf, lies in the future by more than
                       KUJI_JWT_SKEW */
    KUJI_JWT_OLD,
    KUJI_JWT_NONCE,
    KUJI_JWT_SUBJECT /* none, or not 1 .. 255 characters of ASCII */
} kuji_jwt_flaw_e;

/** The first flaw of the claims; *subject in the token's pool. */
kuji_jwt_flaw_e kuji_jwt_check(const char **subject, const kuji_jwt_t *jwt,
                               const kuji_jwt_expect_t *expect);

/** A static English word for the log. */
const char *kuji_jwt_flaw_name(kuji_jwt_flaw_e flaw);

#endif
