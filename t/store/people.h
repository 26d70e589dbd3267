/* What the tests of claims, gift codes and people share.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_T_STORE_PEOPLE_H
#define KUJI_T_STORE_PEOPLE_H

#include "t/store/house.h"

#define HOUR 3600000

/** An odds campaign in which every draw wins the one prize. */
void people_publish(house_t *h, const char *kind, int units, const char *extra);

/** The participant's digest of draw n of campaign "odds". */
const unsigned char *people_digest(house_t *h, uint64_t n);

/** "{…}" with single quotes for double ones, in unit_pool. */
const json_t *people_data(const char *text);

/** One value about claim n of campaign "odds": an expression over c (claim), d
 * (claim_detail), or NULL. */
const char *people_ask(house_t *h, uint64_t n, const char *what);

/** The audit log's actions since the publication, by spaces. */
const char *people_audit(house_t *h);

#endif
