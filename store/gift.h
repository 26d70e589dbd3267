/* Gift codes: bought elsewhere, imported into the pool of a prize of the kind
 * gift_code, kept sealed, each handed out once. A draw never touches a pool: a
 * code is assigned when the winner opens the prize, or later by the jobs'
 * thread where the pool was empty then.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_GIFT_H
#define KUJI_STORE_GIFT_H

#include "store/act.h"

#define KUJI_GIFT_CODE_MAX 500 /* bytes of a code */

typedef struct kuji_gift_pool_t {
    const char *prize, *name; /* code and name of the prize */
    int64_t units;            /* planned, added ones included */
    int has_pool;             /* something was imported */
    int64_t warn_at;          /* free codes; low is left <= warn_at */
    int64_t left, assigned, voided;
    int64_t owed; /* winners who opened their prize and wait for a code */
} kuji_gift_pool_t;

/** Every gift-code prize of the campaign, drafts too. KUJI_ENOTFOUND. */
apr_status_t kuji_gift_pools(const kuji_gift_pool_t **pools, int *count,
                             const kuji_act_t *act, const char *slug,
                             apr_pool_t *pool);

/** What a line of an import came to. */
typedef enum kuji_gift_line_e {
    KUJI_GIFT_STORED,
    KUJI_GIFT_KNOWN,     /* the pool has it, or a line before does */
    KUJI_GIFT_MALFORMED, /* too long, or with control characters */
    KUJI_GIFT_LAST
} kuji_gift_line_e;

typedef struct kuji_gift_line_t {
    int64_t line; /* from 1 */
    kuji_gift_line_e outcome;
} kuji_gift_line_t;

typedef struct kuji_gift_report_t {
    int64_t counts[KUJI_GIFT_LAST];
    int64_t served; /* winners who were owed a code and got one of these */
    int nlines;     /* of those refused, at most KUJI_GIFT_LINES_MAX */
    const kuji_gift_line_t *lines;
} kuji_gift_report_t;
#define KUJI_GIFT_LINES_MAX 500

/** Adds the codes of a CSV (core/csv.h; the first cell of each record, a record
 * that says just "code" is a heading) or of plain lines to the pool of a prize,
 * KUJI_GIFT_CHUNK a transaction, and serves who is owed one. report holds what
 * was done also after an error. KUJI_ENOTFOUND (campaign, prize of that kind),
 * KUJI_ESTATE (closed), KUJI_EINVAL, KUJI_ETOOBIG. */
#define KUJI_GIFT_CHUNK 2000
apr_status_t kuji_gift_import(kuji_gift_report_t *report, const char **why,
                              const kuji_act_t *act, const char *slug,
                              const char *prize, const char *csv,
                              apr_size_t len, apr_pool_t *pool);

/** Warn once no more than warn_at (0 .. 2^53 - 1) codes are left.
 * KUJI_ENOTFOUND, KUJI_EINVAL. */
apr_status_t kuji_gift_warn(const char **why, const kuji_act_t *act,
                            const char *slug, const char *prize,
                            int64_t warn_at, apr_pool_t *pool);

/** The code of win n for its winner: assigned now if it is the first time; the
 * claim becomes delivered. *code NULL: the pool is empty, the claim is claimed
 * and a code is owed. participant: whose draw it must be. KUJI_ENOTFOUND,
 * KUJI_ESTATE (expired, void, erased, time over). */
apr_status_t kuji_gift_open(const char **code, const char **why,
                            const kuji_act_t *act, const char *slug, uint64_t n,
                            const unsigned char participant[16],
                            apr_pool_t *pool);

/** Gives win n, whose code id (kuji_claim_t) does not work, another one; the
 * old one is void for good. reason: of kuji_claim_faults, for the audit log.
 * KUJI_ENOTFOUND: n has no code; KUJI_ECONFLICT: it has another one by now;
 * KUJI_ESTATE: the pool is empty; KUJI_EINVAL: another reason. */
apr_status_t kuji_gift_replace(const char **why, const kuji_act_t *act,
                               const char *slug, uint64_t n, int64_t id,
                               const char *reason, apr_pool_t *pool);

/** Serves everybody of the tenant who is owed a code that a pool has by now;
 * *count of them. For the jobs' thread. */
apr_status_t kuji_gift_serve(int64_t *count, const kuji_act_t *act,
                             const int *stop, apr_pool_t *pool);

#endif
