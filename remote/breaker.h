/* Servers that did not answer are left alone for a while, so that each waiting
 * participant does not find out anew, and slowly, that one is dead.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_REMOTE_BREAKER_H
#define KUJI_REMOTE_BREAKER_H

#include <apr_time.h>

/** Failures in a row that open it, and for how long. */
#define KUJI_BREAKER_FAILURES 5
#define KUJI_BREAKER_PAUSE apr_time_from_sec(5)
#define KUJI_BREAKER_HOSTS 16
#define KUJI_BREAKER_NAME_MAX 128

typedef struct kuji_breaker_t {
    struct {
        char name[KUJI_BREAKER_NAME_MAX];
        int failures;
        apr_time_t until; /* closed again from then on */
        apr_time_t used;
    } hosts[KUJI_BREAKER_HOSTS];
} kuji_breaker_t;

/** Whether the origin ("scheme://host:port" of the URL) may be called now; the
 * first call after a pause goes as a probe, the others wait for what it finds.
 * The caller holds its own lock. */
int kuji_breaker_may(kuji_breaker_t *breaker, const char *url, apr_time_t now);

/** How the call ended. */
void kuji_breaker_tell(kuji_breaker_t *breaker, const char *url, int answered,
                       apr_time_t now);

#endif
