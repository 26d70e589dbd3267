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

/* campaigns.c */
kuji_handler_fn kuji_console_campaigns, kuji_console_archive;
kuji_handler_fn kuji_console_duplicate_page, kuji_console_duplicate;
/* edit.c */
kuji_handler_fn kuji_console_new_page, kuji_console_new;
kuji_handler_fn kuji_console_edit_page, kuji_console_edit;
/* texts.c */
kuji_handler_fn kuji_console_texts_page, kuji_console_texts;
/* prizes.c */
kuji_handler_fn kuji_console_prizes, kuji_console_stock;
kuji_handler_fn kuji_console_prize_move, kuji_console_prize_remove;
kuji_handler_fn kuji_console_prize_page, kuji_console_prize; /* prize.c */
kuji_handler_fn kuji_console_overview;                       /* overview.c */
/* publish.c */
kuji_handler_fn kuji_console_publish_page, kuji_console_publish;
kuji_handler_fn kuji_console_pause, kuji_console_resume;
kuji_handler_fn kuji_console_close_page, kuji_console_close;
kuji_handler_fn kuji_console_forecast; /* forecast.c */
kuji_handler_fn kuji_console_preview;  /* preview.c */
/* codes.c, codes_make.c */
kuji_handler_fn kuji_console_codes, kuji_console_codes_import;
kuji_handler_fn kuji_console_codes_disable, kuji_console_codes_enable;
kuji_handler_fn kuji_console_codes_make;
/* raffle.c */
kuji_handler_fn kuji_console_raffle, kuji_console_raffle_run;
kuji_handler_fn kuji_console_raffle_void, kuji_console_substitute;
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
