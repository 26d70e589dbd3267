/* GET /admin/campaigns/{slug}/forecast: prizes and days at length.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/forecast.h"

#include <apr_strings.h>

static int answer(kuji_desk_t *desk, int64_t visitors)
{
    kuji_console_page_t *page = &desk->page;
    json_t *forecast;
    apr_status_t rv = kuji_forecast_of(&forecast, desk, desk->config, visitors);

    if (rv == KUJI_ETOOBIG) {
        kuji_console_refuse(page, "admin.forecast.too_big", NULL);
    }
    else if (rv != APR_SUCCESS) {
        return kuji_console_failure(page, rv, "making a forecast");
    }
    if (forecast) {
        json_object_set_new(page->data, "forecast", forecast);
    }
    return kuji_console_send(page, HTTP_OK, "forecast");
}

int kuji_console_forecast(kuji_web_t *web)
{
    int64_t visitors = kuji_query_int(web, "visitors", KUJI_FORECAST_VISITORS);
    int64_t max = kuji_forecast_visitors_max();
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "overview");

    if (done != DECLINED) {
        return done;
    }
    kuji_console_field(
        &desk.page, "visitors",
        apr_psprintf(
            desk.page.pool, "%" APR_INT64_T_FMT,
            (apr_int64_t)(visitors > 0 ? visitors : KUJI_FORECAST_VISITORS)));
    if (!desk.view->nprizes) {
        json_object_set_new(desk.page.data, "no_prizes", json_true());
        return kuji_console_send(&desk.page, HTTP_OK, "forecast");
    }
    if (visitors < 1 || visitors > max) {
        json_t *data = json_pack("{s:s, s:s}", "min", "1", "max",
                                 kuji_desk_count(&desk, max));

        kuji_console_error(&desk.page, "visitors", "admin.error.number", data);
        json_decref(data);
        return kuji_console_send(&desk.page, HTTP_UNPROCESSABLE_ENTITY,
                                 "forecast");
    }
    return answer(&desk, visitors);
}
