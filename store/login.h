/* How often somebody tried to log in, in PostgreSQL, so that all processes and
 * hosts count together.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_LOGIN_H
#define KUJI_STORE_LOGIN_H

#include "core/seal.h"
#include "store/act.h"

/** Who tries: keyed digests, since what is typed as a login and where it comes
 * from are personal data. */
typedef struct kuji_login_t {
    unsigned char account[KUJI_DIGEST_LEN], address[KUJI_DIGEST_LEN];
} kuji_login_t;

/** key: the tenant's lookup key. address: as text; of IPv6 the first 64 bits
 * count, since a household or a phone has them all. */
void kuji_login_digest(kuji_login_t *login,
                       const unsigned char key[KUJI_KEY_LEN], const char *name,
                       const char *address);

/** Counts a try before its password is checked. *wait_ms: 0, or how long to
 * wait; then the password must not be looked at. Unknown names are counted as
 * known ones. */
apr_status_t kuji_login_try(int64_t *wait_ms, const kuji_act_t *act,
                            const kuji_login_t *login, apr_pool_t *pool);

/** The try was no wrong one: it is not counted, and noted as the admin's last
 * log-in. (kuji_admin_session_start does this by itself.) */
apr_status_t kuji_login_succeeded(const kuji_act_t *act,
                                  const kuji_login_t *login,
                                  const char *admin_id, apr_pool_t *pool);
/** The same inside a transaction. */
apr_status_t kuji_login_done(const kuji_act_t *act, kuji_conn_t *conn,
                             const kuji_login_t *login, const char *admin_id,
                             apr_pool_t *pool);

#endif
