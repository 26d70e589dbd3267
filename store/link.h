/* Links of programs: each admits one participant to so many draws until it
 * expires. Found by its token's keyed digest; whoever draws by it first is the
 * only browser that may (store/batch_link.c).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_LINK_H
#define KUJI_STORE_LINK_H

#include "store/act.h"
#include "store/vault.h"

#include <jansson.h>

/** Characters of a token: 16 random bytes in base64url. */
#define KUJI_LINK_TOKEN_LEN 22
/** Longest carried data, in bytes as JSON. */
#define KUJI_LINK_DATA_MAX 1024
#define KUJI_LINK_DRAWS_MAX 100

typedef struct kuji_link_new_t {
    const char *participant; /* 1 .. KUJI_PARTICIPANT_MAX bytes */
    json_t *data;            /* an object, or NULL */
    int draws;               /* 1 .. KUJI_LINK_DRAWS_MAX */
    int64_t expires_at;      /* ms; 0: the campaign's end */
} kuji_link_new_t;

/** Makes a link of a published campaign whose gate `api` is. token has room for
 * KUJI_LINK_TOKEN_LEN + 1 and is told here only; *expires_at is what counts.
 * KUJI_EINVAL, KUJI_ENOTFOUND, KUJI_ESTATE (a draft, closed, or without that
 * gate). */
apr_status_t kuji_link_issue(char *token, int64_t *expires_at, const char **why,
                             const kuji_act_t *act, const char *slug,
                             const kuji_link_new_t *link, apr_pool_t *pool);

/** Makes one inside a transaction, by a token of the caller's
 * (KUJI_LINK_TOKEN_LEN characters); link->expires_at as it is. KUJI_ETOOBIG:
 * data is too long. */
apr_status_t kuji_link_put(const kuji_link_new_t *link, const char *token,
                           int64_t campaign_id, const char *uuid,
                           kuji_vault_t *vault, const kuji_act_t *act,
                           kuji_conn_t *conn, apr_pool_t *pool);

typedef struct kuji_link_row_t {
    const char *participant; /* as the program gave it; NULL: not asked for */
    int uses_left;
    int expired;
    int taken;                              /* somebody drew by it */
    unsigned char session[KUJI_DIGEST_LEN]; /* who, if taken */
} kuji_link_row_t;

/** The link with that digest ("link", by the campaign's digest_key).
 * participant: whether to open it, for which act needs the keys.
 * KUJI_ENOTFOUND. */
apr_status_t kuji_link_find(const kuji_link_row_t **link, const kuji_act_t *act,
                            int64_t campaign_id,
                            const unsigned char digest[KUJI_DIGEST_LEN],
                            int participant, apr_pool_t *pool);

/** What a draw's link carried, as JSON text; NULL: it came by none, or carried
 * nothing. */
apr_status_t kuji_link_data(const char **data, const kuji_act_t *act,
                            int64_t campaign_id, uint64_t n, apr_pool_t *pool);

/** Opens a sealed column: {"participant", "data"?}, a new reference. */
apr_status_t kuji_link_open(json_t **doc, const kuji_vault_t *vault,
                            const PGresult *res, int row, int digest_col,
                            int sealed_col, apr_pool_t *pool);

#endif
