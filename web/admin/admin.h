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

kuji_handler_fn kuji_console_account;          /* account.c */
kuji_handler_fn kuji_console_account_password; /* account.c */

kuji_handler_fn kuji_console_accounts;        /* accounts.c */
kuji_handler_fn kuji_console_invite;          /* accounts.c */
kuji_handler_fn kuji_console_uninvite;        /* accounts.c */
kuji_handler_fn kuji_console_account_one;     /* account_one.c */
kuji_handler_fn kuji_console_account_role;    /* account_one.c */
kuji_handler_fn kuji_console_account_disable; /* account_one.c */
kuji_handler_fn kuji_console_account_enable;  /* account_one.c */
kuji_handler_fn kuji_console_account_remove;  /* account_one.c */
kuji_handler_fn kuji_console_account_invite;  /* account_one.c */
kuji_handler_fn kuji_console_invitation;      /* invitation.c */
kuji_handler_fn kuji_console_accept;          /* invitation.c */

#endif
