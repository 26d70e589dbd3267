/* The console's handlers, one resource a file.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_ADMIN_H
#define KUJI_WEB_ADMIN_ADMIN_H

#include "web/admin/page.h"

kuji_handler_fn kuji_console_home;       /* login.c */
kuji_handler_fn kuji_console_login_page; /* login.c */
kuji_handler_fn kuji_console_login;      /* login.c */
kuji_handler_fn kuji_console_logout;     /* login.c */

kuji_handler_fn kuji_console_theme;         /* theme.c */
kuji_handler_fn kuji_console_theme_post;    /* theme.c */
kuji_handler_fn kuji_console_theme_show;    /* theme.c */
kuji_handler_fn kuji_console_theme_preview; /* theme_preview.c */
kuji_handler_fn kuji_console_theme_sheet;   /* theme_preview.c */
kuji_handler_fn kuji_console_images;        /* images.c */
kuji_handler_fn kuji_console_image_add;     /* images.c */

#endif
