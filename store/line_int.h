/* For store/line*.c and outbox*.c only.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_LINE_INT_H
#define KUJI_STORE_LINE_INT_H

#include "store/line.h"

/** Under which purpose participant_line.person is sealed: bound to its row, so
 * that a copied one does not open elsewhere. */
const char *kuji_line__purpose(const char *uuid,
                               const unsigned char digest[KUJI_DIGEST_LEN],
                               apr_pool_t *pool);

#endif
