/* The mail server as the directives name it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_MAIL_H
#define KUJI_MAIL_H

#include "config.h"
#include "remote/mail.h"

/** In post_config, before privileges drop: reads KujiMailLogin. *server NULL:
 * there is no mail server. An error is text for the log. */
const char *kuji_mail_prepare(const kuji_mail_server_t **server,
                              const kuji_installation_t *in, apr_pool_t *p);

/** In child_init: the senders' threads, one for mail where there is a server,
 * one for LINE, on pr's pool. Before the others, who are
 * then stopped before it: it may have to wait for the mail server. */
apr_status_t kuji_mail_start(kuji_process_t *pr,
                             const kuji_mail_server_t *server, server_rec *s);

#endif
