/* The module as a part of httpd's authentication and authorisation:
 * `AuthType Kuji`, `AuthBasicProvider kuji`, `Require kuji-role`.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_AUTH_H
#define KUJI_AUTH_H

#include <httpd.h>

void kuji_auth_register(apr_pool_t *p);

#endif
