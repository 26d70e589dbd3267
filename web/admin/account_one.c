/* /admin/accounts/{id}: what an owner does to one account.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/accounts.h"

#include "store/invitation.h"

#include <apr_strings.h>

/* One account: reads it and opens its page. */
static int open_one(kuji_console_page_t *page, const kuji_account_t **account,
                    kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    apr_status_t rv = kuji_account_get(account, &act, web->id, web->r->pool);
    int done;

    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "reading an account");
    }
    done = kuji_console_open(page, web, "accounts");
    if (done != DECLINED || web->r->method_number == M_GET) {
        return done;
    }
    return kuji_console_form(page);
}

static int show_one(kuji_console_page_t *page, int status,
                    const kuji_account_t *account)
{
    kuji_console_select(page, "role", account->role, kuji_console_roles,
                        "admin.role_long");
    if (!json_object_get(json_object_get(page->data, "field"), "name")) {
        kuji_console_field(page, "name", NULL);
    }
    json_object_set_new(page->data, "account",
                        kuji_console_account_data(page, account));
    return kuji_console_send(page, status, "account-one");
}

int kuji_console_account_one(kuji_web_t *web)
{
    const kuji_account_t *account;
    kuji_console_page_t page;
    int done = open_one(&page, &account, web);

    return done == DECLINED ? show_one(&page, HTTP_OK, account) : done;
}

/* Done, or there would be no owner left. */
static int finish(kuji_console_page_t *page, const kuji_account_t *account,
                  apr_status_t rv, const char *said)
{
    kuji_web_t *web = page->web;
    const char *path = "/admin/accounts";
    json_t *data;

    if (rv == KUJI_ESTATE) {
        kuji_console_refuse(page, "admin.accounts.last_owner", NULL);
        return show_one(page, HTTP_CONFLICT, account);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(page, rv, "changing an account");
    }
    json_decref(page->data);
    data = json_pack("{s:s}", "login", account->login);
    if (!strcmp(web->id, web->admin->id)) {
        path = "/admin"; /* wherever that leads now */
    }
    else if (strcmp(said, "removed")) {
        path = apr_pstrcat(page->pool, path, "/", web->id, NULL);
    }
    return kuji_console_done(web, path, said, data);
}

int kuji_console_account_role(kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    const kuji_account_t *account;
    kuji_console_page_t page;
    const char *role;
    int done = open_one(&page, &account, web);

    if (done != DECLINED) {
        return done;
    }
    role = kuji_console_get(&page, "role");
    return finish(
        &page, account,
        kuji_account_set_role(&act, web->id, role ? role : "", page.pool),
        "role");
}

static int disable(kuji_web_t *web, int disable, const char *said)
{
    kuji_act_t act = kuji_console_act(web);
    const kuji_account_t *account;
    kuji_console_page_t page;
    int done = open_one(&page, &account, web);

    return done != DECLINED
               ? done
               : finish(&page, account,
                        kuji_account_disable(&act, web->id, disable, page.pool),
                        said);
}

int kuji_console_account_disable(kuji_web_t *web)
{
    return disable(web, 1, "disabled");
}

int kuji_console_account_enable(kuji_web_t *web)
{
    return disable(web, 0, "enabled");
}

/* Its login has to be typed: there is no way back. */
int kuji_console_account_remove(kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    const kuji_account_t *account;
    kuji_console_page_t page;
    const char *name;
    int done = open_one(&page, &account, web);

    if (done != DECLINED) {
        return done;
    }
    name = kuji_console_get(&page, "name");
    if (!name || strcmp(name, account->login)) {
        kuji_console_field(&page, "name", NULL);
        kuji_console_error(&page, "name", "admin.accounts.bad_name", NULL);
        return show_one(&page, HTTP_UNPROCESSABLE_ENTITY, account);
    }
    return finish(&page, account, kuji_account_remove(&act, web->id, page.pool),
                  "removed");
}

/* A link to a new password. */
int kuji_console_account_invite(kuji_web_t *web)
{
    char token[KUJI_ADMIN_TOKEN_LEN + 1];
    kuji_act_t act = kuji_console_act(web);
    const kuji_account_t *account;
    kuji_console_page_t page;
    apr_status_t rv;
    int done = open_one(&page, &account, web);

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_invitation_create(token, &act, account->login, account->role,
                                account->id, page.pool);
    return rv ? kuji_console_failure(&page, rv, "inviting an admin")
              : kuji_console_show_link(&page, account->login, token);
}
