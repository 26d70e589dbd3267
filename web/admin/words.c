/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/words.h"
#include "web/number.h"

#include <apr_strings.h>
#include <string.h>

json_t *kuji_console_who(const kuji_console_page_t *page, const char *actor,
                         const char *login)
{
    const char *text;

    if (login) {
        return json_pack("{s:s, s:b}", "name", login, "is_login", 1);
    }
    text = kuji_render_text(
        page->web, apr_pstrcat(page->pool, "admin.audit.actor.", actor, NULL),
        NULL);
    return json_pack("{s:s, s:b}", "name", *text ? text : actor, "is_login", 0);
}

const char *kuji_console_when(const kuji_console_page_t *page, int64_t ms)
{
    json_t *time = kuji_console_time(page, ms, NULL);
    const char *text = apr_pstrdup(
        page->pool, json_string_value(json_object_get(time, "text")));

    json_decref(time);
    return text;
}

const char *kuji_console_number(const kuji_console_page_t *page, int64_t number)
{
    return kuji_number_text(number, page->pool);
}
