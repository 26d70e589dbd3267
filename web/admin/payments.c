/* GET /admin/payments: every payment, the newest first.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/payment.h"
#include "web/request.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <string.h>

#define ROWS 50

static const char *const states[] = {
    "unknown",         "waiting",  "authorized", "captured",
    "partly_refunded", "refunded", "voided",     "cancelled",
    "expired",         "failed",   NULL};

static const char *known(const char *state)
{
    int i;

    for (i = 0; state && states[i]; i++) {
        if (strcmp(states[i], state) == 0) {
            return states[i];
        }
    }
    return NULL;
}

static void add_choices(kuji_console_page_t *page, const char *state)
{
    json_t *list = json_array();
    int i;

    for (i = 0; states[i]; i++) {
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:b}", "value", states[i], "label",
                            kuji_render_text(
                                page->web,
                                apr_pstrcat(page->pool, "admin.payments.state.",
                                            states[i], NULL),
                                NULL),
                            "selected", state && !strcmp(state, states[i])));
    }
    json_object_set_new(page->data, "states", list);
}

static const char *older(kuji_console_page_t *page,
                         const kuji_payment_filter_t *filter, int64_t before)
{
    return apr_psprintf(
        page->pool, "?before=%" APR_INT64_T_FMT "%s%s%s%s", (apr_int64_t)before,
        filter->state ? "&state=" : "", filter->state ? filter->state : "",
        filter->slug ? "&campaign=" : "",
        filter->slug ? ap_escape_urlencoded(page->pool, filter->slug) : "");
}

static apr_status_t add_rows(kuji_console_page_t *page)
{
    kuji_web_t *web = page->web;
    kuji_act_t act = kuji_console_act(web);
    int64_t before = kuji_query_int(web, "before", 0);
    kuji_payment_filter_t filter = {.slug = kuji_query_get(web, "campaign"),
                                    .state =
                                        known(kuji_query_get(web, "state"))};
    const kuji_payment_row_t *rows;
    json_t *list = json_array();
    int count = 0, i;
    apr_status_t rv =
        kuji_payment_list(&rows, &count, &act, &filter, before > 0 ? before : 0,
                          ROWS + 1, page->pool);

    for (i = 0; rv == APR_SUCCESS && i < count && i < ROWS; i++) {
        json_array_append_new(list, kuji_payment_data(page, &rows[i]));
    }
    json_object_set_new(page->data, "payments", list);
    json_object_set_new(page->data, "any", json_boolean(count > 0));
    add_choices(page, filter.state);
    if (rv == APR_SUCCESS) {
        kuji_console_pager(
            page, before > 0 ? "?" : NULL,
            count > ROWS ? older(page, &filter, rows[ROWS - 1].id) : NULL);
    }
    return rv;
}

int kuji_console_payments(kuji_web_t *web)
{
    kuji_console_page_t page;
    int done = kuji_console_open(&page, web, "payments");
    apr_status_t rv;

    if (done != DECLINED) {
        return done;
    }
    rv = add_rows(&page);
    json_object_set_new(page.data, "owner",
                        json_boolean(web->admin->role_bit & KUJI_ROLE_OWNER));
    return rv == APR_SUCCESS
               ? kuji_console_send(&page, HTTP_OK, "payments")
               : kuji_console_failure(&page, rv, "reading payments");
}
