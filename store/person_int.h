/* For store/person*.c and erase.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_PERSON_INT_H
#define KUJI_STORE_PERSON_INT_H

#include "store/person.h"

/** Of participants, each by campaign and digest, those of whom more than
 * counters is held, with the columns of person_known. */
apr_status_t kuji_person__known(PGresult **res, kuji_conn_t *conn,
                                const int64_t *campaigns,
                                const unsigned char *const *digests, int count,
                                apr_pool_t *pool);

/** People who are found, each once. */
typedef struct kuji_person_matches_t {
    int count;
    kuji_person_match_t list[KUJI_PERSON_MATCHES_MAX];
} kuji_person_matches_t;
void kuji_person__add(kuji_person_matches_t *matches,
                      const kuji_person_match_t *match);

/** Adds whose name holds what is looked for (person_name.c). campaign: 0: all.
 * Transactions of its own; strings in pool. */
apr_status_t kuji_person__names(kuji_person_matches_t *matches, int *is_partial,
                                const kuji_act_t *act, const char *text,
                                int64_t campaign, apr_pool_t *pool);

#endif
