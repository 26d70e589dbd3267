/* SPDX-License-Identifier: Apache-2.0 */
#include "remote/http.h"

#include "core/address.h"
#include "remote/breaker.h"

#include <apr_strings.h>
#include <apr_thread_mutex.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define BODY_MOST (1024 * 1024)
/** Time without a byte after which an answer counts as lost. */
#define SILENCE apr_time_from_sec(10)

struct kuji_http_t {
    apr_thread_mutex_t *mutex; /* of all below */
    CURL *idle[KUJI_HTTP_MOST];
    int nidle;
    kuji_breaker_t breaker;
    kuji_http_counters_t counters;
    kuji_http_config_t config;
    int stop;
};

/* One try. */
typedef struct try_t {
    kuji_http_t *http;
    const kuji_http_call_t *call;
    apr_pool_t *pool;
    apr_table_t *headers;
    char *body;
    apr_size_t len, room, most;
    int too_big;
} try_t;

static apr_status_t stop_calls(void *data)
{
    kuji_http_t *http = data;

    __atomic_store_n(&http->stop, 1, __ATOMIC_RELEASE);
    return APR_SUCCESS;
}

static apr_status_t destroy(void *data)
{
    kuji_http_t *http = data;

    while (http->nidle > 0) {
        curl_easy_cleanup(http->idle[--http->nidle]);
    }
    curl_global_cleanup();
    return APR_SUCCESS;
}

apr_status_t kuji_http_create(kuji_http_t **out,
                              const kuji_http_config_t *config, apr_pool_t *p)
{
    kuji_http_t *http = apr_pcalloc(p, sizeof(*http));
    apr_status_t rv;

    if (config->most < 1 || config->most > KUJI_HTTP_MOST) {
        return KUJI_EINVAL;
    }
    http->config = *config;
    rv = apr_thread_mutex_create(&http->mutex, APR_THREAD_MUTEX_DEFAULT, p);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) {
        return APR_EGENERAL;
    }
    apr_pool_cleanup_register(p, http, destroy, apr_pool_cleanup_null);
    apr_pool_pre_cleanup_register(p, http, stop_calls);
    *out = http;
    return APR_SUCCESS;
}

static size_t take_body(char *bytes, size_t size, size_t count, void *data)
{
    try_t *t = data;
    size_t len = size * count;

    if (len > t->most - t->len) {
        t->too_big = 1;
        return 0;
    }
    if (t->len + len + 1 > t->room) {
        apr_size_t room = 2 * (t->len + len + 1);
        char *body = apr_palloc(t->pool, room);

        memcpy(body, t->body, t->len);
        t->body = body;
        t->room = room;
    }
    memcpy(t->body + t->len, bytes, len);
    t->len += len;
    t->body[t->len] = '\0';
    return len;
}

static size_t take_header(char *bytes, size_t size, size_t count, void *data)
{
    try_t *t = data;
    size_t len = size * count;
    char *line = apr_pstrmemdup(t->pool, bytes, len), *colon, *end;

    if (strncmp(line, "HTTP/", 5) == 0) {
        apr_table_clear(t->headers); /* of a 1xx before */
        return len;
    }
    if ((colon = strchr(line, ':'))) {
        *colon++ = '\0';
        colon += strspn(colon, " \t");
        for (end = colon + strlen(colon);
             end > colon && strchr("\r\n \t", end[-1]); end--) {
        }
        *end = '\0';
        apr_table_addn(t->headers, line, colon);
    }
    return len;
}

/* By the process's end, or by who asked. */
static int stopped(const try_t *t)
{
    return __atomic_load_n(&t->http->stop, __ATOMIC_ACQUIRE) ||
           (t->call->stop && __atomic_load_n(t->call->stop, __ATOMIC_ACQUIRE));
}

static int stop_asked(void *data, curl_off_t a, curl_off_t b, curl_off_t c,
                      curl_off_t d)
{
    (void)a, (void)b, (void)c, (void)d;
    return stopped(data);
}

static int is_public(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        const struct sockaddr_in *v4 = (const void *)address;

        return kuji_address_is_public((const void *)&v4->sin_addr, 4);
    }
    if (address->sa_family == AF_INET6) {
        const struct sockaddr_in6 *v6 = (const void *)address;

        return kuji_address_is_public((const void *)&v6->sin6_addr, 16);
    }
    return 0;
}

/* At the very connection: what a name means may change between two looks. */
static curl_socket_t open_public(void *data, curlsocktype purpose,
                                 struct curl_sockaddr *address)
{
    (void)data, (void)purpose;
    return is_public(&address->addr)
               ? socket(address->family, address->socktype | SOCK_CLOEXEC,
                        address->protocol)
               : CURL_SOCKET_BAD;
}

static void set_limits(CURL *curl, try_t *t, apr_interval_time_t left)
{
    const kuji_http_t *http = t->http;
    apr_interval_time_t silence = t->call->silence ? t->call->silence : SILENCE;
    long connect = (long)apr_time_as_msec(http->config.connect);
    long total = (long)apr_time_as_msec(left);

    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, total > 0 ? total : 1L);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     connect < total || total <= 0 ? connect : total);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME,
                     (long)apr_time_sec(silence + APR_USEC_PER_SEC - 1));
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, stop_asked);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, t);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    if (http->config.public_only) {
        curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_public);
    }
    if (http->config.ca_file) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, http->config.ca_file);
    }
}

static struct curl_slist *set_request(CURL *curl, try_t *t)
{
    const kuji_http_call_t *call = t->call;
    const char *const *header = call->headers;
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");

    for (; header && *header; header++) {
        list = curl_slist_append(list, *header);
    }
    curl_easy_setopt(curl, CURLOPT_URL, call->url);
    if (strcmp(call->method, "GET") != 0) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS,
                         call->body ? call->body : "");
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE,
                         (curl_off_t)call->len);
    }
    /* On a connection that was kept, libcurl sends a request again by itself
     * where the server ends it without a word, a POST as well: it may have been
     * done. */
    curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, call->repeatable ? 0L : 1L);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call->method);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "mod_kuji");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, t);
    return list;
}

/* What libcurl's word means for who asked: was anything sent? */
static apr_status_t meaning(const char **why, CURLcode code, const try_t *t,
                            curl_off_t sent)
{
    if (t->too_big) {
        *why = "the answer is too long";
        return KUJI_ETOOBIG;
    }
    switch (code) {
    case CURLE_OK:
        *why = NULL;
        return APR_SUCCESS;
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_CONNECT:
    case CURLE_SSL_CONNECT_ERROR:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
        *why = curl_easy_strerror(code);
        return KUJI_EBUSY;
    default:
        *why = curl_easy_strerror(code);
        return sent ? KUJI_EUNKNOWN : KUJI_EBUSY;
    }
}

static apr_status_t try_once(int *status, const char **why, CURL *curl,
                             try_t *t, apr_interval_time_t left)
{
    struct curl_slist *list;
    curl_off_t sent = 0;
    long code = 0, request = 0;
    CURLcode result;

    curl_easy_reset(curl);
    t->len = 0;
    t->too_big = 0;
    apr_table_clear(t->headers);
    set_limits(curl, t, left);
    list = set_request(curl, t);
    result = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code);
    curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &request);
    curl_easy_getinfo(curl, CURLINFO_SIZE_UPLOAD_T, &sent);
    curl_slist_free_all(list);
    *status = (int)code;
    return meaning(why, result, t, sent + request);
}

static apr_status_t enter(CURL **curl, const char **why, kuji_http_t *http,
                          const char *url)
{
    apr_status_t rv = APR_SUCCESS;

    *curl = NULL;
    apr_thread_mutex_lock(http->mutex);
    if (__atomic_load_n(&http->stop, __ATOMIC_ACQUIRE) ||
        http->counters.at_once >= http->config.most) {
        *why = "too many calls at once";
        rv = KUJI_EBUSY;
    }
    else if (!kuji_breaker_may(&http->breaker, url, apr_time_now())) {
        *why = "the server did not answer just before";
        rv = KUJI_EBUSY;
    }
    if (rv == APR_SUCCESS) {
        http->counters.calls++;
        http->counters.at_once++;
        *curl = http->nidle ? http->idle[--http->nidle] : NULL;
    }
    else {
        http->counters.refused++;
    }
    apr_thread_mutex_unlock(http->mutex);
    return rv;
}

/* answered: the breaker's question; a stop of ours says nothing about it. */
static void leave(kuji_http_t *http, CURL *curl, const try_t *t, int answered)
{
    apr_thread_mutex_lock(http->mutex);
    http->counters.at_once--;
    http->counters.failures += !answered;
    if (answered || !stopped(t)) {
        kuji_breaker_tell(&http->breaker, t->call->url, answered,
                          apr_time_now());
    }
    if (curl) {
        http->idle[http->nidle++] = curl;
    }
    apr_thread_mutex_unlock(http->mutex);
}

static int worth_repeating(apr_status_t rv, int status, const try_t *t)
{
    if (stopped(t)) {
        return 0;
    }
    return rv == KUJI_EUNKNOWN ||
           (rv == APR_SUCCESS && status >= 502 && status <= 504);
}

/* A second try only, and only while half of the patience is left: a server in
 * trouble is not helped by more. */
static apr_status_t run(int *status, const char **why, CURL *curl, try_t *t)
{
    apr_time_t start = apr_time_now();
    apr_interval_time_t patience = t->call->patience, gone;
    apr_status_t rv = try_once(status, why, curl, t, patience);

    gone = apr_time_now() - start;
    if (t->call->repeatable && worth_repeating(rv, *status, t) &&
        gone < patience / 2) {
        rv = try_once(status, why, curl, t, patience - gone);
        /* The first try was sent, whatever became of the second. */
        rv = rv == KUJI_EBUSY ? KUJI_EUNKNOWN : rv;
    }
    return rv;
}

apr_status_t kuji_http_call(const kuji_http_reply_t **out, const char **why,
                            kuji_http_t *http, const kuji_http_call_t *call,
                            apr_pool_t *pool)
{
    kuji_http_reply_t *reply = apr_pcalloc(pool, sizeof(*reply));
    try_t t = {.http = http,
               .call = call,
               .pool = pool,
               .headers = apr_table_make(pool, 16),
               .body = apr_pcalloc(pool, 1),
               .room = 1,
               .most = call->most ? call->most : BODY_MOST};
    apr_status_t rv;
    CURL *curl;

    *why = NULL;
    rv = enter(&curl, why, http, call->url);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    curl = curl ? curl : curl_easy_init();
    rv = curl ? run(&reply->status, why, curl, &t) : APR_ENOMEM;
    leave(http, curl, &t, rv == APR_SUCCESS || rv == KUJI_ETOOBIG);
    reply->body = t.body;
    reply->len = t.len;
    reply->headers = t.headers;
    *out = reply;
    return rv;
}

void kuji_http_counters(kuji_http_counters_t *out, kuji_http_t *http)
{
    apr_thread_mutex_lock(http->mutex);
    *out = http->counters;
    apr_thread_mutex_unlock(http->mutex);
}
