/* What goes back: bytes with their headers, redirects, problems. The one place
 * that turns an apr_status_t into HTTP.
 *
 * Each function writes the whole answer and returns what the handler returns.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_RESPONSE_H
#define KUJI_WEB_RESPONSE_H

#include "web/web.h"

typedef enum kuji_problem_e {
    KUJI_PROBLEM_NOT_FOUND,
    KUJI_PROBLEM_NOT_OPEN,
    KUJI_PROBLEM_CLOSED,
    KUJI_PROBLEM_SOLD_OUT,
    KUJI_PROBLEM_LIMIT_REACHED,
    KUJI_PROBLEM_CODE_UNKNOWN,
    KUJI_PROBLEM_CODE_USED,
    KUJI_PROBLEM_CODE_MISTYPED,
    KUJI_PROBLEM_PASSPHRASE,
    KUJI_PROBLEM_EMAIL_NEEDED,
    KUJI_PROBLEM_LINE_NEEDED,
    KUJI_PROBLEM_LINK_NEEDED,
    KUJI_PROBLEM_LINK_USED,
    KUJI_PROBLEM_LINK_EXPIRED,
    KUJI_PROBLEM_PURCHASE_NEEDED,
    KUJI_PROBLEM_KEY_REUSED,
    KUJI_PROBLEM_COUNT,
    KUJI_PROBLEM_BAD_REQUEST,
    KUJI_PROBLEM_UNAUTHORISED,
    KUJI_PROBLEM_FORBIDDEN,
    KUJI_PROBLEM_METHOD,
    KUJI_PROBLEM_CONFLICT,
    KUJI_PROBLEM_PRECONDITION,
    KUJI_PROBLEM_TOO_LARGE,
    KUJI_PROBLEM_MEDIA_TYPE,
    KUJI_PROBLEM_RATE_LIMITED,
    KUJI_PROBLEM_BUSY,
    KUJI_PROBLEM_MAINTENANCE,
    KUJI_PROBLEM_INTERNAL,
    KUJI_PROBLEM_LAST
} kuji_problem_e;

typedef struct kuji_problem_t {
    const char *name; /* "not-found": type is /problems/not-found */
    const char *title;
    int status;
    int retry_after; /* seconds, 0: no such header */
} kuji_problem_t;

extern const kuji_problem_t kuji_problems[KUJI_PROBLEM_LAST];

typedef enum kuji_caching_e {
    KUJI_CACHE_NO_STORE, /* results, personal data, problems */
    KUJI_CACHE_PRIVATE,  /* private, no-cache: pages with a participant's key */
    KUJI_CACHE_SHORT,    /* public, 1 s: counts and checkpoints */
    KUJI_CACHE_LONG,     /* public, 5 min: rules, manifest */
    KUJI_CACHE_FOREVER   /* public, a year: assets, named by their content */
} kuji_caching_e;

/** problem+json for programs, a page of web/render for people. detail: one
 * English sentence without personal data, or NULL. */
int kuji_problem(kuji_web_t *web, kuji_problem_e problem, const char *detail);

/** A status from below: not found, busy, unknown, conflict … or an internal
 * error, logged here, once. what: "reading the campaign". */
int kuji_failure(kuji_web_t *web, apr_status_t rv, const char *what);

/** bytes (in r->pool or static) with Content-Length. HEAD sends none of them.
 */
int kuji_send(kuji_web_t *web, int status, const char *content_type,
              kuji_caching_e caching, const char *bytes, apr_size_t len);
/** The same with the page's CSP. */
int kuji_send_html(kuji_web_t *web, int status, kuji_caching_e caching,
                   const char *html, apr_size_t len);
/** doc is released. */
int kuji_send_json(kuji_web_t *web, int status, kuji_caching_e caching,
                   json_t *doc);

/** Sets ETag (and Last-Modified if mtime > 0, microseconds). Zero: go
 * on; otherwise what the handler returns at once (304; or DONE, 412 being
 * sent). Call before sending; etag with its quotes. */
int kuji_is_fresh(kuji_web_t *web, const char *etag, apr_time_t mtime);

/** 303 to a path below the mount, which begins with a slash. */
int kuji_redirect(kuji_web_t *web, const char *path);
/** 303 to an address of somebody else's (kuji_config_is_link). */
int kuji_redirect_away(kuji_web_t *web, const char *url);

/* Policies for web->policy, set just before sending. */
/** An image: whatever a browser takes it for, it does nothing. */
#define KUJI_POLICY_INERT "sandbox; default-src 'none'; frame-ancestors 'none'"
/** A page that shows another page of ours in a frame, and that page. */
#define KUJI_POLICY_FRAMING                                                    \
    KUJI_POLICY_PAGE "; frame-src 'self'; frame-ancestors 'none'"
#define KUJI_POLICY_FRAMED KUJI_POLICY_PAGE "; frame-ancestors 'self'"
/** Scripts, for those that run as workers. */
#define KUJI_POLICY_SCRIPT                                                     \
    "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
/** LIFF's page: the SDK calls LINE's servers, and inside the LINE app it loads
 * the app's own extensions from LINE's. */
#define KUJI_POLICY_LIFF                                                       \
    "default-src 'none'; style-src 'self'; img-src 'self' data:; "             \
    "font-src 'self'; form-action 'self'; base-uri 'none'; "                   \
    "script-src 'self' https://static.line-scdn.net; "                         \
    "connect-src 'self' https://api.line.me https://access.line.me "           \
    "https://liffsdk.line-scdn.net; frame-ancestors 'none'"
/** What every page has. */
#define KUJI_POLICY_PAGE                                                       \
    "default-src 'none'; style-src 'self'; script-src 'self'; "                \
    "img-src 'self' data:; font-src 'self'; connect-src 'self'; "              \
    "manifest-src 'self'; form-action 'self'; base-uri 'none'"

/** Lets the page's forms lead on to `where` ("https:", an origin) as well:
 * browsers hold the policy against every redirect of their answers. After
 * web->policy was set, if it is. */
void kuji_policy_form(kuji_web_t *web, const char *where);

/** nosniff, Referrer-Policy, frame rules; html adds the CSP. For those who
 * write to the brigade themselves (streams). */
void kuji_headers(kuji_web_t *web, int html);
void kuji_headers_caching(kuji_web_t *web, kuji_caching_e caching);

#endif
