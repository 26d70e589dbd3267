/* How the logs' pages say who, when and how many.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_WORDS_H
#define KUJI_WEB_ADMIN_WORDS_H

#include "web/admin/page.h"

/** {"name", "is_login"}: an admin's login, or what else acted. login may be
 * NULL. */
json_t *kuji_console_who(const kuji_console_page_t *page, const char *actor,
                         const char *login);

/** ms as text in the console's time zone, in the page's pool. */
const char *kuji_console_when(const kuji_console_page_t *page, int64_t ms);

/** "1,234,567", in the page's pool. */
const char *kuji_console_number(const kuji_console_page_t *page,
                                int64_t number);

#endif
