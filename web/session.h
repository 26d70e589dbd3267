/* A participant's session: a signed cookie (web/cookie.h), `__Host-kuji` over
 * TLS, `kuji` over plain HTTP.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_SESSION_H
#define KUJI_WEB_SESSION_H

#include "web/web.h"

#define KUJI_SESSION_SECONDS (180 * 86400)

/** Sets web->session from the cookie; NULL if there is none that holds. Renews
 * it in the second half of its life, or when its key is not the first. */
void kuji_session_read(kuji_web_t *web);

/** The session, made now (with Set-Cookie) if there is none. Never NULL. */
const kuji_session_t *kuji_session_start(kuji_web_t *web);

#endif
