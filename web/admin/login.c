/* GET and POST /admin/login, POST /admin/logout, GET /admin.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"

#include "store/admin_session.h"
#include "web/admin/check.h"

#include <apr_strings.h>

#define NEXT_MAX 1024

/* Where to go after the log-in: a page of the console, written plainly, so that
 * no browser can read another host into it. NULL: anything else. */
static const char *own_page(const char *next)
{
    apr_size_t len = next ? strlen(next) : 0, at;

    if (len < 6 || len > NEXT_MAX || strncmp(next, "/admin", 6) ||
        (next[6] && next[6] != '/' && next[6] != '?')) {
        return NULL;
    }
    at = strspn(next, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                      "0123456789-._~/?=&%+,");
    if (next[at] || strstr(next, "//") || strstr(next, "..")) {
        return NULL;
    }
    return next;
}

static int show(kuji_console_page_t *page, int status, const char *next)
{
    kuji_console_field(page, "login", NULL);
    kuji_console_password(page, "password");
    json_object_set_new(page->data, "next", json_string(next ? next : ""));
    return kuji_console_send(page, status, "login");
}

int kuji_console_login_page(kuji_web_t *web)
{
    const char *next = own_page(kuji_query_get(web, "next"));
    kuji_console_page_t page;
    apr_status_t rv = kuji_console_session(web);
    int done;

    if (rv == APR_SUCCESS) {
        return kuji_redirect(web, next ? next : "/admin");
    }
    if (rv != KUJI_ENOTFOUND) {
        return kuji_failure(web, rv, "looking for the admin's session");
    }
    done = kuji_console_open(&page, web, NULL);
    return done == DECLINED ? show(&page, HTTP_OK, next) : done;
}

/* Wrong, or too often: which of the two names or words it was is not said. */
static int refuse(kuji_console_page_t *page, const kuji_check_t *check)
{
    const char *next = own_page(kuji_console_get(page, "next"));
    int64_t minutes = (check->wait_ms + 59999) / 60000;
    json_t *data;

    if (!check->wait_ms) {
        kuji_console_refuse(page, "admin.login.wrong", NULL);
        return show(page, HTTP_UNAUTHORIZED, next);
    }
    data = json_pack("{s:I}", "minutes", (json_int_t)minutes);
    kuji_console_refuse(page, "admin.login.wait", data);
    json_decref(data);
    apr_table_setn(page->web->r->err_headers_out, "Retry-After",
                   apr_psprintf(page->pool, "%" APR_INT64_T_FMT,
                                (apr_int64_t)(check->wait_ms + 999) / 1000));
    return show(page, HTTP_TOO_MANY_REQUESTS, next);
}

static int enter(kuji_console_page_t *page, const kuji_check_t *check)
{
    kuji_web_t *web = page->web;
    const char *next = own_page(kuji_console_get(page, "next"));
    kuji_admin_entry_t entry = {check->admin, kuji_console_cookie_digest(web),
                                &check->digests};
    char token[KUJI_ADMIN_TOKEN_LEN + 1];
    kuji_act_t act = kuji_console_act(web);
    apr_status_t rv;

    act.actor = check->admin->id;
    rv = kuji_admin_session_start(token, &act, &entry, page->pool);
    if (rv == KUJI_ENOTFOUND) {
        return refuse(page, check);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(page, rv, "beginning a session");
    }
    json_decref(page->data);
    kuji_console_cookie(web, token);
    return kuji_redirect(web, next ? next : "/admin");
}

int kuji_console_login(kuji_web_t *web)
{
    kuji_check_t check = {.name = NULL};
    kuji_console_page_t page;
    apr_status_t rv;
    int done = kuji_console_open(&page, web, NULL);

    if (done != DECLINED || (done = kuji_console_form(&page)) != DECLINED) {
        return done;
    }
    check.name = kuji_console_get(&page, "login");
    check.password = kuji_console_get(&page, "password");
    if (!check.name || !check.password) {
        kuji_console_refuse(&page, "admin.login.empty", NULL);
        return show(&page, HTTP_UNPROCESSABLE_ENTITY,
                    own_page(kuji_console_get(&page, "next")));
    }
    rv = kuji_console_check(&check, web);
    if (rv == APR_SUCCESS) {
        return enter(&page, &check);
    }
    return rv == KUJI_ENOTFOUND
               ? refuse(&page, &check)
               : kuji_console_failure(&page, rv, "checking a password");
}

/* With `everywhere` on all of the admin's devices. Whoever is authenticated by
 * httpd has no session here. */
int kuji_console_logout(kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    kuji_console_page_t page;
    apr_status_t rv = APR_SUCCESS;
    int64_t count;
    int done = kuji_console_open(&page, web, NULL);

    if (done != DECLINED || (done = kuji_console_form(&page)) != DECLINED) {
        return done;
    }
    if (kuji_console_get(&page, "everywhere")) {
        rv = kuji_admin_session_end_all(&count, &act, web->admin->id, NULL,
                                        page.pool);
    }
    else if (web->admin_session) {
        rv = kuji_admin_session_end(&act, web->admin_session, page.pool);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&page, rv, "ending a session");
    }
    json_decref(page.data);
    kuji_console_cookie(web, NULL);
    return kuji_console_done(web, "/admin/login", "logged_out", NULL);
}

/* To the first page that this admin may open. */
int kuji_console_home(kuji_web_t *web)
{
    static const char *const pages[] = {"/admin/campaigns", "/admin/account"};
    unsigned i = kuji_route_roles(pages[0]) & web->admin->role_bit ? 0 : 1;

    return kuji_redirect(web, pages[i]);
}
