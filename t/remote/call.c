/* kuji-remote-call METHOD URL PATIENCE-MS [REPEATABLE [BODY]]: one call of
 * remote/http.h; times (default 1) by KUJI_CALLS, at once by KUJI_AT_ONCE's
 * threads; KUJI_PUBLIC=2: to public addresses only. A line a call: what came of
 * it, status, milliseconds, bytes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/http.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <apr_thread_proc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static kuji_http_t *http;
static kuji_http_call_t call;
static int calls;

static const char *word(apr_status_t rv)
{
    return rv == APR_SUCCESS     ? "answered"
           : rv == KUJI_EBUSY    ? "busy"
           : rv == KUJI_EUNKNOWN ? "unknown"
           : rv == KUJI_ETOOBIG  ? "toobig"
                                 : "error";
}

static void *APR_THREAD_FUNC one_after_the_other(apr_thread_t *thread, void *p)
{
    apr_pool_t *pool;
    int i;

    for (i = 0; i < calls; i++) {
        const kuji_http_reply_t *reply = NULL;
        apr_time_t start = apr_time_now();
        const char *why;
        apr_status_t rv;

        apr_pool_create(&pool, p);
        rv = kuji_http_call(&reply, &why, http, &call, pool);
        printf("%s %d %d %d %s\n", word(rv), reply ? reply->status : 0,
               (int)apr_time_as_msec(apr_time_now() - start),
               reply ? (int)reply->len : 0, why ? why : "-");
        fflush(stdout);
        apr_pool_destroy(pool);
    }
    (void)thread;
    return NULL;
}

static int setting(const char *name)
{
    const char *text = getenv(name);

    return text ? atoi(text) : 1;
}

int main(int argc, char **argv)
{
    kuji_http_config_t config = {.most = 4, .connect = apr_time_from_sec(2)};
    apr_thread_t *threads[64];
    apr_pool_t *pool;
    int at_once = setting("KUJI_AT_ONCE"), i;
    apr_status_t rv;

    if (argc < 4 || at_once > 64) {
        return 2;
    }
    apr_initialize();
    apr_pool_create(&pool, NULL);
    call.method = argv[1];
    call.url = argv[2];
    call.patience = apr_time_from_msec(atoi(argv[3]));
    call.repeatable = argc > 4 && atoi(argv[4]);
    call.body = argc > 5 ? argv[5] : NULL;
    call.len = call.body ? strlen(call.body) : 0;
    calls = setting("KUJI_CALLS");
    config.public_only = setting("KUJI_PUBLIC") == 2;
    if (kuji_http_create(&http, &config, pool) != APR_SUCCESS) {
        return 1;
    }
    for (i = 0; i < at_once; i++) {
        apr_thread_create(&threads[i], NULL, one_after_the_other, pool, pool);
    }
    for (i = 0; i < at_once; i++) {
        apr_thread_join(&rv, threads[i]);
    }
    apr_pool_destroy(pool);
    return 0;
}
