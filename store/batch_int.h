/* Inside of the batch: for store/batch*.c only.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_BATCH_INT_H
#define KUJI_STORE_BATCH_INT_H

#include "core/digestmap.h"
#include "core/limit.h"
#include "store/batch.h"
#include "store/pg_int.h"

/** One participant that the batch speaks of. */
typedef struct kuji_person_t {
    const unsigned char *digest;
    const unsigned char *salt; /* KUJI_SALT_LEN; NULL: none yet, or erased */
    int known;                 /* has a row */
    int changed;               /* must be written */
    int64_t last_n, draws, wins, day_draws;
} kuji_person_t;

typedef struct kuji_code_t {
    const unsigned char *digest;
    int known, disabled;
    int64_t uses_left, used, batch_id;
} kuji_code_t;

/** A link that the batch speaks of. */
typedef struct kuji_link_t {
    const unsigned char *digest;
    const unsigned char *session; /* whose it is; NULL: nobody's yet */
    int known;
    int64_t uses_left, used, expires_at;
} kuji_link_t;

/** An idempotency key that the batch speaks of. */
typedef struct kuji_key_t {
    const unsigned char *digest;
    const unsigned char *body;     /* stored before this batch, or NULL */
    int64_t first_n, count;        /* of the stored request */
    const kuji_batch_item_t *item; /* accepted in this batch, or NULL */
} kuji_key_t;

/** A draw to be written. */
typedef struct kuji_row_t {
    kuji_drawn_t *drawn;
    kuji_batch_item_t *item;
    int64_t first_n, prev_n;
} kuji_row_t;

typedef struct kuji_node_t {
    unsigned level;
    uint64_t index;
    unsigned char hash[KUJI_HASH_LEN];
} kuji_node_t;

typedef struct kuji_batch_t {
    kuji_conn_t *conn;
    const kuji_campaign_t *campaign;
    kuji_batch_item_t **items;
    int count;
    apr_interval_time_t patience;
    apr_pool_t *pool;

    /* What the lock showed. */
    kuji_status_e status;
    int raffled;
    uint64_t next_n;
    kuji_tree_t tree;
    kuji_state_t state;
    int64_t t, today;  /* ms; days since 1970 in the time zone */
    int64_t last_t;    /* of the leaf before this batch's */
    int64_t day_draws; /* of today */
    kuji_digestmap_t people_by_digest, keys_by_digest, codes_by_digest;
    kuji_digestmap_t links_by_digest;
    kuji_person_t *people;
    kuji_key_t *keys;
    kuji_code_t *codes;
    kuji_link_t *links;
    int npeople, nkeys, ncodes, nlinks;
    int64_t *tokens_revoked;
    int ntokens_revoked;

    /* What was decided. */
    kuji_row_t *rows;
    int nrows;
    int64_t *won; /* units by prize */
    int nclaims;
    kuji_node_t *nodes;
    int nnodes;
    int nrepeated; /* items whose stored draws must be read */
} kuji_batch_t;

/** Collects the people, keys and codes; no SQL. */
void kuji_batch__gather(kuji_batch_t *batch);
/** The same for links; the request's, or NULL. (batch_link.c) */
void kuji_batch__gather_links(kuji_batch_t *batch);
kuji_link_t *kuji_batch__link(const kuji_batch_t *batch,
                              const kuji_draw_ask_t *ask);
apr_status_t kuji_batch__take_links(kuji_batch_t *batch, const PGresult *res);
apr_status_t kuji_batch__write_links(kuji_batch_t *batch, int *sent);
/** First round trip: lock, then read the facts. */
apr_status_t kuji_batch__read(kuji_batch_t *batch);
/** Decides every item in order; no SQL. */
void kuji_batch__decide(kuji_batch_t *batch);
/** Queues the inserts and updates (pipeline mode); *sent counts statements,
 * whose results kuji_batch__written reads. */
apr_status_t kuji_batch__write(kuji_batch_t *batch, int *sent);
/** Queues the read of repeated requests' draws, and takes its result. */
apr_status_t kuji_batch__ask_stored(kuji_batch_t *batch);
apr_status_t kuji_batch__take_stored(kuji_batch_t *batch, const PGresult *res);

/** The next statement's result in pipeline mode; the caller clears it. */
apr_status_t kuji_batch__next(PGresult **res, kuji_batch_t *batch);

/** Reading binary results. */
int64_t kuji_batch__int(const PGresult *res, int row, int col);
const unsigned char *kuji_batch__bytes(const PGresult *res, int row, int col);

#endif
