/* Saving a campaign's looks, going back, trying. Reading is theme_view.c's.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/theme.h"

#include "store/audit.h"
#include "store/image.h"

#include <apr_strings.h>
#include <stdlib.h>

typedef struct work_t {
    const kuji_act_t *act;
    const char *slug;
    int expected, version; /* version: to be shown, or that was made */
    const kuji_theme_t *theme;
    const kuji_css_t *css;
    const char *doc, *sheet;
    const char **why;
    /* of the campaign, once it is found */
    int64_t id;
    const char *uuid;
} work_t;

static apr_status_t find_campaign(work_t *w, kuji_conn_t *conn,
                                  apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_text(&args, w->slug);
    rv = kuji_pg_query(&res, conn, KUJI_Q_THEME_CAMPAIGN, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        *w->why = "there is no such campaign";
        return KUJI_ENOTFOUND;
    }
    w->id = kuji_pg_int(res, 0, 0);
    w->uuid = kuji_pg_text(res, 0, 1);
    return APR_SUCCESS;
}

/* Locks the pointer: of two admins the second waits, then sees the first. */
static apr_status_t lock_pointer(work_t *w, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv = find_campaign(w, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->id);
    kuji_args_uuid(&args, w->act->tenant);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_THEME_POINTER, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_THEME_LOCK, &args, pool);
    if (rv == APR_SUCCESS && kuji_pg_int(res, 0, 0) != w->expected) {
        *w->why = "somebody else has changed the theme meanwhile";
        rv = KUJI_ECONFLICT;
    }
    return rv;
}

static apr_status_t check_images(work_t *w, kuji_conn_t *conn, apr_pool_t *pool)
{
    const char **names =
        apr_palloc(pool, sizeof(*names) * ((apr_size_t)w->css->nimages + 2));
    const char *missing;
    int count = 0, i;
    apr_status_t rv;

    if (w->theme->logo) {
        names[count++] = w->theme->logo;
    }
    if (w->theme->visual) {
        names[count++] = w->theme->visual;
    }
    for (i = 0; i < w->css->nimages; i++) {
        names[count++] = w->css->images[i];
    }
    rv = kuji_image_missing(&missing, w->act, conn, names, count, pool);
    if (rv == APR_SUCCESS && missing) {
        *w->why = apr_pstrcat(pool, "there is no image ", missing, NULL);
        rv = KUJI_EINVAL;
    }
    return rv;
}

static apr_status_t point(work_t *w, kuji_conn_t *conn, const char *action,
                          apr_pool_t *pool)
{
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->id);
    kuji_args_int(&args, w->version);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_THEME_SHOW, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return kuji_audit_add(
        w->act, conn, action, apr_pstrcat(pool, "campaign:", w->uuid, NULL),
        json_pack("{s:i, s:i}", "before", w->expected, "after", w->version),
        pool);
}

/* The document and its stylesheet, as a version or as what is tried. */
static apr_status_t write_down(PGresult **res, work_t *w, kuji_conn_t *conn,
                               kuji_query_e query, apr_pool_t *pool)
{
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->id);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_json(&args, w->doc);
    kuji_args_text(&args, w->sheet);
    kuji_args_text(&args, w->act->actor);
    return kuji_pg_query(res, conn, query, &args, pool);
}

static apr_status_t save(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    PGresult *res;
    apr_status_t rv = lock_pointer(w, conn, pool);

    if (rv == APR_SUCCESS) {
        rv = check_images(w, conn, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = write_down(&res, w, conn, KUJI_Q_THEME_ADD, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    w->version = (int)kuji_pg_int(res, 0, 0);
    return point(w, conn, "theme.save", pool);
}

static apr_status_t make_doc(work_t *w, apr_pool_t *pool)
{
    json_t *doc = kuji_theme_json(w->theme);
    char *text = json_dumps(doc, JSON_COMPACT);

    json_decref(doc);
    w->doc = text ? apr_pstrdup(pool, text) : NULL;
    free(text);
    w->sheet = kuji_theme_sheet(w->theme, w->css, pool);
    return w->doc ? APR_SUCCESS : APR_ENOMEM;
}

static apr_status_t check_fit(work_t *w, const kuji_theme_check_t *check,
                              apr_pool_t *pool)
{
    const kuji_css_report_t *fault = check->css.faults;

    if (check->nfailed) {
        *w->why = "colours: some can hardly be told apart";
        return KUJI_EINVAL;
    }
    if (check->css.nfaults) {
        *w->why = apr_psprintf(pool, "css: line %d: %s %s", fault->line,
                               kuji_css_fault_name(fault->fault), fault->what);
        return KUJI_EINVAL;
    }
    return APR_SUCCESS;
}

apr_status_t kuji_theme_save(int *version, const char **why,
                             const kuji_act_t *act, const char *slug,
                             int expected, const kuji_theme_t *theme,
                             apr_pool_t *pool)
{
    kuji_theme_check_t check;
    work_t w = {.act = act,
                .slug = slug,
                .expected = expected,
                .theme = theme,
                .css = &check.css,
                .why = why};
    apr_status_t rv;

    kuji_theme_check(&check, theme, pool);
    rv = check_fit(&w, &check, pool);
    if (rv == APR_SUCCESS) {
        rv = make_doc(&w, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_pg_transact(act->pg, act->tenant, save, &w, pool);
    }
    *version = w.version;
    return rv;
}

static apr_status_t show(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv = lock_pointer(w, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->id);
    kuji_args_int(&args, w->version);
    rv = kuji_pg_query(&res, conn, KUJI_Q_THEME_EXISTS, &args, pool);
    if (rv == APR_SUCCESS && w->version && !kuji_pg_bool(res, 0, 0)) {
        *w->why = "there is no such version";
        rv = KUJI_ENOTFOUND;
    }
    return rv == APR_SUCCESS ? point(w, conn, "theme.show", pool) : rv;
}

apr_status_t kuji_theme_show(const char **why, const kuji_act_t *act,
                             const char *slug, int expected, int version,
                             apr_pool_t *pool)
{
    work_t w = {.act = act,
                .slug = slug,
                .expected = expected,
                .version = version,
                .why = why};

    return kuji_pg_transact(act->pg, act->tenant, show, &w, pool);
}

static apr_status_t put_preview(void *baton, kuji_conn_t *conn,
                                apr_pool_t *pool)
{
    work_t *w = baton;
    apr_status_t rv = find_campaign(w, conn, pool);

    if (rv == APR_SUCCESS) {
        rv = check_images(w, conn, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return write_down(NULL, w, conn, KUJI_Q_THEME_PREVIEW_PUT, pool);
}

apr_status_t kuji_theme_try(const char **why, const kuji_act_t *act,
                            const char *slug, const kuji_theme_t *theme,
                            apr_pool_t *pool)
{
    kuji_theme_check_t check;
    work_t w = {.act = act,
                .slug = slug,
                .theme = theme,
                .css = &check.css,
                .why = why};
    apr_status_t rv;

    kuji_theme_check(&check, theme, pool);
    rv = make_doc(&w, pool);
    return rv == APR_SUCCESS
               ? kuji_pg_transact(act->pg, act->tenant, put_preview, &w, pool)
               : rv;
}
