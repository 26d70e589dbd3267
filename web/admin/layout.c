/* The frame: the rail leads to what there is and the admin may open.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/page.h"

#include <apr_strings.h>

typedef struct entry_t {
    const char *name; /* the text admin.rail.NAME */
    const char *path; /* below /admin, or below the campaign */
} entry_t;

static const entry_t house[] = {{"campaigns", "/campaigns"},
                                {"images", "/images"},
                                {"people", "/people"},
                                {"line", "/line"},
                                {"payments", "/payments"},
                                {"exports", "/exports"},
                                {"audit", "/audit"},
                                {"accounts", "/accounts"},
                                {NULL, NULL}};
static const entry_t life[] = {{"overview", ""},
                               {"edit", "/edit"},
                               {"texts", "/texts"},
                               {"prizes", "/prizes"},
                               {"claim_form", "/claim-form"},
                               {"codes", "/codes"},
                               {"passphrases", "/passphrases"},
                               {"raffle", "/raffle"},
                               {"winners", "/winners"},
                               {"claims", "/claims"},
                               {"pay", "/pay"},
                               {"gifts", "/gifts"},
                               {"mail", "/mail"},
                               {"shops", "/shops"},
                               {"theme", "/theme"},
                               {"figures", "/figures"},
                               {"files", "/exports"},
                               {NULL, NULL}};

/* skip: the name of an entry that has nothing to lead to; or NULL. */
static json_t *links(const entry_t *entry, kuji_web_t *web, const char *base,
                     const char *here, const char *skip)
{
    json_t *list = json_array();
    const char *path, *text;

    for (; entry->name; entry++) {
        path = apr_pstrcat(web->r->pool, base, entry->path, NULL);
        if (!(kuji_route_roles(path) & web->admin->role_bit) ||
            (skip && !strcmp(skip, entry->name))) {
            continue;
        }
        text = apr_pstrcat(web->r->pool, "admin.rail.", entry->name, NULL);
        json_array_append_new(
            list, json_pack("{s:s, s:o, s:s, s:b}", "name", entry->name, "href",
                            json_sprintf("%s%s", web->prefix, path), "label",
                            kuji_render_text(web, text, NULL), "here",
                            here && !strcmp(here, entry->name)));
    }
    return list;
}

static void add_admin(json_t *data, kuji_web_t *web)
{
    const char *here = json_string_value(json_object_get(data, "rail"));
    const char *text =
        apr_pstrcat(web->r->pool, "admin.role.", web->admin->role, NULL);
    json_t *campaign = json_object_get(data, "campaign");
    const char *slug = json_string_value(json_object_get(campaign, "slug"));

    json_object_set_new(data, "nav", links(house, web, "/admin", here, NULL));
    if (slug) {
        json_object_set_new(
            campaign, "nav",
            links(life, web,
                  apr_pstrcat(web->r->pool, "/admin/campaigns/", slug, NULL),
                  here,
                  json_is_true(json_object_get(campaign, "raffle"))
                      ? NULL
                      : "raffle"));
    }
    json_object_set_new(data, "me",
                        json_pack("{s:s, s:s, s:s, s:b}", "login",
                                  web->admin->login, "role", web->admin->role,
                                  "role_label",
                                  kuji_render_text(web, text, NULL), "session",
                                  web->admin_session != NULL));
}

void kuji_console_layout(json_t *data, kuji_web_t *web)
{
    if (web->admin) {
        add_admin(data, web);
    }
}
