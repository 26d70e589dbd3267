/* The audit log: append-only, chained by hash in the database.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_AUDIT_H
#define KUJI_STORE_AUDIT_H

#include "core/tree.h"
#include "store/act.h"

#include <jansson.h>

/** The action of an edit of a campaign. */
#define KUJI_AUDIT_EDIT "campaign.edit"

/** Adds one row inside the current transaction. detail is consumed (may be
 * NULL) and holds no secret; free text of admins may be in it. */
apr_status_t kuji_audit_add(const kuji_act_t *act, kuji_conn_t *conn,
                            const char *action, const char *object,
                            json_t *detail, apr_pool_t *pool);

typedef struct kuji_audit_row_t {
    int64_t seq, at; /* ms */
    const char *actor, *action, *object, *detail;
    const char *address; /* NULL: no request */
    const char *login;   /* of the actor; NULL: it is no admin's id */
    const char *name;    /* of object: a campaign's title, an admin's login;
                            NULL: it has none */
} kuji_audit_row_t;

/** What to list; a NULL or 0 leaves nothing out. */
typedef struct kuji_audit_filter_t {
    const char *actor, *action; /* exactly */
    int64_t from, to;           /* ms: from <= at < to */
} kuji_audit_filter_t;

/** Rows with seq < before (0: from the newest), newest first. filter may be
 * NULL. */
apr_status_t kuji_audit_list(const kuji_audit_row_t **rows, int *count,
                             const kuji_act_t *act,
                             const kuji_audit_filter_t *filter, int64_t before,
                             int limit, apr_pool_t *pool);

/** The edit that made a campaign its version. KUJI_ENOTFOUND: it was no edit,
 * or there is none yet. */
apr_status_t kuji_audit_edit(const kuji_audit_row_t **row,
                             const kuji_act_t *act, const char *campaign_uuid,
                             int version, apr_pool_t *pool);

/** Whom and what the log knows, for a filter's choices (200 at most each):
 * ids with their logins (NULL: none), and actions. */
typedef struct kuji_audit_words_t {
    int nactors, nactions;
    const char *const *actors, *const *logins, *const *actions;
} kuji_audit_words_t;
apr_status_t kuji_audit_words(const kuji_audit_words_t **words,
                              const kuji_act_t *act, apr_pool_t *pool);

/** What a walk along the chain found. The head is worth noting elsewhere: only
 * that shows a log whose end was cut off. */
typedef struct kuji_audit_report_t {
    int64_t entries;
    unsigned char head[KUJI_HASH_LEN]; /* hash of the last; zero: none */
    int64_t broken; /* seq of the first that does not hold; 0: all do */
} kuji_audit_report_t;

/** Walks the whole chain, page by page: no lock, and memory that does not grow
 * with the log. Ends at the first entry that does not hold. */
apr_status_t kuji_audit_verify(kuji_audit_report_t *report,
                               const kuji_act_t *act, apr_pool_t *pool);

#endif
