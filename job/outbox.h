/* Sends what is in the outbox (store/outbox.h): a thread of its own in every
 * process, so that a slow mail server holds up nothing else. Processes and
 * hosts share the work by the rows' locks.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_JOB_OUTBOX_H
#define KUJI_JOB_OUTBOX_H

#include "remote/mail.h"
#include "store/outbox.h"

typedef struct kuji_outbox_t kuji_outbox_t;

/** What a mail says, in pool: the texts are the templates', which are not
 * known here. KUJI_EINVAL: it cannot be said. */
typedef apr_status_t kuji_outbox_words_fn(void *baton, const char **subject,
                                          const char **body,
                                          const kuji_outbox_mail_t *mail,
                                          apr_pool_t *pool);

typedef struct kuji_outbox_config_t {
    kuji_pg_t *pg; /* one connection at a time, never while the server is
                      talked to */
    const kuji_keyfile_t *keys;
    const kuji_mail_server_t *server;
    kuji_outbox_words_fn *words;
    void *words_baton;
    apr_interval_time_t interval; /* between two looks; 0: one second */
    kuji_pg_log_fn *log;          /* never told an address; may be NULL */
    void *log_baton;
} kuji_outbox_config_t;

typedef struct kuji_outbox_counters_t {
    uint64_t sent, bounced, later, gave_up; /* mails */
    uint64_t away;                          /* rounds without a mail server */
} kuji_outbox_counters_t;

/** As kuji_jobs_start: from child_init, stopped and joined by a pre-cleanup on
 * p, at the latest when the message at hand is answered or its time is over. */
apr_status_t kuji_outbox_start(kuji_outbox_t **outbox,
                               const kuji_outbox_config_t *config,
                               apr_pool_t *p);

void kuji_outbox_counters(kuji_outbox_counters_t *out, kuji_outbox_t *outbox);

#endif
