/* What the client sent: body, form, query, cookies, language.
 *
 * Failures are told as apr_status_t: KUJI_ETOOBIG, KUJI_EINVAL, or what the
 * connection's filters said; kuji_body_problem() turns them into an answer.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_REQUEST_H
#define KUJI_WEB_REQUEST_H

#include "web/form.h"
#include "web/web.h"

/** Largest form and JSON body that handlers take unless they say otherwise. */
#define KUJI_FORM_MAX (16 * 1024)
/** An admin's, who is known by then: the texts of a campaign, pasted lists. */
#define KUJI_CONSOLE_FORM_MAX (2 * 1024 * 1024)
#define KUJI_JSON_MAX (256 * 1024)

/** The whole body, zero-terminated, in r->pool. KUJI_ETOOBIG over max. */
apr_status_t kuji_body_read(const char **body, apr_size_t *len, kuji_web_t *web,
                            apr_size_t max);

/** Told of each piece; a status other than APR_SUCCESS ends the reading. */
typedef apr_status_t kuji_body_fn(void *baton, const char *bytes,
                                  apr_size_t len);
/** The whole body as it comes, in constant memory. KUJI_ETOOBIG over max (some
 * of it may have been told); fn's status. */
apr_status_t kuji_body_each(kuji_web_t *web, apr_size_t max, kuji_body_fn *fn,
                            void *baton);

/** Whether Content-Type is `type`, whatever its parameters. */
int kuji_has_content_type(const request_rec *r, const char *type);

/** Body as a form. KUJI_EINVAL: another Content-Type, bad escapes, NUL or
 * invalid UTF-8. */
apr_status_t kuji_body_form(const kuji_form_t **form, kuji_web_t *web);

/** Body as one JSON object (freed with r->pool), duplicates rejected.
 * KUJI_EINVAL: another Content-Type, no JSON, no object. *why in r->pool. */
apr_status_t kuji_body_json(json_t **doc, const char **why, kuji_web_t *web,
                            apr_size_t max);

/** Answers a failure of one of the above. */
int kuji_body_problem(kuji_web_t *web, apr_status_t rv, const char *why);

/** The query string's parameter, decoded, or NULL (also where the query is
 * malformed). */
const char *kuji_query_get(kuji_web_t *web, const char *name);
/** As an integer 0 .. KUJI_INT_MAX; fallback if absent, -1 if malformed. */
int64_t kuji_query_int(kuji_web_t *web, const char *name, int64_t fallback);

/** The one cookie of that name, or NULL (absent, or twice with different
 * values). */
const char *kuji_cookie_get(kuji_web_t *web, const char *name);

/** Whether the client came by HTTPS, a proxy's included (ServerName
 * https://…). */
int kuji_is_https(const request_rec *r);

/** "ja" or "en". */
const char *kuji_request_language(kuji_web_t *web);

/** Whether Accept prefers HTML (browsers) to JSON. */
int kuji_wants_html(const request_rec *r);

#endif
