/* Amounts of money as people read them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_MONEY_H
#define KUJI_WEB_MONEY_H

#include "web/web.h"

/** "1,200円", "NT$120", by the texts money.CURRENCY; in the request's pool.
 * amount: minor units. */
const char *kuji_money_text(kuji_web_t *web, int64_t amount,
                            const char *currency);

#endif
