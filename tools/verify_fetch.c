/* The campaign's public documents over HTTP.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "tools/verify.h"

#include <apr_strings.h>
#include <curl/curl.h>
#include <stdlib.h>
#include <string.h>

#define MANIFEST_MAX ((apr_size_t)16 << 20)
#define NOTE_MAX ((apr_size_t)64 << 10)

/* Where an answer goes: a file, or memory up to max bytes. */
typedef struct sink_t {
    FILE *file;
    char *bytes;
    apr_size_t len, max;
} sink_t;

static size_t receive(char *data, size_t one, size_t size, void *baton)
{
    sink_t *sink = baton;

    if (sink->file) {
        return fwrite(data, 1, size, sink->file);
    }
    if (size > sink->max - sink->len) {
        return 0;
    }
    memcpy(sink->bytes + sink->len, data, size);
    sink->len += size;
    return size;
}

static void set_options(CURL *curl, const kuji_verify_t *v)
{
#if LIBCURL_VERSION_NUM >= 0x075500
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
#else
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS,
                     (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
    curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS,
                     (long)(CURLPROTO_HTTP | CURLPROTO_HTTPS));
#endif
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L);
    curl_easy_setopt(curl, CURLOPT_MAXREDIRS, 5L);
    curl_easy_setopt(curl, CURLOPT_FAILONERROR, 1L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "");
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, 15L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, 60L);
    curl_easy_setopt(curl, CURLOPT_USERAGENT, "kuji-verify/" KUJI_VERSION);
    if (v->cacert) {
        curl_easy_setopt(curl, CURLOPT_CAINFO, v->cacert);
    }
}

/* curl reads the text after its own failure: FAILONERROR's has the status. */
static apr_status_t fetch(kuji_verify_t *v, sink_t *sink, const char *name)
{
    const char *url = apr_pstrcat(v->pool, v->url, "/", name, NULL);
    char error[CURL_ERROR_SIZE] = "";
    CURL *curl = curl_easy_init();
    CURLcode code = CURLE_FAILED_INIT;

    if (curl) {
        set_options(curl, v);
        curl_easy_setopt(curl, CURLOPT_URL, url);
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, receive);
        curl_easy_setopt(curl, CURLOPT_WRITEDATA, sink);
        code = curl_easy_perform(curl);
        curl_easy_cleanup(curl);
    }
    return code == CURLE_OK
               ? APR_SUCCESS
               : kuji_verify_failed(v, "%s: %s", url,
                                    *error ? error : curl_easy_strerror(code));
}

apr_status_t kuji_verify_get(kuji_verify_t *v, const char **bytes,
                             apr_size_t *len, const char *name, apr_size_t max)
{
    sink_t sink = {NULL, malloc(max + 1), 0, max};
    apr_status_t rv = sink.bytes ? fetch(v, &sink, name)
                                 : kuji_verify_failed(v, "out of memory");

    if (!rv) {
        *bytes = apr_pstrmemdup(v->pool, sink.bytes, sink.len);
        *len = sink.len;
    }
    free(sink.bytes);
    return rv;
}

static apr_status_t get_ledger(kuji_verify_t *v)
{
    sink_t sink = {tmpfile(), NULL, 0, 0};
    apr_status_t rv;

    if (!sink.file) {
        return kuji_verify_failed(v, "no room for a temporary file");
    }
    v->ledger = sink.file;
    rv = fetch(v, &sink, "ledger.jsonl");
    if (!rv && fflush(v->ledger)) {
        rv = kuji_verify_failed(v, "no room for the ledger");
    }
    rewind(v->ledger);
    return rv;
}

/* The checkpoint comes before the ledger and again after it: the ledger must
 * reach the first, and the second must grow out of the first. */
apr_status_t kuji_verify_fetch(kuji_verify_t *v)
{
    apr_size_t len;
    apr_status_t rv = kuji_verify_get(v, &v->manifest, &v->manifest_len,
                                      "manifest.json", MANIFEST_MAX);

    if (!rv && !v->key) {
        rv = kuji_verify_get(v, &v->vkey, &len, "key", NOTE_MAX);
    }
    if (!rv) {
        rv = kuji_verify_get(v, &v->note, &len, "checkpoint", NOTE_MAX);
    }
    if (!rv) {
        rv = get_ledger(v);
    }
    if (!rv) {
        rv = kuji_verify_get(v, &v->newer_note, &len, "checkpoint", NOTE_MAX);
    }
    return rv;
}
