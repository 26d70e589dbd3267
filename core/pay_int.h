/* What the readers of providers' answers share.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_PAY_INT_H
#define KUJI_CORE_PAY_INT_H

#include "core/money.h"
#include "core/pay.h"

#include <jansson.h>

/** The answer's object, released with pool; NULL: it is none. Numbers are read
 * as texts: a transaction of 19 digits and a decimal amount stay what they
 * are, and a number does as well as a text. */
json_t *kuji_pay__parse(const char *body, apr_size_t len, apr_pool_t *pool);

/** The text of a member, "" where there is none. */
const char *kuji_pay__text(const json_t *object, const char *name);

/** The same if it is one word of `more`, letters and digits, at most 64
 * characters; else "". In pool. */
const char *kuji_pay__word(const json_t *object, const char *name,
                           const char *more, apr_pool_t *pool);

/** An address that a browser may be sent to, else ""; in pool. own: an app's
 * scheme will do as well. */
const char *kuji_pay__address(const json_t *object, const char *name, int own,
                              apr_pool_t *pool);

/** "2019-04-13T07:02:38Z", or whole seconds, as Unix time; 0: neither. */
int64_t kuji_pay__time(const char *text);

#endif
