/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/words.h"

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
    const char *digits =
        apr_psprintf(page->pool, "%" APR_INT64_T_FMT, (apr_int64_t)number);
    apr_size_t len = strlen(digits), i;
    char *out = apr_palloc(page->pool, len + len / 3 + 1), *o = out;

    for (i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0) {
            *o++ = ',';
        }
        *o++ = digits[i];
    }
    *o = '\0';
    return out;
}
