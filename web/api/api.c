/* What the handlers of /api/v1 share.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/api/api.h"
#include "web/request.h"

#include <apr_strings.h>
#include <stdarg.h>

void kuji_api_act(kuji_act_t *act, kuji_web_t *web)
{
    act->pg = web->process->pg;
    act->keys = web->process->keys;
    act->tenant = web->tenant->id;
    act->address = web->r->useragent_ip;
    act->actor =
        apr_psprintf(web->r->pool, "token-%" APR_INT64_T_FMT, web->token->id);
}

int kuji_api_unpack(kuji_web_t *web, const char *format, ...)
{
    json_error_t error;
    const char *why;
    json_t *doc;
    va_list args;
    apr_status_t rv = kuji_body_json(&doc, &why, web, KUJI_JSON_MAX);
    int failed;

    if (rv) {
        return kuji_body_problem(web, rv, why);
    }
    va_start(args, format);
    failed = json_vunpack_ex(doc, &error, JSON_STRICT, format, args);
    va_end(args);
    if (failed) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                            apr_pstrdup(web->r->pool, error.text));
    }
    return DECLINED;
}

int kuji_api_failure(kuji_web_t *web, apr_status_t rv, const char *why,
                     const char *what)
{
    if (!why) {
        return kuji_failure(web, rv, what);
    }
    switch (rv) {
    case KUJI_EINVAL:
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST, why);
    case KUJI_ETOOBIG:
        return kuji_problem(web, KUJI_PROBLEM_TOO_LARGE, why);
    case KUJI_ENOTFOUND:
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, why);
    case KUJI_ESTATE:
    case KUJI_ECONFLICT:
        return kuji_problem(web, KUJI_PROBLEM_CONFLICT, why);
    default: /* why is for the log: it names what does not verify */
        return kuji_failure(web, rv,
                            apr_pstrcat(web->r->pool, what, ": ", why, NULL));
    }
}
