/* What the participants' pages have in common: a campaign, its texts and times
 * in the reader's language, and the data that a template is rendered over.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PARTICIPANT_PAGE_H
#define KUJI_WEB_PARTICIPANT_PAGE_H

#include "store/campaign.h"
#include "store/draw.h"
#include "web/render.h"
#include "web/route.h"
#include "web/zone.h"

kuji_handler_fn kuji_page_list;       /* list.c */
kuji_handler_fn kuji_page_campaign;   /* campaign.c */
kuji_handler_fn kuji_page_draw;       /* draw.c */
kuji_handler_fn kuji_page_result;     /* result.c */
kuji_handler_fn kuji_page_receipt;    /* receipt.c */
kuji_handler_fn kuji_page_claim;      /* claim.c */
kuji_handler_fn kuji_page_claim_post; /* claim.c */
kuji_handler_fn kuji_page_postal;     /* postal.c */
kuji_handler_fn kuji_page_mail;       /* mail.c */
kuji_handler_fn kuji_page_mail_ask;   /* mail.c */
kuji_handler_fn kuji_page_mail_code;  /* mail.c */
kuji_handler_fn kuji_page_mail_link;  /* mail.c */
kuji_handler_fn kuji_page_me;         /* me.c */
kuji_handler_fn kuji_hook_line;       /* hook.c */
kuji_handler_fn kuji_page_buy;        /* buy.c */
kuji_handler_fn kuji_page_pay;        /* buy.c */
kuji_handler_fn kuji_page_line;       /* line.c */
kuji_handler_fn kuji_page_line_post;  /* line.c */
kuji_handler_fn kuji_page_line_back;  /* line_back.c */
kuji_handler_fn kuji_page_line_prize; /* line.c */
kuji_handler_fn kuji_page_data;       /* data.c */
kuji_handler_fn kuji_page_data_post;  /* data.c */
kuji_handler_fn kuji_page_data_json;  /* data_json.c */
kuji_handler_fn kuji_page_erase;      /* erase.c */
kuji_handler_fn kuji_page_erase_post; /* erase.c */
kuji_handler_fn kuji_page_erasure;    /* erase.c */
kuji_handler_fn kuji_page_rules;      /* rules.c */
kuji_handler_fn kuji_page_fairness;   /* fairness.c */
kuji_handler_fn kuji_page_image;      /* looks.c */
kuji_handler_fn kuji_page_theme;      /* looks.c */

/* liff.c, liff_session.c */
kuji_handler_fn kuji_page_liff, kuji_page_liff_session;

/** Marks a result that has not been seen yet, for its reveal. */
#define KUJI_PAGE_NEW_COOKIE "kuji-new"

/** This browser came by LIFF: "login", or which of a Mini App's channels. */
#define KUJI_PAGE_LIFF_COOKIE "kuji-liff"

typedef struct kuji_page_t {
    kuji_web_t *web;
    apr_pool_t *pool;
    const json_t *config;
    const kuji_manifest_t *m;
    const kuji_zone_t *zone;
    const kuji_campaign_view_t *view; /* NULL until kuji_page_read */
    json_t *data;
} kuji_page_t;

/** Fills page in and begins its data: campaign, period, texts, gates. Pages
 * without templates are refused: DECLINED, or the problem that was sent. */
int kuji_page_open(kuji_page_t *page, kuji_web_t *web);

/** Reads the campaign's state into page->view; adds phase and prizes. */
apr_status_t kuji_page_read(kuji_page_t *page);

/** Makes view the campaign's state on the page; it outlives the page. */
void kuji_page_show(kuji_page_t *page, const kuji_campaign_view_t *view);

/* What the pages of a campaign and of its rules say, for their handlers and for
 * the console's preview. The campaign's needs kuji_page_show. */
/** missing: the gates that ask for a pass which the reader does not hold. */
void kuji_campaign_fill(kuji_page_t *page, unsigned missing); /* campaign.c */
void kuji_rules_fill(kuji_page_t *page);                      /* rules.c */

/** Sends it; page->data is released. */
int kuji_page_send(kuji_page_t *page, int status, kuji_caching_e caching,
                   const char *name);
/** Releases the data and answers a failure from below. */
int kuji_page_failure(kuji_page_t *page, apr_status_t rv, const char *what);

/** Who reads: the tenant's rows, nobody in particular; with the keys of what is
 * sealed. */
void kuji_page_act(kuji_act_t *act, kuji_web_t *web);

/** Draw web->n, if it was drawn under one of the browser's ids
 * (web/identity.h): another's is KUJI_ENOTFOUND, as if it were not there. */
apr_status_t kuji_page_own_draw(const kuji_draw_row_t **row, kuji_web_t *web);

/** One draw as data: n, kind (win, blank, entry, void), rank (0: the first
 * prize), what, at, iso, and a true member of its kind's name. */
json_t *kuji_page_draw_data(const kuji_page_t *page,
                            const kuji_draw_row_t *row);

/** Adds to a draw's data where its win stands: state, state_label, next (words
 * for what to do), owed, due. Nothing where it is no win. (won.c) */
void kuji_page_add_win(kuji_page_t *page, const kuji_draw_row_t *row,
                       json_t *draw);

/** true by the word of each of a campaign's gates, for their partials. */
void kuji_page_gates(json_t *data, unsigned gates);

/** The browser's newest draws below `before` (0: all), whatever id it made them
 * under, at most limit. *rows is NULL before the call. */
apr_status_t kuji_page_mine(const kuji_draw_row_t **rows, int *count,
                            kuji_page_t *page, uint64_t before, int limit);

/** Adds the browser's newest draws, whatever id it made them under, below
 * `before` (0: all) as draws, draws_any and, if there are more than limit,
 * older. */
apr_status_t kuji_page_add_mine(kuji_page_t *page, uint64_t before, int limit);

/** The organiser's text in the reader's language, else in Japanese; NULL. */
const char *kuji_page_config_text(const kuji_page_t *page, const char *name);

/** Adds counts_any and counts ([{count, one, checked}]): how many draws the
 * form offers at once; chosen: the one that is marked, 0 the smallest.
 * (reveal.c) */
void kuji_page_add_counts(kuji_page_t *page, int chosen);
/** The data of how a result is shown: {name, NAME: true}. (reveal.c) */
json_t *kuji_page_reveal(const kuji_page_t *page);
/** Adds what can be said about a result to others: share = {text, url, line,
 * x}, without anything that only the participant may know. first: the draw on
 * the card. (share.c) */
void kuji_page_add_share(kuji_page_t *page, const json_t *first);

/** {"iso", "text"} of a time. */
json_t *kuji_page_time(const kuji_page_t *page, int64_t ms);

#endif
