/* How each dataset is read: its statement, its parameters, its pages.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/export_int.h"

#include <string.h>

/* Excel reads the first as a time; the second says which moment it was. */
#define TIME_CSV "YYYY-MM-DD HH24:MI:SS"
#define TIME_JSON "YYYY-MM-DD\"T\"HH24:MI:SS.MSTZH:TZM"

static void add_form(kuji_args_t *args, const kuji_export_t *export)
{
    kuji_args_text(args,
                   export->ask->form == KUJI_ROWS_JSONL ? TIME_JSON : TIME_CSV);
}

static void add_time(kuji_args_t *args, int64_t ms)
{
    if (ms) {
        kuji_args_int(args, ms);
    }
    else {
        kuji_args_null_int(args);
    }
}

int64_t kuji_export__page_end(const kuji_export_t *export)
{
    return export->last - export->after > KUJI_EXPORT_PAGE
               ? export->after + KUJI_EXPORT_PAGE
               : export->last;
}

static void draws_args(kuji_args_t *args, const kuji_export_t *export)
{
    const kuji_export_filter_t *filter = &export->ask->filter;

    kuji_args_int(args, export->campaign->id);
    kuji_args_int(args, export->after);
    kuji_args_int(args, kuji_export__page_end(export));
    kuji_args_text(args, filter->prize);
    add_time(args, filter->from);
    add_time(args, filter->to);
    add_form(args, export);
}

static void winners_args(kuji_args_t *args, const kuji_export_t *export)
{
    draws_args(args, export);
    kuji_args_text(args, export->ask->filter.state);
}

static void codes_args(kuji_args_t *args, const kuji_export_t *export)
{
    kuji_args_int(args, export->campaign->id);
    kuji_args_bytes(args, export->digest, (apr_size_t) export->digest_len);
    kuji_args_int(args, KUJI_EXPORT_PAGE);
    kuji_args_text(args, export->ask->filter.state);
}

static void payments_args(kuji_args_t *args, const kuji_export_t *export)
{
    const kuji_export_filter_t *filter = &export->ask->filter;

    kuji_args_int(args, export->campaign->id);
    kuji_args_int(args, export->after);
    kuji_args_int(args, export->last);
    kuji_args_int(args, KUJI_EXPORT_PAGE);
    kuji_args_text(args, filter->state);
    add_time(args, filter->from);
    add_time(args, filter->to);
    add_form(args, export);
}

static void audit_args(kuji_args_t *args, const kuji_export_t *export)
{
    const kuji_export_filter_t *filter = &export->ask->filter;

    kuji_args_uuid(args, export->act->tenant);
    kuji_args_int(args, export->after);
    kuji_args_int(args, kuji_export__page_end(export));
    kuji_args_text(args, filter->actor);
    kuji_args_text(args, filter->action);
    add_time(args, filter->from);
    add_time(args, filter->to);
    add_form(args, export);
}

static apr_status_t next_numbers(kuji_export_t *export, const PGresult *res,
                                 apr_pool_t *pool)
{
    export->after = kuji_export__page_end(export);
    export->done = export->after >= export->last;
    return APR_SUCCESS;
}

/* Draws and entries of the audit log have no gap: where nothing is left out,
 * every number must have its row. */
static apr_status_t next_without_gap(kuji_export_t *export, const PGresult *res,
                                     apr_pool_t *pool)
{
    const kuji_export_filter_t *f = &export->ask->filter;
    int all = !f->prize && !f->actor && !f->action && !f->from && !f->to;

    if (all &&
        PQntuples(res) != kuji_export__page_end(export) - export->after) {
        return KUJI_EDATABASE;
    }
    return next_numbers(export, res, pool);
}

static apr_status_t next_codes(kuji_export_t *export, const PGresult *res,
                               apr_pool_t *pool)
{
    const unsigned char *digest;
    apr_size_t len;
    apr_status_t rv;
    int count = PQntuples(res);

    export->done = count < KUJI_EXPORT_PAGE;
    if (export->done) {
        return APR_SUCCESS;
    }
    rv = kuji_pg_bytes(&digest, &len, res, count - 1, 0, pool);
    if (rv == APR_SUCCESS && len > sizeof(export->digest)) {
        rv = KUJI_EDATABASE;
    }
    if (rv == APR_SUCCESS) {
        memcpy(export->digest, digest, len);
        export->digest_len = (int)len;
    }
    return rv;
}

/* Ids have gaps: other campaigns' payments lie between. */
static apr_status_t next_payments(kuji_export_t *export, const PGresult *res,
                                  apr_pool_t *pool)
{
    int count = PQntuples(res);

    export->done = count < KUJI_EXPORT_PAGE;
    if (count) {
        export->after = kuji_pg_int(res, count - 1, 0);
    }
    return APR_SUCCESS;
}

static const char *const draws_keys[] = {
    "n",      "time",  "outcome",     "prize", "prize_name", "state",
    "voided", "first", "participant", "flags", NULL};
static const kuji_export_cell_e draws_cells[] = {
    KUJI_CELL_INT,        KUJI_CELL_TEXT, KUJI_CELL_TEXT, KUJI_CELL_TEXT,
    KUJI_CELL_PRIZE_NAME, KUJI_CELL_TEXT, KUJI_CELL_BOOL, KUJI_CELL_INT,
    KUJI_CELL_TEXT,       KUJI_CELL_TEXT};

static const char *const winners_keys[] = {
    "n",           "time",       "prize",        "prize_name",
    "kind",        "state",      "changed_at",   "voided",
    "participant", "consent_at", "marketing_at", "flags",
    NULL};
static const kuji_export_cell_e winners_cells[] = {
    KUJI_CELL_INT,  KUJI_CELL_TEXT, KUJI_CELL_TEXT, KUJI_CELL_PRIZE_NAME,
    KUJI_CELL_TEXT, KUJI_CELL_TEXT, KUJI_CELL_TEXT, KUJI_CELL_BOOL,
    KUJI_CELL_TEXT, KUJI_CELL_TEXT, KUJI_CELL_TEXT, KUJI_CELL_TEXT};

static const char *const codes_keys[] = {"id",   "batch", "batch_name", "uses",
                                         "left", "state", "disabled",   NULL};
static const kuji_export_cell_e codes_cells[] = {
    KUJI_CELL_TEXT, KUJI_CELL_INT,  KUJI_CELL_TEXT, KUJI_CELL_INT,
    KUJI_CELL_INT,  KUJI_CELL_TEXT, KUJI_CELL_BOOL};

static const char *const payments_keys[] = {
    "order",     "time",     "changed_at",  "provider", "goods",
    "currency",  "amount",   "captured",    "refunded", "state",
    "in_doubt",  "mismatch", "transaction", "draws",    "used",
    "withdrawn", "seller",   NULL};
static const kuji_export_cell_e payments_cells[] = {
    KUJI_CELL_TEXT, KUJI_CELL_TEXT, KUJI_CELL_TEXT, KUJI_CELL_TEXT,
    KUJI_CELL_TEXT, KUJI_CELL_TEXT, KUJI_CELL_TEXT, KUJI_CELL_TEXT,
    KUJI_CELL_TEXT, KUJI_CELL_TEXT, KUJI_CELL_BOOL, KUJI_CELL_BOOL,
    KUJI_CELL_TEXT, KUJI_CELL_INT,  KUJI_CELL_INT,  KUJI_CELL_BOOL,
    KUJI_CELL_TEXT};

static const char *const audit_keys[] = {
    "seq",    "time",   "actor",  "login", "address",
    "action", "object", "detail", "hash",  NULL};
static const kuji_export_cell_e audit_cells[] = {
    KUJI_CELL_INT,  KUJI_CELL_TEXT, KUJI_CELL_TEXT,
    KUJI_CELL_TEXT, KUJI_CELL_TEXT, KUJI_CELL_TEXT,
    KUJI_CELL_TEXT, KUJI_CELL_JSON, KUJI_CELL_TEXT};

/* The last of winners, the participant's pseudonym and the times of consents,
 * are not among them. */
#define CLAIM_CELLS 8

#define COUNT(cells) (int)(sizeof(cells) / sizeof((cells)[0]))

const kuji_export_reader_t kuji_export__readers[KUJI_DATASET_LAST] = {
    [KUJI_DATASET_DRAWS] = {.name = "draws",
                            .keys = draws_keys,
                            .cells = draws_cells,
                            .ncells = COUNT(draws_cells),
                            .query = KUJI_Q_EXPORT_DRAWS,
                            .args = draws_args,
                            .next = next_without_gap},
    [KUJI_DATASET_WINNERS] = {.name = "winners",
                              .keys = winners_keys,
                              .cells = winners_cells,
                              .ncells = COUNT(winners_cells),
                              .query = KUJI_Q_EXPORT_WINNERS,
                              .args = winners_args,
                              .next = next_numbers},
    [KUJI_DATASET_CLAIMS] = {.name = "claims",
                             .keys = kuji_export__claim_keys,
                             .cells = winners_cells,
                             .ncells = CLAIM_CELLS,
                             .query = KUJI_Q_EXPORT_CLAIMS,
                             .args = winners_args,
                             .next = next_numbers,
                             .open = kuji_export__claim_open,
                             .rest = kuji_export__claim_rest},
    [KUJI_DATASET_CODES] = {.name = "codes",
                            .keys = codes_keys,
                            .cells = codes_cells,
                            .first = 1,
                            .ncells = COUNT(codes_cells),
                            .query = KUJI_Q_EXPORT_CODES,
                            .args = codes_args,
                            .next = next_codes},
    [KUJI_DATASET_PAYMENTS] = {.name = "payments",
                               .keys = payments_keys,
                               .cells = payments_cells,
                               .first = 1,
                               .ncells = COUNT(payments_cells),
                               .query = KUJI_Q_EXPORT_PAYMENTS,
                               .args = payments_args,
                               .next = next_payments},
    [KUJI_DATASET_AUDIT] = {.name = "audit",
                            .keys = audit_keys,
                            .cells = audit_cells,
                            .ncells = COUNT(audit_cells),
                            .query = KUJI_Q_EXPORT_AUDIT,
                            .args = audit_args,
                            .next = next_without_gap},
};
