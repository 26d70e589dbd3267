/* A campaign's passphrases: one, or a list by day; they may change while it
 * runs.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"

#include "core/gates.h"
#include "store/passphrase.h"

static int show(kuji_desk_t *desk, int status)
{
    if (!json_object_get(json_object_get(desk->page.data, "field"),
                         "passphrases")) {
        kuji_console_field(&desk->page, "passphrases", NULL);
    }
    json_object_update_new(
        desk->page.data,
        json_pack("{s:b, s:b}", "asked",
                  (kuji_gates_of(desk->config) & KUJI_GATE_PASSPHRASE) != 0,
                  "may_change", !desk->view->closed_at));
    return kuji_console_send(&desk->page, status, "passphrases");
}

int kuji_console_passphrases_page(kuji_web_t *web)
{
    kuji_desk_t desk;
    const char *text;
    apr_status_t rv;
    int version, done = kuji_desk_open(&desk, web, "passphrases");

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_passphrase_get(&text, &version, &desk.act, web->slug,
                             desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk.page, rv, "reading passphrases");
    }
    kuji_console_field(&desk.page, "passphrases", text);
    json_object_set_new(desk.page.data, "version", json_integer(version));
    return show(&desk, HTTP_OK);
}

int kuji_console_passphrases(kuji_web_t *web)
{
    const char *why = NULL, *text;
    kuji_desk_t desk;
    json_t *data;
    apr_status_t rv;
    int line, version, done = kuji_desk_open_form(&desk, web, "passphrases");

    if (done != DECLINED) {
        return done;
    }
    text = kuji_form_get(desk.page.form, "passphrases");
    kuji_console_field(&desk.page, "passphrases", NULL);
    version = kuji_desk_version(&desk);
    rv = kuji_passphrase_set(&line, &why, &desk.act, web->slug, version,
                             kuji_desk_lines(text ? text : "", desk.page.pool),
                             desk.page.pool);
    if (rv == KUJI_ECONFLICT) {
        return kuji_desk_conflict(&desk, show);
    }
    if (rv == KUJI_EINVAL) {
        data = json_pack("{s:i}", "line", line);
        kuji_console_error(
            &desk.page, "passphrases",
            line ? "admin.passphrases.line" : "admin.passphrases.long", data);
        json_decref(data);
        return show(&desk, HTTP_UNPROCESSABLE_ENTITY);
    }
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "setting passphrases", show);
    }
    kuji_cache_forget(web->process->cache, web->tenant->id, web->slug);
    return kuji_desk_done(&desk, "/passphrases", "saved", NULL);
}
