/* The console's handlers, one resource a file.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_ADMIN_H
#define KUJI_WEB_ADMIN_ADMIN_H

#include "web/admin/page.h"

kuji_handler_fn kuji_console_figures;    /* figures.c */
kuji_handler_fn kuji_console_home;       /* login.c */
kuji_handler_fn kuji_console_login_page; /* login.c */
kuji_handler_fn kuji_console_login;      /* login.c */
kuji_handler_fn kuji_console_logout;     /* login.c */
kuji_handler_fn kuji_console_export;     /* export.c: every file */
kuji_handler_fn kuji_console_exports;    /* export_page.c */
kuji_handler_fn kuji_console_downloads;  /* downloads.c */
kuji_handler_fn kuji_console_audit;      /* audit.c */

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
kuji_handler_fn kuji_console_undo;                           /* undo.c */
kuji_handler_fn kuji_console_overview;                       /* overview.c */
kuji_handler_fn kuji_console_qr;                             /* qr.c */
/* publish.c */
kuji_handler_fn kuji_console_publish_page, kuji_console_publish;
kuji_handler_fn kuji_console_pause, kuji_console_resume;
kuji_handler_fn kuji_console_close_page, kuji_console_close;
kuji_handler_fn kuji_console_forecast; /* forecast.c */
kuji_handler_fn kuji_console_preview;  /* preview.c */
/* passphrases.c */
kuji_handler_fn kuji_console_passphrases_page, kuji_console_passphrases;
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
kuji_handler_fn kuji_console_winners;         /* winner.c */
kuji_handler_fn kuji_console_winners_search;  /* winner.c */
kuji_handler_fn kuji_console_draw;            /* draw.c */
kuji_handler_fn kuji_console_draw_void;       /* draw_act.c */
kuji_handler_fn kuji_console_draw_substitute; /* draw_act.c */
kuji_handler_fn kuji_console_draw_step;       /* draw_act.c */
kuji_handler_fn kuji_console_draw_gift;       /* draw_act.c */
kuji_handler_fn kuji_console_claims;          /* claims.c */
kuji_handler_fn kuji_console_claims_hand;     /* claims.c */
kuji_handler_fn kuji_console_claims_ship;     /* claims.c */
kuji_handler_fn kuji_console_line;            /* line.c */
kuji_handler_fn kuji_console_line_post;
/* line_messages.c */
kuji_handler_fn kuji_console_line_messages, kuji_console_line_again;
kuji_handler_fn kuji_console_line_test;       /* line_test.c */
kuji_handler_fn kuji_console_claims_return;   /* claims_expired.c */
kuji_handler_fn kuji_console_claims_back;     /* claims_back.c */
kuji_handler_fn kuji_console_draw_back;       /* claims_back.c */
kuji_handler_fn kuji_console_claim_form;      /* claim_form.c */
kuji_handler_fn kuji_console_claim_form_page; /* claim_form.c */
/* shops.c */
kuji_handler_fn kuji_console_shops, kuji_console_shop_add;
kuji_handler_fn kuji_console_shop_passcode;
kuji_handler_fn kuji_console_shop_disable, kuji_console_shop_enable;
kuji_handler_fn kuji_console_gifts;             /* gifts.c */
kuji_handler_fn kuji_console_gifts_import;      /* gifts.c */
kuji_handler_fn kuji_console_gifts_warn;        /* gifts.c */
kuji_handler_fn kuji_console_people;            /* people.c */
kuji_handler_fn kuji_console_people_search;     /* people.c */
kuji_handler_fn kuji_console_person;            /* person.c */
kuji_handler_fn kuji_console_person_correct;    /* person.c */
kuji_handler_fn kuji_console_person_erase;      /* person.c */
kuji_handler_fn kuji_console_person_gate_erase; /* person.c */
kuji_handler_fn kuji_console_theme;             /* theme.c */
kuji_handler_fn kuji_console_theme_post;        /* theme.c */
kuji_handler_fn kuji_console_theme_show;        /* theme.c */
kuji_handler_fn kuji_console_theme_preview;     /* theme_preview.c */
kuji_handler_fn kuji_console_theme_sheet;       /* theme_preview.c */
kuji_handler_fn kuji_console_images;            /* images.c */
kuji_handler_fn kuji_console_image_add;         /* images.c */

/* payments.c, payment.c, pay_settings.c, pay_desk.c */
kuji_handler_fn kuji_console_payments, kuji_console_payment;
kuji_handler_fn kuji_console_payment_check, kuji_console_payment_right;
kuji_handler_fn kuji_console_payment_capture, kuji_console_payment_void;
kuji_handler_fn kuji_console_payment_refund;
kuji_handler_fn kuji_console_pay_settings, kuji_console_pay_settings_post;
kuji_handler_fn kuji_console_pay_test;
kuji_handler_fn kuji_console_pay, kuji_console_pay_post;

kuji_handler_fn kuji_console_mail;       /* mail.c */
kuji_handler_fn kuji_console_mail_again; /* mail.c */
kuji_handler_fn kuji_console_mail_text;  /* mail_text.c */
kuji_handler_fn kuji_console_mail_save;  /* mail_text.c */

/** Answers a search for a person: q as typed; slug: in that campaign, NULL: in
 * all. (people.c) */
int kuji_persons_found(kuji_console_page_t *page, const char *q,
                       const char *slug);

#endif
