/* Lists that admins bring along: CSV or plain lines, as UTF-8 or as Excel
 * writes it in Japan.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_LINES_H
#define KUJI_STORE_LINES_H

#include "core/csv.h"

/** Of one list at most. */
#define KUJI_LINES_BYTES_MAX (64 * 1024 * 1024)
#define KUJI_LINES_MAX 1000000

/** Tells record of each line that is not empty. What is no UTF-8 is read as
 * CP932. KUJI_EINVAL or KUJI_ETOOBIG with *why, which names the line, or
 * record's own status. */
apr_status_t kuji_lines_read(const char **why, const char *text, apr_size_t len,
                             kuji_csv_record_fn *record, void *baton,
                             apr_pool_t *pool);

#endif
