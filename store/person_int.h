/* For store/person.c and erase.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_PERSON_INT_H
#define KUJI_STORE_PERSON_INT_H

#include "store/pg.h"

/** Of participants, each by campaign and digest, those of whom more than
 * counters is held, with the columns of person_known. */
apr_status_t kuji_person__known(PGresult **res, kuji_conn_t *conn,
                                const int64_t *campaigns,
                                const unsigned char *const *digests, int count,
                                apr_pool_t *pool);

#endif
