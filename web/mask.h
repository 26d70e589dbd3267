/* Codes in a URL never reach a log.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_MASK_H
#define KUJI_WEB_MASK_H

#include <apr_pools.h>

/** query with the values of code, passphrase, key and token replaced by "***";
 * query itself where there is none. */
char *kuji_mask_query(char *query, apr_pool_t *pool);
/** The same behind the first question mark of a URL or request line. */
char *kuji_mask_url(char *url, apr_pool_t *pool);

#endif
