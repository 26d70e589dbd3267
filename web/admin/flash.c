/* The cookie holds a form: the text's name as `.`, then its data. Who can write
 * it can choose among our own texts, no more: their data is escaped.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/flash.h"

#include <apr_strings.h>
#include <stdlib.h>

#define TEXTS "admin.flash."
#define COOKIE_MAX 2048

static const char *cookie_name(const kuji_web_t *web)
{
    return kuji_is_https(web->r) ? "__Host-kuji-said" : "kuji-said";
}

static void set_cookie(kuji_web_t *web, const char *value)
{
    apr_table_addn(web->r->err_headers_out, "Set-Cookie",
                   apr_pstrcat(web->r->pool, cookie_name(web), "=", value,
                               *value ? "; Max-Age=60" : "; Max-Age=0",
                               "; Path=/; HttpOnly; SameSite=Lax",
                               kuji_is_https(web->r) ? "; Secure" : "", NULL));
}

static const char *pair(kuji_web_t *web, const char *name, const char *value)
{
    return apr_pstrcat(web->r->pool, name, "=",
                       ap_escape_urlencoded(web->r->pool, value), NULL);
}

int kuji_console_done(kuji_web_t *web, const char *path, const char *name,
                      json_t *data)
{
    const char *text = pair(web, ".", name), *key;
    json_t *value;

    json_object_foreach(data, key, value)
    {
        const char *string =
            json_is_integer(value)
                ? apr_psprintf(web->r->pool, "%" APR_INT64_T_FMT,
                               (apr_int64_t)json_integer_value(value))
                : json_string_value(value);

        text = apr_pstrcat(web->r->pool, text, "&",
                           pair(web, key, string ? string : ""), NULL);
    }
    json_decref(data);
    if (strlen(text) <= COOKIE_MAX) {
        set_cookie(web, text);
    }
    return kuji_redirect(web, path);
}

void kuji_console_flash(kuji_console_page_t *page)
{
    kuji_web_t *web = page->web;
    const char *value = kuji_cookie_get(web, cookie_name(web)), *name;
    const kuji_form_t *form;
    json_t *data;
    int i;

    if (!value) {
        return;
    }
    set_cookie(web, "");
    if (kuji_form_parse(&form, value, strlen(value), page->pool) ||
        !(name = kuji_form_get(form, "."))) {
        return;
    }
    data = json_object();
    for (i = 0; i < form->count; i++) {
        json_object_set_new(data, form->fields[i].name,
                            json_string(form->fields[i].value));
    }
    if (kuji_form_get(form, "undo")) {
        json_object_set_new(page->data, "undo",
                            json_integer(atoi(kuji_form_get(form, "undo"))));
    }
    name =
        kuji_render_text(web, apr_pstrcat(page->pool, TEXTS, name, NULL), data);
    json_decref(data);
    if (*name) {
        json_object_set_new(page->data, "flash", json_string(name));
    }
}
