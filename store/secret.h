/* A campaign's secrets while they are needed: in memory that is not swapped or
 * dumped, wiped when the pool goes at the latest. They reach SQL only sealed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_SECRET_H
#define KUJI_STORE_SECRET_H

#include "core/draw.h"
#include "store/act.h"

typedef struct kuji_secret_t {
    unsigned char data_key[KUJI_KEY_LEN]; /* the tenant's */
    unsigned char digest_key[KUJI_KEY_LEN];
    unsigned char seed[KUJI_SEED_LEN];
    unsigned char k[KUJI_KEY_LEN];
    unsigned char kr[KUJI_KEY_LEN];
} kuji_secret_t;

/** sodium_malloc'ed; wiped and freed with pool. APR_ENOMEM. */
apr_status_t kuji_secret_create(kuji_secret_t **secret, apr_pool_t *pool);
/** Forgets everything before the pool does. */
void kuji_secret_wipe(kuji_secret_t *secret);

/** Opens the tenant's data key. KUJI_ENOTFOUND, KUJI_ECRYPT. */
apr_status_t kuji_secret_tenant(kuji_secret_t *secret, const kuji_act_t *act,
                                kuji_conn_t *conn, apr_pool_t *pool);
/** digest_key of a campaign, from the data key. KUJI_EINVAL: no uuid. */
apr_status_t kuji_secret_digest_key(kuji_secret_t *secret, const char *uuid);
/** Opens the campaign's seed, after kuji_secret_tenant, and checks it against
 * the manifest's commitment: KUJI_ECRYPT, KUJI_EVERIFY. */
apr_status_t kuji_secret_seed(kuji_secret_t *secret, kuji_conn_t *conn,
                              int64_t campaign_id, const kuji_manifest_t *m,
                              apr_pool_t *pool);
/** Seals seed and k with the data key and stores them. */
apr_status_t kuji_secret_store(const kuji_secret_t *secret,
                               const kuji_act_t *act, kuji_conn_t *conn,
                               int64_t campaign_id, const char *uuid,
                               apr_pool_t *pool);

/** uuid text (36 characters, lower case or upper) to its 16 bytes and back;
 * out has room for 37. KUJI_EINVAL. */
apr_status_t kuji_uuid_parse(unsigned char out[KUJI_UUID_LEN],
                             const char *text);
void kuji_uuid_format(char *out, const unsigned char uuid[KUJI_UUID_LEN]);
/** A random (version 4) uuid as text, in pool. */
const char *kuji_uuid_make(apr_pool_t *pool);

#endif
