/* Accounts as the pages about them show them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_ACCOUNTS_H
#define KUJI_WEB_ADMIN_ACCOUNTS_H

#include "store/account.h"
#include "web/admin/admin.h"

/** Names of the roles, then NULL. */
extern const char *const kuji_console_roles[];

/** id, login, role, role_label, disabled, sessions, self, href, created,
 * last_login. */
json_t *kuji_console_account_data(kuji_console_page_t *page,
                                  const kuji_account_t *account);

/** Shows an invitation's link, which nobody sees again. page->data is released.
 */
int kuji_console_show_link(kuji_console_page_t *page, const char *login,
                           const char *token);

#endif
