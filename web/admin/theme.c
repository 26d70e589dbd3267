/* /admin/campaigns/{slug}/theme: colours, logo, key visual, added CSS; looked
 * at before it is saved, and every version to go back to.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/theme.h"
#include "web/admin/admin.h"

#include <apr_strings.h>

/** Versions on the page. */
#define HISTORY 30

static const char *path_of(const kuji_web_t *web)
{
    return apr_pstrcat(web->r->pool, "/admin/campaigns/", web->slug, "/theme",
                       NULL);
}

/* DECLINED, or what the handler returns. */
static int open_page(kuji_console_page_t *page, kuji_web_t *web,
                     const kuji_campaign_view_t **out)
{
    const kuji_campaign_view_t *view;
    kuji_act_t act = kuji_console_act(web);
    apr_status_t rv;
    int done = kuji_console_open(page, web, "theme");

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_campaign_get(&view, &act, web->slug, page->pool);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(page, rv, "reading a campaign");
    }
    kuji_console_campaign(page, view);
    *out = view;
    return DECLINED;
}

static apr_status_t add_history(kuji_console_page_t *page, int shown)
{
    const kuji_theme_row_t *rows;
    kuji_act_t act = kuji_console_act(page->web);
    json_t *list = json_array();
    int count, i;
    apr_status_t rv = kuji_theme_list(&rows, &count, &act, page->web->slug, 0,
                                      HISTORY, page->pool);

    if (rv != APR_SUCCESS) {
        json_decref(list);
        return rv;
    }
    for (i = 0; i < count; i++) {
        json_array_append_new(
            list, json_pack("{s:i, s:s, s:o, s:b}", "version", rows[i].version,
                            "who", rows[i].actor, "at",
                            kuji_console_time(page, rows[i].at, NULL), "shown",
                            rows[i].is_current));
    }
    json_object_update_new(page->data,
                           json_pack("{s:o, s:b, s:i, s:b}", "history", list,
                                     "history_any", count > 0, "expected",
                                     shown, "plain", !shown));
    return APR_SUCCESS;
}

/* expected: what the form was made from; it stays what it was. */
static int send_page(kuji_console_page_t *page, int status,
                     const kuji_theme_t *theme, int expected, int tried)
{
    kuji_web_t *web = page->web;
    apr_status_t rv = kuji_console_theme_fields(page, theme);

    if (rv == APR_SUCCESS) {
        rv = add_history(page, expected);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(page, rv, "reading a theme");
    }
    kuji_console_theme_report(page, theme);
    json_object_set_new(page->data, "tried", json_boolean(tried));
    json_object_set_new(page->data, "here",
                        json_sprintf("%s%s", web->prefix, path_of(web)));
    json_object_set_new(page->data, "frame",
                        json_sprintf("%s%s/preview%s", web->prefix,
                                     path_of(web), tried ? "?tried=1" : ""));
    web->policy = KUJI_POLICY_FRAMING;
    return kuji_console_send(page, status, "theme");
}

/* The one that the form of page (or NULL) names, else the one that CONFIG does.
 */
static const char *base_of(const kuji_console_page_t *page, const char *config)
{
    const char *sent = page ? kuji_console_get(page, "base") : NULL;
    json_t *doc = json_loads(config, 0, NULL);
    const char *theme = json_string_value(json_object_get(doc, "theme")), *out;
    int i;

    out = kuji_theme_bases[0];
    for (i = 0; kuji_theme_bases[i]; i++) {
        if (!strcmp(kuji_theme_bases[i], sent ? sent : theme ? theme : "")) {
            out = kuji_theme_bases[i];
        }
    }
    json_decref(doc);
    return out;
}

int kuji_console_theme(kuji_web_t *web)
{
    kuji_console_page_t page;
    const kuji_campaign_view_t *view;
    kuji_theme_t theme = {.css = ""};
    kuji_act_t act = kuji_console_act(web);
    int version, done = open_page(&page, web, &view);
    apr_status_t rv;

    if (done != DECLINED) {
        return done;
    }
    if (json_object_get(page.data, "undo")) { /* it has just been changed */
        json_object_set_new(
            page.data, "undo_theme",
            json_pack("{s:O}", "back", json_object_get(page.data, "undo")));
    }
    theme.base = base_of(&page, view->config);
    rv = kuji_theme_current(&theme, &version, &act, web->slug, page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&page, rv, "reading a theme");
    }
    return send_page(&page, HTTP_OK, &theme, version, 0);
}

static int expected_of(const kuji_console_page_t *page)
{
    const char *text = kuji_console_get(page, "expected");

    return text && strlen(text) < 10 ? atoi(text) : -1;
}

/* What the page says to a refusal of store's. */
static int refused(kuji_console_page_t *page, apr_status_t rv,
                   const kuji_theme_t *theme, int tried)
{
    const char *text =
        rv == KUJI_ECONFLICT ? "admin.theme.conflict" : "admin.theme.unfit";

    kuji_console_refuse(page, text, NULL);
    return send_page(
        page, rv == KUJI_ECONFLICT ? HTTP_CONFLICT : HTTP_UNPROCESSABLE_ENTITY,
        theme, expected_of(page), tried);
}

/* After a change this process' own pages show it at once. */
static int changed(kuji_web_t *web, const char *flash, int before)
{
    kuji_cache_forget(web->process->cache, web->tenant->id, web->slug);
    return kuji_console_done(web, path_of(web), flash,
                             json_pack("{s:i}", "undo", before));
}

/* Whether the form says what is shown already: then there is no version to add.
 */
static apr_status_t is_shown(int *same, kuji_console_page_t *page,
                             const kuji_campaign_view_t *view,
                             const kuji_theme_t *theme)
{
    kuji_act_t act = kuji_console_act(page->web);
    kuji_theme_t now = {.css = ""};
    json_t *a, *b;
    int version;
    apr_status_t rv;

    now.base = base_of(NULL, view->config);
    rv = kuji_theme_current(&now, &version, &act, page->web->slug, page->pool);
    *same = 0;
    if (rv == APR_SUCCESS && version == expected_of(page)) {
        a = kuji_theme_json(&now);
        b = kuji_theme_json(theme);
        *same = json_equal(a, b);
        json_decref(a);
        json_decref(b);
    }
    return rv;
}

static int save(kuji_console_page_t *page, const kuji_campaign_view_t *view,
                const kuji_theme_t *theme)
{
    kuji_web_t *web = page->web;
    kuji_act_t act = kuji_console_act(web);
    const char *why;
    int version, tried, same;
    apr_status_t rv = is_shown(&same, page, view, theme);

    if (rv != APR_SUCCESS) {
        return kuji_console_failure(page, rv, "reading a theme");
    }
    if (same) {
        json_decref(page->data);
        return kuji_console_done(web, path_of(web), "theme_saved", NULL);
    }
    rv = kuji_theme_save(&version, &why, &act, web->slug, expected_of(page),
                         theme, page->pool);

    if (rv == KUJI_EINVAL || rv == KUJI_ECONFLICT) {
        tried = kuji_theme_try(&why, &act, web->slug, theme, page->pool) ==
                APR_SUCCESS;
        return refused(page, rv, theme, tried);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(page, rv, "saving a theme");
    }
    tried = expected_of(page);
    json_decref(page->data);
    return changed(web, "theme_saved", tried);
}

static int preview(kuji_console_page_t *page, const kuji_theme_t *theme)
{
    kuji_act_t act = kuji_console_act(page->web);
    const char *why;
    apr_status_t rv =
        kuji_theme_try(&why, &act, page->web->slug, theme, page->pool);

    if (rv == KUJI_EINVAL) {
        return refused(page, rv, theme, 0);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(page, rv, "trying a theme");
    }
    return send_page(page, HTTP_OK, theme, expected_of(page), 1);
}

int kuji_console_theme_post(kuji_web_t *web)
{
    kuji_console_page_t page;
    const kuji_campaign_view_t *view;
    kuji_theme_t theme, plain = {.css = ""};
    int done = open_page(&page, web, &view);

    if (done != DECLINED || (done = kuji_console_form(&page)) != DECLINED) {
        return done;
    }
    if (kuji_console_theme_read(&theme, &page) != APR_SUCCESS) {
        plain.base = base_of(&page, view->config);
        return refused(&page, KUJI_EINVAL, &plain, 0);
    }
    return kuji_console_get(&page, "save") ? save(&page, view, &theme)
                                           : preview(&page, &theme);
}

/* Back to an earlier version. */
int kuji_console_theme_show(kuji_web_t *web)
{
    kuji_console_page_t page;
    kuji_act_t act = kuji_console_act(web);
    const kuji_campaign_view_t *view;
    const char *text, *why;
    apr_status_t rv;
    int done = open_page(&page, web, &view);

    if (done != DECLINED || (done = kuji_console_form(&page)) != DECLINED) {
        return done;
    }
    text = kuji_console_get(&page, "version");
    if (!text || strlen(text) > 9 ||
        strspn(text, "0123456789") != strlen(text)) {
        return kuji_console_failure(&page, KUJI_EINVAL, "showing a theme");
    }
    rv = kuji_theme_show(&why, &act, web->slug, expected_of(&page), atoi(text),
                         page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&page, rv, "showing a theme");
    }
    done = expected_of(&page);
    json_decref(page.data);
    return changed(web, "theme_shown", done);
}
