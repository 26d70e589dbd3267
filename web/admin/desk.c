/* One campaign on the console: opening, saving, refusals.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/desk.h"

#include "core/config.h"
#include "web/admin/changed.h"
#include "web/admin/reason.h"

#include <apr_strings.h>

#define WRITERS (KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR)

static apr_status_t drop(void *json)
{
    json_decref(json);
    return APR_SUCCESS;
}

static json_t *keep(json_t *json, apr_pool_t *pool)
{
    if (json) {
        apr_pool_cleanup_register(pool, json, drop, apr_pool_cleanup_null);
    }
    return json;
}

static apr_status_t read_campaign(kuji_desk_t *desk)
{
    apr_pool_t *pool = desk->page.pool;
    apr_status_t rv =
        kuji_campaign_get(&desk->view, &desk->act, desk->page.web->slug, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    desk->config = keep(json_loads(desk->view->config, 0, NULL), pool);
    if (!desk->config) {
        return KUJI_EDATABASE;
    }
    desk->zone = kuji_zone_load(desk->view->timezone, pool);
    desk->is_draft = desk->view->phase == KUJI_PHASE_DRAFT;
    return APR_SUCCESS;
}

int kuji_desk_open(kuji_desk_t *desk, kuji_web_t *web, const char *rail)
{
    int done;
    apr_status_t rv;

    memset(desk, 0, sizeof *desk);
    if ((done = kuji_console_open(&desk->page, web, rail)) != DECLINED) {
        return done;
    }
    desk->act = kuji_console_act(web);
    desk->can_write = (web->admin->role_bit & WRITERS) != 0;
    rv = read_campaign(desk);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk->page, rv, "reading a campaign");
    }
    kuji_console_campaign(&desk->page, desk->view);
    json_object_update_new(
        desk->page.data,
        json_pack("{s:i, s:b, s:b, s:b}", "version", desk->view->version,
                  "is_draft", desk->is_draft, "can_write", desk->can_write,
                  "archived", desk->view->archived_at > 0));
    kuji_changed_show(desk);
    return DECLINED;
}

int kuji_desk_open_form(kuji_desk_t *desk, kuji_web_t *web, const char *rail)
{
    int done = kuji_desk_open(desk, web, rail);

    return done == DECLINED ? kuji_console_form(&desk->page) : done;
}

json_t *kuji_desk_copy(const kuji_desk_t *desk)
{
    return keep(json_deep_copy(desk->config), desk->page.pool);
}

const char *kuji_desk_path(const kuji_desk_t *desk, const char *path)
{
    return apr_pstrcat(desk->page.pool, "/admin/campaigns/",
                       desk->page.web->slug, path, NULL);
}

int kuji_desk_done(kuji_desk_t *desk, const char *path, const char *flash,
                   json_t *data)
{
    json_decref(desk->page.data);
    return kuji_console_done(desk->page.web, kuji_desk_path(desk, path), flash,
                             data);
}

int kuji_desk_conflict(kuji_desk_t *desk, kuji_desk_show_fn *show)
{
    kuji_console_refuse(&desk->page, "admin.refused.conflict", NULL);
    json_object_set_new(desk->page.data, "conflict", json_true());
    return show(desk, HTTP_CONFLICT);
}

int kuji_desk_refused(kuji_desk_t *desk, apr_status_t rv, const char *why,
                      const char *what, kuji_desk_show_fn *show)
{
    const char *text, *reason = kuji_console_reason(desk->page.web, why);
    json_t *data;

    switch (rv) {
    case KUJI_EINVAL:
    case KUJI_ETOOBIG:
        text = reason ? "admin.refused.content" : "admin.refused.content_other";
        break;
    case KUJI_ESTATE:
    case KUJI_ECONFLICT:
        text = reason ? "admin.refused.state" : "admin.refused.state_other";
        break;
    default:
        return kuji_console_failure(&desk->page, rv, what);
    }
    data = json_pack("{s:s}", "why", reason ? reason : why ? why : "");
    kuji_console_refuse(&desk->page, text, data);
    json_decref(data);
    return show(desk, rv == KUJI_EINVAL || rv == KUJI_ETOOBIG
                          ? HTTP_UNPROCESSABLE_ENTITY
                          : HTTP_CONFLICT);
}

int kuji_desk_version(kuji_desk_t *desk)
{
    const char *text = kuji_console_get(&desk->page, "version");
    int version =
        text && strspn(text, "0123456789") == strlen(text) && strlen(text) < 10
            ? atoi(text)
            : -1;

    json_object_set_new(desk->page.data, "version", json_integer(version));
    return version;
}

int kuji_desk_save(kuji_desk_t *desk, const json_t *config,
                   const kuji_desk_next_t *next)
{
    kuji_web_t *web = desk->page.web;
    int version = kuji_desk_version(desk), now = version, changes;
    const char *why = NULL, *slug = desk->view->slug;
    json_t *patch;
    apr_status_t rv;

    if (version != desk->view->version) {
        return kuji_desk_conflict(desk, next->show);
    }
    patch = kuji_config_edit(desk->config, config);
    changes = json_object_size(patch) > 0;
    rv = changes ? kuji_campaign_patch(&now, &why, &desk->act, slug, version,
                                       patch, desk->page.pool)
                 : APR_SUCCESS;
    json_decref(patch);
    if (rv == KUJI_ECONFLICT && why && strstr(why, "slug")) {
        kuji_console_error(&desk->page, "slug", "admin.error.slug_taken", NULL);
        return next->show(desk, HTTP_CONFLICT);
    }
    if (rv == KUJI_ECONFLICT) {
        return kuji_desk_conflict(desk, next->show);
    }
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(desk, rv, why, "changing a campaign",
                                 next->show);
    }
    kuji_cache_forget(web->process->cache, web->tenant->id, slug);
    web->slug = kuji_desk_member(config, "slug");
    return kuji_desk_done(desk, next->path, next->flash,
                          changes ? json_pack("{s:i}", "undo", now) : NULL);
}
