/* CSV (RFC 4180): cells on their way out, records on their way in.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CSV_H
#define KUJI_CORE_CSV_H

#include "core/cp932.h"
#include "core/error.h"

/* Out.
 *
 * A spreadsheet runs a cell that begins with = + - @ (full-width ＝ ＋ － ＠
 * alike; in some programs also behind blanks or after a tab or line break) as
 * a formula, quoted or not. Such a text gets an apostrophe in front, whatever
 * follows, so that "+81 90 …" and "-5" typed by somebody stay what they are
 * instead of becoming sums. Numbers of ours are written by
 * kuji_rows_int (core/rows.h), which adds nothing: a negative number stays a
 * number. Digits with leading zeros ("0600001") are written unchanged, in
 * quotes: the file keeps every zero for the programs that print labels, and a
 * spreadsheet keeps them where it is told to read the column as text. The
 * trick ="0600001" is not used: it is a formula itself. */

/** Room that kuji_csv_cell needs for len bytes. */
#define KUJI_CSV_CELL_MAX(len) (2 * (len) + 3)

/** Writes UTF-8 text as one cell: neutralised, quoted where needed. Returns
 * the length; no zero byte is added. */
apr_size_t kuji_csv_cell(char *out, const char *text, apr_size_t len);

/* In. */

typedef struct kuji_csv_limits_t {
    apr_size_t record; /* bytes of one record, quotes included */
    int cells;         /* cells of one record */
    apr_size_t bytes;  /* of the whole file */
    int64_t records;   /* of the whole file */
} kuji_csv_limits_t;

/** One record; valid during the call only. Cells are UTF-8, zero-terminated
 * and without zero bytes within. */
typedef struct kuji_csv_record_t {
    int64_t line; /* where it begins, from 1; records may span lines */
    int count;    /* cells, at least 1 */
    const char *const *cells;
} kuji_csv_record_t;

/** Anything but APR_SUCCESS ends the reading with that status. pool lives as
 * long as the call. */
typedef apr_status_t kuji_csv_record_fn(void *baton,
                                        const kuji_csv_record_t *record,
                                        apr_pool_t *pool);

typedef struct kuji_csv_reader_t kuji_csv_reader_t;

/** Reads pieces of any size in memory that limits bound. cp932 NULL: UTF-8,
 * with or without its mark at the start; otherwise the file is CP932 (a UTF-8
 * mark at the start overrides it). Lines end with CRLF or LF; empty ones are
 * left out. limits are copied. */
kuji_csv_reader_t *kuji_csv_reader(const kuji_csv_limits_t *limits,
                                   const kuji_cp932_t *cp932,
                                   kuji_csv_record_fn *record, void *baton,
                                   apr_pool_t *pool);

/** KUJI_EINVAL, KUJI_ETOOBIG, or record's own status; then nothing more is
 * read. */
apr_status_t kuji_csv_read(kuji_csv_reader_t *reader, const char *bytes,
                           apr_size_t len);
/** The end of the file: a last record without its line end counts. */
apr_status_t kuji_csv_end(kuji_csv_reader_t *reader);

/** Of a reader that failed: the line (from 1) and, unless the status was
 * record's own, one English sentence without its full stop; NULL otherwise. */
int64_t kuji_csv_line(const kuji_csv_reader_t *reader);
const char *kuji_csv_why(const kuji_csv_reader_t *reader);

#endif
