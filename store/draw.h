/* Draws that were decided: reading them back.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_DRAW_H
#define KUJI_STORE_DRAW_H

#include "core/ledger.h"
#include "store/act.h"

typedef struct kuji_draw_row_t {
    uint64_t n, i;
    uint64_t first_n; /* of the request it came with */
    int count;        /* draws of that request */
    const char *leaf; /* exact bytes, zero-terminated */
    apr_size_t leaf_len;
    const kuji_leaf_t *read;       /* the leaf, parsed */
    int has_participant;           /* 0 once erased beyond the tombstone */
    unsigned char participant[16]; /* digest */
    int has_salt;                  /* 0 after an erasure */
    unsigned char salt[KUJI_SALT_LEN];
    const char *claim;  /* state, NULL: no claim */
    int64_t claimed_at; /* ms, when the claim came to it; 0: no claim */
    const char *won;    /* prize code it holds or held; NULL: none. A raffle's
                           entries win later */
    int is_void;
    uint64_t prev_n; /* the participant's draw before it; 0: none */
} kuji_draw_row_t;

/** KUJI_ENOTFOUND. act needs pg and tenant only. */
apr_status_t kuji_draw_get(const kuji_draw_row_t **draw, const kuji_act_t *act,
                           int64_t campaign_id, uint64_t n, apr_pool_t *pool);

/** The first draw of the request that had this key, if its body was the same.
 * KUJI_ENOTFOUND. */
apr_status_t kuji_draw_by_key(uint64_t *n, const kuji_act_t *act,
                              int64_t campaign_id, const unsigned char key[16],
                              const unsigned char body[16], apr_pool_t *pool);

/** All draws of the request that began with n (kuji_draw_row_t.first_n). */
apr_status_t kuji_draw_request(const kuji_draw_row_t **draws, int *count,
                               const kuji_act_t *act, int64_t campaign_id,
                               uint64_t first_n, apr_pool_t *pool);

/** A participant's draws, newest first, at most limit, with n < before (0:
 * all). */
apr_status_t kuji_draw_mine(const kuji_draw_row_t **draws, int *count,
                            const kuji_act_t *act, int64_t campaign_id,
                            const unsigned char participant[16],
                            uint64_t before, int limit, apr_pool_t *pool);

#endif
