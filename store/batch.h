/* One transaction of many draws of one campaign (design.md 4).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_BATCH_H
#define KUJI_STORE_BATCH_H

#include "core/ledger.h"
#include "core/note.h"
#include "store/cache.h"
#include "store/consent.h"

#define KUJI_COUNT_MAX 100
/** Longest participant id, in bytes. */
#define KUJI_PARTICIPANT_MAX 128

/** What a request brings. Digests are by the campaign's digest_key
 * (kuji_seal_digest): "participant", "key", "body", "code", "link", "session".
 */
typedef struct kuji_draw_ask_t {
    const kuji_campaign_t *campaign;
    int64_t token_id;           /* of an API call; 0: a form */
    const char *participant;    /* id bytes under which limits are counted */
    apr_size_t participant_len; /* 1 .. KUJI_PARTICIPANT_MAX */
    unsigned char participant_digest[KUJI_DIGEST_LEN];
    unsigned char key_digest[KUJI_DIGEST_LEN]; /* idempotency key */
    unsigned char body_digest[KUJI_DIGEST_LEN];
    int has_code;
    unsigned char code_digest[KUJI_DIGEST_LEN];
    /* What the participant agreed to on the campaign's page, by the digests of
     * texts that are kept (store/consent.h); none: nothing is written. */
    int nconsents;
    unsigned char consents[KUJI_CONSENTS_MAX][KUJI_DIGEST_LEN];
    int has_link; /* by which a form's draw was admitted */
    unsigned char link_digest[KUJI_DIGEST_LEN];
    unsigned char session_digest[KUJI_DIGEST_LEN]; /* of its browser */
    int count;                                     /* 1 .. KUJI_COUNT_MAX */
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
    KUJI_REFUSED_PASSPHRASE, /* before the batch; here for the counts */
    KUJI_REFUSED_LINK,       /* there is no such link, or none was brought */
    KUJI_REFUSED_LINK_USED,  /* up, or another browser's */
    KUJI_REFUSED_LINK_EXPIRED,
    KUJI_REFUSED_COUNT, /* count > 1 with wins_per_participant */
    KUJI_REFUSED_TOKEN, /* revoked meanwhile */
    KUJI_OUTCOME_COUNT
} kuji_outcome_e;

/** One decided draw or entry. */
typedef struct kuji_drawn_t {
    uint64_t n, i;
    int64_t t;
    int prize; /* index, KUJI_BLANK; entries: KUJI_BLANK */
    apr_size_t leaf_len;
    char leaf[KUJI_LEAF_DRAW_MAX];
} kuji_drawn_t;

typedef struct kuji_draw_answer_t {
    kuji_outcome_e outcome;
    const char *limit; /* static: the manifest's field name, or NULL */
    unsigned char salt[KUJI_SALT_LEN];
    int has_salt; /* 0 after an erasure */
    int count;
    kuji_drawn_t *draws;            /* room for ask.count */
    char checkpoint[KUJI_NOTE_MAX]; /* signed, larger than every index */
} kuji_draw_answer_t;

typedef struct kuji_batch_item_t {
    kuji_draw_ask_t ask;
    kuji_draw_answer_t answer; /* draws is the caller's */
} kuji_batch_item_t;

/** Decides and commits items (all of one campaign, in order). APR_SUCCESS:
 * every answer is set and durable. Otherwise no answer counts: KUJI_EBUSY
 * and KUJI_ELOCKED (nothing was done), KUJI_EUNKNOWN, KUJI_ECONFLICT and
 * KUJI_EDATABASE (rolled back). patience: longest wait for one answer of
 * PostgreSQL. */
apr_status_t kuji_batch_run(kuji_conn_t *conn, kuji_batch_item_t **items,
                            int count, const kuji_signer_t *signer,
                            apr_interval_time_t patience, apr_pool_t *pool);

#endif
