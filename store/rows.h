/* A statement's rows as an array of structures.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_ROWS_H
#define KUJI_STORE_ROWS_H

#include "store/act.h"

/** Fills one item, zeroed before, from one row. Texts of the result may be
 * borrowed: it lives as long as the items. */
typedef apr_status_t kuji_row_fn(void *item, const PGresult *res, int row,
                                 apr_pool_t *pool);

typedef struct kuji_rows_t {
    apr_size_t size; /* of an item, bytes */
    kuji_row_fn *read;
    void *items; /* in the pool of the call; NULL until one succeeded */
    int count;
} kuji_rows_t;

/** What a call is made with: the items' type and who fills one. */
#define KUJI_ROWS(type, reader)                                                \
    {                                                                          \
        sizeof(type), reader, NULL, 0                                          \
    }

/** Runs query inside the current transaction. One item more than rows is
 * allocated, so items is never NULL after APR_SUCCESS. An error of read is the
 * call's; then nothing is told. */
apr_status_t kuji_rows_read(kuji_rows_t *rows, kuji_conn_t *conn,
                            kuji_query_e query, const kuji_args_t *args,
                            apr_pool_t *pool);

/** The same in a transaction of its own (kuji_pg_transact). */
apr_status_t kuji_rows_list(kuji_rows_t *rows, const kuji_act_t *act,
                            kuji_query_e query, const kuji_args_t *args,
                            apr_pool_t *pool);

#endif
