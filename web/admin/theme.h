/* Inside of the theme's page.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_THEME_H
#define KUJI_WEB_ADMIN_THEME_H

#include "store/theme.h"
#include "web/admin/page.h"

/** Adds the form's fields: base, colours, images, CSS. What was sent is shown
 * again; else the theme. */
apr_status_t kuji_console_theme_fields(kuji_console_page_t *page,
                                       const kuji_theme_t *theme);

/** Reads the form that was sent. KUJI_EINVAL: something is no colour, or it is
 * no form of ours. */
apr_status_t kuji_console_theme_read(kuji_theme_t *theme,
                                     kuji_console_page_t *page);

/** Adds contrast and faults. */
void kuji_console_theme_report(kuji_console_page_t *page,
                               const kuji_theme_t *theme);

/** The name of a token for people. */
const char *kuji_console_theme_label(const kuji_console_page_t *page,
                                     const char *token);

#endif
