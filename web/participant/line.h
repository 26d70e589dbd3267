/* What the two ends of a log-in on LINE share: what the browser keeps of it,
 * sealed in a cookie, and the pages that say how it went.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PARTICIPANT_LINE_H
#define KUJI_WEB_PARTICIPANT_LINE_H

#include "core/line.h"
#include "store/line.h"
#include "web/participant/page.h"

#define KUJI_LINE_BEGIN "/login/line"
#define KUJI_LINE_BACK "/login/line/callback"
/** How long a log-in may take; LINE's code lives as long. */
#define KUJI_LINE_SECONDS 600
#define KUJI_LINE_STATE_LEN 22

/** What goes along with a log-in, there and back. */
typedef struct kuji_line_way_t {
    const char *slug;
    const char *draw;   /* digits: whose prize it goes on to; NULL: none */
    const char *agreed; /* digest in hex of the words, kept in the database, by
                           which name and picture may be kept; NULL: they may
                           not */
    const char *area;   /* "k" or "liff": the log-in's page is "/AREA/SLUG" */
} kuji_line_way_t;

/** A log-in that was begun in this browser. */
typedef struct kuji_line_begun_t {
    const char *state; /* KUJI_LINE_STATE_LEN characters of base64url */
    kuji_line_way_t way;
    kuji_line_words_t words;
} kuji_line_begun_t;

/** A new one, kept in the browser's cookie (Set-Cookie). */
void kuji_line_begin(kuji_line_begun_t *begun, kuji_web_t *web,
                     const kuji_line_way_t *way);
/** The one that this browser began; 0: none that holds. */
int kuji_line_begun(kuji_line_begun_t *begun, kuji_web_t *web);
/** It is over: the cookie goes. */
void kuji_line_forget(kuji_web_t *web);

/** The address that LINE sends the browser back to: the tenant's own host,
 * never one from the request. */
const char *kuji_line_redirect_uri(kuji_web_t *web);

/** Loads the campaign `slug` into the request, if it has the gate. DECLINED, or
 * the problem that was sent. */
int kuji_line_campaign(kuji_web_t *web, const char *slug);

/** 303 to the campaign, or to the prize of that draw (digits; NULL: none). */
int kuji_line_go_on(kuji_web_t *web, const char *draw);

/** The tenant's settings (with_secret as in kuji_line_settings). DECLINED, or
 * the page that was sent: there are none. */
int kuji_line_read(kuji_line_settings_t *settings, kuji_web_t *web,
                   int with_secret);

/** Adds `line_login` to a page's data: the way to LINE, and where the settings
 * (NULL: not known) have it the box for name and picture. Then it is a form,
 * and the page's policy lets it lead to LINE; else a link. again: the retry of
 * one that failed. */
void kuji_line_offer(json_t *data, kuji_web_t *web,
                     const kuji_line_config_t *config,
                     const kuji_line_way_t *way, int again);

/** A page that says how it went: the texts line.WHAT.*; with a way to try
 * again, or without (NULL). */
int kuji_line_say(kuji_web_t *web, int status, const char *what,
                  const kuji_line_way_t *again);

#endif
