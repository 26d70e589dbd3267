/* Shared by store/export*.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_EXPORT_INT_H
#define KUJI_STORE_EXPORT_INT_H

#include "core/seal.h"
#include "store/campaign.h"
#include "store/export.h"
#include "store/vault.h"

#include <sodium.h>

/** Numbers (n, seq) or codes of one page. */
#define KUJI_EXPORT_PAGE 4000

/** What a result's column becomes. */
typedef enum kuji_export_cell_e {
    KUJI_CELL_INT,
    KUJI_CELL_TEXT,
    KUJI_CELL_BOOL,
    KUJI_CELL_JSON,
    KUJI_CELL_PRIZE_NAME /* of the code in the column before */
} kuji_export_cell_e;

/** How one dataset is read. Its statement's last column says whether the row
 * is whole. */
typedef struct kuji_export_reader_t {
    const char *name;
    const char *const *keys; /* columns, NULL-terminated */
    const kuji_export_cell_e *cells;
    int first;  /* the result's first column that is written */
    int ncells; /* columns of cells; the others are rest's */
    kuji_query_e query;
    /** The page's parameters. */
    void (*args)(kuji_args_t *args, const kuji_export_t *export);
    /** Whether all of the page's rows are there, and where the next begins. */
    apr_status_t (*next)(kuji_export_t *export, const PGresult *res,
                         apr_pool_t *pool);
    /** Opened inside the first page's transaction; NULL: nothing to open. */
    apr_status_t (*open)(kuji_export_t *export, kuji_conn_t *conn);
    /** Writes the columns behind cells; NULL: there are none. */
    apr_status_t (*rest)(kuji_export_t *export, const PGresult *res, int row,
                         apr_pool_t *pool);
} kuji_export_reader_t;

extern const kuji_export_reader_t kuji_export__readers[KUJI_DATASET_LAST];

struct kuji_export_t {
    const kuji_act_t *act;
    kuji_pg_t *reader;
    const kuji_export_ask_t *ask;
    const kuji_export_reader_t *how;
    apr_pool_t *pool;
    const kuji_campaign_view_t *campaign; /* NULL: the audit log */
    const char *zone;
    int64_t after, last; /* numbers, ids: the next page begins behind after */
    unsigned char digest[KUJI_DIGEST_LEN]; /* codes: likewise */
    int digest_len;                        /* 0: from the first */
    int done;
    int64_t download; /* its id in the log */
    kuji_rows_t *rows;
    kuji_rows_sink_fn *sink;
    void *baton;
    crypto_hash_sha256_state hash;
    int64_t bytes;
    kuji_vault_t *vault; /* claims: of the tenant's personal data */
};

/* The claims' own (export_claim.c). */
extern const char *const kuji_export__claim_keys[];
apr_status_t kuji_export__claim_open(kuji_export_t *export, kuji_conn_t *conn);
apr_status_t kuji_export__claim_rest(kuji_export_t *export, const PGresult *res,
                                     int row, apr_pool_t *pool);

/** The last number of the page behind export->after. */
int64_t kuji_export__page_end(const kuji_export_t *export);

#endif
