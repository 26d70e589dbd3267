/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/line_form.h"

#include <apr_strings.h>
#include <string.h>

const char *kuji_line_form_address(const kuji_console_page_t *page,
                                   const char *path)
{
    kuji_web_t *web = page->web;

    return apr_pstrcat(page->pool,
                       kuji_is_https(web->r) ? "https://" : "http://",
                       web->tenant->host, web->prefix, path, NULL);
}

int kuji_line_form_open(kuji_console_page_t *page,
                        kuji_line_settings_t *settings, int with_secret,
                        kuji_web_t *web)
{
    kuji_act_t act = kuji_console_act(web);
    int done = kuji_console_open(page, web, "line");
    apr_status_t rv;

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_line_settings(settings, &act, with_secret, page->pool);
    return rv == APR_SUCCESS || rv == KUJI_ENOTFOUND
               ? DECLINED
               : kuji_console_failure(page, rv, "reading LINE's settings");
}

/* The three channels of a Mini App, each a pair of fields of its own. */
static void add_minis(kuji_console_page_t *page)
{
    static const char *const stages[] = {"developing", "review", "published"};
    json_t *minis = json_array(), *field = json_object_get(page->data, "field");
    const char *name, *stage;
    int i;

    for (i = 0; i < KUJI_LINE_APPS; i++) {
        name = apr_pstrcat(page->pool, "mini_", stages[i], NULL);
        stage = kuji_render_text(
            page->web, apr_pstrcat(page->pool, "admin.line.", name, NULL),
            NULL);
        json_array_append_new(
            minis,
            json_pack("{s:s, s:s, s:O, s:O}", "stage", stage, "endpoint",
                      kuji_line_form_address(
                          page, apr_pstrcat(page->pool, "/liff?app=", stages[i],
                                            NULL)),
                      "channel", json_object_get(field, name), "liff",
                      json_object_get(field, apr_pstrcat(page->pool, name,
                                                         "_liff", NULL))));
    }
    json_object_set_new(page->data, "minis", minis);
}

/* What is folded away is open where something is in it. */
static int has_minis(const kuji_line_config_t *config)
{
    int i;

    for (i = 0; i < KUJI_LINE_APPS; i++) {
        if (*config->mini[i].channel || *config->mini[i].liff) {
            return 1;
        }
    }
    return 0;
}

static int has_bases(const kuji_line_config_t *config)
{
    return strcmp(config->access, KUJI_LINE_ACCESS) != 0 ||
           strcmp(config->api, KUJI_LINE_API) != 0;
}

static void add_fields(kuji_console_page_t *page, kuji_line_config_t config)
{
    int i;

    for (i = 0; kuji_line_texts[i]; i++) {
        if (strcmp(kuji_line_texts[i], "bot_prompt") != 0) {
            kuji_console_field(page, kuji_line_texts[i],
                               *kuji_line_text(&config, i));
        }
    }
    kuji_console_select(page, "bot_prompt", config.bot_prompt,
                        kuji_line_prompts, "admin.line.prompt");
    kuji_console_password(page, "secret");
    kuji_console_password(page, "bot_secret");
}

void kuji_line_form_add(kuji_console_page_t *page,
                        const kuji_line_settings_t *settings, int expected)
{
    const kuji_line_config_t *config = &settings->config;

    add_fields(page, *config);
    add_minis(page);
    json_object_update_new(
        page->data,
        json_pack("{s:i, s:b, s:b, s:b, s:b, s:b, s:b}", "expected", expected,
                  "there", settings->version > 0, "there_bot",
                  settings->has_bot_secret, "friendship", config->friendship,
                  "profile", config->profile, "mini_open", has_minis(config),
                  "bases_open", has_bases(config)));
    json_object_update_new(
        page->data,
        json_pack("{s:s, s:s, s:s}", "callback",
                  kuji_line_form_address(page, "/login/line/callback"),
                  "endpoint", kuji_line_form_address(page, "/liff"), "webhook",
                  kuji_line_form_address(page, "/hooks/line")));
}
