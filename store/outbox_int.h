/* For store/outbox*.c, mail_gate.c and person.c only: under which purposes
 * mail's blobs are sealed, and whom an address stands for.
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
/** outbox.channel */
const char *kuji_outbox__channel(kuji_outbox_channel_e channel);

/** The mail address among what was given for win n of a campaign, sealed in
 * column col of a row: in pool; NULL: none that a mail server could be told. */
apr_status_t kuji_outbox__given(const char **address, const kuji_vault_t *vault,
                                const PGresult *res, int row, int col,
                                const char *campaign_uuid, int64_t n,
                                apr_pool_t *pool);

/** A row's data, sealed, in pool. */
apr_status_t kuji_outbox__seal(const unsigned char **blob, apr_size_t *len,
                               const kuji_vault_t *vault, const char *id,
                               const json_t *data, apr_pool_t *pool);

/** label "to": outbox.address; "says": outbox.data; "challenge":
 * mail_challenge.address. id: the row's uuid. */
const char *kuji_outbox__of_row(const char *label, const char *id,
                                apr_pool_t *pool);

/** Digests that an address may have at the e-mail gate: campaigns fold it or do
 * not. How many; 0: it is no address. */
#define KUJI_MAIL_IDENTITIES 2
int kuji_outbox__identities(
    unsigned char out[KUJI_MAIL_IDENTITIES][KUJI_DIGEST_LEN],
    const kuji_vault_t *vault, const char *address);

#endif
