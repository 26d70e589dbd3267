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
kuji_handler_fn kuji_console_export;     /* export.c: every file */
kuji_handler_fn kuji_console_exports;    /* export_page.c */
kuji_handler_fn kuji_console_downloads;  /* downloads.c */
kuji_handler_fn kuji_console_audit;      /* audit.c */

#endif
