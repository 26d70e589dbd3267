/* What LINE's webhook says (Messaging API, "Webhook event objects"): the events
 * that something is done about.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_LINE_HOOK_H
#define KUJI_CORE_LINE_HOOK_H

#include "core/error.h"

#include <apr_pools.h>
#include <stdint.h>

typedef enum kuji_line_event_e {
    KUJI_LINE_FOLLOW,
    KUJI_LINE_UNFOLLOW,
    KUJI_LINE_TEXT
} kuji_line_event_e;

typedef struct kuji_line_event_t {
    kuji_line_event_e kind;
    const char *id;    /* webhookEventId: 1 .. 64 of [0-9A-Za-z_-] */
    const char *user;  /* LINE's user id: 1 .. 64 of [0-9A-Za-z] */
    const char *reply; /* reply token, printable ASCII, at most 200; "" none */
    const char *text;  /* of a message, UTF-8; "" else */
    int64_t at;        /* ms since 1970, by LINE's clock */
} kuji_line_event_t;

/** Events of one body: more come one after the other, in bodies of their own.
 */
#define KUJI_LINE_EVENTS_MAX 1000

/** The follows, unfollows and texts that single users sent, in the body's
 * order; all else is passed over: groups, other kinds, channels on standby,
 * events that lack an id. In pool. KUJI_EINVAL: no JSON object with a list of
 * events; KUJI_ETOOBIG: over KUJI_LINE_EVENTS_MAX. */
apr_status_t kuji_line_hook_read(const kuji_line_event_t **events, int *count,
                                 const char *body, apr_size_t len,
                                 apr_pool_t *pool);

/** Whether a text is the keyword, however it is written: width, case and blanks
 * do not count. An empty keyword is none. */
int kuji_line_is_keyword(const char *text, const char *keyword,
                         apr_pool_t *pool);

#endif
