/* Writing answers: one brigade, Content-Length, headers once.
 *
 * Security headers go to err_headers_out, which alone survives every way an
 * answer can end.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/response.h"
#include "web/request.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <http_request.h>
#include <util_filter.h>

/* strict-origin: a code in a URL must not reach our own access log as a
 * Referer, yet forms still send a true Origin. */
#define REFERRER_POLICY "strict-origin"
#define PAGE_CSP KUJI_POLICY_PAGE "; frame-ancestors 'none'"
#define DATA_CSP "default-src 'none'; frame-ancestors 'none'"

void kuji_policy_form(kuji_web_t *web, const char *where)
{
    static const char own[] = "form-action 'self'";
    const char *policy = web->policy ? web->policy : PAGE_CSP;
    const char *at = strstr(policy, own);

    if (at) {
        at += sizeof own - 1;
        web->policy = apr_pstrcat(
            web->r->pool,
            apr_pstrmemdup(web->r->pool, policy, (apr_size_t)(at - policy)),
            " ", where, at, NULL);
    }
}

void kuji_headers(kuji_web_t *web, int html)
{
    apr_table_t *out = web->r->err_headers_out;

    apr_table_setn(out, "X-Content-Type-Options", "nosniff");
    apr_table_setn(out, "Referrer-Policy", REFERRER_POLICY);
    apr_table_setn(out, "Content-Security-Policy",
                   web->policy ? web->policy
                   : html      ? PAGE_CSP
                               : DATA_CSP);
}

void kuji_headers_caching(kuji_web_t *web, kuji_caching_e caching)
{
    static const char *const values[] = {
        [KUJI_CACHE_NO_STORE] = "no-store",
        [KUJI_CACHE_PRIVATE] = "private, no-cache",
        [KUJI_CACHE_SHORT] = "public, max-age=1",
        [KUJI_CACHE_LONG] = "public, max-age=300",
        [KUJI_CACHE_FOREVER] = "public, max-age=31536000, immutable",
    };

    if (web->is_admin) {
        caching = KUJI_CACHE_NO_STORE;
    }
    apr_table_setn(web->r->headers_out, "Cache-Control", values[caching]);
}

static int send_bytes(kuji_web_t *web, int status, const char *content_type,
                      const char *bytes, apr_size_t len)
{
    request_rec *r = web->r;
    apr_bucket_alloc_t *alloc = r->connection->bucket_alloc;
    apr_bucket_brigade *bb = apr_brigade_create(r->pool, alloc);

    r->status = status;
    ap_set_content_type(r, content_type);
    ap_set_content_length(r, (apr_off_t)len);
    if (len) {
        APR_BRIGADE_INSERT_TAIL(
            bb, apr_bucket_pool_create(bytes, len, r->pool, alloc));
    }
    APR_BRIGADE_INSERT_TAIL(bb, apr_bucket_eos_create(alloc));
    /* A failure here is the client's going away. */
    (void)ap_pass_brigade(r->output_filters, bb);
    return OK;
}

int kuji_send(kuji_web_t *web, int status, const char *content_type,
              kuji_caching_e caching, const char *bytes, apr_size_t len)
{
    kuji_headers(web, 0);
    kuji_headers_caching(web, caching);
    return send_bytes(web, status, content_type, bytes, len);
}

int kuji_send_html(kuji_web_t *web, int status, kuji_caching_e caching,
                   const char *html, apr_size_t len)
{
    kuji_headers(web, 1);
    kuji_headers_caching(web, caching);
    apr_table_setn(web->r->headers_out, "Content-Language", web->language);
    apr_table_mergen(web->r->headers_out, "Vary", "Accept-Language");
    return send_bytes(web, status, "text/html; charset=utf-8", html, len);
}

int kuji_send_json(kuji_web_t *web, int status, kuji_caching_e caching,
                   json_t *doc)
{
    apr_size_t len = json_dumpb(doc, NULL, 0, JSON_COMPACT);
    char *text = apr_palloc(web->r->pool, len + 1);

    len = json_dumpb(doc, text, len, JSON_COMPACT);
    json_decref(doc);
    return kuji_send(web, status, "application/json", caching, text, len);
}

int kuji_is_fresh(kuji_web_t *web, const char *etag, apr_time_t mtime)
{
    request_rec *r = web->r;
    int status;

    apr_table_setn(r->headers_out, "ETag", etag);
    if (mtime > 0) {
        ap_update_mtime(r, mtime);
        ap_set_last_modified(r);
    }
    status = ap_meets_conditions(r);
    if (status == HTTP_PRECONDITION_FAILED) {
        /* A problem like any other, not httpd's own page. */
        (void)kuji_problem(web, KUJI_PROBLEM_PRECONDITION, NULL);
        return DONE;
    }
    return status;
}

static int see_other(kuji_web_t *web, const char *where)
{
    kuji_headers(web, 0);
    kuji_headers_caching(web, KUJI_CACHE_NO_STORE);
    apr_table_setn(web->r->headers_out, "Location", where);
    return send_bytes(web, HTTP_SEE_OTHER, "text/plain", "", 0);
}

int kuji_redirect(kuji_web_t *web, const char *path)
{
    return see_other(web, apr_pstrcat(web->r->pool, web->prefix, path, NULL));
}

int kuji_redirect_away(kuji_web_t *web, const char *url)
{
    return see_other(web, url);
}
