/* A tenant's settings of one kind, in one row: a document, and secrets that are
 * sealed each under a purpose of its own. They are saved over the version that
 * whoever saves has seen, with an audit row that never says a secret.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_SETTINGS_H
#define KUJI_STORE_SETTINGS_H

#include "store/act.h"
#include "store/pg.h"

#include <jansson.h>

/** Most secrets of a row. */
#define KUJI_SETTINGS_SECRETS 2

typedef struct kuji_settings_kind_t {
    /** Columns: version, config, each secret; of get also updated_at. add and
     * change take the tenant, config and each secret. */
    kuji_query_e get, lock, add, change;
    const char *action, *object; /* of the audit row */
    int nsecrets;                /* 1 .. KUJI_SETTINGS_SECRETS */
    struct {
        const char *purpose; /* before the tenant's id */
        const char *name;    /* in the audit row: whether it was replaced */
    } secrets[KUJI_SETTINGS_SECRETS];
    /** Whether secrets would go to another address than they were entered for:
     * then they are wanted anew. */
    int (*is_elsewhere)(const json_t *was, const json_t *now, apr_pool_t *pool);
    /** Whether the row may become that; its status is the save's. NULL: it
     * may. */
    apr_status_t (*may)(const json_t *was, const json_t *now,
                        const kuji_act_t *act, kuji_conn_t *conn,
                        apr_pool_t *pool);
} kuji_settings_kind_t;

typedef struct kuji_settings_row_t {
    json_t *config;     /* released with pool; NULL: there is no row */
    int version;        /* 0: there is no row */
    int64_t updated_at; /* ms */
    int has[KUJI_SETTINGS_SECRETS];
    const char *secrets[KUJI_SETTINGS_SECRETS]; /* NULL: none, or not asked for;
                                                   wiped with pool */
} kuji_settings_row_t;

/** All in pool. KUJI_ENOTFOUND: none yet; KUJI_ECRYPT. */
apr_status_t kuji_settings_read(kuji_settings_row_t *row,
                                const kuji_settings_kind_t *kind,
                                const kuji_act_t *act, int with_secrets,
                                apr_pool_t *pool);

typedef struct kuji_settings_secret_t {
    const char *text; /* NULL or "": it stays what it was */
    int is_unused;    /* nothing is kept for it */
} kuji_settings_secret_t;

/** Saves a checked document (borrowed) over version `expected` (0: none yet).
 * KUJI_ECONFLICT: somebody was faster. KUJI_EINVAL: a secret is needed, and
 * none is given. One audit row. */
apr_status_t
kuji_settings_save(const kuji_settings_kind_t *kind, const json_t *config,
                   const kuji_settings_secret_t secrets[KUJI_SETTINGS_SECRETS],
                   int expected, const kuji_act_t *act, apr_pool_t *pool);

#endif
