/* Calls of other people's HTTP servers, by libcurl: one client a process, with
 * connections kept open, a limit on time, bytes and calls at once, and a
 * breaker, so that a server that hangs takes neither all threads nor all
 * patience.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_REMOTE_HTTP_H
#define KUJI_REMOTE_HTTP_H

#include "core/error.h"

#include <apr_pools.h>
#include <apr_tables.h>
#include <apr_time.h>

typedef struct kuji_http_t kuji_http_t;

typedef struct kuji_http_config_t {
    int most;                    /* calls at once, 1 .. KUJI_HTTP_MOST */
    apr_interval_time_t connect; /* longest wait for a connection */
    const char *ca_file;         /* PEM; NULL: the system's */
    int public_only; /* no server of a private address (core/address.h) */
} kuji_http_config_t;

#define KUJI_HTTP_MOST 64

/** Once a process, before its threads begin. A *pre*-cleanup on p makes the
 * calls at hand end with KUJI_EUNKNOWN or KUJI_EBUSY, within a second. */
apr_status_t kuji_http_create(kuji_http_t **http,
                              const kuji_http_config_t *config, apr_pool_t *p);

typedef struct kuji_http_call_t {
    const char *method; /* "GET", "POST", … */
    const char *url;    /* https, or http (a loopback's: the caller checks) */
    const char *const *headers; /* "Name: value"; NULL ends; NULL: none */
    const char *body;           /* NULL: none */
    apr_size_t len;
    apr_interval_time_t patience; /* in all, further tries included */
    /* Longest wait without a byte before the answer counts as lost; 0: 10 s. */
    apr_interval_time_t silence;
    apr_size_t most; /* bytes of the answer; 0: 1 MiB */
    /* 1: doing it twice does no harm (RFC 9110 9.2.2, or a key of the
     * service's): sent once more where the answer was lost, or was a 502 to
     * 504. */
    int repeatable;
    const int *stop; /* atomic; once it is set the call ends within a second, as
                        at the process's end; NULL: nothing else ends it */
} kuji_http_call_t;

typedef struct kuji_http_reply_t {
    int status;       /* 100 .. 599 */
    const char *body; /* zero-terminated behind len */
    apr_size_t len;
    const apr_table_t *headers;
} kuji_http_reply_t;

/** Redirects are answers, not followed. APR_SUCCESS: the server answered,
 * whatever it said. KUJI_EBUSY: nothing was sent (no connection, or none that
 * is allowed, too many calls at once, breaker open). KUJI_EUNKNOWN: it was
 * sent, and nobody knows whether it was done. KUJI_ETOOBIG: done, but the
 * answer is too long to read. *why, a static English sentence for the log,
 * never with the URL. */
apr_status_t kuji_http_call(const kuji_http_reply_t **reply, const char **why,
                            kuji_http_t *http, const kuji_http_call_t *call,
                            apr_pool_t *pool);

typedef struct kuji_http_counters_t {
    uint64_t calls, failures, refused; /* refused: too many, or breaker */
    int at_once;
} kuji_http_counters_t;

void kuji_http_counters(kuji_http_counters_t *out, kuji_http_t *http);

#endif
