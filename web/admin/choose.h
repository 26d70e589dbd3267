/* Choosing a password: typed twice, or one that was made for the admin.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_CHOOSE_H
#define KUJI_WEB_ADMIN_CHOOSE_H

#include "web/admin/page.h"

/** Adds the fields `new`, `again` and data.generated, a passphrase to take. For
 * template choose.mustache. */
void kuji_console_choose(kuji_console_page_t *page);

/** The password that the form chose, after kuji_console_choose; NULL: it
 * cannot be taken, and the fields say why. */
const char *kuji_console_chosen(kuji_console_page_t *page, const char *login);

/** kuji_admin_encode behind the process's gate. KUJI_EBUSY. */
apr_status_t kuji_console_encode(char hash[KUJI_HASH_MAX], kuji_web_t *web,
                                 const char *password);

#endif
