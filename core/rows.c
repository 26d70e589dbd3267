/* SPDX-License-Identifier: Apache-2.0 */
#include "core/rows.h"
#include "core/canon.h"
#include "core/utf8.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Grows; the pool keeps what it grew out of, which sums to less than it. */
typedef struct buffer_t {
    char *bytes;
    apr_size_t used, size;
} buffer_t;

struct kuji_rows_t {
    kuji_rows_form_e form;
    const kuji_column_t *columns;
    int ncolumns, column; /* the next one's place */
    kuji_rows_sink_fn *sink;
    void *baton;
    apr_pool_t *pool;
    const kuji_cp932_t *cp932;
    buffer_t row, out; /* row: UTF-8 */
    kuji_rows_count_t count;
};

/* Room for len more bytes; where they go. */
static char *room(kuji_rows_t *rows, buffer_t *buffer, apr_size_t len)
{
    if (buffer->size - buffer->used < len) {
        apr_size_t size = buffer->size ? buffer->size : 4096;
        char *bytes;

        while (size - buffer->used < len) {
            size *= 2;
        }
        bytes = apr_palloc(rows->pool, size);
        if (buffer->used) {
            memcpy(bytes, buffer->bytes, buffer->used);
        }
        buffer->bytes = bytes;
        buffer->size = size;
    }
    return buffer->bytes + buffer->used;
}

static void add(kuji_rows_t *rows, buffer_t *buffer, const char *bytes,
                apr_size_t len)
{
    memcpy(room(rows, buffer, len), bytes, len);
    buffer->used += len;
}

static void add_text(kuji_rows_t *rows, const char *text)
{
    apr_size_t len = strlen(text);

    if (rows->form == KUJI_ROWS_JSONL) {
        rows->row.used +=
            kuji_canon_string(room(rows, &rows->row, 6 * len + 2), text, len);
    }
    else {
        rows->row.used += kuji_csv_cell(
            room(rows, &rows->row, KUJI_CSV_CELL_MAX(len)), text, len);
    }
}

static void begin_value(kuji_rows_t *rows)
{
    const kuji_column_t *column = &rows->columns[rows->column];

    if (rows->form == KUJI_ROWS_JSONL) {
        add(rows, &rows->row, rows->column ? "," : "{", 1);
        add_text(rows, column->key);
        add(rows, &rows->row, ":", 1);
    }
    else if (rows->column) {
        add(rows, &rows->row, ",", 1);
    }
    rows->column++;
}

void kuji_rows_none(kuji_rows_t *rows)
{
    begin_value(rows);
    if (rows->form == KUJI_ROWS_JSONL) {
        add(rows, &rows->row, "null", 4);
    }
}

void kuji_rows_text(kuji_rows_t *rows, const char *text)
{
    if (!text) {
        kuji_rows_none(rows);
        return;
    }
    begin_value(rows);
    add_text(rows, text);
}

void kuji_rows_int(kuji_rows_t *rows, int64_t value)
{
    char digits[24];
    int len = snprintf(digits, sizeof(digits), "%" PRId64, value);

    begin_value(rows);
    add(rows, &rows->row, digits, (apr_size_t)len);
}

void kuji_rows_json(kuji_rows_t *rows, const char *json)
{
    begin_value(rows);
    if (rows->form == KUJI_ROWS_JSONL) {
        add(rows, &rows->row, json, strlen(json));
    }
    else {
        add_text(rows, json);
    }
}

static void replaced(kuji_rows_t *rows)
{
    if (!rows->count.replaced++) {
        rows->count.replaced_row = rows->count.rows + 1;
    }
}

/* The row in CP932, behind what is there already. */
static void encode(kuji_rows_t *rows)
{
    const unsigned char *at = (const unsigned char *)rows->row.bytes;
    apr_size_t left = rows->row.used, used;
    unsigned char *start = (unsigned char *)room(rows, &rows->out, 2 * left);
    unsigned char *out = start;
    uint32_t c;

    for (; left > 0; at += used, left -= used) {
        apr_size_t len = 0;

        used = kuji_utf8_next(&c, at, left);
        if (used) {
            len = kuji_cp932_write(out, rows->cp932, c);
        }
        if (!len) {
            used = used ? used : 1;
            len = kuji_cp932_write(out, rows->cp932, 0x3013);
            replaced(rows);
        }
        out += len;
    }
    rows->out.used += (apr_size_t)(out - start);
}

/* The finished row goes behind the others. */
static void close_row(kuji_rows_t *rows)
{
    if (rows->form == KUJI_ROWS_JSONL) {
        add(rows, &rows->row, "}\n", 2);
    }
    else {
        add(rows, &rows->row, "\r\n", 2);
    }
    if (rows->form == KUJI_ROWS_CP932) {
        encode(rows);
    }
    else {
        add(rows, &rows->out, rows->row.bytes, rows->row.used);
    }
    rows->row.used = 0;
    rows->column = 0;
}

static void first_line(kuji_rows_t *rows)
{
    int i;

    if (rows->form == KUJI_ROWS_UTF8_BOM) {
        add(rows, &rows->out, "\xef\xbb\xbf", 3);
    }
    for (i = 0; i < rows->ncolumns; i++) {
        kuji_rows_text(rows, rows->columns[i].label);
    }
    close_row(rows);
    /* Labels are ours: what they lack is no loss of anybody's text. */
    rows->count.replaced = rows->count.replaced_row = 0;
}

kuji_rows_t *kuji_rows_create(kuji_rows_form_e form,
                              const kuji_column_t *columns, int count,
                              kuji_rows_sink_fn *sink, void *baton,
                              apr_pool_t *pool)
{
    kuji_rows_t *rows = apr_pcalloc(pool, sizeof(*rows));

    rows->form = form;
    rows->columns = columns;
    rows->ncolumns = count;
    rows->sink = sink;
    rows->baton = baton;
    rows->pool = pool;
    if (form == KUJI_ROWS_CP932) {
        rows->cp932 = kuji_cp932_create(pool);
    }
    if (form != KUJI_ROWS_JSONL) {
        first_line(rows);
    }
    return rows;
}

apr_status_t kuji_rows_finish(kuji_rows_t *rows)
{
    apr_status_t rv = APR_SUCCESS;

    if (rows->out.used) {
        rv = rows->sink(rows->baton, rows->out.bytes, rows->out.used);
        rows->out.used = 0;
    }
    return rv;
}

apr_status_t kuji_rows_end(kuji_rows_t *rows)
{
    close_row(rows);
    rows->count.rows++;
    return rows->out.used >= KUJI_ROWS_PIECE ? kuji_rows_finish(rows)
                                             : APR_SUCCESS;
}

const kuji_rows_count_t *kuji_rows_count(const kuji_rows_t *rows)
{
    return &rows->count;
}
