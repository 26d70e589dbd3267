/* LINE's Messaging API: pushes and replies of one text, whether somebody is a
 * friend, what a month's quota has left (Messaging API reference). The channel
 * is authorised by a stateless token, which is kept until shortly before its
 * time is over.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_REMOTE_LINE_MESSAGE_H
#define KUJI_REMOTE_LINE_MESSAGE_H

#include "remote/line.h"

#include <stdint.h>

/** A tenant's Messaging API channel. All borrowed. */
typedef struct kuji_line_bot_t {
    const char *base; /* "https://api.line.me" */
    const char *id, *secret;
    const int *stop; /* atomic; ends a wait; NULL: nothing does */
} kuji_line_bot_t;

typedef enum kuji_line_sent_e {
    KUJI_LINE_ACCEPTED, /* now, or before under the same retry key (409) */
    KUJI_LINE_NO,       /* never: this message, or this channel */
    KUJI_LINE_BUSY,     /* 429: not accepted; come later */
    KUJI_LINE_MONTH,    /* 429: the month's messages are used up */
    KUJI_LINE_NOT_SENT, /* no connection, no token: not accepted */
    KUJI_LINE_DOUBT     /* 5xx, no answer, or none of LINE's: it may have been
                           accepted; the same again under the same key */
} kuji_line_sent_e;

typedef struct kuji_line_outcome_t {
    kuji_line_sent_e sent;
    int retry_after;    /* seconds LINE asked for; 0: it did not */
    const char *reason; /* [0-9a-z .], at most 40; static or in pool */
} kuji_line_outcome_t;

/** key: a UUID, the same at every try of this message with these very words.
 * text: UTF-8, at most KUJI_LINE_TEXT_MAX units (core/line_text.h). A 200 says
 * that LINE took it, not that it will be read: ask for the friend first. */
void kuji_line_push(kuji_line_outcome_t *outcome, kuji_line_t *line,
                    const kuji_line_bot_t *bot, const char *to,
                    const char *text, const char *key, apr_pool_t *pool);

/** Answers a webhook's event. Its token is good once, for a short time, and
 * there is no retry key: KUJI_LINE_NO where it is no longer good. */
void kuji_line_reply(kuji_line_outcome_t *outcome, kuji_line_t *line,
                     const kuji_line_bot_t *bot, const char *token,
                     const char *text, apr_pool_t *pool);

/** Whether the account may write to the user: LINE shows it the profiles of
 * friends alone (404). *is_friend is told with KUJI_LINE_ACCEPTED. */
void kuji_line_may_write(int *is_friend, kuji_line_outcome_t *outcome,
                         kuji_line_t *line, const kuji_line_bot_t *bot,
                         const char *user, apr_pool_t *pool);

typedef struct kuji_line_quota_t {
    int64_t limit; /* messages a month; -1: no limit */
    int64_t used;  /* this month, about */
    apr_time_t at; /* when LINE said so */
} kuji_line_quota_t;

/** Kept for some minutes, a failure or one that is used up for some seconds, so
 * that a page that shows it asks seldom and waits briefly. */
kuji_line_end_e kuji_line_quota(kuji_line_quota_t *quota, const char **why,
                                kuji_line_t *line, const kuji_line_bot_t *bot,
                                apr_pool_t *pool);

#endif
