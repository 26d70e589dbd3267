/* The frames of the theme's page: the campaign as it is, or with ?tried as the
 * admin's last preview would have it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/theme.h"
#include "web/participant/page.h"

#include <apr_strings.h>

/* *version is 0 where the campaign has no theme; theme then has no base. */
static apr_status_t read_theme(kuji_theme_t *theme, int *version,
                               kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    const char *sheet;

    memset(theme, 0, sizeof(*theme));
    theme->css = "";
    if (kuji_query_get(web, "tried")) {
        *version = -1;
        return kuji_theme_tried(theme, &sheet, &act, web->slug, web->r->pool);
    }
    return kuji_theme_current(theme, version, &act, web->slug, web->r->pool);
}

int kuji_console_theme_preview(kuji_web_t *web)
{
    kuji_looks_t *looks = apr_pcalloc(web->r->pool, sizeof(*looks));
    kuji_theme_t theme;
    int version;
    apr_status_t rv = read_theme(&theme, &version, web);

    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "previewing a theme");
    }
    looks->version = version;
    looks->base = theme.base;
    looks->logo.name = theme.logo;
    looks->visual.name = theme.visual;
    return kuji_page_preview(
        web, web->slug, looks,
        version ? apr_pstrcat(web->r->pool, "/admin/campaigns/", web->slug,
                              "/theme/preview.css",
                              version < 0 ? "?tried=1" : "", NULL)
                : NULL);
}

int kuji_console_theme_sheet(kuji_web_t *web)
{
    kuji_theme_check_t check;
    kuji_theme_t theme;
    const char *sheet;
    int version;
    apr_status_t rv = read_theme(&theme, &version, web);

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
