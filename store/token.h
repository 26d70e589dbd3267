/* Bearer tokens of programs: 256 random bits, stored as SHA-256.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_TOKEN_H
#define KUJI_STORE_TOKEN_H

#include "store/act.h"

/** "kuji_" and 43 characters of base64url. */
#define KUJI_TOKEN_LEN 48

typedef struct kuji_token_row_t {
    int64_t id;
    const char *name, *scopes;      /* comma-separated */
    int64_t created_at, revoked_at; /* ms; 0: not revoked */
} kuji_token_row_t;

/** Makes a token; text has room for KUJI_TOKEN_LEN + 1 and is the only copy
 * there will ever be: the caller wipes it. scopes: comma-separated out of read,
 * draw, write. KUJI_EINVAL. */
apr_status_t kuji_token_create(char *text, int64_t *id, const char **why,
                               const kuji_act_t *act, const char *name,
                               const char *scopes, apr_pool_t *pool);
/** KUJI_ENOTFOUND: no such token in force. */
apr_status_t kuji_token_revoke(const char **why, const kuji_act_t *act,
                               int64_t id, apr_pool_t *pool);
apr_status_t kuji_token_list(const kuji_token_row_t **tokens, int *count,
                             const kuji_act_t *act, apr_pool_t *pool);

/** SHA-256 of a token's text. */
void kuji_token_digest(unsigned char digest[32], const char *text,
                       apr_size_t len);

#endif
