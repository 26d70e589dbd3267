/* LINE's servers: log-in and who it was (LINE Login v2.1 API reference). Base
 * addresses are the tenant's settings; the channel's secret goes out only in
 * the form of a token request.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_REMOTE_LINE_H
#define KUJI_REMOTE_LINE_H

#include "core/jwt.h"
#include "remote/http.h"

#include <jansson.h>

/** A client of LINE's API for one process. It keeps LINE's public keys for a
 * while, per address; safe for many threads. */
typedef struct kuji_line_t kuji_line_t;

apr_status_t kuji_line_create(kuji_line_t **line, kuji_http_t *http,
                              apr_pool_t *p);

typedef struct kuji_line_channel_t {
    const char *base; /* "https://api.line.me" */
    const char *id, *secret;
} kuji_line_channel_t;

/** How a call ended, beyond a status code. */
typedef enum kuji_line_end_e {
    KUJI_LINE_DONE,
    KUJI_LINE_REFUSED, /* LINE says no: an old code, a token that is not ours */
    KUJI_LINE_AWAY     /* no answer, an error of LINE's, or nothing readable */
} kuji_line_end_e;

typedef struct kuji_line_tokens_t {
    const char *access, *id; /* id "": the channel gives none */
} kuji_line_tokens_t;

/** Exchanges a code, once: whatever comes of it, the code is used up. *why: a
 * static English sentence for the log. Both in pool. */
kuji_line_end_e kuji_line_exchange(kuji_line_tokens_t *tokens, const char **why,
                                   kuji_line_t *line,
                                   const kuji_line_channel_t *channel,
                                   const char *code, const char *redirect_uri,
                                   const char *verifier, apr_pool_t *pool);

/** Whose token it is. HS256 is checked with the channel's secret, ES256 with
 * LINE's keys (fetched anew where the key is unknown), and where those cannot
 * be had, LINE's own verify endpoint is asked. In a log-in on the web
 * expect->nonce is set; LIFF has none, and its channel->secret is NULL: then
 * HS256 is refused. */
kuji_line_end_e
kuji_line_identify(const char **subject, const char **why, kuji_line_t *line,
                   const kuji_line_channel_t *channel, const char *id_token,
                   const kuji_jwt_expect_t *expect, apr_pool_t *pool);

/** Whether an access token is live and of this very channel: a 200 alone
 * proves nothing. */
kuji_line_end_e kuji_line_check_access(const char **why, kuji_line_t *line,
                                       const kuji_line_channel_t *channel,
                                       const char *access, apr_pool_t *pool);

typedef struct kuji_line_profile_t {
    const char *subject, *name, *picture; /* the latter two "" where unknown */
} kuji_line_profile_t;

kuji_line_end_e kuji_line_profile(kuji_line_profile_t *profile,
                                  const char **why, kuji_line_t *line,
                                  const kuji_line_channel_t *channel,
                                  const char *access, apr_pool_t *pool);

/** Whether the user is a friend of the account that is linked to the channel.
 */
kuji_line_end_e kuji_line_is_friend(int *is_friend, const char **why,
                                    kuji_line_t *line,
                                    const kuji_line_channel_t *channel,
                                    const char *access, apr_pool_t *pool);

/** Gives a token back that is no longer needed. */
kuji_line_end_e kuji_line_revoke(const char **why, kuji_line_t *line,
                                 const kuji_line_channel_t *channel,
                                 const char *access, apr_pool_t *pool);

/** What can be said of a setting without a user. */
typedef enum kuji_line_health_e {
    KUJI_LINE_UNASKED, /* nothing is set */
    KUJI_LINE_GOOD,
    KUJI_LINE_WRONG,   /* LINE does not know id and secret together */
    KUJI_LINE_SILENT,  /* LINE did not answer in time */
    KUJI_LINE_UNCLEAR, /* it answered, but neither this nor that */
    KUJI_LINE_HEALTHS
} kuji_line_health_e;

/** A static English word. */
const char *kuji_line_health_name(kuji_line_health_e health);

typedef struct kuji_line_report_t {
    kuji_line_health_e login; /* id and secret of the Login channel */
    kuji_line_health_e bot;   /* id and secret of the Messaging API channel */
    kuji_line_health_e keys;  /* the keys that LIFF's ID tokens are signed by */
} kuji_line_report_t;

/** Asks LINE whether what is set is right; takes as long as one call may, in
 * all. bot: NULL where there is no such channel. redirect_uri: the registered
 * one. */
void kuji_line_examine(kuji_line_report_t *report, kuji_line_t *line,
                       const kuji_line_channel_t *login,
                       const kuji_line_channel_t *bot, const char *redirect_uri,
                       apr_pool_t *pool);

#endif
