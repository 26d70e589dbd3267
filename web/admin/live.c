/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/live.h"

#include "web/admin/forecast.h"
#include "web/admin/preview.h"
#include "web/admin/sums.h"

#include <apr_strings.h>

int kuji_live_asked(const kuji_desk_t *desk)
{
    return kuji_console_get(&desk->page, "check") != NULL;
}

void kuji_live_show(kuji_desk_t *desk, int numbers)
{
    json_t *data = desk->page.data, *live = json_object_get(data, "live");

    if (!desk->view) { /* nothing to count and nothing to see yet */
        return;
    }
    if (!live) {
        live = json_object();
        json_object_set_new(data, "live", live);
    }
    kuji_console_field(&desk->page, "visitors",
                       apr_itoa(desk->page.pool, KUJI_FORECAST_VISITORS));
    json_object_update_new(live, json_pack("{s:b}", "numbers", numbers));
    desk->page.web->policy = KUJI_POLICY_FRAMING;
}

/* What is missing is said at its own field. */
static void add_forecast(kuji_desk_t *desk, json_t *live, const json_t *config)
{
    const char *text = kuji_console_get(&desk->page, "visitors");
    int64_t max = kuji_forecast_visitors_max(), visitors;
    json_t *forecast = NULL;

    visitors =
        text && strlen(text) < 16 && strspn(text, "0123456789") == strlen(text)
            ? apr_atoi64(text)
            : KUJI_FORECAST_VISITORS;
    if (visitors >= 1 && visitors <= max &&
        kuji_forecast_of(&forecast, desk, config, visitors) == APR_SUCCESS) {
        json_object_set_new(live, "forecast", forecast);
    }
    else {
        json_object_set_new(live, "wait", json_true());
    }
}

int kuji_live_answer(kuji_desk_t *desk, const json_t *config,
                     kuji_desk_show_fn *show)
{
    json_t *live = json_object();

    if (desk->view &&
        !strcmp(kuji_console_get(&desk->page, "check"), "preview")) {
        json_decref(live);
        return kuji_console_preview_of(desk, config);
    }
    json_object_set_new(live, "sums", kuji_sums_of(desk, config));
    add_forecast(desk, live, config);
    json_object_set_new(desk->page.data, "live", live);
    return show(desk, desk->page.errors ? HTTP_UNPROCESSABLE_ENTITY : HTTP_OK);
}
