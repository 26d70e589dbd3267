/* /admin/invitation?token=…: the one-time link of an owner, for whoever has it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"

#include "store/invitation.h"
#include "web/admin/choose.h"

#include <apr_strings.h>

static int show(kuji_console_page_t *page, int status,
                const kuji_invitation_t *invitation, const char *token)
{
    const char *role =
        apr_pstrcat(page->pool, "admin.role_long.", invitation->role, NULL);

    json_object_update_new(page->data,
                           json_pack("{s:s, s:s, s:s, s:b}", "token", token,
                                     "login", invitation->login, "role_label",
                                     kuji_render_text(page->web, role, NULL),
                                     "reset", invitation->admin_id != NULL));
    return kuji_console_send(page, status, "invitation");
}

/* Used, revoked, too old: all the same to a stranger. */
static int gone(kuji_console_page_t *page, apr_status_t rv)
{
    if (rv != KUJI_ENOTFOUND) {
        return kuji_console_failure(page, rv, "reading an invitation");
    }
    return kuji_console_send(page, HTTP_NOT_FOUND, "invitation-gone");
}

static apr_status_t find(const kuji_invitation_t **invitation, kuji_web_t *web,
                         const char *token)
{
    kuji_act_t act = kuji_console_act(web);

    return token ? kuji_invitation_find(invitation, &act, token, web->r->pool)
                 : KUJI_ENOTFOUND;
}

int kuji_console_invitation(kuji_web_t *web)
{
    const char *token = kuji_query_get(web, "token");
    const kuji_invitation_t *invitation;
    kuji_console_page_t page;
    apr_status_t rv;
    int done = kuji_console_open(&page, web, NULL);

    if (done != DECLINED) {
        return done;
    }
    rv = find(&invitation, web, token);
    if (rv != APR_SUCCESS) {
        return gone(&page, rv);
    }
    kuji_console_choose(&page);
    return show(&page, HTTP_OK, invitation, token);
}

int kuji_console_accept(kuji_web_t *web)
{
    char hash[KUJI_HASH_MAX];
    kuji_act_t act = kuji_console_act(web);
    const kuji_invitation_t *invitation;
    const char *token, *password;
    kuji_console_page_t page;
    apr_status_t rv;
    int done = kuji_console_open(&page, web, NULL);

    if (done != DECLINED || (done = kuji_console_form(&page)) != DECLINED) {
        return done;
    }
    token = kuji_console_get(&page, "token");
    rv = find(&invitation, web, token);
    if (rv != APR_SUCCESS) {
        return gone(&page, rv);
    }
    kuji_console_choose(&page);
    password = kuji_console_chosen(&page, invitation->login);
    if (!password) {
        return show(&page, HTTP_UNPROCESSABLE_ENTITY, invitation, token);
    }
    rv = kuji_console_encode(hash, web, password);
    if (rv == APR_SUCCESS) {
        rv = kuji_invitation_accept(&act, token, hash, page.pool);
    }
    if (rv != APR_SUCCESS) {
        return gone(&page, rv);
    }
    json_decref(page.data);
    return kuji_console_done(web, "/admin/login", "accepted", NULL);
}
