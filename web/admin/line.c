/* /admin/line: the tenant's channels at LINE. Their secrets are never shown
 * again, only replaced.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/line_form.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

int kuji_console_line(kuji_web_t *web)
{
    kuji_console_page_t page;
    kuji_line_settings_t settings;
    int done = kuji_line_form_open(&page, &settings, 0, web);

    if (done != DECLINED) {
        return done;
    }
    kuji_line_form_add(&page, &settings, settings.version);
    return kuji_console_send(&page, HTTP_OK, "line");
}

/* An empty address is the usual one. */
static void read_form(kuji_line_config_t *config,
                      const kuji_console_page_t *page)
{
    kuji_line_config_t usual;
    const char *text;
    int i;

    kuji_line_config_read(&usual, NULL, page->pool);
    for (i = 0; kuji_line_texts[i]; i++) {
        text = kuji_console_get(page, kuji_line_texts[i]);
        *kuji_line_text(config, i) = text ? text : *kuji_line_text(&usual, i);
    }
    config->secret = kuji_console_get(page, "secret");
    config->bot_secret = kuji_console_get(page, "bot_secret");
    config->friendship = kuji_console_get(page, "friendship") != NULL;
    config->profile = kuji_console_get(page, "profile") != NULL;
}

/* The secret that is needed and neither there nor given; NULL: none. */
static const char *lacking(const kuji_line_settings_t *settings,
                           const char *api_before)
{
    const kuji_line_config_t *config = &settings->config;
    int moved = strcmp(api_before, config->api) != 0;

    if (!config->secret && (moved || settings->version == 0)) {
        return "secret";
    }
    return *config->bot && !config->bot_secret &&
                   (moved || !settings->has_bot_secret)
               ? "bot_secret"
               : NULL;
}

static const char *wrong_text(const kuji_console_page_t *page,
                              const char *wrong)
{
    if (strncmp(wrong, "mini_", 5) == 0) {
        wrong = strstr(wrong, "_liff") ? "liff" : "channel";
    }
    if (strcmp(wrong, "bot") == 0) {
        wrong = "channel";
    }
    return apr_pstrcat(page->pool, "admin.line.wrong_", wrong, NULL);
}

static int save(kuji_console_page_t *page, kuji_line_settings_t *settings,
                int expected)
{
    kuji_act_t act = kuji_console_act(page->web);
    apr_status_t rv =
        kuji_line_save(&settings->config, expected, &act, page->pool);

    if (rv == KUJI_ECONFLICT) {
        kuji_console_refuse(page, "admin.line.conflict", NULL);
        return kuji_console_send(page, HTTP_CONFLICT, "line");
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(page, rv, "saving LINE's settings");
    }
    json_decref(page->data);
    return kuji_console_done(page->web, "/admin/line", "line", NULL);
}

static int version_sent(const kuji_console_page_t *page)
{
    const char *text = kuji_console_get(page, "expected");

    if (!text) {
        return 0;
    }
    return strlen(text) < 10 ? atoi(text) : -1;
}

int kuji_console_line_post(kuji_web_t *web)
{
    kuji_console_page_t page;
    kuji_line_settings_t settings;
    const char *wrong, *api;
    int done = kuji_line_form_open(&page, &settings, 0, web), expected;

    if (done != DECLINED || (done = kuji_console_form(&page)) != DECLINED) {
        return done;
    }
    api = settings.config.api;
    expected = version_sent(&page);
    read_form(&settings.config, &page);
    kuji_line_form_add(&page, &settings, expected);
    wrong = kuji_line_config_wrong(&settings.config);
    /* An old form is told so, not that it lacks what it could not know of. */
    if (!wrong && expected == settings.version) {
        wrong = lacking(&settings, api);
    }
    if (wrong) {
        kuji_console_error(&page, wrong, wrong_text(&page, wrong), NULL);
        return kuji_console_send(&page, HTTP_UNPROCESSABLE_ENTITY, "line");
    }
    return save(&page, &settings, expected);
}
