/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/line_reason.h"

#include "web/render.h"

#include <apr_strings.h>

const char *kuji_line_reason(kuji_web_t *web, const char *reason)
{
    char *name, *at;
    const char *text;

    if (!reason) {
        return NULL;
    }
    name =
        apr_pstrcat(web->r->pool, "admin.line_messages.reason.", reason, NULL);
    for (at = name; *at; at++) {
        if (*at == ' ') {
            *at = '_';
        }
    }
    text = kuji_render_text(web, name, NULL);
    return text && *text ? text : reason;
}
