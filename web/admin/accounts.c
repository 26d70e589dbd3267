/* /admin/accounts: who may enter, and who is invited.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/accounts.h"

#include "store/invitation.h"

#include <apr_strings.h>
#include <http_core.h>

const char *const kuji_console_roles[] = {"owner", "editor", "staff", "viewer",
                                          NULL};

static const char *role_label(kuji_console_page_t *page, const char *role)
{
    return kuji_render_text(
        page->web, apr_pstrcat(page->pool, "admin.role.", role, NULL), NULL);
}

json_t *kuji_console_account_data(kuji_console_page_t *page,
                                  const kuji_account_t *a)
{
    json_t *data = json_pack(
        "{s:s, s:s, s:s, s:s, s:b, s:I, s:b, s:o}", "id", a->id, "login",
        a->login, "role", a->role, "role_label", role_label(page, a->role),
        "disabled", a->disabled, "sessions", (json_int_t)a->sessions, "self",
        !strcmp(a->id, page->web->admin->id), "href",
        json_sprintf("%s/admin/accounts/%s", page->web->prefix, a->id));

    json_object_set_new(data, "created",
                        kuji_console_time(page, a->created_at, NULL));
    if (a->last_login_at) {
        json_object_set_new(data, "last_login",
                            kuji_console_time(page, a->last_login_at, NULL));
    }
    return data;
}

static apr_status_t add_accounts(kuji_console_page_t *page,
                                 const kuji_act_t *act)
{
    const kuji_account_t *accounts;
    json_t *data = json_array();
    int count, i;
    apr_status_t rv = kuji_account_list(&accounts, &count, act, page->pool);

    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        json_array_append_new(data,
                              kuji_console_account_data(page, &accounts[i]));
    }
    json_object_set_new(page->data, "accounts", data);
    return rv;
}

static apr_status_t add_invitations(kuji_console_page_t *page,
                                    const kuji_act_t *act)
{
    const kuji_invitation_t *open;
    json_t *data = json_array();
    int count, i;
    apr_status_t rv = kuji_invitation_list(&open, &count, act, page->pool);

    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        json_array_append_new(
            data, json_pack("{s:s, s:s, s:s, s:b, s:o}", "id", open[i].id,
                            "login", open[i].login, "role_label",
                            role_label(page, open[i].role), "reset",
                            open[i].admin_id != NULL, "expires",
                            kuji_console_time(page, open[i].expires_at, NULL)));
    }
    json_object_set_new(page->data, "invitations_any",
                        json_boolean(json_array_size(data) > 0));
    json_object_set_new(page->data, "invitations", data);
    return rv;
}

static int show_list(kuji_console_page_t *page, int status)
{
    kuji_act_t act = kuji_console_act(page->web);
    apr_status_t rv = add_accounts(page, &act);

    if (rv == APR_SUCCESS) {
        rv = add_invitations(page, &act);
    }
    return rv ? kuji_console_failure(page, rv, "listing accounts")
              : kuji_console_send(page, status, "accounts");
}

static void add_fields(kuji_console_page_t *page)
{
    kuji_console_field(page, "login", NULL);
    kuji_console_select(page, "role", "editor", kuji_console_roles,
                        "admin.role_long");
}

int kuji_console_accounts(kuji_web_t *web)
{
    kuji_console_page_t page;
    int done = kuji_console_open(&page, web, "accounts");

    if (done != DECLINED) {
        return done;
    }
    add_fields(&page);
    return show_list(&page, HTTP_OK);
}

int kuji_console_show_link(kuji_console_page_t *page, const char *login,
                           const char *token)
{
    kuji_web_t *web = page->web;
    const char *path = apr_pstrcat(page->pool, web->prefix,
                                   "/admin/invitation?token=", token, NULL);

    json_object_set_new(page->data, "login", json_string(login));
    json_object_set_new(page->data, "hours",
                        json_integer(KUJI_INVITATION_HOURS));
    json_object_set_new(
        page->data, "link",
        json_string(ap_construct_url(page->pool, path, web->r)));
    return kuji_console_send(page, HTTP_OK, "invited");
}

int kuji_console_invite(kuji_web_t *web)
{
    char token[KUJI_ADMIN_TOKEN_LEN + 1];
    kuji_act_t act = kuji_console_act(web);
    kuji_console_page_t page;
    const char *login, *role;
    apr_status_t rv;
    int done = kuji_console_open(&page, web, "accounts");

    if (done != DECLINED || (done = kuji_console_form(&page)) != DECLINED) {
        return done;
    }
    add_fields(&page);
    login = kuji_console_get(&page, "login");
    role = kuji_console_get(&page, "role");
    if (!login || !kuji_login_ok(login)) {
        kuji_console_error(&page, "login", "admin.accounts.bad_login", NULL);
    }
    if (!role || !kuji_role_bit(role)) {
        kuji_console_error(&page, "role", "admin.accounts.bad_role", NULL);
    }
    if (page.errors) {
        return show_list(&page, HTTP_UNPROCESSABLE_ENTITY);
    }
    rv = kuji_invitation_create(token, &act, login, role, NULL, page.pool);
    if (rv == KUJI_ECONFLICT) {
        kuji_console_error(&page, "login", "admin.accounts.taken", NULL);
        return show_list(&page, HTTP_CONFLICT);
    }
    return rv ? kuji_console_failure(&page, rv, "inviting an admin")
              : kuji_console_show_link(&page, login, token);
}

int kuji_console_uninvite(kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    apr_status_t rv = kuji_invitation_revoke(&act, web->id, web->r->pool);

    return rv ? kuji_failure(web, rv, "revoking an invitation")
              : kuji_console_done(web, "/admin/accounts", "uninvited", NULL);
}
