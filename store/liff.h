/* What LIFF's pages have shown us already.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_LIFF_H
#define KUJI_STORE_LIFF_H

#include "core/seal.h"
#include "store/act.h"

/* What a replay is here: somebody shows us an ID token that was made for
 * another reader (from a log, a shared screen, an app of the same channel's),
 * or sends a reader's own request once more. LINE's token bears no nonce, so
 * that neither can be told from the token alone. Therefore
 *   - a page's one-time value is used up by the first token that holds behind
 *     it;
 *   - a token is the browser's that showed it first. The same browser may show
 *     it again behind a new page (the app keeps one for an hour), another may
 *     not.
 * A thief who is faster than the reader is not found out by this; the token's
 * hour bounds it, and the reader, refused, comes in by LINE Login. */
typedef struct kuji_liff_shown_t {
    unsigned char once[KUJI_DIGEST_LEN];    /* of the one-time value */
    unsigned char token[KUJI_DIGEST_LEN];   /* of the ID token */
    unsigned char browser[KUJI_DIGEST_LEN]; /* of the session's id */
    int64_t once_expires, token_expires;    /* ms: kept until then */
} kuji_liff_shown_t;

/** KUJI_ECONFLICT: the value was used before. KUJI_EVERIFY: the token is
 * another browser's; the value is used up all the same. What is over goes. */
apr_status_t kuji_liff_show(const kuji_liff_shown_t *shown,
                            const kuji_act_t *act, apr_pool_t *pool);

#endif
