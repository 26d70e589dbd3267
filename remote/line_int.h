/* What the files of LINE's client share.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_REMOTE_LINE_INT_H
#define KUJI_REMOTE_LINE_INT_H

#include "core/uri.h"
#include "remote/line.h"
#include "remote/line_message.h"

#include <apr_thread_mutex.h>

/** Longest wait for one answer: somebody stands there with a phone. */
#define KUJI_LINE_PATIENCE apr_time_from_sec(8)
/** How long LINE's keys are used before they are asked for again, and how often
 * an unknown key makes us ask before that. */
#define KUJI_LINE_KEYS_TTL apr_time_from_sec(3600)
#define KUJI_LINE_KEYS_PAUSE apr_time_from_sec(10)

/** What is kept of a Messaging API channel: under the lock. */
#define KUJI_LINE_KEPT 16
#define KUJI_LINE_KEY_LEN 32
typedef struct kuji_line_kept_t {
    unsigned char key[KUJI_LINE_KEY_LEN]; /* of channel and secret */
    char *token;                          /* malloc'ed; NULL: none */
    apr_time_t until, used;
    kuji_line_quota_t quota;
    apr_time_t quota_asked;
} kuji_line_kept_t;

struct kuji_line_t {
    kuji_http_t *http;
    apr_thread_mutex_t *mutex; /* of all below */
    char *keys_base;           /* whose keys; malloc'ed */
    json_t *keys;              /* NULL: none yet */
    apr_time_t keys_at, keys_asked_at;
    kuji_line_kept_t kept[KUJI_LINE_KEPT];
};

typedef struct kuji_line_call_t {
    const char *method, *path;
    const char *access;          /* bearer token; NULL: none */
    const kuji_uri_pair_t *form; /* NULL: no body */
    int repeatable;
    apr_interval_time_t patience; /* 0: KUJI_LINE_PATIENCE */
    const int *stop; /* atomic; ends the wait; NULL: nothing does */
} kuji_line_call_t;

/** The answer's status and document (an object, in pool; NULL: no body).
 * KUJI_LINE_AWAY: no answer, a 429 or 5xx, or no JSON. 4xx: REFUSED, *doc says
 * why where LINE does. */
kuji_line_end_e kuji_line__call(json_t **doc, const char **why,
                                kuji_line_t *line, const char *base,
                                const kuji_line_call_t *call, apr_pool_t *pool);

/** Releases doc (NULL: nothing) with pool. */
void kuji_line__release_with(apr_pool_t *pool, json_t *doc);

/** A channel's place, the longest unused one if it has none yet. Under the
 * lock. */
kuji_line_kept_t *kuji_line__kept(kuji_line_t *line,
                                  const kuji_line_bot_t *bot);
/** A channel's token, in pool. KUJI_LINE_REFUSED: its id or secret is wrong. */
kuji_line_end_e kuji_line__token(const char **token, const char **why,
                                 kuji_line_t *line, const kuji_line_bot_t *bot,
                                 apr_pool_t *pool);
/** LINE no longer knows it. */
void kuji_line__drop_token(kuji_line_t *line, const kuji_line_bot_t *bot,
                           const char *token);
void kuji_line__forget_all(kuji_line_t *line);

/** A string of the document, "" where there is none. */
const char *kuji_line__word(const json_t *doc, const char *name);

/** The coordinates of LINE's key `kid`: KUJI_LINE_REFUSED where LINE has no
 * such key, KUJI_LINE_AWAY where nobody can tell, which a caller is not to take
 * for a refusal. */
kuji_line_end_e kuji_line__key(unsigned char x[KUJI_P256_LEN],
                               unsigned char y[KUJI_P256_LEN], const char **why,
                               kuji_line_t *line, const char *base,
                               const char *kid, apr_pool_t *pool);

#endif
