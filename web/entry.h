/* From a request to the draw queue and back: what the page's form and the API
 * share.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ENTRY_H
#define KUJI_WEB_ENTRY_H

#include "web/consent.h"
#include "web/response.h"

/** What somebody asks for; all borrowed, UTF-8 without zero bytes. */
typedef struct kuji_entry_t {
    const char *participant;   /* 1 .. KUJI_PARTICIPANT_MAX bytes */
    const char *key;           /* idempotency key */
    int key_per_participant;   /* 1: a form's key, not the API's */
    const char *code;          /* as typed; NULL: none */
    const unsigned char *link; /* KUJI_DIGEST_LEN: of the link by which the
                                  browser came; NULL: none */
    const char *session;       /* the browser's, with a link */
    int count;
    const kuji_consents_t *consents; /* that are kept; NULL: none */
} kuji_entry_t;

/** Waits for the draw of web->campaign; as kuji_queue_draw. */
apr_status_t kuji_entry_draw(const kuji_draw_answer_t **answer, kuji_web_t *web,
                             const kuji_entry_t *entry);

/** The page of a draw that was made before with the form's key and the same
 * contents: a path below the mount. KUJI_ENOTFOUND. */
apr_status_t kuji_entry_find(const char **path, kuji_web_t *web,
                             const kuji_entry_t *entry);

/** Whether the check symbol tells that a code was mistyped, without asking the
 * database: where all of web->campaign's codes have one. */
int kuji_entry_is_mistyped(const kuji_web_t *web, const char *code);

/** Whether the answer holds draws. */
int kuji_entry_is_drawn(const kuji_draw_answer_t *answer);

/** The problem of an answer that refuses, and its English sentence. */
kuji_problem_e kuji_entry_problem(const char **detail,
                                  const kuji_draw_answer_t *answer,
                                  apr_pool_t *pool);

#endif
