/* Reading what the client sent.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/request.h"
#include "web/cookie.h"
#include "web/json.h"
#include "web/language.h"
#include "web/render.h"
#include "web/response.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <http_core.h>
#include <http_request.h>
#include <sodium.h>
#include <stdlib.h>

/* What is read of a body, piece by piece. */
typedef struct reading_t {
    kuji_body_fn *fn;
    void *baton;
    apr_size_t used, max;
    int eos;
} reading_t;

static apr_status_t take_brigade(reading_t *t, apr_bucket_brigade *bb)
{
    apr_bucket *b;

    for (b = APR_BRIGADE_FIRST(bb); b != APR_BRIGADE_SENTINEL(bb);
         b = APR_BUCKET_NEXT(b)) {
        const char *data;
        apr_size_t len;
        apr_status_t rv;

        if (APR_BUCKET_IS_EOS(b)) {
            t->eos = 1;
            break;
        }
        if (APR_BUCKET_IS_METADATA(b)) {
            continue;
        }
        if ((rv = apr_bucket_read(b, &data, &len, APR_BLOCK_READ))) {
            return rv;
        }
        if (len > t->max - t->used) {
            return KUJI_ETOOBIG;
        }
        t->used += len;
        if ((rv = t->fn(t->baton, data, len))) {
            return rv;
        }
    }
    return APR_SUCCESS;
}

/* Content-Length as a bound for the buffer; -1: none (chunked). */
static apr_status_t announced_length(apr_off_t *len, const request_rec *r,
                                     apr_size_t max)
{
    const char *text = apr_table_get(r->headers_in, "Content-Length");

    *len = -1;
    if (!text) {
        return APR_SUCCESS;
    }
    if (!ap_parse_strict_length(len, text)) {
        return KUJI_EINVAL;
    }
    return *len > (apr_off_t)max ? KUJI_ETOOBIG : APR_SUCCESS;
}

static apr_status_t read_all(reading_t *t, request_rec *r)
{
    apr_bucket_brigade *bb =
        apr_brigade_create(r->pool, r->connection->bucket_alloc);
    apr_status_t rv = APR_SUCCESS;

    while (!t->eos && rv == APR_SUCCESS) {
        rv = ap_get_brigade(r->input_filters, bb, AP_MODE_READBYTES,
                            APR_BLOCK_READ, HUGE_STRING_LEN);
        if (rv == APR_SUCCESS) {
            rv = take_brigade(t, bb);
        }
        apr_brigade_cleanup(bb);
    }
    return rv;
}

apr_status_t kuji_body_each(kuji_web_t *web, apr_size_t max, kuji_body_fn *fn,
                            void *baton)
{
    reading_t t = {fn, baton, 0, max, 0};
    apr_off_t announced;
    apr_status_t rv = announced_length(&announced, web->r, max);

    return rv == APR_SUCCESS ? read_all(&t, web->r) : rv;
}

/* Where the next piece goes. */
static apr_status_t append(void *baton, const char *bytes, apr_size_t len)
{
    char **out = baton;

    memcpy(*out, bytes, len);
    *out += len;
    return APR_SUCCESS;
}

apr_status_t kuji_body_read(const char **body, apr_size_t *len, kuji_web_t *web,
                            apr_size_t max)
{
    apr_off_t announced;
    apr_status_t rv = announced_length(&announced, web->r, max);
    reading_t t = {append, NULL, 0, max, 0};
    char *out, *end;

    *len = 0;
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (announced >= 0) {
        t.max = (apr_size_t)announced;
    }
    out = end = apr_palloc(web->r->pool, t.max + 1);
    t.baton = &end;
    rv = read_all(&t, web->r);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    *end = '\0';
    *len = t.used;
    *body = out;
    return APR_SUCCESS;
}

int kuji_has_content_type(const request_rec *r, const char *type)
{
    const char *header = apr_table_get(r->headers_in, "Content-Type");
    apr_size_t len = strlen(type);

    return header && !strncasecmp(header, type, len) &&
           (!header[len] || header[len] == ';' || header[len] == ' ');
}

apr_status_t kuji_body_form(const kuji_form_t **form, kuji_web_t *web)
{
    const char *body;
    apr_size_t len;
    apr_status_t rv;

    if (!kuji_has_content_type(web->r, "application/x-www-form-urlencoded")) {
        return KUJI_EINVAL;
    }
    if ((rv = kuji_body_read(&body, &len, web,
                             web->admin ? KUJI_CONSOLE_FORM_MAX
                                        : KUJI_FORM_MAX))) {
        return rv;
    }
    rv = kuji_form_parse(form, body, len, web->r->pool);
    sodium_memzero((char *)body, len); /* it may hold a password */
    return rv;
}

apr_status_t kuji_body_json(json_t **doc, const char **why, kuji_web_t *web,
                            apr_size_t max)
{
    const char *body;
    apr_size_t len;
    apr_status_t rv;

    *why = "the body must be application/json";
    if (!kuji_has_content_type(web->r, "application/json") &&
        !kuji_has_content_type(web->r, "application/merge-patch+json")) {
        return KUJI_EINVAL;
    }
    if ((rv = kuji_body_read(&body, &len, web, max))) {
        return rv;
    }
    return kuji_json_object(doc, why, body, len, web->r->pool);
}

int kuji_body_problem(kuji_web_t *web, apr_status_t rv, const char *why)
{
    if (rv == KUJI_EINVAL) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST, why);
    }
    if (rv == KUJI_ETOOBIG || ap_map_http_request_error(rv, HTTP_BAD_REQUEST) ==
                                  HTTP_REQUEST_ENTITY_TOO_LARGE) {
        web->r->connection->keepalive = AP_CONN_CLOSE;
        return kuji_problem(web, KUJI_PROBLEM_TOO_LARGE, NULL);
    }
    /* The filters have answered already, or the client is gone. */
    if (rv == AP_FILTER_ERROR) {
        return AP_FILTER_ERROR;
    }
    return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                        "the body could not be read");
}

const char *kuji_query_get(kuji_web_t *web, const char *name)
{
    const kuji_form_t *form;

    if (!web->args) {
        return NULL;
    }
    if (kuji_form_parse(&form, web->args, strlen(web->args), web->r->pool)) {
        return NULL;
    }
    return kuji_form_get(form, name);
}

int64_t kuji_query_int(kuji_web_t *web, const char *name, int64_t fallback)
{
    const char *text = kuji_query_get(web, name);
    apr_int64_t value;
    apr_size_t len;

    if (!text) {
        return fallback;
    }
    len = strlen(text);
    if (!len || len > 16 || strspn(text, "0123456789") != len) {
        return -1;
    }
    value = apr_atoi64(text);
    return value <= KUJI_INT_MAX ? value : -1;
}

const char *kuji_cookie_get(kuji_web_t *web, const char *name)
{
    const char *header = apr_table_get(web->r->headers_in, "Cookie");
    const char *value;

    if (!header || kuji_cookie_find(&value, header, name, web->r->pool)) {
        return NULL;
    }
    return value;
}

int kuji_is_https(const request_rec *r)
{
    return !strcmp(ap_http_scheme(r), "https");
}

const char *kuji_request_language(kuji_web_t *web)
{
    const char *language = kuji_language_named(kuji_query_get(web, "lang"));

    if (!language) {
        language =
            kuji_language_named(kuji_cookie_get(web, KUJI_LANGUAGE_COOKIE));
    }
    return language ? language
                    : kuji_language_preferred(
                          apr_table_get(web->r->headers_in, "Accept-Language"));
}

int kuji_wants_html(const request_rec *r)
{
    const char *accept = apr_table_get(r->headers_in, "Accept");
    const char *html = accept ? strstr(accept, "text/html") : NULL;
    const char *json = accept ? strstr(accept, "json") : NULL;

    return html && (!json || html < json);
}
