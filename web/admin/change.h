/* An audited change as lines that people read.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_CHANGE_H
#define KUJI_WEB_ADMIN_CHANGE_H

#include <jansson.h>
#include <stdint.h>

/** Lines of one entry at most, and characters of one value. */
#define KUJI_CHANGE_LINES_MAX 60
#define KUJI_CHANGE_TEXT_MAX 300

/** A time (ms) as text, which lives as long as the page. */
typedef const char *kuji_change_time_fn(void *baton, int64_t ms);

/** Of an entry's detail (JSON text): a new array of {"name", "before",
 * "after"} where it holds the objects before and after, differing values only,
 * a member that is missing on one side left out; of {"name", "value"} for the
 * rest. Names of nested members are joined by dots; what is called …_at is a
 * time. */
json_t *kuji_change_lines(const char *detail, kuji_change_time_fn *time,
                          void *baton);

#endif
