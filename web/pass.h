/* Passes: what a browser keeps of a gate that was passed outside the draw's
 * form, as a cookie: p1.<key id>.<expiry>.<marks>.<id in base64url>.<hmac>. The
 * MAC covers the gate, the tenant, the campaign and the session too: a pass
 * copied to another campaign, another host or another browser counts for
 * nothing. Pure, so that the fuzzer can call it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PASS_H
#define KUJI_WEB_PASS_H

#include "core/error.h"
#include "core/keyfile.h"

/** Longest id, in bytes. */
#define KUJI_PASS_ID_MAX 200

/** What a pass is good for; all borrowed. */
typedef struct kuji_pass_scope_t {
    const char *gate;     /* "mail", "link" */
    const char *tenant;   /* uuid */
    const char *campaign; /* uuid */
    const char *session;  /* the session's id */
} kuji_pass_scope_t;

/* What is noted about whoever passed; the admin sees it at the draws. */
#define KUJI_PASS_MARK_DEVICE 1u /* this browser had another id before */
#define KUJI_PASS_MARK_MAIL 2u   /* a disposable address */

/** The cookie's value, in pool. id: 1 .. KUJI_PASS_ID_MAX bytes; expires:
 * seconds since 1970, below 10^12. */
const char *kuji_pass_sign(const kuji_keyfile_t *keys,
                           const kuji_pass_scope_t *scope, const char *id,
                           unsigned marks, int64_t expires, apr_pool_t *pool);

/** *id in pool. KUJI_EINVAL malformed or expired, KUJI_EVERIFY not by a key of
 * ours or not for this scope. now: seconds since 1970. */
apr_status_t kuji_pass_verify(const char **id, unsigned *marks,
                              const kuji_keyfile_t *keys,
                              const kuji_pass_scope_t *scope, const char *value,
                              int64_t now, apr_pool_t *pool);

#endif
