/* Parameters of one statement, in PostgreSQL's binary format (bytea and arrays
 * need no escaping that way).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_ARGS_H
#define KUJI_STORE_ARGS_H

#include <apr_pools.h>
#include <stdint.h>

#define KUJI_ARGS_MAX 32

typedef struct kuji_args_t {
    apr_pool_t *pool;
    int count;
    int binary_result; /* 1: ask for results in binary */
    const char *values[KUJI_ARGS_MAX];
    int lengths[KUJI_ARGS_MAX];
    int formats[KUJI_ARGS_MAX];
} kuji_args_t;

/** Values are copied where they must change; text and bytes are borrowed. */
void kuji_args_init(kuji_args_t *args, apr_pool_t *pool);
void kuji_args_text(kuji_args_t *args, const char *text); /* NULL: null */
void kuji_args_uuid(kuji_args_t *args, const char *text); /* uuid as text */
void kuji_args_int(kuji_args_t *args, int64_t value);     /* int8 */
void kuji_args_null_int(kuji_args_t *args);
void kuji_args_bool(kuji_args_t *args, int value);
void kuji_args_bytes(kuji_args_t *args, const void *bytes,
                     apr_size_t len);                     /* NULL: null */
void kuji_args_json(kuji_args_t *args, const char *text); /* jsonb */

/* Arrays; an element's NULL pointer is an SQL null. */
void kuji_args_int_array(kuji_args_t *args, const int64_t *values, int count);
void kuji_args_text_array(kuji_args_t *args, const char *const *values,
                          int count);
/** count elements of bytes; element NULL: null. lens NULL: all are len. */
void kuji_args_bytes_array(kuji_args_t *args,
                           const unsigned char *const *values,
                           const apr_size_t *lens, apr_size_t len, int count);

#endif
