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
 * bytes. Lives in pool, uses constant memory. */
apr_status_t kuji_code_batch_open(kuji_code_batch_t **batch, const char **why,
                                  const kuji_act_t *act, const char *slug,
                                  const char *name, int64_t uses,
                                  apr_pool_t *pool);
int64_t kuji_code_batch_id(const kuji_code_batch_t *batch);

/** Makes count codes of `symbols` (8 .. 32) symbols and a check symbol. After
 * an error the batch holds what out was told of, and possibly one chunk whose
 * codes nobody knows. */
apr_status_t kuji_code_generate(kuji_code_batch_t *batch, int64_t count,
                                int symbols, kuji_code_out_fn *out,
                                void *baton);

/** Adds a code as its organiser wrote it; stored with the next full chunk or
 * at the finish. */
apr_status_t kuji_code_import(kuji_code_batch_t *batch, const char *text,
                              apr_size_t len);

/** Stores what is left, writes the audit row; counts may be NULL. To be called
 * once, last. */
apr_status_t kuji_code_batch_finish(kuji_code_batch_t *batch,
                                    kuji_code_counts_t *counts);

#endif
