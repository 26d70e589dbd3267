/* The draw queue: many waiting requests, one transaction (design.md 4).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_QUEUE_QUEUE_H
#define KUJI_QUEUE_QUEUE_H

#include "core/ledger.h"
#include "core/note.h"
#include "store/cache.h"

#define KUJI_COUNT_MAX 100

typedef struct kuji_queue_t kuji_queue_t;

typedef struct kuji_queue_config_t {
    int length;                  /* KujiQueueLength: waiting draws at most */
    int batch_max;               /* KujiBatchMax: draws in one transaction */
    int committers;              /* KujiCommitters: threads */
    apr_interval_time_t timeout; /* KujiDrawTimeout: longest wait */
} kuji_queue_config_t;

/** What a request brings; everything is copied. Digests are by the campaign's
 * digest_key (kuji_seal_digest): "participant", "key", "body", "code". */
typedef struct kuji_draw_ask_t {
    const kuji_campaign_t *campaign;
    const char *participant;    /* id bytes under which limits are counted */
    apr_size_t participant_len; /* 1 .. 128 */
    unsigned char participant_digest[KUJI_DIGEST_LEN];
    unsigned char key_digest[KUJI_DIGEST_LEN]; /* idempotency key */
    unsigned char body_digest[KUJI_DIGEST_LEN];
    int has_code;
    unsigned char code_digest[KUJI_DIGEST_LEN];
    int count; /* 1 .. KUJI_COUNT_MAX */
} kuji_draw_ask_t;

typedef enum kuji_outcome_e {
    KUJI_DRAWN,    /* new draws, committed */
    KUJI_REPEATED, /* the same key before: the stored draws */
    KUJI_KEY_OTHER_BODY,
    KUJI_REFUSED_NOT_OPEN,
    KUJI_REFUSED_CLOSED,
    KUJI_REFUSED_PAUSED,
    KUJI_REFUSED_SOLD_OUT,
    KUJI_REFUSED_LIMIT, /* which: answer.limit */
    KUJI_REFUSED_CODE_UNKNOWN,
    KUJI_REFUSED_CODE_USED,
    KUJI_REFUSED_COUNT /* count > 1 with wins_per_participant */
} kuji_outcome_e;

/** One decided draw or entry. */
typedef struct kuji_drawn_t {
    uint64_t n, i;
    int64_t t;
    int prize; /* index, KUJI_BLANK; entries: KUJI_BLANK */
    char leaf[KUJI_LEAF_DRAW_MAX];
} kuji_drawn_t;

typedef struct kuji_draw_answer_t {
    kuji_outcome_e outcome;
    const char *limit; /* static: the manifest's field name, or NULL */
    unsigned char salt[KUJI_SALT_LEN];
    int has_salt; /* 0 after an erasure */
    int count;
    const kuji_drawn_t *draws;
    const char *checkpoint; /* signed note larger than every index */
} kuji_draw_answer_t;

typedef struct kuji_queue_counters_t {
    uint64_t draws_prize, draws_blank, draws_entry, repeated;
    uint64_t refused[KUJI_REFUSED_COUNT + 1]; /* by outcome */
    uint64_t busy_full, busy_timeout, busy_database, unknown_commits;
    uint32_t waiting;
    uint64_t batches, batch_draws;
    uint64_t batch_size[16]; /* histogram: <= 1, 2, 4, 8 ... 2^15 */
    uint64_t commit_us[24];  /* histogram: <= 1, 2, 4 ... 2^23 us */
    uint64_t commit_us_sum;
} kuji_queue_counters_t;

/** Starts the committers; from child_init only. A *pre*-cleanup on p stops
 * them: what was accepted is finished first, within the timeout. */
apr_status_t kuji_queue_create(kuji_queue_t **queue,
                               const kuji_queue_config_t *config, kuji_pg_t *pg,
                               const kuji_keyfile_t *keys, apr_pool_t *p);

/** Waits for the draw's fate. APR_SUCCESS: *answer is in pool. KUJI_EBUSY:
 * refused untouched, or not decided in time (the key makes a retry safe);
 * KUJI_EUNKNOWN: show nothing. */
apr_status_t kuji_queue_draw(kuji_draw_answer_t *answer, kuji_queue_t *queue,
                             const kuji_draw_ask_t *ask, apr_pool_t *pool);

void kuji_queue_counters(kuji_queue_counters_t *out, kuji_queue_t *queue);

#endif
