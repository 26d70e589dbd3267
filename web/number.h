/* Numbers as people read them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_NUMBER_H
#define KUJI_WEB_NUMBER_H

#include <apr_pools.h>
#include <stdint.h>

/** "1,234,567" (both languages group like that), in pool. */
const char *kuji_number_text(int64_t value, apr_pool_t *pool);

/** part of whole in percent, with one decimal below ten: "42%", "0.5%"; NULL:
 * there is no whole, or it is less than the part. */
const char *kuji_number_share(int64_t part, int64_t whole, apr_pool_t *pool);

#endif
