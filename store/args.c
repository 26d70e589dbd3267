/* Binary parameters: big-endian integers, PostgreSQL's array header.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/args.h"

#include <stdlib.h>
#include <string.h>

/* From PostgreSQL's catalog (src/include/catalog/pg_type.dat); fixed for good.
 */
enum { OID_BYTEA = 17, OID_INT8 = 20, OID_TEXT = 25 };

void kuji_args_init(kuji_args_t *args, apr_pool_t *pool)
{
    args->pool = pool;
    args->count = 0;
    args->binary_result = 0;
}

static void add(kuji_args_t *args, const char *value, apr_size_t len,
                int format)
{
    if (args->count == KUJI_ARGS_MAX) {
        abort(); /* a statement of ours with too many parameters */
    }
    args->values[args->count] = value;
    args->lengths[args->count] = (int)len;
    args->formats[args->count] = format;
    args->count++;
}

static void put32(unsigned char *out, uint32_t value)
{
    value = __builtin_bswap32(value);
    memcpy(out, &value, 4);
}

static void put64(unsigned char *out, uint64_t value)
{
    value = __builtin_bswap64(value);
    memcpy(out, &value, 8);
}

void kuji_args_text(kuji_args_t *args, const char *text)
{
    add(args, text, text ? strlen(text) : 0, 0);
}

void kuji_args_uuid(kuji_args_t *args, const char *text)
{
    kuji_args_text(args, text);
}

void kuji_args_json(kuji_args_t *args, const char *text)
{
    kuji_args_text(args, text);
}

void kuji_args_int(kuji_args_t *args, int64_t value)
{
    char *text = apr_palloc(args->pool, 24);
    int len = 0, negative = value < 0;
    uint64_t rest = negative ? 0 - (uint64_t)value : (uint64_t)value;
    char *o = text + 23;

    /* Text, so that the statement decides between int2, int4 and int8. */
    *o = '\0';
    do {
        *--o = '0' + rest % 10;
        rest /= 10;
        len++;
    } while (rest);
    if (negative) {
        *--o = '-';
        len++;
    }
    add(args, o, len, 0);
}

void kuji_args_null_int(kuji_args_t *args)
{
    add(args, NULL, 0, 0);
}

void kuji_args_bool(kuji_args_t *args, int value)
{
    add(args, value ? "t" : "f", 1, 0);
}

void kuji_args_bytes(kuji_args_t *args, const void *bytes, apr_size_t len)
{
    add(args, bytes, len, 1);
}

/* dimensions, has nulls, element oid, length, lower bound */
enum { ARRAY_HEADER = 20 };

static unsigned char *header(unsigned char *o, int count, int nulls,
                             uint32_t oid)
{
    put32(o, count ? 1 : 0);
    put32(o + 4, nulls ? 1 : 0);
    put32(o + 8, oid);
    if (!count) {
        return o + 12;
    }
    put32(o + 12, count);
    put32(o + 16, 1);
    return o + ARRAY_HEADER;
}

void kuji_args_int_array(kuji_args_t *args, const int64_t *values, int count)
{
    unsigned char *out = apr_palloc(args->pool, ARRAY_HEADER + 12 * count);
    unsigned char *o = header(out, count, 0, OID_INT8);
    int i;

    for (i = 0; i < count; i++) {
        put32(o, 8);
        put64(o + 4, values[i]);
        o += 12;
    }
    add(args, (const char *)out, o - out, 1);
}

static void array(kuji_args_t *args, const void *const *values,
                  const apr_size_t *lens, apr_size_t len, int count,
                  uint32_t oid)
{
    apr_size_t size = ARRAY_HEADER;
    unsigned char *out, *o;
    int i, nulls = 0;

    for (i = 0; i < count; i++) {
        size += 4 + (!values[i] ? 0 : lens ? lens[i] : len);
        nulls |= !values[i];
    }
    out = apr_palloc(args->pool, size);
    o = header(out, count, nulls, oid);
    for (i = 0; i < count; i++) {
        apr_size_t n = lens ? lens[i] : len;

        put32(o, values[i] ? (uint32_t)n : UINT32_MAX);
        o += 4;
        if (values[i]) {
            memcpy(o, values[i], n);
            o += n;
        }
    }
    add(args, (const char *)out, o - out, 1);
}

void kuji_args_text_array(kuji_args_t *args, const char *const *values,
                          int count)
{
    apr_size_t *lens = apr_palloc(args->pool, sizeof(*lens) * (count + 1));
    int i;

    for (i = 0; i < count; i++) {
        lens[i] = values[i] ? strlen(values[i]) : 0;
    }
    array(args, (const void *const *)values, lens, 0, count, OID_TEXT);
}

void kuji_args_bytes_array(kuji_args_t *args,
                           const unsigned char *const *values,
                           const apr_size_t *lens, apr_size_t len, int count)
{
    array(args, (const void *const *)values, lens, len, count, OID_BYTEA);
}
