/* Mails and messages by LINE to participants: rows that say what is to be sent,
 * written in the transaction of what they tell, and what became of each. A win
 * is told by one channel: by LINE to who came by it, else by mail. What LINE
 * has not delivered and will not goes on by mail, where an address is known.
 *
 * A row is `queued`, then `sending` with a lease: whoever took it has until its
 * end, then another may take it again. So a sender that dies between the mail
 * server's 250 and our commit repeats that one mail, with the same Message-ID;
 * nothing else is ever sent twice. LINE knows a repeated message by its retry
 * key, the row's id, for a day; after that a doubtful one is not repeated.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_OUTBOX_H
#define KUJI_STORE_OUTBOX_H

#include "core/mail_text.h"
#include "core/seal.h"
#include "store/act.h"

/** How long a mail is of use, ms: after that it is no longer tried. */
#define KUJI_MAIL_CODE_MS INT64_C(600000)
#define KUJI_MAIL_WEEK_MS INT64_C(604800000)

/** What carries a row. */
typedef enum kuji_outbox_channel_e {
    KUJI_OUTBOX_MAIL,
    KUJI_OUTBOX_LINE
} kuji_outbox_channel_e;

/** How long an answer to a keyword is of use, ms: less than a lease, so that
 * one whose sender died is not sent again. */
#define KUJI_LINE_ANSWER_MS INT64_C(300000)
/** How long LINE knows a retry key, ms. */
#define KUJI_LINE_RETRY_MS INT64_C(86400000)

/** A mail to an address that no participant is known by. */
typedef struct kuji_outbox_letter_t {
    kuji_mail_kind_e kind; /* code, erased or test */
    int64_t campaign_id;
    const char *address;  /* checked (core/mail_address.h) */
    const char *language; /* "ja" or "en" */
    const char *base;     /* "https://host/mount": where links begin */
    const json_t *data;   /* what the mail says beyond its campaign */
    int64_t useful;       /* ms */
} kuji_outbox_letter_t;

/** Inside the transaction of what it tells. Address and data are sealed, and
 * gone once the mail is. */
apr_status_t kuji_outbox_add(const kuji_act_t *act, kuji_conn_t *conn,
                             const kuji_outbox_letter_t *letter,
                             apr_pool_t *pool);

/** Tells those who made these draws, if their mail address is known; once a
 * kind and draw, whatever is asked. Inside the transaction. */
apr_status_t kuji_outbox_draws(const kuji_act_t *act, kuji_conn_t *conn,
                               int64_t campaign_id, kuji_mail_kind_e kind,
                               const int64_t *numbers, int count,
                               apr_pool_t *pool);

/** Somebody who has sent a keyword. */
typedef struct kuji_outbox_asker_t {
    const char *user;  /* LINE's id */
    const char *reply; /* the event's token, or "" */
} kuji_outbox_asker_t;

/** Answers keywords with the campaign's address, by LINE; in Japanese, since
 * LINE does not say what they read. Inside the transaction. */
apr_status_t kuji_outbox_answer(const kuji_act_t *act, kuji_conn_t *conn,
                                int64_t campaign_id, const char *base,
                                const kuji_outbox_asker_t *askers, int count,
                                apr_pool_t *pool);

/** Tells the winner of draw n, whose address no gate has asked for, where what
 * was given for the win has one: nothing if a gate has, nothing more once it
 * was sent, nothing as long as LINE may still deliver it. The address is read
 * when the mail is sent, so that of two the last one counts. Inside the
 * transaction. */
apr_status_t kuji_outbox_form(const kuji_act_t *act, kuji_conn_t *conn,
                              int64_t campaign_id, uint64_t n,
                              const unsigned char participant[KUJI_DIGEST_LEN],
                              const char *language, const char *base,
                              apr_pool_t *pool);

/** Where a participant reads mail: for an erasure, before it forgets that.
 * KUJI_ENOTFOUND: it is not known. All but base and language sealed no more;
 * wipe it (with pool). uuid: the campaign's. */
typedef struct kuji_outbox_where_t {
    const char *address, *language, *base;
    int64_t verified_at; /* ms */
} kuji_outbox_where_t;
apr_status_t kuji_outbox_where(kuji_outbox_where_t *where,
                               const kuji_act_t *act, kuji_conn_t *conn,
                               int64_t campaign_id, const char *uuid,
                               const unsigned char participant[KUJI_DIGEST_LEN],
                               apr_pool_t *pool);

/** Forgets the codes that went to an address lately. */
apr_status_t kuji_outbox_forget_codes(const kuji_act_t *act, kuji_conn_t *conn,
                                      int64_t campaign_id, const char *address,
                                      apr_pool_t *pool);

/** Forgets all addresses and mails of a campaign whose time to keep personal
 * data is over. An erased participant's go with the participant. */
apr_status_t kuji_outbox_forget_all(kuji_conn_t *conn, int64_t campaign_id,
                                    apr_pool_t *pool);

/** Writes rows for wins whose time to claim is nearly over (three days before
 * it, or half of it where that is less), and forgets old codes. */
apr_status_t kuji_outbox_remind(const kuji_act_t *act, const int *stop,
                                apr_pool_t *pool);

/* -- the sender (job/outbox.c) --------------------------------------------- */

/** A row that was taken to be sent. What is not known is NULL or 0. */
typedef struct kuji_outbox_mail_t {
    const char *id; /* uuid */
    kuji_mail_kind_e kind;
    const char *address; /* by LINE: LINE's user id */
    const char *language, *base;
    int64_t n;
    int tries; /* this one included */
    const char *slug, *time_zone, *tenant_title;
    const json_t *config;    /* CONFIG */
    const json_t *data;      /* of the letter */
    int prize;               /* its place in CONFIG's prizes; -1: none */
    int64_t deadline;        /* to claim, ms; 0: none */
    const char *tracking;    /* of the parcel */
    int64_t created_at, now; /* ms */
    int64_t handed_at;       /* LINE may have it since, ms */
    int is_friend;           /* of the account, when last looked; -1: not yet */
    int by_line;             /* the channel */
    const char *skip;        /* why it must not be sent any more, or NULL */
} kuji_outbox_mail_t;

/** Ids of the tenants that have something to send by that channel; *count of
 * them. */
apr_status_t kuji_outbox_tenants(const char *const **tenants, int *count,
                                 kuji_pg_t *pg, kuji_outbox_channel_e channel,
                                 apr_pool_t *pool);

/** Takes at most limit rows of act's tenant for lease ms, codes and answers
 * before all else. Plain addresses are in pool: clear it soon. */
apr_status_t kuji_outbox_take(const kuji_outbox_mail_t **mails, int *count,
                              const kuji_act_t *act,
                              kuji_outbox_channel_e channel, int limit,
                              int64_t lease, apr_pool_t *pool);

typedef enum kuji_outbox_end_e {
    KUJI_OUTBOX_SENT,
    KUJI_OUTBOX_BOUNCED, /* the server will never take it */
    KUJI_OUTBOX_LATER,   /* another try, after `wait` */
    KUJI_OUTBOX_BACK,    /* it was not tried */
    KUJI_OUTBOX_GAVE_UP
} kuji_outbox_end_e;

/** reason: [0-9a-z .], at most 40; NULL: none. wait: ms. in_doubt: LINE may
 * have it all the same. */
apr_status_t kuji_outbox_end(const kuji_act_t *act, const char *id,
                             kuji_outbox_end_e end, const char *reason,
                             int64_t wait, int in_doubt, apr_pool_t *pool);

/** LINE has not delivered a row that was taken, and will not: it is queued once
 * more, for mail, if a gate or the claim tells an address. *moved: 0: none
 * does, and the row is as it was. reason: as kuji_outbox_end. act needs keys.
 */
apr_status_t kuji_outbox_to_mail(int *moved, const kuji_act_t *act,
                                 const char *id, const char *reason,
                                 apr_pool_t *pool);

/** Before LINE is given a row: its words are kept, sealed, until it has left,
 * so that every try has the same, and handed_at is set if it is not yet. */
apr_status_t kuji_outbox_hand(const kuji_act_t *act, const char *id,
                              const json_t *data, apr_pool_t *pool);

/** Keeps all that waits in a channel back for wait ms more, answers aside. */
apr_status_t kuji_outbox_hold(const kuji_act_t *act,
                              kuji_outbox_channel_e channel, int64_t wait,
                              const char *reason, apr_pool_t *pool);

/** Why outbox rows wait where the month's messages are used up: what
 * remote/line_message.h says of it. */
#define KUJI_OUTBOX_MONTH "monthly limit"

/** Whether whom the row is for is a friend of the account, as LINE says. */
apr_status_t kuji_outbox_friend(const kuji_act_t *act, const char *id,
                                int is_friend, apr_pool_t *pool);

/** How long the row that waits longest has waited, ms; 0: none waits. */
apr_status_t kuji_outbox_waits(int64_t *ms, kuji_pg_t *pg,
                               kuji_outbox_channel_e channel, apr_pool_t *pool);

/* -- the console ----------------------------------------------------------- */

typedef struct kuji_outbox_row_t {
    const char *id, *kind, *state, *reason; /* reason NULL: none */
    int64_t n;                              /* 0: none */
    int tries, can_again, by_line;
    int64_t created_at, ended_at, due_at; /* ms; ended_at 0: not yet */
} kuji_outbox_row_t;

typedef struct kuji_outbox_counts_t {
    int64_t queued, sent, bounced, gave_up; /* queued: those being sent too */
} kuji_outbox_counts_t;

/** A campaign's mails, the newest first; state NULL: all. */
apr_status_t kuji_outbox_list(const kuji_outbox_row_t **rows, int *count,
                              kuji_outbox_counts_t *counts,
                              const kuji_act_t *act, int64_t campaign_id,
                              const char *state, int limit, int64_t skip,
                              apr_pool_t *pool);

/** A tenant's messages by LINE of the last KUJI_OUTBOX_SUM_DAYS days, by state
 * and reason (NULL: none), the most first. friends: of the account, as its
 * webhook says; left: who were and are not any more. */
#define KUJI_OUTBOX_SUM_DAYS 60
typedef struct kuji_outbox_sum_t {
    const char *state, *reason;
    int64_t count;
} kuji_outbox_sum_t;
apr_status_t kuji_outbox_sums(const kuji_outbox_sum_t **sums, int *count,
                              kuji_outbox_counts_t *counts, int64_t *friends,
                              int64_t *left, const kuji_act_t *act,
                              apr_pool_t *pool);

/** A tenant's messages by LINE that wait since the month's are used up: *until,
 * ms, the last of them does; 0: none waits. */
apr_status_t kuji_outbox_held(int64_t *count, int64_t *until,
                              const kuji_act_t *act, apr_pool_t *pool);

/** Has them tried now, with an audit row where there are any; each is held
 * again if LINE still takes none. *count: how many there were. */
apr_status_t kuji_outbox_release(int64_t *count, const kuji_act_t *act,
                                 apr_pool_t *pool);

/** Queues one that bounced or was given up once more. KUJI_ENOTFOUND: there is
 * none such whose address is still known. */
apr_status_t kuji_outbox_again(const char **why, const kuji_act_t *act,
                               int64_t campaign_id, const char *uuid,
                               const char *id, apr_pool_t *pool);

/** Tests of one campaign in an hour. */
#define KUJI_OUTBOX_TESTS_MAX 20
/** Adds a letter of kind test, with its audit row. KUJI_ETOOBIG: too many. */
apr_status_t kuji_outbox_test(const char **why, const kuji_act_t *act,
                              const char *uuid,
                              const kuji_outbox_letter_t *letter,
                              apr_pool_t *pool);

#endif
