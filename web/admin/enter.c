/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/enter.h"

#include "store/admin_session.h"
#include "web/request.h"
#include "web/response.h"

#include <apr_strings.h>
#include <http_core.h>

static const char *cookie_name(const kuji_web_t *web)
{
    return kuji_is_https(web->r) ? "__Host-kuji-admin" : "kuji-admin";
}

void kuji_console_cookie(kuji_web_t *web, const char *token)
{
    /* By hand: ap_cookie_write puts the value into the debug log. It lives as
     * long as the browser; the row in the database ends earlier. */
    apr_table_addn(web->r->err_headers_out, "Set-Cookie",
                   apr_pstrcat(web->r->pool, cookie_name(web), "=",
                               token ? token : "", token ? "" : "; Max-Age=0",
                               "; Path=/; HttpOnly; SameSite=Lax",
                               kuji_is_https(web->r) ? "; Secure" : "", NULL));
}

const unsigned char *kuji_console_cookie_digest(kuji_web_t *web)
{
    const char *token = kuji_cookie_get(web, cookie_name(web));
    unsigned char *digest = apr_palloc(web->r->pool, 32);

    return token && !kuji_admin_token_digest(digest, token) ? digest : NULL;
}

static kuji_act_t act_of(const kuji_web_t *web)
{
    kuji_act_t act = {.pg = web->process->pg, .tenant = web->tenant->id};

    return act;
}

apr_status_t kuji_console_session(kuji_web_t *web)
{
    const unsigned char *digest = kuji_console_cookie_digest(web);
    kuji_act_t act = act_of(web);
    apr_status_t rv;

    if (!digest) {
        return KUJI_ENOTFOUND;
    }
    rv = kuji_admin_session_find(&web->admin, &act, digest, web->r->pool);
    if (rv == APR_SUCCESS) {
        web->admin_session = digest;
    }
    return rv;
}

apr_status_t kuji_console_user(kuji_web_t *web)
{
    kuji_act_t act = act_of(web);

    if (!web->r->user) {
        return KUJI_ENOTFOUND;
    }
    return kuji_admin_by_login(&web->admin, &act, web->r->user, web->r->pool);
}

static int to_login(kuji_web_t *web)
{
    const char *next =
        web->args ? apr_pstrcat(web->r->pool, web->path, "?", web->args, NULL)
                  : web->path;

    return kuji_redirect(
        web, apr_pstrcat(web->r->pool, "/admin/login?next=",
                         ap_escape_urlencoded(web->r->pool, next), NULL));
}

int kuji_console_stranger(kuji_web_t *web)
{
    if (web->r->user) {
        return kuji_problem(web, KUJI_PROBLEM_FORBIDDEN,
                            "this user is no admin");
    }
    if (web->r->method_number == M_GET && kuji_wants_html(web->r)) {
        return to_login(web);
    }
    return kuji_problem(web, KUJI_PROBLEM_UNAUTHORISED, "log in first");
}

int kuji_console_enter(kuji_web_t *web, unsigned roles)
{
    apr_status_t rv = APR_SUCCESS;

    /* AuthType Kuji has looked already. */
    if (!web->admin) {
        rv = kuji_console_user(web);
    }
    if (rv == KUJI_ENOTFOUND) {
        rv = kuji_console_session(web);
    }
    if (rv == KUJI_ENOTFOUND) {
        return kuji_console_stranger(web);
    }
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "looking for the admin's session");
    }
    /* For %u in the access log. */
    web->r->user = apr_pstrdup(web->r->pool, web->admin->login);
    if (!(web->admin->role_bit & roles)) {
        return kuji_problem(web, KUJI_PROBLEM_FORBIDDEN,
                            "not with this account's role");
    }
    return DECLINED;
}
