/* Rows on their way out of the house, as CSV (core/csv.h) or JSON Lines: one
 * way to write a row, whatever the file is.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_ROWS_H
#define KUJI_CORE_ROWS_H

#include "core/csv.h"

typedef enum kuji_rows_form_e {
    KUJI_ROWS_UTF8,     /* CSV */
    KUJI_ROWS_UTF8_BOM, /* CSV behind a UTF-8 mark, for Excel */
    KUJI_ROWS_CP932,    /* CSV in Shift_JIS as Excel reads it */
    KUJI_ROWS_JSONL     /* an object a line, UTF-8, LF */
} kuji_rows_form_e;

typedef struct kuji_column_t {
    const char *key;   /* in JSON: ASCII letters and _ */
    const char *label; /* on CSV's first line, UTF-8 */
} kuji_column_t;

/** Takes bytes, never more than KUJI_ROWS_PIECE and one row at a time. */
typedef apr_status_t kuji_rows_sink_fn(void *baton, const char *bytes,
                                       apr_size_t len);
#define KUJI_ROWS_PIECE (64 * 1024)

typedef struct kuji_rows_count_t {
    int64_t rows;         /* without CSV's first line */
    int64_t replaced;     /* characters that CP932 does not have: 〓 instead */
    int64_t replaced_row; /* first row with one, from 1; 0: none */
} kuji_rows_count_t;

typedef struct kuji_rows_t kuji_rows_t;

/** columns (count of them) outlive it. CSV's first line is written at once,
 * into memory. */
kuji_rows_t *kuji_rows_create(kuji_rows_form_e form,
                              const kuji_column_t *columns, int count,
                              kuji_rows_sink_fn *sink, void *baton,
                              apr_pool_t *pool);

/* The row's values, one call a column, in their order. text NULL: nothing
 * (CSV: an empty cell; JSON: null). */
void kuji_rows_text(kuji_rows_t *rows, const char *text);
void kuji_rows_int(kuji_rows_t *rows, int64_t value);
void kuji_rows_none(kuji_rows_t *rows);
/** JSON text: a cell in CSV, the value itself in JSON. */
void kuji_rows_json(kuji_rows_t *rows, const char *json);

/** Ends the row; the sink's status. All columns have their value. */
apr_status_t kuji_rows_end(kuji_rows_t *rows);
/** Gives the sink what is left. */
apr_status_t kuji_rows_finish(kuji_rows_t *rows);

const kuji_rows_count_t *kuji_rows_count(const kuji_rows_t *rows);

#endif
