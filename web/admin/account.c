/* /admin/account: one's own password and sessions.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"

#include "store/account.h"
#include "web/admin/check.h"
#include "web/admin/choose.h"

static int show(kuji_console_page_t *page, int status)
{
    const kuji_account_t *account;
    kuji_act_t act = kuji_console_act(page->web);
    apr_status_t rv =
        kuji_account_get(&account, &act, page->web->admin->id, page->pool);

    if (rv != APR_SUCCESS) {
        return kuji_console_failure(page, rv, "reading an account");
    }
    json_object_set_new(page->data, "sessions",
                        json_integer((json_int_t)account->sessions));
    return kuji_console_send(page, status, "account");
}

int kuji_console_account(kuji_web_t *web)
{
    kuji_console_page_t page;
    int done = kuji_console_open(&page, web, NULL);

    if (done != DECLINED) {
        return done;
    }
    kuji_console_password(&page, "password");
    kuji_console_choose(&page);
    return show(&page, HTTP_OK);
}

/* The password as it is, so that who finds a screen unlocked cannot take the
 * account. Tries count as on the log-in page. */
static apr_status_t confirm(kuji_console_page_t *page)
{
    kuji_check_t check = {.name = page->web->admin->login,
                          .password = kuji_console_get(page, "password")};
    kuji_act_t act = kuji_console_act(page->web);
    apr_status_t rv = KUJI_ENOTFOUND;

    if (check.password) {
        rv = kuji_console_check(&check, page->web);
    }
    if (rv == KUJI_ENOTFOUND) {
        kuji_console_error(
            page, "password",
            check.wait_ms ? "admin.account.wait" : "admin.account.wrong", NULL);
        return APR_SUCCESS;
    }
    return rv ? rv
              : kuji_login_succeeded(&act, &check.digests, page->web->admin->id,
                                     page->pool);
}

int kuji_console_account_password(kuji_web_t *web)
{
    char hash[KUJI_HASH_MAX];
    kuji_act_t act = kuji_console_act(web);
    kuji_console_page_t page;
    const char *password;
    apr_status_t rv;
    int done = kuji_console_open(&page, web, NULL);

    if (done != DECLINED || (done = kuji_console_form(&page)) != DECLINED) {
        return done;
    }
    kuji_console_password(&page, "password");
    kuji_console_choose(&page);
    password = kuji_console_chosen(&page, web->admin->login);
    rv = page.errors ? APR_SUCCESS : confirm(&page);
    if (rv == APR_SUCCESS && page.errors) {
        return show(&page, HTTP_UNPROCESSABLE_ENTITY);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_console_encode(hash, web, password);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_account_set_password(&act, hash, web->admin_session,
                                       page.pool);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&page, rv, "changing a password");
    }
    json_decref(page.data);
    return kuji_console_done(web, "/admin/account", "password", NULL);
}
