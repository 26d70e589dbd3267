/* The console's pages: opening, forms, sending.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/page.h"

#include "web/admin/flash.h"
#include "web/zone.h"

#include <apr_strings.h>
#include <sodium.h>

#define HOME_ZONE "Asia/Tokyo"

int kuji_console_open(kuji_console_page_t *page, kuji_web_t *web,
                      const char *rail)
{
    if (!web->process->render) {
        return kuji_problem(web, KUJI_PROBLEM_MAINTENANCE,
                            "this installation has no templates");
    }
    memset(page, 0, sizeof *page);
    page->web = web;
    page->pool = web->r->pool;
    page->data = json_pack("{s:s*, s:{}}", "rail", rail, "field");
    if (web->r->method_number == M_GET) {
        kuji_console_flash(page);
    }
    return DECLINED;
}

void kuji_console_campaign(kuji_console_page_t *page,
                           const kuji_campaign_view_t *view)
{
    const char *name = kuji_phase_name(view->phase);
    const char *label = apr_pstrcat(page->pool, "admin.phase.", name, NULL);

    json_object_set_new(page->data, "campaign",
                        json_pack("{s:s, s:s, s:b, s:o, s:{s:s, s:s}}", "slug",
                                  view->slug, "title", view->title, "raffle",
                                  view->method == KUJI_RAFFLE, "href",
                                  json_sprintf("%s/admin/campaigns/%s",
                                               page->web->prefix, view->slug),
                                  "phase", "name", name, "label",
                                  kuji_render_text(page->web, label, NULL)));
}

/* Passwords, and what people typed about other people. */
static apr_status_t wipe_form(void *data)
{
    const kuji_form_t *form = data;
    int i;

    for (i = 0; i < form->count; i++) {
        sodium_memzero((char *)form->fields[i].value,
                       strlen(form->fields[i].value));
    }
    return APR_SUCCESS;
}

int kuji_console_form(kuji_console_page_t *page)
{
    apr_status_t rv = kuji_body_form(&page->form, page->web);

    if (rv == APR_SUCCESS) {
        apr_pool_cleanup_register(page->pool, page->form, wipe_form,
                                  apr_pool_cleanup_null);
        return DECLINED;
    }
    json_decref(page->data);
    return kuji_body_problem(page->web, rv, "the body must be a form");
}

const char *kuji_console_get(const kuji_console_page_t *page, const char *name)
{
    const char *value = page->form ? kuji_form_get(page->form, name) : NULL;

    return value && *value ? value : NULL;
}

static json_t *field_of(kuji_console_page_t *page, const char *name)
{
    return json_object_get(json_object_get(page->data, "field"), name);
}

static void set_field(kuji_console_page_t *page, const char *name,
                      const char *value)
{
    json_object_set_new(json_object_get(page->data, "field"), name,
                        json_pack("{s:o, s:s, s:s}", "id",
                                  json_sprintf("f-%s", name), "name", name,
                                  "value", value ? value : ""));
}

void kuji_console_field(kuji_console_page_t *page, const char *name,
                        const char *value)
{
    set_field(page, name, page->form ? kuji_form_get(page->form, name) : value);
}

void kuji_console_password(kuji_console_page_t *page, const char *name)
{
    set_field(page, name, NULL);
}

void kuji_console_select(kuji_console_page_t *page, const char *name,
                         const char *value, const char *const *values,
                         const char *labels)
{
    json_t *options = json_array();
    const char *label, *is;

    kuji_console_field(page, name, value);
    is = json_string_value(json_object_get(field_of(page, name), "value"));
    for (; *values; values++) {
        label = apr_pstrcat(page->pool, labels, ".", *values, NULL);
        json_array_append_new(
            options, json_pack("{s:s, s:s, s:b}", "value", *values, "label",
                               kuji_render_text(page->web, label, NULL),
                               "selected", !strcmp(*values, is)));
    }
    json_object_set_new(field_of(page, name), "options", options);
}

void kuji_console_error(kuji_console_page_t *page, const char *name,
                        const char *text, json_t *data)
{
    json_object_set_new(field_of(page, name), "error",
                        json_string(kuji_render_text(page->web, text, data)));
    json_object_set_new(page->data, "has_errors", json_true());
    page->errors++;
}

void kuji_console_refuse(kuji_console_page_t *page, const char *text,
                         json_t *data)
{
    json_object_set_new(page->data, "refused",
                        json_string(kuji_render_text(page->web, text, data)));
    page->errors++;
}

void kuji_console_pager(kuji_console_page_t *page, const char *newer,
                        const char *older)
{
    if (newer || older) {
        json_object_set_new(
            page->data, "pager",
            json_pack("{s:s*, s:s*}", "newer", newer, "older", older));
    }
}

int kuji_console_send(kuji_console_page_t *page, int status, const char *name)
{
    return kuji_render_page(page->web, status, KUJI_CACHE_NO_STORE, name,
                            page->data);
}

int kuji_console_failure(kuji_console_page_t *page, apr_status_t rv,
                         const char *what)
{
    json_decref(page->data);
    return kuji_failure(page->web, rv, what);
}

kuji_act_t kuji_console_act(const kuji_web_t *web)
{
    kuji_act_t act = {.pg = web->process->pg,
                      .keys = web->process->keys,
                      .tenant = web->tenant->id,
                      .actor = web->admin ? web->admin->id : NULL,
                      .address = web->r->useragent_ip};

    return act;
}

json_t *kuji_console_time(const kuji_console_page_t *page, int64_t ms,
                          const char *zone)
{
    const kuji_zone_t *z = kuji_zone_load(zone ? zone : HOME_ZONE, page->pool);

    return json_pack("{s:s, s:s}", "iso", kuji_zone_iso(z, ms, page->pool),
                     "text",
                     kuji_zone_brief(z, ms, page->web->language, page->pool));
}
