/* /admin/line: the tenant's channel at LINE. Its secret is never shown again,
 * only replaced.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"

#include "store/line.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

static void add_form(kuji_console_page_t *page,
                     const kuji_line_settings_t *settings, int expected)
{
    const kuji_line_config_t *config = &settings->config;

    kuji_console_field(page, "channel", config->channel);
    kuji_console_password(page, "secret");
    kuji_console_field(page, "access", config->access);
    kuji_console_field(page, "api", config->api);
    kuji_console_select(page, "bot_prompt", config->bot_prompt,
                        kuji_line_prompts, "admin.line.prompt");
    json_object_update_new(
        page->data,
        json_pack("{s:i, s:b, s:b, s:b, s:s}", "expected", expected, "there",
                  settings->version > 0, "friendship", config->friendship,
                  "profile", config->profile, "callback",
                  apr_pstrcat(page->pool, "https://", page->web->tenant->host,
                              page->web->prefix, "/login/line/callback",
                              NULL)));
}

/* DECLINED, or what the handler returns. */
static int open_page(kuji_console_page_t *page, kuji_line_settings_t *settings,
                     kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    int done = kuji_console_open(page, web, "line");
    apr_status_t rv;

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_line_settings(settings, &act, 0, page->pool);
    return rv == APR_SUCCESS || rv == KUJI_ENOTFOUND
               ? DECLINED
               : kuji_console_failure(page, rv, "reading LINE's settings");
}

int kuji_console_line(kuji_web_t *web)
{
    kuji_console_page_t page;
    kuji_line_settings_t settings;
    int done = open_page(&page, &settings, web);

    if (done != DECLINED) {
        return done;
    }
    add_form(&page, &settings, settings.version);
    return kuji_console_send(&page, HTTP_OK, "line");
}

static const char *sent(const kuji_console_page_t *page, const char *name,
                        const char *otherwise)
{
    const char *text = kuji_console_get(page, name);

    return text ? text : otherwise;
}

static void read_form(kuji_line_config_t *config,
                      const kuji_console_page_t *page)
{
    config->channel = sent(page, "channel", "");
    config->secret = kuji_console_get(page, "secret");
    config->access = sent(page, "access", KUJI_LINE_ACCESS);
    config->api = sent(page, "api", KUJI_LINE_API);
    config->bot_prompt = sent(page, "bot_prompt", "none");
    config->friendship = kuji_console_get(page, "friendship") != NULL;
    config->profile = kuji_console_get(page, "profile") != NULL;
}

int kuji_console_line_post(kuji_web_t *web)
{
    kuji_console_page_t page;
    kuji_line_settings_t settings;
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
    if ((wrong = kuji_line_config_wrong(&settings.config))) {
        kuji_console_error(
            &page, wrong,
            apr_pstrcat(page.pool, "admin.line.wrong_", wrong, NULL), NULL);
        return kuji_console_send(&page, HTTP_UNPROCESSABLE_ENTITY, "line");
    }
    rv = kuji_line_save(&settings.config, before, &act, page.pool);
    if (rv == KUJI_EINVAL) {
        kuji_console_error(&page, "secret", "admin.line.wrong_secret", NULL);
        return kuji_console_send(&page, HTTP_UNPROCESSABLE_ENTITY, "line");
    }
    if (rv == KUJI_ECONFLICT) {
        kuji_console_refuse(&page, "admin.line.conflict", NULL);
        return kuji_console_send(&page, HTTP_CONFLICT, "line");
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&page, rv, "saving LINE's settings");
    }
    json_decref(page.data);
    return kuji_console_done(web, "/admin/line", "line", NULL);
}
