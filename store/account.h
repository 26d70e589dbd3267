/* What an owner does to the tenant's admins, and an admin to its own password.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_ACCOUNT_H
#define KUJI_STORE_ACCOUNT_H

#include "store/admin.h"

typedef struct kuji_account_t {
    const char *id, *login, *role;
    int disabled;
    int64_t created_at, last_login_at; /* ms; 0: never */
    int64_t sessions;                  /* logged in now */
} kuji_account_t;

/** Those not removed, by login. */
apr_status_t kuji_account_list(const kuji_account_t **accounts, int *count,
                               const kuji_act_t *act, apr_pool_t *pool);
/** KUJI_ENOTFOUND, also for one that was removed. */
apr_status_t kuji_account_get(const kuji_account_t **account,
                              const kuji_act_t *act, const char *id,
                              apr_pool_t *pool);

/* Each holds from the admin's next request on. KUJI_ENOTFOUND: no such account.
 * KUJI_ESTATE: it is the last owner who is not disabled, and would not be one
 * any more. What is so already is left alone, without an audit row. */
apr_status_t kuji_account_set_role(const kuji_act_t *act, const char *id,
                                   const char *role, apr_pool_t *pool);
/** Disabling ends the account's sessions. */
apr_status_t kuji_account_disable(const kuji_act_t *act, const char *id,
                                  int disable, apr_pool_t *pool);
/** For good; the row stays, since the audit log names it. */
apr_status_t kuji_account_remove(const kuji_act_t *act, const char *id,
                                 apr_pool_t *pool);

/** A new password for act's actor, already found good; its other sessions end,
 * but for the one with that digest (NULL: all). hash of kuji_admin_encode. */
apr_status_t kuji_account_set_password(const kuji_act_t *act, const char *hash,
                                       const unsigned char *but,
                                       apr_pool_t *pool);

#endif
