/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/breaker.h"

#include <stdlib.h>
#include <string.h>

/* Bytes of the URL's origin. */
static size_t origin_len(const char *url)
{
    const char *host = strstr(url, "://");

    return host ? (size_t)(host + 3 - url) + strcspn(host + 3, "/?#")
                : strlen(url);
}

/* The origin's place; a new one takes the longest unused. */
static int place_of(kuji_breaker_t *breaker, const char *url, apr_time_t now)
{
    size_t len = origin_len(url);
    int i, oldest = 0;

    if (len >= KUJI_BREAKER_NAME_MAX) {
        len = KUJI_BREAKER_NAME_MAX - 1;
    }
    for (i = 0; i < KUJI_BREAKER_HOSTS; i++) {
        if (strncmp(breaker->hosts[i].name, url, len) == 0 &&
            !breaker->hosts[i].name[len]) {
            breaker->hosts[i].used = now;
            return i;
        }
        if (breaker->hosts[i].used < breaker->hosts[oldest].used) {
            oldest = i;
        }
    }
    memset(&breaker->hosts[oldest], 0, sizeof(breaker->hosts[oldest]));
    memcpy(breaker->hosts[oldest].name, url, len);
    breaker->hosts[oldest].used = now;
    return oldest;
}

int kuji_breaker_may(kuji_breaker_t *breaker, const char *url, apr_time_t now)
{
    int i = place_of(breaker, url, now);

    if (breaker->hosts[i].failures < KUJI_BREAKER_FAILURES) {
        return 1;
    }
    if (now < breaker->hosts[i].until) {
        return 0;
    }
    breaker->hosts[i].until = now + KUJI_BREAKER_PAUSE;
    return 1;
}

void kuji_breaker_tell(kuji_breaker_t *breaker, const char *url, int answered,
                       apr_time_t now)
{
    int i = place_of(breaker, url, now);

    if (answered) {
        breaker->hosts[i].failures = 0;
        return;
    }
    if (breaker->hosts[i].failures < KUJI_BREAKER_FAILURES) {
        breaker->hosts[i].failures++;
    }
    breaker->hosts[i].until = now + KUJI_BREAKER_PAUSE;
}
