/* GET /admin/audit: every change, by whom, from where, what was before and
 * after; ?verify=1 walks the chain.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/audit.h"
#include "web/admin/admin.h"
#include "web/admin/change.h"
#include "web/admin/changed.h"
#include "web/admin/period.h"
#include "web/admin/words.h"

#include <apr_strings.h>
#include <http_protocol.h>
#include <sodium.h>

#define ROWS 50
#define HOME_ZONE "Asia/Tokyo"

typedef struct view_t {
    kuji_console_page_t page;
    kuji_act_t act;
    kuji_audit_filter_t filter;
    const char *from, *to; /* days, as asked for */
} view_t;

static const char *action_text(const view_t *v, const char *action)
{
    const char *text = kuji_render_text(
        v->page.web,
        apr_pstrcat(v->page.pool, "admin.audit.action.", action, NULL), NULL);

    return *text ? text : action;
}

static const char *when(void *baton, int64_t ms)
{
    return kuji_console_when(baton, ms);
}

static json_t *row_of(view_t *v, const kuji_audit_row_t *a)
{
    json_t *lines = !strcmp(a->action, KUJI_AUDIT_EDIT)
                        ? kuji_changed_lines(&v->page, a->detail)
                        : kuji_change_lines(a->detail, when, &v->page);
    json_t *row;

    if (strcmp(a->action, KUJI_AUDIT_EDIT)) {
        kuji_changed_words(&v->page, lines);
    }
    row = json_pack(
        "{s:I, s:o, s:o, s:s*, s:s, s:s}", "seq", (json_int_t)a->seq, "at",
        kuji_console_time(&v->page, a->at, NULL), "who",
        kuji_console_who(&v->page, a->actor, a->login), "address", a->address,
        "action", action_text(v, a->action), "code", a->action);

    if (*a->object) {
        json_object_set_new(row, "object",
                            json_pack("{s:s, s:s}", "name",
                                      a->name ? a->name : a->object, "id",
                                      a->object));
    }
    if (json_array_size(lines) > 0) {
        json_object_set_new(row, "change", json_pack("{s:O}", "lines", lines));
    }
    json_decref(lines);
    return row;
}

static apr_status_t add_choices(view_t *v)
{
    const kuji_audit_words_t *words;
    json_t *actors = json_array(), *actions = json_array(), *who;
    apr_status_t rv = kuji_audit_words(&words, &v->act, v->page.pool);
    const char *is;
    int i;

    for (i = 0; rv == APR_SUCCESS && i < words->nactors; i++) {
        who = kuji_console_who(&v->page, words->actors[i], words->logins[i]);
        is = v->filter.actor;
        json_array_append_new(
            actors, json_pack("{s:s, s:O, s:b}", "value", words->actors[i],
                              "label", json_object_get(who, "name"), "selected",
                              is && !strcmp(is, words->actors[i])));
        json_decref(who);
    }
    for (i = 0; rv == APR_SUCCESS && i < words->nactions; i++) {
        is = v->filter.action;
        json_array_append_new(
            actions,
            json_pack("{s:s, s:s, s:b}", "value", words->actions[i], "label",
                      action_text(v, words->actions[i]), "selected",
                      is && !strcmp(is, words->actions[i])));
    }
    json_object_set_new(v->page.data, "actors", actors);
    json_object_set_new(v->page.data, "actions", actions);
    return rv;
}

static const char *add_query(const view_t *v, const char *query,
                             const char *name, const char *value)
{
    return value ? apr_pstrcat(v->page.pool, query, "&", name, "=",
                               ap_escape_urlencoded(v->page.pool, value), NULL)
                 : query;
}

/* The filter as a query, for the links of this page. */
static const char *query_of(const view_t *v)
{
    const char *query = add_query(v, "", "actor", v->filter.actor);

    query = add_query(v, query, "action", v->filter.action);
    query = add_query(v, query, "from", v->from);
    query = add_query(v, query, "to", v->to);
    return *query ? query + 1 : query;
}

static const char *page_link(const view_t *v, const char *rest)
{
    const char *query = query_of(v);

    return apr_pstrcat(v->page.pool, "?", query, *query && *rest ? "&" : "",
                       rest, NULL);
}

static apr_status_t add_rows(view_t *v)
{
    int64_t before = kuji_query_int(v->page.web, "before", 0);
    const kuji_audit_row_t *rows;
    json_t *list = json_array();
    int i, count = 0;
    apr_status_t rv = kuji_audit_list(&rows, &count, &v->act, &v->filter,
                                      before, ROWS + 1, v->page.pool);

    for (i = 0; rv == APR_SUCCESS && i < count && i < ROWS; i++) {
        json_array_append_new(list, row_of(v, &rows[i]));
    }
    json_object_set_new(v->page.data, "entries", list);
    json_object_set_new(v->page.data, "empty", json_boolean(count == 0));
    if (rv == APR_SUCCESS) {
        kuji_console_pager(
            &v->page, before > 0 ? page_link(v, "") : NULL,
            count > ROWS
                ? page_link(v, apr_psprintf(v->page.pool,
                                            "before=%" APR_INT64_T_FMT,
                                            (apr_int64_t)rows[ROWS - 1].seq))
                : NULL);
    }
    return rv;
}

/* The walk's own words: whole, or from where on it is not. */
static apr_status_t add_walk(view_t *v)
{
    kuji_audit_report_t report;
    char hex[2 * KUJI_HASH_LEN + 1];
    json_t *walk;
    apr_status_t rv;

    if (kuji_query_int(v->page.web, "verify", 0) != 1) {
        return APR_SUCCESS;
    }
    rv = kuji_audit_verify(&report, &v->act, v->page.pool);
    sodium_bin2hex(hex, sizeof(hex), report.head, sizeof(report.head));
    walk =
        json_pack("{s:s, s:s}", "entries",
                  kuji_console_number(&v->page, report.entries), "head", hex);
    if (report.broken) {
        json_object_set_new(
            walk, "broken",
            json_string(kuji_console_number(&v->page, report.broken)));
    }
    json_object_set_new(v->page.data, "walk", walk);
    return rv;
}

static apr_status_t read_filter(view_t *v)
{
    kuji_web_t *web = v->page.web;
    kuji_period_t period;
    apr_status_t rv = kuji_period_read(&period, web, HOME_ZONE);

    v->filter.actor = kuji_period_word(web, "actor");
    v->filter.action = kuji_period_word(web, "action");
    v->filter.from = period.from;
    v->filter.to = period.to;
    v->from = kuji_period_word(web, "from");
    v->to = kuji_period_word(web, "to");
    return rv;
}

static void add_filter(view_t *v)
{
    json_t *data = v->page.data;

    json_object_set_new(data, "from", json_string(v->from ? v->from : ""));
    json_object_set_new(data, "to", json_string(v->to ? v->to : ""));
    json_object_set_new(data, "filtered", json_boolean(*query_of(v)));
    json_object_set_new(data, "verify_href",
                        json_string(page_link(v, "verify=1")));
    json_object_set_new(data, "query", json_string(query_of(v)));
}

int kuji_console_audit(kuji_web_t *web)
{
    view_t v = {.act = kuji_console_act(web)};
    apr_status_t rv;
    int done = kuji_console_open(&v.page, web, "audit");

    if (done != DECLINED) {
        return done;
    }
    if (read_filter(&v)) {
        json_decref(v.page.data);
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                            "from and to are days, such as 2026-11-22");
    }
    add_filter(&v);
    rv = add_choices(&v);
    if (rv == APR_SUCCESS) {
        rv = add_rows(&v);
    }
    if (rv == APR_SUCCESS) {
        rv = add_walk(&v);
    }
    return rv == APR_SUCCESS
               ? kuji_console_send(&v.page, HTTP_OK, "audit")
               : kuji_console_failure(&v.page, rv, "reading the audit log");
}
