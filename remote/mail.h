/* The mail server: one message at a time over libcurl's SMTP, with a limit on
 * every wait.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_REMOTE_MAIL_H
#define KUJI_REMOTE_MAIL_H

#include "core/error.h"
#include "core/mail_reply.h"

#include <apr_pools.h>
#include <apr_time.h>

typedef enum kuji_mail_tls_e {
    KUJI_MAIL_STARTTLS, /* or nothing is sent */
    KUJI_MAIL_SMTPS,    /* TLS from the first byte */
    KUJI_MAIL_PLAIN     /* none: a server on this machine, or as told */
} kuji_mail_tls_e;

/** Outlives what is made from it; borrowed. */
typedef struct kuji_mail_server_t {
    const char *url; /* "smtp://host:port" or "smtps://host:port" */
    kuji_mail_tls_e tls;
    const char *user, *password; /* NULL: no log-in */
    const char *from;            /* checked address (core/mail_address.h) */
    const char *from_name;       /* NULL: the campaign's organiser */
    const char *ca_file;         /* PEM; NULL: the system's */
    apr_interval_time_t connect; /* time to connect; 0: 10 s */
    apr_interval_time_t total;   /* time for one message; 0: 60 s */
} kuji_mail_server_t;

/** Reads "smtp[s]://host[:port]" (smtps: 465, else 25). word: "StartTLS",
 * "Plain" or NULL, which is StartTLS except for a loopback address. NULL, or
 * what is wrong. *url in pool. */
const char *kuji_mail_server_read(kuji_mail_server_t *server, const char *url,
                                  const char *word, apr_pool_t *pool);

typedef enum kuji_mail_sent_e {
    KUJI_MAIL_SENT,
    KUJI_MAIL_REFUSED, /* a permanent no to this address or this message */
    KUJI_MAIL_LATER,   /* a temporary one, or no answer: it may have gone */
    KUJI_MAIL_AWAY     /* no server, no TLS, no log-in: nothing can be sent now;
                          nor has this been */
} kuji_mail_sent_e;

typedef struct kuji_mailer_t kuji_mailer_t; /* one thread's */

/** Once a process, before threads (post_config). */
apr_status_t kuji_mailer_init(void);

/** *stop (atomic, may be NULL): ends a wait as long as the message has not been
 * handed over. No connection is made yet; it is kept from message to message
 * and said goodbye to with pool. APR_ENOMEM. */
apr_status_t kuji_mailer_create(kuji_mailer_t **mailer,
                                const kuji_mail_server_t *server,
                                const int *stop, apr_pool_t *pool);

/** Sends the bytes of core/mail_message.h to a checked address. *reply is the
 * server's last word; without one its code is 0, and text says why ("no
 * answer", "no tls", "certificate"). */
kuji_mail_sent_e kuji_mailer_send(kuji_mail_reply_t *reply,
                                  kuji_mailer_t *mailer, const char *to,
                                  const char *text, apr_size_t len);

#endif
