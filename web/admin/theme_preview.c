/* The frames of the theme's page: the campaign as it is, or with ?tried as the
 * admin's last preview would have it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/preview.h"
#include "web/admin/theme.h"
#include "web/participant/preview.h"

#include <apr_strings.h>

/* *version is 0 where the campaign has no theme; theme then has no base. */
static apr_status_t read_theme(kuji_theme_t *theme, int *version,
                               kuji_web_t *web, int tried)
{
    kuji_act_t act = kuji_console_act(web);
    const char *sheet;

    memset(theme, 0, sizeof(*theme));
    theme->css = "";
    if (tried) {
        *version = -1;
        return kuji_theme_tried(theme, &sheet, &act, web->slug, web->r->pool);
    }
    return kuji_theme_current(theme, version, &act, web->slug, web->r->pool);
}

apr_status_t kuji_console_looks(const kuji_looks_t **looks, const char **css,
                                kuji_web_t *web, int tried)
{
    kuji_looks_t *out = apr_pcalloc(web->r->pool, sizeof(*out));
    kuji_theme_t theme;
    int version;
    apr_status_t rv = read_theme(&theme, &version, web, tried);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    out->version = version;
    out->base = theme.base;
    out->logo.name = theme.logo;
    out->visual.name = theme.visual;
    *looks = out;
    *css = version ? apr_pstrcat(web->r->pool, "/admin/campaigns/", web->slug,
                                 "/theme/preview.css",
                                 version < 0 ? "?tried=1" : "", NULL)
                   : NULL;
    return APR_SUCCESS;
}

int kuji_console_theme_preview(kuji_web_t *web)
{
    kuji_preview_t what = {.phase = KUJI_PHASE_OPEN, .is_framed = 1};
    kuji_desk_t desk;
    apr_status_t rv;
    int done = kuji_desk_open(&desk, web, "theme");

    if (done != DECLINED) {
        return done;
    }
    what.view = desk.view;
    what.config = desk.config;
    rv = kuji_console_looks(&what.looks, &what.css, web,
                            kuji_query_get(web, "tried") != NULL);
    if (rv == APR_SUCCESS) {
        rv = kuji_preview_make(web, &what);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk.page, rv, "previewing a theme");
    }
    json_decref(desk.page.data);
    return kuji_preview_send(web, &what);
}

int kuji_console_theme_sheet(kuji_web_t *web)
{
    kuji_theme_check_t check;
    kuji_theme_t theme;
    const char *sheet;
    int version;
    apr_status_t rv =
        read_theme(&theme, &version, web, kuji_query_get(web, "tried") != NULL);

    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "previewing a stylesheet");
    }
    if (!version) { /* no such campaign, or it has gone back to none */
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    kuji_theme_check(&check, &theme, web->r->pool);
    sheet = kuji_theme_sheet(&theme, &check.css, web->r->pool);
    return kuji_send(web, HTTP_OK, "text/css; charset=utf-8",
                     KUJI_CACHE_NO_STORE, sheet, strlen(sheet));
}
