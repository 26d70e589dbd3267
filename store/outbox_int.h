/* For store/outbox*.c and mail_gate.c only: under which purposes mail's blobs
 * are sealed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_OUTBOX_INT_H
#define KUJI_STORE_OUTBOX_INT_H

#include "store/outbox.h"
#include "store/vault.h"

/** participant_mail.address */
const char *
kuji_outbox__of_participant(const char *campaign_uuid,
                            const unsigned char digest[KUJI_DIGEST_LEN],
                            apr_pool_t *pool);
/** label "to": outbox.address; "says": outbox.data; "challenge":
 * mail_challenge.address. id: the row's uuid. */
const char *kuji_outbox__of_row(const char *label, const char *id,
                                apr_pool_t *pool);

#endif
