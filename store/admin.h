/* A tenant's admins: log-in names and bcrypt hashes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_ADMIN_H
#define KUJI_STORE_ADMIN_H

#include "store/act.h"

/** bcrypt reads no further. */
#define KUJI_PASSWORD_MAX 72
#define KUJI_PASSWORD_MIN 12

typedef struct kuji_admin_t {
    const char *id; /* uuid */
    const char *login, *role;
} kuji_admin_t;

/** role: owner, editor, staff or viewer. The password is hashed here and not
 * kept; the caller wipes it. KUJI_EINVAL, KUJI_ECONFLICT (login taken). */
apr_status_t kuji_admin_create(const char **id, const char **why,
                               const kuji_act_t *act, const char *login,
                               const char *password, const char *role,
                               apr_pool_t *pool);

/** The admin whose password it is. KUJI_ENOTFOUND for an unknown or disabled
 * login as for a wrong password, after the same work. */
apr_status_t kuji_admin_check(const kuji_admin_t **admin, const kuji_act_t *act,
                              const char *login, const char *password,
                              apr_pool_t *pool);

/** 24 random symbols out of 32 (120 bits), in groups of six; out has room for
 * KUJI_PASSPHRASE_LEN + 1. The caller wipes it. */
#define KUJI_PASSPHRASE_LEN 27
void kuji_admin_passphrase(char *out);

#endif
