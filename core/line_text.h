/* A text as one message of LINE's, and when its month begins.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_LINE_TEXT_H
#define KUJI_CORE_LINE_TEXT_H

#include "core/error.h"

#include <apr_pools.h>
#include <stdint.h>

/** UTF-16 code units of one text message (Messaging API, "Text message"). */
#define KUJI_LINE_TEXT_MAX 5000

/** UTF-16 code units of a text in UTF-8; -1: it is none. */
int64_t kuji_line_text_units(const char *text);

/** text where it fits; else its beginning, cut between characters, "…" and the
 * link (NULL: none) on a line of its own, so that whoever reads it can go on.
 * In pool. KUJI_EINVAL: no UTF-8, empty, or the link alone is too long. */
apr_status_t kuji_line_text_fit(const char **out, const char *text,
                                const char *link, apr_pool_t *pool);

/** From now (ms since 1970) to the beginning of the next month in Japan, ms:
 * then a month's messages are counted anew. */
int64_t kuji_line_month_left(int64_t now);

#endif
