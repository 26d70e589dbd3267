/* Sends what is in the outbox (store/outbox.h): in every process a thread of
 * its own for each carrier, so that a slow server holds up nothing else, mails
 * do not wait for LINE, nor LINE for them. Processes and hosts share the work
 * by the rows' locks.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_JOB_OUTBOX_H
#define KUJI_JOB_OUTBOX_H

#include "store/outbox.h"

typedef struct kuji_outbox_t kuji_outbox_t;

/** What a mail says, in pool: the texts are the templates', which are not
 * known here. KUJI_EINVAL: it cannot be said. */
typedef apr_status_t kuji_outbox_words_fn(void *baton, const char **subject,
                                          const char **body,
                                          const kuji_outbox_mail_t *mail,
                                          apr_pool_t *pool);

/** How far a failure reaches. */
typedef enum kuji_outbox_away_e {
    KUJI_OUTBOX_HERE,        /* nobody is away */
    KUJI_OUTBOX_TENANT_AWAY, /* nothing more of this tenant's goes now */
    KUJI_OUTBOX_ALL_AWAY     /* nor of anybody's */
} kuji_outbox_away_e;

/** What became of one row. */
typedef struct kuji_outbox_fate_t {
    kuji_outbox_end_e end;
    const char *reason; /* as kuji_outbox_end */
    int64_t wait;       /* LATER: ms; 0: longer from try to try */
    int in_doubt;       /* as kuji_outbox_end */
    int elsewhere;      /* it has not arrived and will not: somebody else may
                           carry it, if they can */
    kuji_outbox_away_e away;
    int64_t hold; /* ms for which all of the tenant's waits; 0: it does not */
} kuji_outbox_fate_t;

/** What a carrier knows for one round. */
typedef struct kuji_outbox_trip_t {
    void *baton;     /* the carrier's */
    void *state;     /* its own, in pool */
    const int *stop; /* atomic; ends a wait */
    apr_pool_t *pool;
} kuji_outbox_trip_t;

typedef struct kuji_outbox_carrier_t {
    kuji_outbox_channel_e channel;
    const char *name; /* for the log: "the mail server" */
    /** Begins a round; anything but APR_SUCCESS ends it. */
    apr_status_t (*begin)(kuji_outbox_trip_t *trip);
    /** Before rows of a tenant are taken; anything but APR_SUCCESS: none is.
     * NULL: each tenant's are. */
    apr_status_t (*tenant)(kuji_outbox_trip_t *trip, const kuji_act_t *act);
    /** fate comes zeroed; pool is the row's. */
    void (*send)(kuji_outbox_fate_t *fate, kuji_outbox_trip_t *trip,
                 const kuji_act_t *act, const kuji_outbox_mail_t *mail,
                 apr_pool_t *pool);
    void *baton;
} kuji_outbox_carrier_t;

/** Between two tries of one row: a minute, two, four, … four hours; ms. */
int64_t kuji_outbox_wait(int tries);

typedef struct kuji_outbox_config_t {
    kuji_pg_t *pg; /* one connection at a time, never while a server is talked
                      to */
    const kuji_keyfile_t *keys;
    kuji_outbox_carrier_t carrier;
    apr_interval_time_t interval; /* between two looks; 0: one second */
    kuji_pg_log_fn *log;          /* never told an address; may be NULL */
    void *log_baton;
} kuji_outbox_config_t;

typedef struct kuji_outbox_counters_t {
    uint64_t sent, bounced, later, gave_up; /* rows */
    uint64_t away;                          /* times that a server was away */
} kuji_outbox_counters_t;

/** As kuji_jobs_start: from child_init, stopped and joined by a pre-cleanup on
 * p, at the latest when the message at hand is answered or its time is over. */
apr_status_t kuji_outbox_start(kuji_outbox_t **outbox,
                               const kuji_outbox_config_t *config,
                               apr_pool_t *p);

void kuji_outbox_counters(kuji_outbox_counters_t *out, kuji_outbox_t *outbox);

#endif
