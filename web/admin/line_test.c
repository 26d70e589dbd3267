/* POST /admin/line/test: asks LINE whether what is saved is right. One answer's
 * patience for all of it, so that a dead LINE holds this page up, not the
 * house.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/line.h"
#include "web/admin/admin.h"
#include "web/admin/line_form.h"

#include <apr_strings.h>

static json_t *finding(const kuji_console_page_t *page, const char *what,
                       kuji_line_health_e health)
{
    const char *name = kuji_line_health_name(health);
    const char *texts[] = {
        apr_pstrcat(page->pool, "admin.line.found.", what, ".what", NULL),
        apr_pstrcat(page->pool, "admin.line.health.", name, NULL),
        apr_pstrcat(page->pool, "admin.line.found.", what, ".", name, NULL)};

    return json_pack("{s:s, s:s, s:s}", "what",
                     kuji_render_text(page->web, texts[0], NULL), "word",
                     kuji_render_text(page->web, texts[1], NULL), "text",
                     kuji_render_text(page->web, texts[2], NULL));
}

static void add_report(kuji_console_page_t *page,
                       const kuji_line_report_t *report)
{
    json_object_set_new(page->data, "report",
                        json_pack("{s:[o, o, o]}", "found",
                                  finding(page, "login", report->login),
                                  finding(page, "bot", report->bot),
                                  finding(page, "keys", report->keys)));
}

static apr_status_t write_audit(const kuji_console_page_t *page,
                                const kuji_line_report_t *report)
{
    kuji_act_t act = kuji_console_act(page->web);
    json_t *found = json_pack("{s:s, s:s, s:s}", "login",
                              kuji_line_health_name(report->login), "bot",
                              kuji_line_health_name(report->bot), "keys",
                              kuji_line_health_name(report->keys));
    apr_status_t rv = kuji_line_tested(found, &act, page->pool);

    json_decref(found);
    return rv;
}

static void examine(kuji_line_report_t *report, const kuji_console_page_t *page,
                    const kuji_line_config_t *config)
{
    const kuji_line_channel_t login = {config->api, config->channel,
                                       config->secret},
                              bot = {config->api, config->bot,
                                     config->bot_secret};

    kuji_line_examine(report, page->web->process->line, &login,
                      config->bot_secret ? &bot : NULL,
                      kuji_line_form_address(page, "/login/line/callback"),
                      page->pool);
}

int kuji_console_line_test(kuji_web_t *web)
{
    kuji_console_page_t page;
    kuji_line_settings_t settings;
    kuji_line_report_t report;
    apr_status_t rv;
    int done = kuji_line_form_open(&page, &settings, 1, web);

    if (done != DECLINED) {
        return done;
    }
    kuji_line_form_add(&page, &settings, settings.version);
    if (settings.version == 0) {
        kuji_console_refuse(&page, "admin.line.test_unset", NULL);
        return kuji_console_send(&page, HTTP_CONFLICT, "line");
    }
    examine(&report, &page, &settings.config);
    rv = write_audit(&page, &report);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&page, rv, "noting a test of LINE");
    }
    add_report(&page, &report);
    return kuji_console_send(&page, HTTP_OK, "line");
}
