/* What the pages of LINE's settings share.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_LINE_FORM_H
#define KUJI_WEB_ADMIN_LINE_FORM_H

#include "store/line.h"
#include "web/admin/page.h"

/** Opens the page and reads the settings (with_secret as in
 * kuji_line_settings). DECLINED, or what the handler returns. */
int kuji_line_form_open(kuji_console_page_t *page,
                        kuji_line_settings_t *settings, int with_secret,
                        kuji_web_t *web);

/** The form over the settings, or over what was sent; expected: the version
 * that it was made from. */
void kuji_line_form_add(kuji_console_page_t *page,
                        const kuji_line_settings_t *settings, int expected);

/** An address of ours that is registered at LINE, in the page's pool. */
const char *kuji_line_form_address(const kuji_console_page_t *page,
                                   const char *path);

#endif
