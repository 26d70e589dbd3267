/* Problems (RFC 9457): their names, statuses and the two ways to show them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/render.h"
#include "web/request.h"
#include "web/response.h"
#include "web/stats.h"

#include <apr_strings.h>
#include <http_log.h>
#include <http_protocol.h>

APLOG_USE_MODULE(kuji);

const kuji_problem_t kuji_problems[KUJI_PROBLEM_LAST] = {
    [KUJI_PROBLEM_NOT_FOUND] = {"not-found", "Not found", 404, 0},
    [KUJI_PROBLEM_NOT_OPEN] = {"not-open", "Not open", 409, 0},
    [KUJI_PROBLEM_CLOSED] = {"closed", "Closed", 409, 0},
    [KUJI_PROBLEM_SOLD_OUT] = {"sold-out", "Sold out", 409, 0},
    [KUJI_PROBLEM_LIMIT_REACHED] = {"limit-reached", "Limit reached", 409, 0},
    [KUJI_PROBLEM_CODE_UNKNOWN] = {"code-unknown", "Unknown code", 422, 0},
    [KUJI_PROBLEM_CODE_USED] = {"code-used", "Code used", 409, 0},
    [KUJI_PROBLEM_CODE_MISTYPED] = {"code-mistyped", "Mistyped code", 422, 0},
    [KUJI_PROBLEM_PASSPHRASE] = {"passphrase-wrong", "Wrong passphrase", 422,
                                 0},
    [KUJI_PROBLEM_EMAIL_NEEDED] = {"email-needed",
                                   "E-mail address not confirmed", 403, 0},
    [KUJI_PROBLEM_LINE_NEEDED] = {"line-needed", "LINE log-in needed", 403, 0},
    [KUJI_PROBLEM_LINK_NEEDED] = {"link-needed", "Link needed", 403, 0},
    [KUJI_PROBLEM_LINK_USED] = {"link-used", "Link used", 409, 0},
    [KUJI_PROBLEM_LINK_EXPIRED] = {"link-expired", "Link expired", 409, 0},
    [KUJI_PROBLEM_PURCHASE_NEEDED] = {"purchase-needed", "Purchase needed", 403,
                                      0},
    [KUJI_PROBLEM_KEY_REUSED] = {"key-reused",
                                 "Idempotency key used for another request",
                                 422, 0},
    [KUJI_PROBLEM_COUNT] = {"count-not-allowed", "Only one draw at a time", 422,
                            0},
    [KUJI_PROBLEM_BAD_REQUEST] = {"bad-request", "Bad request", 400, 0},
    [KUJI_PROBLEM_UNAUTHORISED] = {"unauthorised", "Unauthorised", 401, 0},
    [KUJI_PROBLEM_FORBIDDEN] = {"forbidden", "Forbidden", 403, 0},
    [KUJI_PROBLEM_METHOD] = {"method-not-allowed", "Method not allowed", 405,
                             0},
    [KUJI_PROBLEM_CONFLICT] = {"conflict", "Conflict", 409, 0},
    [KUJI_PROBLEM_PRECONDITION] = {"precondition-failed", "Precondition failed",
                                   412, 0},
    [KUJI_PROBLEM_TOO_LARGE] = {"too-large", "Too large", 413, 0},
    [KUJI_PROBLEM_MEDIA_TYPE] = {"unsupported-media-type",
                                 "Unsupported media type", 415, 0},
    [KUJI_PROBLEM_RATE_LIMITED] = {"rate-limited", "Too many requests", 429,
                                   10},
    [KUJI_PROBLEM_BUSY] = {"busy", "Busy", 503, 1},
    [KUJI_PROBLEM_MAINTENANCE] = {"maintenance", "Maintenance", 503, 300},
    [KUJI_PROBLEM_INTERNAL] = {"internal", "Internal error", 500, 0},
};

static int problem_json(kuji_web_t *web, const kuji_problem_t *p,
                        const char *detail)
{
    json_t *doc = json_pack("{s:o, s:s, s:i, s:s*}", "type",
                            json_sprintf("/problems/%s", p->name), "title",
                            p->title, "status", p->status, "detail", detail);
    char *text = doc ? json_dumps(doc, JSON_COMPACT) : NULL;
    const char *copy = apr_pstrdup(web->r->pool, text ? text : "{}");

    free(text);
    json_decref(doc);
    return kuji_send(web, p->status, "application/problem+json",
                     KUJI_CACHE_NO_STORE, copy, strlen(copy));
}

int kuji_problem(kuji_web_t *web, kuji_problem_e problem, const char *detail)
{
    const kuji_problem_t *p = &kuji_problems[problem];
    request_rec *r = web->r;

    if (web->process && web->process->stats) {
        kuji_stats_problem(web->process->stats, problem);
    }
    if (p->retry_after) {
        apr_table_setn(r->err_headers_out, "Retry-After",
                       apr_itoa(r->pool, web->retry_after ? web->retry_after
                                                          : p->retry_after));
    }
    if (problem == KUJI_PROBLEM_UNAUTHORISED) {
        apr_table_setn(r->err_headers_out, "WWW-Authenticate",
                       web->is_admin ? "Kuji realm=\"admin\""
                                     : "Bearer realm=\"kuji\"");
    }
    if (!web->is_api && web->process && web->process->render &&
        kuji_wants_html(r)) {
        return kuji_render_problem(web, p);
    }
    return problem_json(web, p, detail);
}

static kuji_problem_e problem_of(apr_status_t rv)
{
    switch (rv) {
    case KUJI_ENOTFOUND:
        return KUJI_PROBLEM_NOT_FOUND;
    case KUJI_EINVAL:
        return KUJI_PROBLEM_BAD_REQUEST;
    case KUJI_ETOOBIG:
        return KUJI_PROBLEM_TOO_LARGE;
    case KUJI_ECONFLICT:
    case KUJI_ESTATE:
        return KUJI_PROBLEM_CONFLICT;
    case KUJI_EBUSY:
    case KUJI_EUNKNOWN:
        return KUJI_PROBLEM_BUSY;
    default:
        return KUJI_PROBLEM_INTERNAL;
    }
}

int kuji_failure(kuji_web_t *web, apr_status_t rv, const char *what)
{
    kuji_problem_e problem = problem_of(rv);
    char buf[200];

    if (problem == KUJI_PROBLEM_INTERNAL || rv == KUJI_EUNKNOWN) {
        ap_log_rerror(APLOG_MARK,
                      rv == KUJI_EUNKNOWN ? APLOG_WARNING : APLOG_ERR, 0,
                      web->r, "KJ0301: %s: %s", what,
                      kuji_strerror(rv, buf, sizeof(buf)));
    }
    return kuji_problem(web, problem, NULL);
}
