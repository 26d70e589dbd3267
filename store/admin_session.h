/* Who is logged in: a random token in the browser's cookie, its digest in a
 * row. Ends two hours after the last request, twelve after the log-in, with the
 * admin's account, or when it is revoked.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_ADMIN_SESSION_H
#define KUJI_STORE_ADMIN_SESSION_H

#include "store/admin.h"
#include "store/login.h"

/** base64url of 32 random bytes. */
#define KUJI_ADMIN_TOKEN_LEN 43

/** A new random token, and its digest; token has room for its zero byte. */
void kuji_admin_token(char token[KUJI_ADMIN_TOKEN_LEN + 1],
                      unsigned char digest[32]);
/** The digest of a token; KUJI_EINVAL for what cannot be one. */
apr_status_t kuji_admin_token_digest(unsigned char digest[32],
                                     const char *token);

/** A new session of admin, who has just proved to be it. before: the digest of
 * the session that the browser had, which ends now, or NULL. login: as given to
 * kuji_login_try, whose count goes back. token as of kuji_admin_token.
 * KUJI_ENOTFOUND: the account has been disabled since. */
typedef struct kuji_admin_entry_t {
    const kuji_admin_t *admin;
    const unsigned char *before;
    const kuji_login_t *login;
} kuji_admin_entry_t;

apr_status_t kuji_admin_session_start(char token[KUJI_ADMIN_TOKEN_LEN + 1],
                                      const kuji_act_t *act,
                                      const kuji_admin_entry_t *entry,
                                      apr_pool_t *pool);

/** Whose session it is; KUJI_ENOTFOUND: nobody's, or over. Keeps it from
 * falling idle. */
apr_status_t kuji_admin_session_find(const kuji_admin_t **admin,
                                     const kuji_act_t *act,
                                     const unsigned char digest[32],
                                     apr_pool_t *pool);

/** Ends one session of act's actor: APR_SUCCESS also where it is over. */
apr_status_t kuji_admin_session_end(const kuji_act_t *act,
                                    const unsigned char digest[32],
                                    apr_pool_t *pool);

/** Ends every session of admin id, but for the one with that digest (NULL:
 * that one too). *count: how many those were. */
apr_status_t kuji_admin_session_end_all(int64_t *count, const kuji_act_t *act,
                                        const char *id,
                                        const unsigned char *but,
                                        apr_pool_t *pool);
/** The same inside a transaction, without an audit row. */
apr_status_t kuji_admin_session_drop(int64_t *count, const kuji_act_t *act,
                                     kuji_conn_t *conn, const char *id,
                                     const unsigned char *but,
                                     apr_pool_t *pool);

#endif
