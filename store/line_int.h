/* For store/line*.c and outbox*.c only.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_LINE_INT_H
#define KUJI_STORE_LINE_INT_H

#include "store/claim_int.h"
#include "store/line.h"
#include "store/person.h"

/** Under which purpose participant_line.person is sealed: bound to its row, so
 * that a copied one does not open elsewhere. */
const char *kuji_line__purpose(const char *uuid,
                               const unsigned char digest[KUJI_DIGEST_LEN],
                               apr_pool_t *pool);

/** Who a campaign's participant is on LINE, in c's pool; NULL: did not come by
 * it, or what is kept does not open. */
apr_status_t kuji_line__held(const kuji_person_line_t **line,
                             const kuji_claims_t *c,
                             const unsigned char participant[KUJI_DIGEST_LEN]);

#endif
