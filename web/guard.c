/* Checks before a handler runs.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/guard.h"
#include "store/token.h"
#include "web/response.h"

#include <apr_strings.h>
#include <http_core.h>
#include <sodium.h>

#define TOKEN_PREFIX "kuji_"
#define TOKEN_LEN (5 + 43)

/* "https://host:443" and "host" both become "host". */
static const char *bare_host(const char *text, apr_size_t *len)
{
    const char *scheme = strstr(text, "://");
    const char *host = scheme ? scheme + 3 : text;

    *len = strlen(host);
    if (*len > 4 && !strcmp(host + *len - 4, ":443")) {
        *len -= 4;
    }
    else if (*len > 3 && !strcmp(host + *len - 3, ":80")) {
        *len -= 3;
    }
    return host;
}

static int same_host(const char *origin, const char *host)
{
    apr_size_t a_len, b_len;
    const char *a = bare_host(origin, &a_len);
    const char *b = bare_host(host, &b_len);

    return a_len == b_len && !strncasecmp(a, b, a_len);
}

int kuji_guard_same_origin(const request_rec *r)
{
    const char *site = apr_table_get(r->headers_in, "Sec-Fetch-Site");
    const char *origin, *host;

    if (site) {
        return !strcmp(site, "same-origin") || !strcmp(site, "none");
    }
    origin = apr_table_get(r->headers_in, "Origin");
    if (!origin) {
        return 1; /* no browser: those send one of the two on every POST */
    }
    host = apr_table_get(r->headers_in, "Host");
    return host && same_host(origin, host);
}

int kuji_guard_token(kuji_web_t *web, unsigned scope)
{
    const char *header = apr_table_get(web->r->headers_in, "Authorization");
    unsigned char digest[32];
    const char *token;
    apr_status_t rv;

    if (!header || strncasecmp(header, "Bearer ", 7)) {
        return kuji_problem(web, KUJI_PROBLEM_UNAUTHORISED,
                            "a bearer token is needed");
    }
    token = header + 7 + strspn(header + 7, " ");
    if (strlen(token) != TOKEN_LEN ||
        strncmp(token, TOKEN_PREFIX, sizeof(TOKEN_PREFIX) - 1)) {
        return kuji_problem(web, KUJI_PROBLEM_UNAUTHORISED, NULL);
    }
    /* Found by its digest: nothing compares the token itself, so time tells
     * nothing about it. */
    kuji_token_digest(digest, token, TOKEN_LEN);
    rv = kuji_cache_token(&web->token, web->process->cache, digest,
                          web->r->pool);
    if (rv == KUJI_ENOTFOUND ||
        (!rv && strcmp(web->token->tenant_id, web->tenant->id))) {
        return kuji_problem(web, KUJI_PROBLEM_UNAUTHORISED, NULL);
    }
    if (rv) {
        return kuji_failure(web, rv, "looking up a token");
    }
    if ((web->token->scopes & scope) != scope) {
        return kuji_problem(web, KUJI_PROBLEM_FORBIDDEN,
                            "the token lacks the scope");
    }
    return DECLINED;
}

static int is_named(const apr_array_header_t *names, const char *host, int wild)
{
    int i;

    for (i = 0; names && i < names->nelts; i++) {
        const char *name = APR_ARRAY_IDX(names, i, const char *);

        if (name && (wild ? !ap_strcasecmp_match(host, name)
                          : !strcasecmp(host, name))) {
            return 1;
        }
    }
    return 0;
}

int kuji_guard_host(const request_rec *r)
{
    const server_rec *s = r->server;

    if (!s->is_virtual) {
        return 1;
    }
    if (!r->hostname) {
        return 0;
    }
    return !strcasecmp(r->hostname, s->server_hostname) ||
           is_named(s->names, r->hostname, 0) ||
           is_named(s->wild_names, r->hostname, 1);
}

apr_status_t kuji_guard_tenant(kuji_web_t *web)
{
    apr_status_t rv = KUJI_ENOTFOUND;

    if (web->site->tenant && kuji_guard_host(web->r)) {
        rv = kuji_cache_tenant(&web->tenant, web->process->cache,
                               web->site->tenant, web->r->pool);
    }
    return !rv && !web->tenant->active ? KUJI_ENOTFOUND : rv;
}
