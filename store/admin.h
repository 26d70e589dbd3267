/* A tenant's admins: log-in names and bcrypt hashes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_ADMIN_H
#define KUJI_STORE_ADMIN_H

#include "core/password.h"
#include "store/act.h"

/** A login has 1 to so many bytes, no space and no colon (Basic's separator).
 */
#define KUJI_LOGIN_MAX 200

/** What an admin may do, as bits; each admin has exactly one of them. */
#define KUJI_ROLE_OWNER 1u
#define KUJI_ROLE_EDITOR 2u /* campaigns, no personal data */
#define KUJI_ROLE_STAFF 4u  /* hands prizes over in the shop */
#define KUJI_ROLE_VIEWER 8u /* figures only */
#define KUJI_ROLE_ANY 15u

/** The bit of a role's name; 0: no such role. */
unsigned kuji_role_bit(const char *name);

typedef struct kuji_admin_t {
    const char *id; /* uuid */
    const char *tenant_id;
    const char *login, *role;
    unsigned role_bit; /* KUJI_ROLE_* */
} kuji_admin_t;

int kuji_login_ok(const char *login);

/** Longest bcrypt hash, zero byte included. */
#define KUJI_HASH_MAX 128
/** Hashes a password (0.1 s of a processor). */
apr_status_t kuji_admin_encode(char hash[KUJI_HASH_MAX], const char *password);

/** role: owner, editor, staff or viewer. The password (core/password.h says
 * which) is hashed here and not kept; the caller wipes it. KUJI_EINVAL,
 * KUJI_ECONFLICT (login taken). */
apr_status_t kuji_admin_create(const char **id, const char **why,
                               const kuji_act_t *act, const char *login,
                               const char *password, const char *role,
                               apr_pool_t *pool);

/** The admin whose password it is. KUJI_ENOTFOUND for an unknown or disabled
 * login as for a wrong password, after the same work. */
apr_status_t kuji_admin_check(const kuji_admin_t **admin, const kuji_act_t *act,
                              const char *login, const char *password,
                              apr_pool_t *pool);

/** The admin and the bcrypt hash of its password. KUJI_ENOTFOUND: unknown or
 * disabled; *hash is then one that no password has. */
apr_status_t kuji_admin_hash(const kuji_admin_t **admin, const char **hash,
                             const kuji_act_t *act, const char *login,
                             apr_pool_t *pool);

/** The admin with that login, without any password: for a user whom httpd has
 * authenticated. KUJI_ENOTFOUND: unknown or disabled. */
apr_status_t kuji_admin_by_login(const kuji_admin_t **admin,
                                 const kuji_act_t *act, const char *login,
                                 apr_pool_t *pool);

/** id, login, role of a result's row, from column col on. */
const kuji_admin_t *kuji_admin_row(const PGresult *res, int row, int col,
                                   const char *tenant_id, apr_pool_t *pool);

/** 24 random symbols out of 32 (120 bits), in groups of six; out has room for
 * KUJI_PASSPHRASE_LEN + 1. The caller wipes it. */
#define KUJI_PASSPHRASE_LEN 27
void kuji_admin_passphrase(char *out);

#endif
