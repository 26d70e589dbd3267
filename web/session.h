/* A participant's signed cookie: `__Host-kuji` over TLS, `kuji` over plain
 * HTTP. v1.<key id>.<expiry>.<id>.<hmac>, all but the id in the MAC's input
 * together with the tenant, so that no host's cookie fits another's.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_SESSION_H
#define KUJI_WEB_SESSION_H

#include "web/web.h"

#define KUJI_SESSION_SECONDS (180 * 86400)
#define KUJI_SESSION_ID_LEN 22
/** Longest cookie value, zero byte included. */
#define KUJI_SESSION_MAX 128

/** Sets web->session from the cookie; NULL if there is none that holds. Renews
 * it in the second half of its life, or when its key is not the first. */
void kuji_session_read(kuji_web_t *web);

/** The session, made now (with Set-Cookie) if there is none. Never NULL. */
const kuji_session_t *kuji_session_start(kuji_web_t *web);

/** Pure halves, for tests and the fuzzer. out: KUJI_SESSION_MAX. */
void kuji_session_sign(char *out, const kuji_keyfile_t *keys,
                       const char *tenant_id, const char *id, int64_t expires);
/** KUJI_EINVAL malformed or expired, KUJI_EVERIFY not by a key of ours. id:
 * room for KUJI_SESSION_ID_LEN + 1; *current: signed by the first key. */
apr_status_t kuji_session_verify(char *id, int64_t *expires, int *current,
                                 const kuji_keyfile_t *keys,
                                 const char *tenant_id, const char *value,
                                 int64_t now);

#endif
