/* Short texts sealed by a tenant's data key, each bound to its row; digests of
 * identifiers.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_VAULT_H
#define KUJI_STORE_VAULT_H

#include "core/person.h"
#include "core/seal.h"
#include "store/act.h"

typedef struct kuji_vault_t kuji_vault_t;

/** Opens the tenant's data key inside the current transaction; it is wiped with
 * pool at the latest. KUJI_ECRYPT, KUJI_ENOTFOUND. */
apr_status_t kuji_vault_open(kuji_vault_t **vault, const kuji_act_t *act,
                             kuji_conn_t *conn, apr_pool_t *pool);
/** Forgets the keys before the pool does. NULL does nothing. */
void kuji_vault_close(kuji_vault_t *vault);

/** The purposes under which texts are sealed: "claim:<campaign uuid>:<n>",
 * "tracking:<campaign uuid>:<n>", "gift:<pool id>:<digest in hex>". */
const char *kuji_vault_purpose(const char *label, const char *uuid, int64_t n,
                               apr_pool_t *pool);
const char *kuji_vault_gift_purpose(int64_t pool_id,
                                    const unsigned char digest[KUJI_DIGEST_LEN],
                                    apr_pool_t *pool);

/** *blob in pool, *blob_len bytes. */
void kuji_vault_seal(const unsigned char **blob, apr_size_t *blob_len,
                     const kuji_vault_t *vault, const char *purpose,
                     const char *text, apr_size_t len, apr_pool_t *pool);
/** A sealed column of a result as text, zero-terminated; NULL for an SQL null.
 * KUJI_ECRYPT. */
apr_status_t kuji_vault_text(const char **text, const kuji_vault_t *vault,
                             const char *purpose, const PGresult *res, int row,
                             int col, apr_pool_t *pool);

/** The same of a secret that outlives the transaction: in out, wiped with it;
 * no copy stays in pool. */
apr_status_t kuji_vault_secret(const char **secret, const kuji_vault_t *vault,
                               const char *purpose, const PGresult *res,
                               int row, int col, apr_pool_t *out,
                               apr_pool_t *pool);

/** Digest of a normalised identifier, the same in all of a tenant's campaigns.
 */
void kuji_vault_identifier(unsigned char out[KUJI_DIGEST_LEN],
                           const kuji_vault_t *vault,
                           const kuji_identifier_t *identifier);
/** Digest of a gift code, per pool. */
void kuji_vault_gift(unsigned char out[KUJI_DIGEST_LEN],
                     const kuji_vault_t *vault, int64_t pool_id,
                     const char *code, apr_size_t len);
/** Digest of LINE's user id, the same in all of a tenant's campaigns. */
void kuji_vault_line(unsigned char out[KUJI_DIGEST_LEN],
                     const kuji_vault_t *vault, const char *subject);
/** Digest of something in a campaign, by a label of its own ("passphrase",
 * "link"), as web makes it with the campaign's digest_key. KUJI_EINVAL: no
 * uuid. */
apr_status_t kuji_vault_digest(unsigned char out[KUJI_DIGEST_LEN],
                               kuji_vault_t *vault, const char *uuid,
                               const char *label, const char *bytes,
                               apr_size_t len);
/** Digest of a shop's passcode (kuji_passcode_normalise), per campaign. */
void kuji_vault_passcode(unsigned char out[KUJI_DIGEST_LEN],
                         const kuji_vault_t *vault, int64_t campaign_id,
                         const char *passcode);
/** Digest of a participant's id in a campaign, as draws keep it. KUJI_EINVAL:
 * no uuid. */
apr_status_t kuji_vault_participant(unsigned char out[KUJI_DIGEST_LEN],
                                    kuji_vault_t *vault, const char *uuid,
                                    const char *id, apr_size_t len);

#endif
