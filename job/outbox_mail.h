/* Rows of the outbox that a mail server carries.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_JOB_OUTBOX_MAIL_H
#define KUJI_JOB_OUTBOX_MAIL_H

#include "job/outbox.h"
#include "remote/mail.h"

/** Outlives the outbox. */
typedef struct kuji_outbox_mail_config_t {
    const kuji_mail_server_t *server;
    kuji_outbox_words_fn *words;
    void *words_baton;
} kuji_outbox_mail_config_t;

/** config is borrowed. */
void kuji_outbox_by_mail(kuji_outbox_carrier_t *carrier,
                         kuji_outbox_mail_config_t *config);

#endif
