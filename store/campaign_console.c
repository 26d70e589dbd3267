/* What the console does with campaigns as a whole: list and search, copy,
 * archive.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/append.h"
#include "store/audit.h"
#include "store/campaign_int.h"
#include "store/rows.h"

#include <apr_strings.h>
#include <string.h>

static apr_status_t read_row(void *item, const PGresult *res, int i,
                             apr_pool_t *pool)
{
    kuji_campaign_row_t *row = item;
    int col = KUJI_CAMPAIGN_COLUMNS;

    (void)pool;
    kuji_campaign__read(&row->view, res, i);
    row->planned = kuji_pg_int(res, i, col++);
    row->awarded = kuji_pg_int(res, i, col++);
    row->left = kuji_pg_int(res, i, col++);
    row->today = kuji_pg_int(res, i, col);
    row->view.phase = kuji_campaign__phase(
        &row->view, row->view.blanks_left == 0 && row->left == 0);
    return APR_SUCCESS;
}

apr_status_t kuji_campaign_find(const kuji_campaign_row_t **rows, int *count,
                                const kuji_act_t *act,
                                const kuji_campaign_find_t *ask,
                                apr_pool_t *pool)
{
    kuji_rows_t found = KUJI_ROWS(kuji_campaign_row_t, read_row);
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_text(&args, ask->text);
    kuji_args_bool(&args, ask->archived);
    kuji_args_int(&args, ask->limit);
    kuji_args_int(&args, ask->skip);
    rv = kuji_rows_list(&found, act, KUJI_Q_CAMPAIGN_FIND, &args, pool);
    *rows = found.items;
    *count = found.count;
    return rv;
}

apr_status_t kuji_campaign_duplicate(const char **uuid, const char **why,
                                     const kuji_act_t *act, const char *slug,
                                     const char *new_slug, const char *title,
                                     apr_pool_t *pool)
{
    const kuji_campaign_view_t *view;
    json_t *config;
    apr_status_t rv = kuji_campaign_get(&view, act, slug, pool);

    if (rv != APR_SUCCESS) {
        *why = "there is no such campaign";
        return rv;
    }
    config = json_loads(view->config, 0, NULL);
    if (!config) {
        return KUJI_EDATABASE;
    }
    json_object_set_new(config, "slug", json_string(new_slug));
    json_object_set_new(config, "title", json_string(title));
    json_object_del(config, "beacon");
    rv = kuji_campaign__create(uuid, why, act, config, view->uuid, pool);
    json_decref(config);
    return rv;
}

typedef struct archive_t {
    const kuji_act_t *act;
    const char *slug;
    int archive;
    const char **why;
} archive_t;

static apr_status_t archive(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    archive_t *c = baton;
    kuji_append_t a;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv = kuji_append_lock(&a, c->why, c->act, conn, c->slug, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (strcmp(a.status, "draft") != 0 && strcmp(a.status, "closed") != 0) {
        *c->why = "a campaign that is running stays in the list";
        return KUJI_ESTATE;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, a.id);
    kuji_args_bool(&args, c->archive);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CAMPAIGN_ARCHIVE, &args, pool);
    if (rv == APR_SUCCESS && kuji_pg_changed(res) != 1) {
        *c->why = c->archive ? "the campaign is archived already"
                             : "the campaign is not archived";
        rv = KUJI_ESTATE;
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return kuji_audit_add(
        c->act, conn, c->archive ? "campaign.archive" : "campaign.unarchive",
        apr_pstrcat(pool, "campaign:", a.uuid, NULL), NULL, pool);
}

apr_status_t kuji_campaign_archive(const char **why, const kuji_act_t *act,
                                   const char *slug, int wanted,
                                   apr_pool_t *pool)
{
    archive_t a = {act, slug, wanted, why};

    return kuji_pg_transact(act->pg, act->tenant, archive, &a, pool);
}
