/* Serial codes: made or imported in batches, kept only as keyed digests.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_CODE_H
#define KUJI_STORE_CODE_H

#include "core/code.h"
#include "store/act.h"

/** Codes go to PostgreSQL this many at a time, each in its own transaction. */
#define KUJI_CODE_CHUNK 10000

typedef struct kuji_code_batch_t kuji_code_batch_t;

/** Told of each code once it is durably stored. A status other than
 * APR_SUCCESS ends the generation. */
typedef apr_status_t kuji_code_out_fn(void *baton, const char *code);

typedef struct kuji_code_counts_t {
    int64_t stored;    /* new codes of this batch */
    int64_t duplicate; /* known to the campaign already, or given twice */
    int64_t malformed; /* not letters and digits */
} kuji_code_counts_t;

/** Opens a batch of codes worth `uses` draws each (1 .. 1,000,000) of the
 * tenant's campaign (any status but closed). name: for the admin, 1 .. 200
 * bytes. Lives in pool, uses constant memory. Nothing is in
 * the database before the first code is: an import of nothing but faults leaves
 * no batch. */
apr_status_t kuji_code_batch_open(kuji_code_batch_t **batch, const char **why,
                                  const kuji_act_t *act, const char *slug,
                                  const char *name, int64_t uses,
                                  apr_pool_t *pool);
/** 0: no code is stored yet. */
int64_t kuji_code_batch_id(const kuji_code_batch_t *batch);

/** Makes count codes of `symbols` (8 .. 32) symbols and a check symbol. After
 * an error the batch holds what out was told of, and possibly one chunk whose
 * codes nobody knows. */
apr_status_t kuji_code_generate(kuji_code_batch_t *batch, int64_t count,
                                int symbols, kuji_code_out_fn *out,
                                void *baton);

/** Why a line of an import brought no code. */
typedef enum kuji_code_fault_e {
    KUJI_CODE_MALFORMED, /* not letters and digits */
    KUJI_CODE_DUPLICATE  /* known to the campaign already, or given twice */
} kuji_code_fault_e;

/** Told of each such line, not in their order: duplicates show when their chunk
 * is stored. */
typedef void kuji_code_report_fn(void *baton, int64_t line,
                                 kuji_code_fault_e fault);
void kuji_code_report(kuji_code_batch_t *batch, kuji_code_report_fn *report,
                      void *baton);

/** Adds a code as its organiser wrote it; stored with the next full chunk or
 * at the finish. line: what the report calls it. */
apr_status_t kuji_code_import(kuji_code_batch_t *batch, int64_t line,
                              const char *text, apr_size_t len);

/** Stores what is left, writes the audit row if there is a batch; counts may be
 * NULL. To be called
 * once, last. */
apr_status_t kuji_code_batch_finish(kuji_code_batch_t *batch,
                                    kuji_code_counts_t *counts);

/** A batch as the console shows it. */
typedef struct kuji_code_batch_row_t {
    int64_t id, size, uses; /* codes; draws that each is worth */
    int64_t spent;          /* draws so far, of size * uses */
    int64_t created_at;     /* ms */
    const char *name;
    int disabled;
} kuji_code_batch_row_t;

/** The campaign's batches, the newest first. KUJI_ENOTFOUND. */
apr_status_t kuji_code_batches(const kuji_code_batch_row_t **rows, int *count,
                               const kuji_act_t *act, const char *slug,
                               apr_pool_t *pool);

/** From the next draw on, no code of the batch is taken (disable 1), or all are
 * again (0). KUJI_ENOTFOUND; KUJI_ESTATE: so it was already. */
apr_status_t kuji_code_batch_disable(const char **why, const kuji_act_t *act,
                                     const char *slug, int64_t id, int disable,
                                     apr_pool_t *pool);

#endif
