/* /admin/payments/settings: the tenant's account at its payment provider. The
 * secret is never shown again, only replaced.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"

#include "job/payment.h"
#include "store/pay_settings.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

#define PATH "/admin/payments/settings"

static void add_form(kuji_console_page_t *page,
                     const kuji_pay_settings_t *settings, int expected)
{
    const kuji_pay_config_t *c = &settings->config;

    kuji_console_select(page, "provider", c->provider, kuji_pay_providers,
                        "admin.pay.provider_name");
    kuji_console_select(page, "environment", c->environment,
                        kuji_pay_environments, "admin.pay.environment_name");
    kuji_console_select(page, "version", c->version, kuji_pay_versions,
                        "admin.pay.version_name");
    kuji_console_field(page, "base",
                       strcmp(c->environment, "other") ? "" : c->base);
    kuji_console_field(page, "key", c->key);
    kuji_console_field(page, "merchant", c->merchant);
    kuji_console_password(page, "secret");
    json_object_update_new(
        page->data, json_pack("{s:i, s:b, s:s}", "expected", expected, "there",
                              settings->version > 0, "now_base", c->base));
}

/* DECLINED, or what the handler returns. */
static int open_page(kuji_console_page_t *page, kuji_pay_settings_t *settings,
                     kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    int done = kuji_console_open(page, web, "payments");
    apr_status_t rv;

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_pay_settings(settings, &act, 0, page->pool);
    return rv == APR_SUCCESS || rv == KUJI_ENOTFOUND
               ? DECLINED
               : kuji_console_failure(page, rv, "reading payment settings");
}

int kuji_console_pay_settings(kuji_web_t *web)
{
    kuji_console_page_t page;
    kuji_pay_settings_t settings;
    int done = open_page(&page, &settings, web);

    if (done != DECLINED) {
        return done;
    }
    add_form(&page, &settings, settings.version);
    return kuji_console_send(&page, HTTP_OK, "pay-settings");
}

static const char *sent(const kuji_console_page_t *page, const char *name,
                        const char *otherwise)
{
    const char *text = kuji_console_get(page, name);

    return text ? text : otherwise;
}

static void read_form(kuji_pay_config_t *c, const kuji_console_page_t *page)
{
    c->provider = sent(page, "provider", "");
    c->environment = sent(page, "environment", "");
    c->base = sent(page, "base", "");
    c->version = sent(page, "version", "v4");
    c->key = sent(page, "key", "");
    c->merchant = sent(page, "merchant", "");
    c->secret = kuji_console_get(page, "secret");
    kuji_pay_config_place(c);
}

static int refused(kuji_console_page_t *page, apr_status_t rv)
{
    if (rv == KUJI_EINVAL) {
        kuji_console_error(page, "secret", "admin.pay.wrong_secret", NULL);
        return kuji_console_send(page, HTTP_UNPROCESSABLE_ENTITY,
                                 "pay-settings");
    }
    if (rv == KUJI_ECONFLICT || rv == KUJI_ESTATE) {
        kuji_console_refuse(
            page, rv == KUJI_ESTATE ? "admin.pay.open" : "admin.pay.conflict",
            NULL);
        return kuji_console_send(page, HTTP_CONFLICT, "pay-settings");
    }
    return kuji_console_failure(page, rv, "saving payment settings");
}

int kuji_console_pay_settings_post(kuji_web_t *web)
{
    kuji_console_page_t page;
    kuji_pay_settings_t settings;
    kuji_act_t act = kuji_console_act(web);
    const char *wrong, *expected;
    apr_status_t rv;
    int done = open_page(&page, &settings, web), before;

    if (done != DECLINED || (done = kuji_console_form(&page)) != DECLINED) {
        return done;
    }
    expected = sent(&page, "expected", "0");
    before = strlen(expected) < 10 ? atoi(expected) : -1;
    read_form(&settings.config, &page);
    add_form(&page, &settings, before);
    if ((wrong = kuji_pay_config_wrong(&settings.config))) {
        kuji_console_error(
            &page, wrong,
            apr_pstrcat(page.pool, "admin.pay.wrong_", wrong, NULL), NULL);
        return kuji_console_send(&page, HTTP_UNPROCESSABLE_ENTITY,
                                 "pay-settings");
    }
    rv = kuji_pay_settings_save(&settings.config, before, &act, page.pool);
    if (rv != APR_SUCCESS) {
        return refused(&page, rv);
    }
    json_decref(page.data);
    return kuji_console_done(web, PATH, "pay_saved", NULL);
}

/* A look for an order that nobody made: who is not let in learns it here, and
 * no money moves. */
int kuji_console_pay_test(kuji_web_t *web)
{
    static const char *const words[] = {[KUJI_PAY_DONE] = "done",
                                        [KUJI_PAY_REFUSED] = "refused",
                                        [KUJI_PAY_UNKNOWN] = "unknown",
                                        [KUJI_PAY_AWAY] = "away"};
    kuji_console_page_t page;
    kuji_pay_settings_t settings;
    kuji_act_t act = kuji_console_act(web);
    const kuji_payer_t payer = {web->process->http, &act};
    kuji_pay_result_t result;
    kuji_pay_end_e end = KUJI_PAY_AWAY;
    apr_status_t rv;
    int done = open_page(&page, &settings, web);

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_payer_test(&end, &result, &payer, page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&page, rv, "testing the payment provider");
    }
    add_form(&page, &settings, settings.version);
    json_object_set_new(
        page.data, "tested",
        json_pack("{s:b, s:s}", words[end], 1, "code", result.code));
    return kuji_console_send(&page, HTTP_OK, "pay-settings");
}
