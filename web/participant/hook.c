/* POST /hooks/line: what LINE tells of a tenant's account, signed by its
 * channel's secret. Nothing is asked of LINE while it waits for the answer.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/paysign.h"
#include "store/line.h"
#include "store/line_hook.h"
#include "web/letter.h"
#include "web/participant/page.h"
#include "web/request.h"

#include <apr_strings.h>
#include <http_log.h>
#include <string.h>

APLOG_USE_MODULE(kuji);

/** A hundred texts of the longest, and what is around them. */
#define BODY_MAX (2 * 1024 * 1024)
/** Base64 of a SHA-256. */
#define SIGNATURE_LEN 44

static void tell(kuji_web_t *web, const char *what)
{
    ap_log_rerror(APLOG_MARK, APLOG_WARNING, 0, web->r, "KJ0602: %s: %s",
                  web->tenant->name, what);
}

/* Whoever it was learns nothing; what they sent is not repeated, nor does the
 * log grow with it. */
static int refuse(kuji_web_t *web)
{
    const char *what = "a webhook of LINE's is not signed by the channel";
    int64_t passed;

    if (kuji_damp_tells(&passed, web->process->unsigned_hooks, web->tenant->id,
                        apr_time_sec(web->r->request_time))) {
        tell(web, passed == 0 ? what
                              : apr_psprintf(web->r->pool,
                                             "%s, nor were %" APR_INT64_T_FMT
                                             " since the last such line",
                                             what, (apr_int64_t)passed));
    }
    return kuji_problem(web, KUJI_PROBLEM_FORBIDDEN, NULL);
}

/* The last ones of many are told of when LINE itself comes. */
static void tell_refused(kuji_web_t *web)
{
    int64_t passed =
        kuji_damp_left(web->process->unsigned_hooks, web->tenant->id,
                       apr_time_sec(web->r->request_time));

    if (passed) {
        tell(web, apr_psprintf(web->r->pool,
                               "%" APR_INT64_T_FMT
                               " webhooks of LINE's were not signed by the "
                               "channel since the last such line",
                               (apr_int64_t)passed));
    }
}

static int carry_out(kuji_web_t *web, const kuji_act_t *act,
                     const kuji_line_config_t *config, const char *body,
                     apr_size_t len)
{
    kuji_line_hook_t hook = {.keyword = config->keyword,
                             .campaign = config->keyword_campaign,
                             .base = kuji_letter_base(web)};
    int done;
    apr_status_t rv =
        kuji_line_hook_read(&hook.events, &hook.count, body, len, web->r->pool);

    if (rv != APR_SUCCESS) {
        return kuji_body_problem(web, rv, "no list of events");
    }
    rv = kuji_line_hook(&done, &hook, act, web->r->pool);
    return rv == APR_SUCCESS
               ? kuji_send(web, HTTP_OK, "text/plain", KUJI_CACHE_NO_STORE, "",
                           0)
               : kuji_failure(web, rv, "carrying out LINE's events");
}

int kuji_hook_line(kuji_web_t *web)
{
    const char *signature =
        apr_table_get(web->r->headers_in, "X-Line-Signature");
    kuji_line_settings_t settings;
    const char *body;
    apr_size_t len;
    kuji_act_t act;
    apr_status_t rv;

    /* What cannot be right costs no look at the database. */
    if (!signature || strlen(signature) != SIGNATURE_LEN) {
        return refuse(web);
    }
    rv = kuji_body_read(&body, &len, web, BODY_MAX);
    if (rv != APR_SUCCESS) {
        return kuji_body_problem(web, rv, NULL);
    }
    kuji_page_act(&act, web);
    rv = kuji_line_settings(&settings, &act, 1, web->r->pool);
    if (rv != APR_SUCCESS && rv != KUJI_ENOTFOUND) {
        return kuji_failure(web, rv, "reading LINE's settings");
    }
    if (!settings.config.bot_secret || !*settings.config.bot_secret ||
        kuji_webhook_verify(settings.config.bot_secret, body, len, signature)) {
        return refuse(web);
    }
    tell_refused(web);
    return carry_out(web, &act, &settings.config, body, len);
}
