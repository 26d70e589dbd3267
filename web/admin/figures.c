/* GET /admin/campaigns/{slug}/figures: what happened, by day or hour, and what
 * is left. From marks alone, so it costs the same after ten million draws.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/figures_data.h"

#include <string.h>

#define DAYS 92
#define HOURS 72

static kuji_figures_by_e asked_for(kuji_web_t *web)
{
    const char *by = kuji_query_get(web, "by");

    return by && strcmp(by, "hour") == 0 ? KUJI_FIGURES_BY_HOUR
                                         : KUJI_FIGURES_BY_DAY;
}

int kuji_console_figures(kuji_web_t *web)
{
    kuji_figures_by_e by = asked_for(web);
    int by_day = by == KUJI_FIGURES_BY_DAY;
    kuji_act_t act = kuji_console_act(web);
    const kuji_figures_t *figures;
    kuji_console_page_t page;
    int done = kuji_console_open(&page, web, "figures");
    apr_status_t rv;

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_figures_read(&figures, &act, web->slug, by, by_day ? DAYS : HOURS,
                           page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&page, rv, "reading a campaign's figures");
    }
    kuji_console_campaign(&page, figures->view);
    json_object_update_new(
        page.data, json_pack("{s:b, s:b, s:i, s:i}", "by_day", by_day,
                             "by_hour", !by_day, "days", DAYS, "hours", HOURS));
    kuji_figures_add(&page, figures, by);
    return kuji_console_send(&page, HTTP_OK, "figures");
}
