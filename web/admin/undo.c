/* POST /admin/campaigns/{slug}/undo: takes back the edit that made the
 * campaign's version, as an edit of its own.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"

#include "core/config.h"
#include "store/audit.h"

static int show(kuji_desk_t *desk, int status)
{
    return kuji_console_send(&desk->page, status, "refusal");
}

int kuji_console_undo(kuji_web_t *web)
{
    const kuji_desk_next_t next = {show, "", "undone"};
    const kuji_audit_row_t *row;
    kuji_desk_t desk;
    json_t *config, *detail;
    apr_status_t rv;
    int done = kuji_desk_open_form(&desk, web, "overview");

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_audit_edit(&row, &desk.act, desk.view->uuid, desk.view->version,
                         desk.page.pool);
    if (rv == KUJI_ENOTFOUND) { /* it has been changed otherwise meanwhile */
        return kuji_desk_refused(&desk, KUJI_ESTATE,
                                 "somebody else has changed the campaign "
                                 "meanwhile",
                                 "taking an edit back", show);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk.page, rv, "reading an edit");
    }
    config = kuji_desk_copy(&desk);
    detail = json_loads(row->detail, 0, NULL);
    kuji_config_merge(config, json_object_get(detail, "before"));
    json_decref(detail);
    return kuji_desk_save(&desk, config, &next);
}
