/* The list of campaigns: search, archive, copies.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"

#include <apr_strings.h>

#define PAGE 50

static json_t *row_of(kuji_desk_t *desk, const kuji_campaign_row_t *row)
{
    const kuji_campaign_view_t *v = &row->view;
    const char *phase = kuji_phase_name(v->phase);
    const char *label =
        apr_pstrcat(desk->page.pool, "admin.phase.", phase, NULL);
    const char *method = apr_pstrcat(desk->page.pool, "admin.method.",
                                     kuji_method_name(v->method), NULL);

    return json_pack(
        "{s:s, s:s, s:{s:s, s:s}, s:s, s:o, s:o, s:s, s:s, s:s, s:s, s:s, "
        "s:b}",
        "slug", v->slug, "title", v->title, "phase", "name", phase, "label",
        kuji_render_text(desk->page.web, label, NULL), "method",
        kuji_render_text(desk->page.web, method, NULL), "opens",
        kuji_console_time(&desk->page, v->opens_at, v->timezone), "closes",
        kuji_console_time(&desk->page, v->closes_at, v->timezone), "planned",
        kuji_desk_count(desk, row->planned), "awarded",
        kuji_desk_count(desk, row->awarded), "left",
        kuji_desk_count(desk, row->left), "today",
        kuji_desk_count(desk, row->today), "draws",
        kuji_desk_count(desk, v->draws), "may_archive",
        v->phase == KUJI_PHASE_DRAFT || v->closed_at > 0);
}

static const char *page_link(kuji_desk_t *desk,
                             const kuji_campaign_find_t *find, int skip)
{
    return apr_psprintf(desk->page.pool, "?skip=%d%s&q=%s", skip,
                        find->archived ? "&archived=1" : "",
                        ap_escape_urlencoded(desk->page.pool, find->text));
}

static void add_pager(kuji_desk_t *desk, const kuji_campaign_find_t *find,
                      int more)
{
    int newer = find->skip > PAGE ? find->skip - PAGE : 0;

    kuji_console_pager(&desk->page,
                       find->skip ? page_link(desk, find, newer) : NULL,
                       more ? page_link(desk, find, find->skip + PAGE) : NULL);
}

static void read_query(kuji_campaign_find_t *find, kuji_web_t *web)
{
    const char *text = kuji_query_get(web, "q");
    int64_t skip = kuji_query_int(web, "skip", 0);

    find->text = text && strlen(text) <= 200 ? text : "";
    find->archived = kuji_query_int(web, "archived", 0) == 1;
    find->skip = skip > 0 && skip < 100000 ? (int)skip : 0;
    find->limit = PAGE + 1;
}

int kuji_console_campaigns(kuji_web_t *web)
{
    const kuji_campaign_row_t *rows;
    kuji_campaign_find_t find;
    kuji_desk_t desk = {.act = kuji_console_act(web)};
    json_t *list;
    apr_status_t rv;
    int count, i, done = kuji_console_open(&desk.page, web, "campaigns");

    if (done != DECLINED) {
        return done;
    }
    read_query(&find, web);
    rv = kuji_campaign_find(&rows, &count, &desk.act, &find, desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk.page, rv, "listing campaigns");
    }
    list = json_array();
    for (i = 0; i < count && i < PAGE; i++) {
        json_array_append_new(list, row_of(&desk, &rows[i]));
    }
    add_pager(&desk, &find, count > PAGE);
    json_object_update_new(
        desk.page.data,
        json_pack("{s:b, s:o, s:s, s:b, s:b, s:b}", "any", count > 0,
                  "campaigns", list, "q", find.text, "searched",
                  *find.text != 0, "archive", find.archived, "can_write",
                  (web->admin->role_bit &
                   (KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR)) != 0));
    return kuji_console_send(&desk.page, HTTP_OK, "campaigns");
}

static int show_life(kuji_desk_t *desk, int status)
{
    return kuji_console_send(&desk->page, status, "refusal");
}

int kuji_console_archive(kuji_web_t *web)
{
    const char *why = NULL;
    kuji_desk_t desk;
    apr_status_t rv;
    int archive, done = kuji_desk_open_form(&desk, web, "overview");

    if (done != DECLINED) {
        return done;
    }
    archive = kuji_console_get(&desk.page, "back") == NULL;
    rv = kuji_campaign_archive(&why, &desk.act, web->slug, archive,
                               desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "archiving a campaign",
                                 show_life);
    }
    return kuji_desk_done(&desk, "", archive ? "archived" : "unarchived", NULL);
}

static int show_copy(kuji_desk_t *desk, int status)
{
    const char *copy = kuji_render_text(desk->page.web, "admin.copy.of", NULL);

    kuji_console_field(
        &desk->page, "title",
        apr_pstrcat(desk->page.pool, desk->view->title, copy, NULL));
    kuji_console_field(
        &desk->page, "slug",
        apr_pstrcat(desk->page.pool, desk->view->slug, "-2", NULL));
    if (status == HTTP_CONFLICT) {
        kuji_console_error(&desk->page, "slug", "admin.error.slug_taken", NULL);
    }
    return kuji_console_send(&desk->page, status, "duplicate");
}

int kuji_console_duplicate_page(kuji_web_t *web)
{
    kuji_desk_t desk;
    int done = kuji_desk_open(&desk, web, "overview");

    return done == DECLINED ? show_copy(&desk, HTTP_OK) : done;
}

int kuji_console_duplicate(kuji_web_t *web)
{
    const char *uuid, *title, *slug, *why = NULL;
    kuji_desk_t desk;
    apr_status_t rv;
    int done = kuji_desk_open_form(&desk, web, "overview");

    if (done != DECLINED) {
        return done;
    }
    title = kuji_console_get(&desk.page, "title");
    slug = kuji_console_get(&desk.page, "slug");
    rv = kuji_campaign_duplicate(&uuid, &why, &desk.act, web->slug,
                                 slug ? slug : "", title ? title : "",
                                 desk.page.pool);
    if (rv == KUJI_ECONFLICT) {
        return show_copy(&desk, HTTP_CONFLICT);
    }
    if (rv != APR_SUCCESS) {
        return kuji_desk_refused(&desk, rv, why, "copying a campaign",
                                 show_copy);
    }
    web->slug = slug;
    return kuji_desk_done(&desk, "", "duplicated", NULL);
}
