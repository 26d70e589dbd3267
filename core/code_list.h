/* A list of codes as organisers have them: a code a line, or a CSV file whose
 * first column holds them. Takes bytes as they come, in constant memory.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CODE_LIST_H
#define KUJI_CORE_CODE_LIST_H

#include <apr_errno.h>
#include <apr_pools.h>
#include <stdint.h>

/** Of a line, this much is looked at; what is longer is no code. */
#define KUJI_CODE_LINE_MAX 512

/** Told of each line that holds something: its number from 1 and its first
 * field, without quotes and surrounding spaces. A status other than APR_SUCCESS
 * ends the reading. */
typedef apr_status_t kuji_code_line_fn(void *baton, int64_t line,
                                       const char *text, apr_size_t len);

/** Zero it, set fn and baton. */
typedef struct kuji_code_list_t {
    kuji_code_line_fn *fn;
    void *baton;
    int64_t lines; /* seen so far */
    apr_size_t len;
    int after_cr; /* a line feed now belongs to the line before */
    char line[KUJI_CODE_LINE_MAX];
} kuji_code_list_t;

/** Lines end with CR, LF or both. Left out are empty lines, a byte order mark,
 * and a first line that reads "code" or "シリアルコード". Returns fn's status.
 */
apr_status_t kuji_code_list_feed(kuji_code_list_t *list, const char *bytes,
                                 apr_size_t len);

/** The last line may lack its end. */
apr_status_t kuji_code_list_end(kuji_code_list_t *list);

#endif
