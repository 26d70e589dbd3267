/* Shared by store/claim*.c, gift*.c and person.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_CLAIM_INT_H
#define KUJI_STORE_CLAIM_INT_H

#include "store/claim.h"
#include "store/vault.h"

/** A campaign of the tenant, not a draft, inside a transaction. */
typedef struct kuji_claims_t {
    const kuji_act_t *act;
    kuji_conn_t *conn;
    apr_pool_t *pool;
    int64_t id;
    const char *uuid, *status;
    int64_t next_n;
    int64_t days; /* to claim in; 0: no end */
    int erased;   /* retention is over */
} kuji_claims_t;

/** KUJI_ENOTFOUND with *why. */
apr_status_t kuji_claims__open(kuji_claims_t *c, const char **why,
                               const kuji_act_t *act, kuji_conn_t *conn,
                               const char *slug, apr_pool_t *pool);
/** args begun: campaign, n. */
void kuji_claims__args(kuji_args_t *args, const kuji_claims_t *c, uint64_t n);
/** "campaign:<uuid>". */
const char *kuji_claims__object(const kuji_claims_t *c);

/** As kuji_claim_get; *claim NULL: no win. */
apr_status_t kuji_claims__read(const kuji_claim_t **claim,
                               const kuji_claims_t *c, uint64_t n,
                               int personal);

/** A claim that this transaction has locked. */
typedef struct kuji_claim_lock_t {
    uint64_t n;
    kuji_claim_e state;
    kuji_kind_e kind;
    const char *prize;
    int64_t updated_at, now;          /* ms */
    const unsigned char *participant; /* 16 bytes; NULL: erased */
    int has_data, is_erased, version;
    int64_t
        due_at; /* ms: what was given may be changed until then; 0: no end */
} kuji_claim_lock_t;

/** Locks claims in the order of n; those that are no wins are missing. */
apr_status_t kuji_claims__lock(const kuji_claim_lock_t **locks, int *count,
                               const kuji_claims_t *c, const int64_t *numbers,
                               int n, apr_pool_t *pool);
/** Whether the win is that participant's (16 bytes; NULL: nobody asks).
 * KUJI_ENOTFOUND with *why. */
apr_status_t kuji_claims__own(const kuji_claim_lock_t *lock,
                              const unsigned char *participant,
                              const char **why);
/** Whether the time to claim a win is over. */
int kuji_claims__late(const kuji_claims_t *c, const kuji_claim_lock_t *lock);
/** One of them; KUJI_ENOTFOUND with *why. */
apr_status_t kuji_claims__lock_one(const kuji_claim_lock_t **lock,
                                   const char **why, const kuji_claims_t *c,
                                   uint64_t n);
/** Sets the state of locked claims. */
apr_status_t kuji_claims__set(const kuji_claims_t *c, const int64_t *numbers,
                              int count, kuji_claim_e to, apr_pool_t *pool);
/** Sets it and writes the audit row "claim.<state>". */
apr_status_t kuji_claims__move(const kuji_claims_t *c,
                               const kuji_claim_lock_t *lock, kuji_claim_e to);

#endif
