/* Draws that an admin should look at. They are as valid as any other: nothing
 * is refused, and nobody but the admin learns of it. Reasons come from memory,
 * after the draw; the jobs' thread writes them every few seconds and when the
 * process ends; one that is killed loses those seconds.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_FLAG_H
#define KUJI_STORE_FLAG_H

#include "store/act.h"
#include "store/cache.h"

#define KUJI_FLAG_CROWD 1u    /* many participants from one network */
#define KUJI_FLAG_DEVICE 2u   /* one browser under several identities */
#define KUJI_FLAG_MAIL 4u     /* a disposable address */
#define KUJI_FLAG_REFUNDED 8u /* its purchase was paid back */

/** Their names by bit, from the lowest; ends with NULL. */
extern const char *const kuji_flag_names[];

/** Requests between two flushes at most; further ones are not flagged. */
#define KUJI_FLAGS_MAX 16384

typedef struct kuji_flags_t kuji_flags_t;

/** One per process, in p. */
apr_status_t kuji_flags_create(kuji_flags_t **flags, apr_pool_t *p);

/** Draws n .. n + count - 1, for some reasons. By any thread; does not wait for
 * the database. */
void kuji_flags_add(kuji_flags_t *flags, const kuji_campaign_t *campaign,
                    uint64_t n, int count, unsigned reasons);

/** Writes what was added since the last time; what could not be is kept. By one
 * thread at a time. */
apr_status_t kuji_flags_flush(kuji_flags_t *flags, kuji_pg_t *pg,
                              apr_pool_t *pool);

/** The reasons of each of count draws (0: none), in pool. */
apr_status_t kuji_flags_read(const unsigned **reasons, const kuji_act_t *act,
                             int64_t campaign_id, const int64_t *n, int count,
                             apr_pool_t *pool);

#endif
