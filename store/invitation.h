/* One-time links: to a new account, or to a new password of one that there is.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_INVITATION_H
#define KUJI_STORE_INVITATION_H

#include "store/admin_session.h"

/** How long a link is good. */
#define KUJI_INVITATION_HOURS 72

typedef struct kuji_invitation_t {
    const char *id, *login, *role;
    const char *admin_id;           /* NULL: for a new account */
    int64_t created_at, expires_at; /* ms */
} kuji_invitation_t;

/** An invitation of login as role; admin_id: the account that gets a new
 * password (login and role are then its own), or NULL. An earlier invitation of
 * that login is revoked. token has room for KUJI_ADMIN_TOKEN_LEN + 1.
 * KUJI_EINVAL (login), KUJI_ECONFLICT: there is an account with that login;
 * KUJI_ENOTFOUND: there is none with that id, or it is disabled. */
apr_status_t kuji_invitation_create(char *token, const kuji_act_t *act,
                                    const char *login, const char *role,
                                    const char *admin_id, apr_pool_t *pool);

/** Those that are open and not expired, newest first. */
apr_status_t kuji_invitation_list(const kuji_invitation_t **invitations,
                                  int *count, const kuji_act_t *act,
                                  apr_pool_t *pool);

/** KUJI_ENOTFOUND: not open. */
apr_status_t kuji_invitation_revoke(const kuji_act_t *act, const char *id,
                                    apr_pool_t *pool);

/** The open invitation of a link's token. KUJI_ENOTFOUND: used, revoked,
 * expired, or never there; also when the account has been disabled. */
apr_status_t kuji_invitation_find(const kuji_invitation_t **invitation,
                                  const kuji_act_t *act, const char *token,
                                  apr_pool_t *pool);

/** Uses it up: makes the account, or changes its password and ends its
 * sessions. hash of kuji_admin_encode. KUJI_ENOTFOUND as above;
 * KUJI_ECONFLICT: the login is taken by now. */
apr_status_t kuji_invitation_accept(const kuji_act_t *act, const char *token,
                                    const char *hash, apr_pool_t *pool);

#endif
