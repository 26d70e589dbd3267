/* CSV: records, from pieces of any size.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/csv.h"
#include "core/utf8.h"

#include <apr_strings.h>
#include <string.h>

/* What UTF-8 files of Windows begin with. */
static const char mark[] = "\xef\xbb\xbf";

typedef enum state_e {
    CELL,   /* at the start of a cell */
    PLAIN,  /* in a cell without quotes */
    QUOTED, /* between quotes */
    QUOTE   /* behind a quote that may be the last or the first of two */
} state_e;

struct kuji_csv_reader_t {
    kuji_csv_limits_t limits;
    const kuji_cp932_t *cp932;
    kuji_csv_record_fn *record;
    void *baton;
    apr_pool_t *scratch; /* of one record */
    state_e state;
    int cr;     /* behind a CR outside quotes: only LF may follow */
    char *text; /* cells one behind the other, each with a zero byte */
    apr_size_t used;
    apr_size_t *starts; /* of each cell, in text */
    int count;
    apr_size_t size; /* bytes of this record so far */
    apr_size_t total;
    int64_t records;
    int64_t line, begun; /* this line; the line the record began on */
    int64_t quoted;      /* the line the open quote is on */
    int mark;            /* bytes of a UTF-8 mark seen; -1: past the start */
    apr_status_t rv;
    int64_t at; /* line of the failure */
    const char *why;
};

kuji_csv_reader_t *kuji_csv_reader(const kuji_csv_limits_t *limits,
                                   const kuji_cp932_t *cp932,
                                   kuji_csv_record_fn *record, void *baton,
                                   apr_pool_t *pool)
{
    kuji_csv_reader_t *r = apr_pcalloc(pool, sizeof(*r));

    r->limits = *limits;
    r->cp932 = cp932;
    r->record = record;
    r->baton = baton;
    r->text = apr_palloc(pool, limits->record + 1 + (apr_size_t)limits->cells);
    r->starts =
        apr_palloc(pool, sizeof(*r->starts) * ((apr_size_t)limits->cells + 1));
    r->line = r->begun = 1;
    apr_pool_create(&r->scratch, pool);
    return r;
}

static apr_status_t fail_at(kuji_csv_reader_t *r, int64_t line, apr_status_t rv,
                            const char *why)
{
    r->rv = rv;
    r->at = line;
    r->why = why;
    return rv;
}

static apr_status_t fail(kuji_csv_reader_t *r, apr_status_t rv, const char *why)
{
    return fail_at(r, r->line, rv, why);
}

static int is_utf8(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    apr_size_t used, left = strlen(text);
    uint32_t c;

    for (; left > 0; at += used, left -= used) {
        if (!(used = kuji_utf8_next(&c, at, left))) {
            return 0;
        }
    }
    return 1;
}

/* The cell as UTF-8, or NULL. */
static const char *decoded(kuji_csv_reader_t *r, const char *cell)
{
    apr_size_t len;

    if (r->cp932) {
        return kuji_cp932_utf8(&len, r->cp932, cell, strlen(cell), r->scratch);
    }
    return is_utf8(cell) ? cell : NULL;
}

static apr_status_t give(kuji_csv_reader_t *r)
{
    const char **cells =
        apr_palloc(r->scratch, sizeof(*cells) * (apr_size_t)r->count);
    kuji_csv_record_t record = {r->begun, r->count, cells};
    apr_status_t rv;
    int i;

    if (++r->records > r->limits.records) {
        return fail_at(r, r->begun, KUJI_ETOOBIG, "too many records");
    }
    for (i = 0; i < r->count; i++) {
        cells[i] = decoded(r, r->text + r->starts[i]);
        if (!cells[i]) {
            return fail_at(r, r->begun, KUJI_EINVAL,
                           r->cp932 ? "not Shift_JIS (CP932)" : "not UTF-8");
        }
    }
    rv = r->record(r->baton, &record, r->scratch);
    return rv == APR_SUCCESS ? rv : fail_at(r, r->begun, rv, NULL);
}

static apr_status_t open_cell(kuji_csv_reader_t *r)
{
    if (r->count == r->limits.cells) {
        return fail(r, KUJI_ETOOBIG, "too many cells in one record");
    }
    r->starts[r->count++] = r->used;
    return APR_SUCCESS;
}

static void close_cell(kuji_csv_reader_t *r)
{
    r->text[r->used++] = '\0';
    r->state = CELL;
}

/* The end of a line outside quotes. */
static apr_status_t end_record(kuji_csv_reader_t *r)
{
    apr_status_t rv = APR_SUCCESS;

    if (r->count > 0 || r->state != CELL) {
        if (r->state == CELL && (rv = open_cell(r))) {
            return rv; /* an empty cell behind the last comma */
        }
        close_cell(r);
        rv = give(r);
        apr_pool_clear(r->scratch);
    }
    r->state = CELL;
    r->count = 0;
    r->used = r->size = 0;
    r->begun = r->line + 1; /* the line's end is not counted yet */
    return rv;
}

static apr_status_t separate(kuji_csv_reader_t *r)
{
    apr_status_t rv = r->state == CELL ? open_cell(r) : APR_SUCCESS;

    close_cell(r);
    return rv;
}

static apr_status_t quote(kuji_csv_reader_t *r)
{
    switch (r->state) {
    case CELL:
        r->state = QUOTED;
        r->quoted = r->line;
        return open_cell(r);
    case QUOTED:
        r->state = QUOTE;
        return APR_SUCCESS;
    case QUOTE:
        r->state = QUOTED;
        r->text[r->used++] = '"';
        return APR_SUCCESS;
    default:
        return fail(r, KUJI_EINVAL, "a quote inside a cell without quotes");
    }
}

static apr_status_t plain(kuji_csv_reader_t *r, char c)
{
    apr_status_t rv = APR_SUCCESS;

    if (r->state == QUOTE) {
        return fail(r, KUJI_EINVAL, "text behind a closing quote");
    }
    if (r->state == CELL) {
        rv = open_cell(r);
        r->state = PLAIN;
    }
    r->text[r->used++] = c;
    return rv;
}

/* What a byte means where it stands. */
static apr_status_t byte(kuji_csv_reader_t *r, char c)
{
    apr_status_t rv;

    if (c == '\0') {
        return fail(r, KUJI_EINVAL, "a zero byte");
    }
    if (r->cr && c != '\n') {
        return fail(r, KUJI_EINVAL, "a carriage return inside a line");
    }
    if (++r->size > r->limits.record) {
        return fail_at(r, r->begun, KUJI_ETOOBIG, "a record is too long");
    }
    if (c == '"') {
        rv = quote(r);
    }
    else if (r->state == QUOTED) {
        r->text[r->used++] = c;
        rv = APR_SUCCESS;
    }
    else if (c == ',') {
        rv = separate(r);
    }
    else if (c == '\r') {
        r->cr = 1;
        rv = APR_SUCCESS;
    }
    else if (c == '\n') {
        r->cr = 0;
        rv = end_record(r);
    }
    else {
        rv = plain(r, c);
    }
    r->line += c == '\n';
    return rv;
}

/* The mark is no text; what only looked like its start is. */
static apr_status_t start(kuji_csv_reader_t *r, char c)
{
    int i, seen = r->mark;
    apr_status_t rv = APR_SUCCESS;

    if (c == mark[seen]) {
        if (++r->mark == 3) {
            r->mark = -1;
            r->cp932 = NULL;
        }
        return APR_SUCCESS;
    }
    r->mark = -1;
    for (i = 0; i < seen && !rv; i++) {
        rv = byte(r, mark[i]);
    }
    return rv ? rv : byte(r, c);
}

apr_status_t kuji_csv_read(kuji_csv_reader_t *r, const char *bytes,
                           apr_size_t len)
{
    apr_size_t i;

    for (i = 0; i < len && !r->rv; i++) {
        if (++r->total > r->limits.bytes) {
            return fail(r, KUJI_ETOOBIG, "the file is too large");
        }
        if (r->mark >= 0) {
            start(r, bytes[i]);
        }
        else {
            byte(r, bytes[i]);
        }
    }
    return r->rv;
}

apr_status_t kuji_csv_end(kuji_csv_reader_t *r)
{
    int i, seen = r->mark;

    for (r->mark = -1, i = 0; i < seen && !r->rv; i++) {
        byte(r, mark[i]);
    }
    if (r->rv) {
        return r->rv;
    }
    if (r->state == QUOTED) {
        return fail_at(r, r->quoted, KUJI_EINVAL, "a quote is never closed");
    }
    if (r->cr) {
        return fail(r, KUJI_EINVAL, "a carriage return inside a line");
    }
    return end_record(r);
}

int64_t kuji_csv_line(const kuji_csv_reader_t *r)
{
    return r->at;
}

const char *kuji_csv_why(const kuji_csv_reader_t *r)
{
    return r->why;
}
