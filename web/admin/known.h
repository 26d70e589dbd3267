/* Passwords that were right a moment ago: browsers send Basic authentication
 * with every request, and bcrypt takes a tenth of a second.
 *
 * What is remembered is a keyed digest over the password and the hash that the
 * account has in the database now, the key being random and the process's own:
 * a new password, or another account, is another digest. Whether the account is
 * still there is asked each time.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_KNOWN_H
#define KUJI_WEB_ADMIN_KNOWN_H

#include "core/error.h"

#include <apr_pools.h>

typedef struct kuji_known_t kuji_known_t;

apr_status_t kuji_known_create(kuji_known_t **known, apr_pool_t *p);

/** Whether kuji_known_add was called with both; it may have been forgotten. */
int kuji_known_has(kuji_known_t *known, const char *hash, const char *password);
void kuji_known_add(kuji_known_t *known, const char *hash,
                    const char *password);

#endif
