/* SPDX-License-Identifier: Apache-2.0 */
#include "web/pace.h"

#include <apr_thread_mutex.h>

#define SLOTS 4096

struct kuji_pace_t {
    apr_thread_mutex_t *mutex;
    int most, seconds;
    struct {
        int64_t span; /* number of the span that count is of */
        int count;
    } slots[SLOTS];
};

apr_status_t kuji_pace_create(kuji_pace_t **pace, int most, int seconds,
                              apr_pool_t *p)
{
    *pace = apr_pcalloc(p, sizeof(**pace));
    (*pace)->most = most;
    (*pace)->seconds = seconds;
    return apr_thread_mutex_create(&(*pace)->mutex, APR_THREAD_MUTEX_DEFAULT,
                                   p);
}

int kuji_pace_allows(kuji_pace_t *pace,
                     const unsigned char digest[KUJI_DIGEST_LEN], int64_t now)
{
    unsigned i = (unsigned)(digest[0] << 8 | digest[1]) % SLOTS;
    int64_t span = now / pace->seconds;
    int allowed;

    apr_thread_mutex_lock(pace->mutex);
    if (pace->slots[i].span != span) {
        pace->slots[i].span = span;
        pace->slots[i].count = 0;
    }
    allowed = pace->slots[i].count < pace->most;
    pace->slots[i].count += allowed;
    apr_thread_mutex_unlock(pace->mutex);
    return allowed;
}
