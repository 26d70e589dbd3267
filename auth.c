/* SPDX-License-Identifier: Apache-2.0 */
#include "auth.h"

#include "front.h"
#include "web/admin/check.h"
#include "web/admin/enter.h"
#include "web/guard.h"
#include "web/request.h"
#include "web/route.h"

#include <ap_provider.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <http_protocol.h>
#include <http_request.h>
#include <mod_auth.h>

APLOG_USE_MODULE(kuji);

#define AUTH_TYPE "Kuji"
/* Notes of a request: how long to wait, s; and that its user is being asked
 * about. */
#define NOTE_WAIT "kuji-wait"
#define NOTE_ASKED "kuji-asked"

/* The request with its tenant. KUJI_ENOTFOUND: its host has none. */
static apr_status_t look(kuji_web_t **web, request_rec *r)
{
    *web = kuji_front_web(r);
    if (!(*web)->process) {
        return KUJI_EBUSY;
    }
    return (*web)->tenant ? APR_SUCCESS : kuji_guard_tenant(*web);
}

static void log_failure(request_rec *r, apr_status_t rv, const char *what)
{
    char buf[200];

    ap_log_rerror(APLOG_MARK, APLOG_ERR, 0, r, "KJ0503: %s: %s", what,
                  kuji_strerror(rv, buf, sizeof(buf)));
}

static int is_type(const char *type)
{
    return type && !ap_cstr_casecmp(type, AUTH_TYPE);
}

/* AuthType Kuji: the user is whose session the cookie names. On our own pages
 * nobody is told so in our own words. */
static int check_session(request_rec *r)
{
    kuji_web_t *web;
    apr_status_t rv;

    if (!is_type(ap_auth_type(r))) {
        return DECLINED;
    }
    rv = look(&web, r);
    if (rv == APR_SUCCESS) {
        rv = kuji_console_session(web);
    }
    if (rv == APR_SUCCESS) {
        r->user = apr_pstrdup(r->pool, web->admin->login);
        r->ap_auth_type = (char *)AUTH_TYPE;
        return OK;
    }
    if (rv != KUJI_ENOTFOUND) {
        log_failure(r, rv, "looking for a session");
        return HTTP_SERVICE_UNAVAILABLE;
    }
    if (kuji_front_is_ours(r) && web->tenant && web->is_admin) {
        (void)kuji_console_stranger(web);
        return DONE;
    }
    ap_note_auth_failure(r);
    return HTTP_UNAUTHORIZED;
}

static int note_failure(request_rec *r, const char *type)
{
    if (!is_type(type)) {
        return DECLINED;
    }
    apr_table_setn(r->err_headers_out, "WWW-Authenticate",
                   AUTH_TYPE " realm=\"admin\"");
    return OK;
}

/* AuthBasicProvider kuji, AuthFormProvider kuji. */
static authn_status check_password(request_rec *r, const char *user,
                                   const char *password)
{
    kuji_check_t check = {.name = user, .password = password};
    kuji_web_t *web;
    apr_status_t rv = look(&web, r);

    if (rv == APR_SUCCESS) {
        rv = kuji_console_check_again(&check, web);
    }
    if (rv == APR_SUCCESS) {
        web->admin = check.admin;
        return AUTH_GRANTED;
    }
    if (rv == KUJI_ENOTFOUND) {
        if (check.wait_ms > 0) {
            apr_table_setn(r->notes, NOTE_WAIT,
                           apr_psprintf(r->pool, "%" APR_INT64_T_FMT,
                                        (check.wait_ms + 999) / 1000));
        }
        return AUTH_DENIED;
    }
    log_failure(r, rv, "checking a password");
    return AUTH_GENERAL_ERROR;
}

/* AuthType Basic: a provider can say "wrong" and no more, so what it meant is
 * told here, around the module that asked it. */
static int check_basic(request_rec *r)
{
    const char *type = ap_auth_type(r), *wait;
    int status;

    if (!type || ap_cstr_casecmp(type, "Basic") ||
        apr_table_get(r->notes, NOTE_ASKED)) {
        return DECLINED;
    }
    apr_table_setn(r->notes, NOTE_ASKED, "1");
    status = ap_run_check_user_id(r);
    apr_table_unset(r->notes, NOTE_ASKED);
    wait = apr_table_get(r->notes, NOTE_WAIT);
    if (status != HTTP_UNAUTHORIZED || !wait) {
        return status;
    }
    apr_table_unset(r->err_headers_out, "WWW-Authenticate");
    apr_table_setn(r->err_headers_out, "Retry-After", wait);
    return HTTP_TOO_MANY_REQUESTS;
}

static const authn_provider authn = {check_password, NULL};

/* Require kuji-role NAME…: its roles as bits. */
static const char *parse_roles(cmd_parms *cmd, const char *line,
                               const void **parsed)
{
    unsigned *roles = apr_pcalloc(cmd->pool, sizeof(*roles)), bit;
    const char *word;

    while (*(word = ap_getword_conf(cmd->pool, &line))) {
        if (!(bit = kuji_role_bit(word))) {
            return apr_psprintf(cmd->pool,
                                "Require kuji-role: %s is no role; they are "
                                "owner, editor, staff and viewer",
                                word);
        }
        *roles |= bit;
    }
    *parsed = roles;
    return *roles ? NULL : "Require kuji-role: which role?";
}

/* The role is read anew for each request, so what the owner changes holds from
 * the next one on. */
static authz_status check_role(request_rec *r, const char *line,
                               const void *parsed)
{
    const unsigned *roles = parsed;
    kuji_web_t *web;
    apr_status_t rv = look(&web, r);

    if (rv == APR_SUCCESS && kuji_front_is_ours(r) && kuji_route_is_door(web)) {
        return AUTHZ_GRANTED;
    }
    if (rv == APR_SUCCESS && !r->user) {
        return AUTHZ_DENIED_NO_USER;
    }
    if (rv == APR_SUCCESS && !web->admin) {
        rv = kuji_console_user(web);
    }
    if (rv == APR_SUCCESS) {
        return web->admin->role_bit & *roles ? AUTHZ_GRANTED : AUTHZ_DENIED;
    }
    if (rv == KUJI_ENOTFOUND) {
        return AUTHZ_DENIED;
    }
    log_failure(r, rv, "looking for an admin's role");
    return AUTHZ_GENERAL_ERROR;
}

static const authz_provider authz = {check_role, parse_roles};

void kuji_auth_register(apr_pool_t *p)
{
    ap_register_auth_provider(p, AUTHN_PROVIDER_GROUP, "kuji",
                              AUTHN_PROVIDER_VERSION, &authn,
                              AP_AUTH_INTERNAL_PER_CONF);
    ap_register_auth_provider(p, AUTHZ_PROVIDER_GROUP, "kuji-role",
                              AUTHZ_PROVIDER_VERSION, &authz,
                              AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_check_authn(check_basic, NULL, NULL, APR_HOOK_FIRST,
                        AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_check_authn(check_session, NULL, NULL, APR_HOOK_MIDDLE,
                        AP_AUTH_INTERNAL_PER_CONF);
    ap_hook_note_auth_failure(note_failure, NULL, NULL, APR_HOOK_MIDDLE);
}
