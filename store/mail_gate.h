/* The e-mail gate: six digits, or a link, go to an address; whoever has them
 * has shown that it is theirs.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_MAIL_GATE_H
#define KUJI_STORE_MAIL_GATE_H

#include "core/mail_address.h"
#include "store/act.h"
#include "store/cache.h"

#define KUJI_MAIL_CODE_DIGITS 6
#define KUJI_MAIL_CODE_MINUTES 10
/** Wrong codes that one challenge bears. */
#define KUJI_MAIL_TRIES_MAX 5
/** Codes for one address: in a minute, an hour, a day. More are not sent, and
 * the answer looks the same. */
#define KUJI_MAIL_PER_MINUTE 1
#define KUJI_MAIL_PER_HOUR 5
#define KUJI_MAIL_PER_DAY 10
/** Codes asked for by one network, and in one campaign, in ten minutes. Many
 * people share a carrier's address; a campaign on television has many. */
#define KUJI_MAIL_PER_PREFIX 300
#define KUJI_MAIL_PER_CAMPAIGN 20000

typedef struct kuji_mail_ask_t {
    const kuji_mail_address_t *address;
    const char *language; /* "ja" or "en" */
    const char *base;     /* "https://host/mount" */
    const char *prefix;   /* the network that asks, as text */
    const char *before;   /* id of this reader's challenge so far, or NULL */
} kuji_mail_ask_t;

typedef enum kuji_mail_asked_e {
    KUJI_MAIL_ASKED,   /* a mail is on its way, or one was already, or the
                          address has had enough of them: not to be told */
    KUJI_MAIL_TOO_MANY /* from this network, or in this campaign */
} kuji_mail_asked_e;

/** *id: the challenge that the reader's page is about; one that no code fits
 * where nothing was sent. act needs its keys. */
apr_status_t kuji_mail_gate_ask(kuji_mail_asked_e *asked, const char **id,
                                const kuji_act_t *act,
                                const kuji_campaign_t *campaign,
                                const kuji_mail_ask_t *ask, apr_pool_t *pool);

typedef enum kuji_mail_tried_e {
    KUJI_MAIL_SHOWN, /* the address is the reader's */
    KUJI_MAIL_WRONG, /* the code is not that */
    KUJI_MAIL_OVER   /* used, too old, tried too often, never sent */
} kuji_mail_tried_e;

typedef struct kuji_mail_shown_t {
    kuji_mail_tried_e tried;
    const char *participant; /* SHOWN: "mail:" and 32 hex digits, the same in
                                all of a tenant's campaigns */
    const char *language;
    int disposable; /* SHOWN and used up: of a domain that throws its
                       mailboxes away (core/disposable.h) */
} kuji_mail_shown_t;

/** Six digits as typed, for challenge id (any text). SHOWN uses it up and
 * remembers the address for mails to the participant. */
apr_status_t kuji_mail_gate_code(kuji_mail_shown_t *shown,
                                 const kuji_act_t *act,
                                 const kuji_campaign_t *campaign,
                                 const char *id, const char *code,
                                 apr_pool_t *pool);

/** The link's secret. look: 1 only looks (WRONG never), 0 uses it up. */
apr_status_t kuji_mail_gate_link(kuji_mail_shown_t *shown,
                                 const kuji_act_t *act,
                                 const kuji_campaign_t *campaign,
                                 const char *token, int look, apr_pool_t *pool);

/** Whoever passed this gate as `from` draws as `to`: the address is kept there
 * too, so that the winner is found by what a draw knows. Nothing happens where
 * it is there already. act needs keys. */
apr_status_t kuji_mail_gate_also(const unsigned char from[KUJI_DIGEST_LEN],
                                 const unsigned char to[KUJI_DIGEST_LEN],
                                 const kuji_act_t *act,
                                 const kuji_campaign_t *campaign,
                                 apr_pool_t *pool);

#endif
