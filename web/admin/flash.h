/* What was changed, said once on the page that follows: in a cookie, so that
 * it works whoever authenticated the admin.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_FLASH_H
#define KUJI_WEB_ADMIN_FLASH_H

#include "web/admin/page.h"

/** Moves it from the cookie into data.flash, the text. */
void kuji_console_flash(kuji_console_page_t *page);

#endif
