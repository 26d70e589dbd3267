/* Who enters the console. httpd's own authentication (Basic, a client
 * certificate …) counts where its user is an admin's login; otherwise our
 * session does, whose token is in the cookie `__Host-kuji-admin` (over plain
 * HTTP `kuji-admin`).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_ENTER_H
#define KUJI_WEB_ADMIN_ENTER_H

#include "web/web.h"

/** Whether the admin is known and has one of the roles; sets web->admin.
 * DECLINED: go on; otherwise what the handler returns: a browser that asks for
 * a page is sent to the log-in page, everybody else gets 401; an admin of
 * another role, or a user of httpd's who is none, 403. */
int kuji_console_enter(kuji_web_t *web, unsigned roles);

/** Answers somebody who is no admin: to the log-in page, or 401 or 403. */
int kuji_console_stranger(kuji_web_t *web);

/** Sets web->admin and web->admin_session from the cookie. KUJI_ENOTFOUND:
 * there is no session. web->tenant is set. */
apr_status_t kuji_console_session(kuji_web_t *web);

/** Sets web->admin to whom httpd authenticated. KUJI_ENOTFOUND: nobody, or no
 * admin. */
apr_status_t kuji_console_user(kuji_web_t *web);

/** Sends the cookie of a new session; token NULL: removes it. */
void kuji_console_cookie(kuji_web_t *web, const char *token);

/** The digest of the cookie's token, in r->pool, or NULL. */
const unsigned char *kuji_console_cookie_digest(kuji_web_t *web);

#endif
