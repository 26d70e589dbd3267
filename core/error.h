/* Status codes of every layer, in our own range of apr_status_t.
 *
 * Expected outcomes (sold out, limit reached, ...) are results, never status
 * codes. web/response.c alone turns a status into HTTP.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_ERROR_H
#define KUJI_CORE_ERROR_H

#include <apr_errno.h>

#define KUJI_E_START (APR_OS_START_USERERR + 7000)

/** Input that the format, the schema or fairness.md does not allow. */
#define KUJI_EINVAL (KUJI_E_START + 1)
/** Larger than a stated limit. */
#define KUJI_ETOOBIG (KUJI_E_START + 2)
/** A key is missing, wrong, or sealed bytes do not open. */
#define KUJI_ECRYPT (KUJI_E_START + 3)
/** No such row, file or name. */
#define KUJI_ENOTFOUND (KUJI_E_START + 4)
/** A proof, signature or replay does not hold. */
#define KUJI_EVERIFY (KUJI_E_START + 5)
/** Nothing was done; the same call may succeed later (queue full, database
 * away, lock time-out, deadline). */
#define KUJI_EBUSY (KUJI_E_START + 6)
/** A commit was sent and its fate is not known: show no result, let the caller
 * retry with the same idempotency key (fairness.md 4.3). */
#define KUJI_EUNKNOWN (KUJI_E_START + 7)
/** PostgreSQL refused a statement: a bug or a schema that does not fit. */
#define KUJI_EDATABASE (KUJI_E_START + 8)
/** A uniqueness or version conflict with what somebody else did. */
#define KUJI_ECONFLICT (KUJI_E_START + 9)
/** The state of the thing does not allow the action (e.g. publish twice). */
#define KUJI_ESTATE (KUJI_E_START + 10)
/** As KUJI_EBUSY, and the reason is known: somebody else holds the campaign's
 * row. From kuji_batch_run only. */
#define KUJI_ELOCKED (KUJI_E_START + 11)

/** A short English sentence for the log; falls back to apr_strerror. The
 * result lives in buf or is static. */
const char *kuji_strerror(apr_status_t rv, char *buf, apr_size_t size);

#endif
