/* Any bytes as a CSV file: whatever pieces it comes in, the same records come
 * out, and what is written again reads as it was.
 *
 *   first byte: low bits the size of the pieces, 0x80: CP932
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/csv.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define RECORD 4096

/* A checksum of all cells, and each cell checked on the way. */
typedef struct seen_t {
    uint64_t sum;
    int64_t line;
} seen_t;

static void mix(seen_t *seen, const char *text)
{
    do {
        seen->sum = (seen->sum ^ (unsigned char)*text) * 1099511628211u;
    } while (*text++);
}

static apr_status_t same_cell(void *baton, const kuji_csv_record_t *record,
                              apr_pool_t *pool)
{
    const char *text = baton;

    if (record->count != 1 || strcmp(record->cells[0], text) != 0) {
        abort();
    }
    return APR_SUCCESS;
}

/* Written as a cell and read back: the same, but for the apostrophe. */
static void write_again(const char *text, apr_pool_t *pool)
{
    static const kuji_csv_limits_t limits = {16 * RECORD, 1, 16 * RECORD, 1};
    apr_size_t len = strlen(text), got;
    char *out = malloc(KUJI_CSV_CELL_MAX(len) + 1), *found;
    kuji_csv_reader_t *reader;

    got = kuji_csv_cell(out, text, len);
    if (got > KUJI_CSV_CELL_MAX(len)) {
        abort();
    }
    out[got] = '\0';
    if (got > 0 && strchr("=+-@\t\r", out[0])) {
        abort();
    }
    found = got > 1 && out[0] == '"' && out[1] == '\'' && *text != '\''
                ? apr_pstrcat(pool, "'", text, NULL)
                : (char *)text;
    reader = kuji_csv_reader(&limits, NULL, same_cell, found, pool);
    if (kuji_csv_read(reader, out, got) || kuji_csv_end(reader)) {
        /* only a mark in front, which the reader drops, may differ */
        abort();
    }
    free(out);
}

static apr_status_t see(void *baton, const kuji_csv_record_t *record,
                        apr_pool_t *pool)
{
    seen_t *seen = baton;
    int i;

    if (record->line <= seen->line || record->count < 1) {
        abort();
    }
    seen->line = record->line;
    for (i = 0; i < record->count; i++) {
        mix(seen, record->cells[i]);
        if (strlen(record->cells[i]) < RECORD &&
            strncmp(record->cells[i], "\xef\xbb\xbf", 3) != 0) {
            write_again(record->cells[i], pool);
        }
    }
    return APR_SUCCESS;
}

static apr_status_t read_all(seen_t *seen, const char *bytes, size_t size,
                             size_t piece, const kuji_cp932_t *cp932,
                             apr_pool_t *pool)
{
    static const kuji_csv_limits_t limits = {RECORD, 16, 1 << 16, 1000};
    kuji_csv_reader_t *reader =
        kuji_csv_reader(&limits, cp932, see, seen, pool);
    apr_status_t rv = APR_SUCCESS;

    for (; size > 0 && !rv; bytes += piece, size -= piece) {
        piece = piece < size ? piece : size;
        rv = kuji_csv_read(reader, bytes, piece);
    }
    return rv ? rv : kuji_csv_end(reader);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const kuji_cp932_t *table;
    static apr_pool_t *forever;
    seen_t whole = {0, 0}, pieces = {0, 0};
    const kuji_cp932_t *cp932;
    apr_status_t rv;
    apr_pool_t *pool;

    if (size == 0) {
        return 0;
    }
    if (!table) {
        apr_initialize();
        apr_pool_create(&forever, NULL);
        table = kuji_cp932_create(forever);
    }
    apr_pool_create(&pool, forever);
    cp932 = data[0] & 0x80 ? table : NULL;
    rv = read_all(&whole, (const char *)data + 1, size - 1, size, cp932, pool);
    if (read_all(&pieces, (const char *)data + 1, size - 1,
                 1u + (data[0] & 0x7fu), cp932, pool) != rv ||
        whole.sum != pieces.sum || whole.line != pieces.line) {
        abort();
    }
    apr_pool_destroy(pool);
    return 0;
}
