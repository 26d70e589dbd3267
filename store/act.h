/* Who does something to a tenant's campaigns, and with what: every change
 * outside the draw queue is made through one of these and leaves an audit row.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_ACT_H
#define KUJI_STORE_ACT_H

#include "core/keyfile.h"
#include "store/pg.h"

/** Borrowed by every call; the strings outlive it. */
typedef struct kuji_act_t {
    kuji_pg_t *pg;
    const kuji_keyfile_t *keys; /* NULL where no secret is touched */
    const char *tenant;         /* uuid as text */
    const char *actor;   /* opaque id (no personal data): goes to the audit log
                            and, as `by`, into the public ledger */
    const char *address; /* of the client, as text; NULL: no request. To the
                            audit and download logs only */
} kuji_act_t;

/* Every function below and in the aggregates' headers that takes `why` sets it,
 * on a status of ours that a person can do something about (KUJI_EINVAL,
 * KUJI_ENOTFOUND, KUJI_ESTATE, KUJI_ECONFLICT, KUJI_ETOOBIG, KUJI_EVERIFY), to
 * one English sentence without its full stop, in pool or static. It is never
 * NULL as an argument. */

#endif
