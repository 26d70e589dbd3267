/* JSON bodies, read strictly; pure, so that the fuzzer can call it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_JSON_H
#define KUJI_WEB_JSON_H

#include "core/error.h"

#include <apr_pools.h>
#include <jansson.h>

/** One JSON object and nothing behind it: well-formed UTF-8, no name twice, no
 * zero character. *doc is released with pool. KUJI_EINVAL with *why. */
apr_status_t kuji_json_object(json_t **doc, const char **why, const char *text,
                              apr_size_t len, apr_pool_t *pool);

#endif
