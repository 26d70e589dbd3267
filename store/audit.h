/* The audit log: append-only, chained by hash in the database.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_AUDIT_H
#define KUJI_STORE_AUDIT_H

#include "store/act.h"

#include <jansson.h>

/** Adds one row inside the current transaction. detail is consumed (may be
 * NULL) and holds no secret; free text of admins may be in it. */
apr_status_t kuji_audit_add(const kuji_act_t *act, kuji_conn_t *conn,
                            const char *action, const char *object,
                            json_t *detail, apr_pool_t *pool);

typedef struct kuji_audit_row_t {
    int64_t seq, at; /* ms */
    const char *actor, *action, *object, *detail;
} kuji_audit_row_t;

/** Rows with seq < before (0: from the newest), newest first. */
apr_status_t kuji_audit_list(const kuji_audit_row_t **rows, int *count,
                             const kuji_act_t *act, int64_t before, int limit,
                             apr_pool_t *pool);

#endif
