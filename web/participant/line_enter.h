/* The last steps of coming by LINE, the same by a log-in on the web and by
 * LIFF: a closer look as far as the tenant asks for it, then into the campaign.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PARTICIPANT_LINE_ENTER_H
#define KUJI_WEB_PARTICIPANT_LINE_ENTER_H

#include "remote/line.h"
#include "store/line.h"
#include "web/participant/page.h"

typedef struct kuji_line_visit_t {
    kuji_web_t *web;
    const kuji_line_settings_t *settings;
    kuji_line_channel_t channel; /* the one that the user came by */
    const char *access;          /* access token of the user; NULL: none */
    kuji_line_person_t person;   /* subject: known and verified */
    kuji_consents_given_t given; /* beside the log-in; count 0: none */
    const char *why;             /* of a refusal, for the log */
} kuji_line_visit_t;

/** A visit of nobody yet. */
void kuji_line_visit(kuji_line_visit_t *visit, kuji_web_t *web,
                     const kuji_line_settings_t *settings);

/** The visitor agrees to the keeping of name and picture: by words that are
 * kept in the database, on the page "/AREA/SLUG". Nothing happens where the
 * settings do not ask for them. */
void kuji_line_agree(kuji_line_visit_t *visit,
                     const unsigned char words[KUJI_DIGEST_LEN],
                     const char *area);

/** Name and picture as far as they were agreed to, friendship as far as the
 * settings ask for it. The access
 * token is the visit's own channel's and the subject's, or it is refused.
 * Without one nothing is found out: person.is_friend stays -1. */
kuji_line_end_e kuji_line_look_closer(kuji_line_visit_t *visit);

/** Whether the settings let the visitor in, as far as friendship goes. */
int kuji_line_is_welcome(const kuji_line_visit_t *visit);

/** Into web->campaign: a row for the campaign, a pass for the browser
 * (Set-Cookie). Failures as of the store. */
apr_status_t kuji_line_enter(kuji_line_visit_t *visit);

/** What went wrong at LINE goes to the log, never with a token, a code or a
 * name. */
void kuji_line_log(kuji_web_t *web, kuji_line_end_e end, const char *why);

#endif
