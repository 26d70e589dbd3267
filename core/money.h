/* Amounts of money: whole minor units, written and read as decimals without
 * any floating point.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_MONEY_H
#define KUJI_CORE_MONEY_H

#include "core/error.h"

#include <apr_pools.h>
#include <stdint.h>

/** The largest amount: 15 digits, so that sums of them stay far from 2^63. */
#define KUJI_MONEY_MAX INT64_C(999999999999999)

/** Decimal places of a currency that is taken here (ISO 4217: TWD, THB and USD
 * 2, JPY 0), or -1. */
int kuji_money_places(const char *currency);

/** "12.34", or "12" where the minor part is zero; in pool. NULL where the
 * currency is none of ours or the amount not in 0 .. KUJI_MONEY_MAX. */
const char *kuji_money_write(int64_t amount, const char *currency,
                             apr_pool_t *pool);

/** Reads "12", "12.3", "12.340" or, of a refund, "-12"; digits that the
 * currency does not have must be zero. KUJI_EINVAL. */
apr_status_t kuji_money_read(int64_t *amount, const char *text,
                             const char *currency);

#endif
