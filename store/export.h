/* Exports: a campaign's draws, winners, claims, codes or payments, or the audit
 * log, as rows into a sink, in memory that does not grow with them. Each leaves
 * its two rows in the download log.
 *
 *   kuji_export_start   looks, and writes that a download begins
 *   kuji_export_run     gives every byte to the sink
 *   kuji_export_end     writes how it ended; once
 *
 * The caller tells the client that a file is whole only behind an
 * kuji_export_end that succeeded.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_EXPORT_H
#define KUJI_STORE_EXPORT_H

#include "core/rows.h"
#include "store/download.h"

typedef enum kuji_dataset_e {
    KUJI_DATASET_DRAWS,
    KUJI_DATASET_WINNERS,
    KUJI_DATASET_CLAIMS,   /* with personal data: for owners */
    KUJI_DATASET_CODES,    /* without the codes, which are stored nowhere */
    KUJI_DATASET_PAYMENTS, /* money, and nobody's name: for owners */
    KUJI_DATASET_AUDIT,
    KUJI_DATASET_LAST
} kuji_dataset_e;

/** "draws", "winners", "claims", "codes", "payments", "audit". */
const char *kuji_dataset_name(kuji_dataset_e what);
/** KUJI_DATASET_LAST: none of that name. */
kuji_dataset_e kuji_dataset_of(const char *name);

/** The columns' keys, in order; ends with NULL. */
const char *const *kuji_dataset_columns(kuji_dataset_e what);

/** What a filter may say; what does not fit the dataset is KUJI_EINVAL. NULL
 * or 0 leaves nothing out. */
typedef struct kuji_export_filter_t {
    const char *prize; /* code: draws, winners, claims */
    const char *state; /* winners, claims: of the claim; codes: "unused",
                          "partly", "used"; payments: of core/pay.h */
    const char *actor, *action; /* audit */
    int64_t from, to;           /* ms, from <= t < to: all but codes */
} kuji_export_filter_t;

typedef struct kuji_export_ask_t {
    kuji_dataset_e what;
    const char *slug; /* NULL with the audit log, and only there */
    kuji_export_filter_t filter;
    kuji_rows_form_e form;
    const char *const *labels; /* CSV's first line, as many as columns */
    const char *zone;          /* IANA: of the audit log's times */
} kuji_export_ask_t;

typedef struct kuji_export_t kuji_export_t;

/** act's pg writes the log; reader, a pool of few connections, reads, so that
 * exports never take what draws need. ask is borrowed until the end.
 * KUJI_ENOTFOUND, KUJI_EINVAL with *why. */
apr_status_t kuji_export_start(kuji_export_t **out, const char **why,
                               const kuji_act_t *act, kuji_pg_t *reader,
                               const kuji_export_ask_t *ask, apr_pool_t *pool);

/** Reads everything; the sink's own status ends it. It holds no connection
 * while the sink works. KUJI_EDATABASE: something is missing. */
apr_status_t kuji_export_run(kuji_export_t *export, kuji_rows_sink_fn *sink,
                             void *baton);

/** outcome is not RUNNING. */
apr_status_t kuji_export_end(kuji_export_t *export, kuji_download_e outcome);

/** What was given to the sink so far. */
const kuji_rows_count_t *kuji_export_count(const kuji_export_t *export);

#endif
