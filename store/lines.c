/* SPDX-License-Identifier: Apache-2.0 */
#include "store/lines.h"

#include "core/utf8.h"

#include <apr_strings.h>

static int is_utf8(const char *text, apr_size_t len)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t used;
    uint32_t c;

    for (; len > 0; at += used, len -= used) {
        used = kuji_utf8_next(&c, at, len);
        if (used == 0) {
            return 0;
        }
    }
    return 1;
}

apr_status_t kuji_lines_read(const char **why, const char *text, apr_size_t len,
                             kuji_csv_record_fn *record, void *baton,
                             apr_pool_t *pool)
{
    static const kuji_csv_limits_t limits = {.record = 8192,
                                             .cells = 100,
                                             .bytes = KUJI_LINES_BYTES_MAX,
                                             .records = KUJI_LINES_MAX};
    const kuji_cp932_t *cp932 =
        is_utf8(text, len) ? NULL : kuji_cp932_create(pool);
    kuji_csv_reader_t *reader =
        kuji_csv_reader(&limits, cp932, record, baton, pool);
    apr_status_t rv = kuji_csv_read(reader, text, len);

    if (rv == APR_SUCCESS) {
        rv = kuji_csv_end(reader);
    }
    if (rv != APR_SUCCESS && kuji_csv_why(reader)) {
        *why = apr_psprintf(pool, "line %" APR_INT64_T_FMT ": %s",
                            (apr_int64_t)kuji_csv_line(reader),
                            kuji_csv_why(reader));
    }
    return rv;
}
