/* /admin/campaigns/{slug}/claims: where prizes stand; handing over in the shop,
 * by receipt number and without personal data; shipping by a list.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/admin.h"
#include "web/admin/admin.h"
#include "web/admin/claim_page.h"

#include <apr_strings.h>

/* A line for each prize: how many are in each state. */
static apr_status_t add_counts(kuji_claims_page_t *p)
{
    const kuji_claim_count_t *counts;
    json_t *rows = json_array(), *row, *cells;
    int64_t in[KUJI_CLAIM_LAST];
    int count, i, k;
    apr_status_t rv =
        kuji_claim_counts(&counts, &count, &p->act, p->view->id, p->page.pool);

    for (i = 0; rv == APR_SUCCESS && i < p->view->nprizes; i++) {
        memset(in, 0, sizeof in);
        in[KUJI_CLAIM_WON] = p->view->prizes[i].awarded;
        for (k = 0; k < count; k++) {
            if (strcmp(counts[k].prize, p->view->prizes[i].code) == 0) {
                in[kuji_claim_state(counts[k].state)] = counts[k].count;
                in[KUJI_CLAIM_WON] -= counts[k].count - counts[k].returned;
            }
        }
        cells = json_array();
        for (k = 0; k < KUJI_CLAIM_LAST; k++) {
            json_array_append_new(
                cells, json_pack("{s:I}", "count", (json_int_t)in[k]));
        }
        row = json_pack("{s:s, s:o}", "prize", p->view->prizes[i].name, "cells",
                        cells);
        json_array_append_new(rows, row);
    }
    json_object_set_new(p->page.data, "counts", rows);
    return rv;
}

static void add_states(kuji_claims_page_t *p)
{
    json_t *list = json_array();
    int i;

    for (i = 0; i < KUJI_CLAIM_LAST; i++) {
        json_array_append_new(
            list, kuji_claims_state(p, kuji_claim_name((kuji_claim_e)i)));
    }
    json_object_set_new(p->page.data, "states", list);
}

/* The win that was looked up, as the shop needs to know it. */
static apr_status_t add_found(kuji_claims_page_t *p, int64_t n)
{
    const kuji_claim_t *claim;
    apr_status_t rv = kuji_claim_get(&claim, &p->act, p->view->slug,
                                     (uint64_t)n, 0, p->page.pool);

    if (rv != APR_SUCCESS || !claim) {
        json_object_set_new(p->page.data, "missing", json_true());
        return rv;
    }
    json_object_set_new(
        p->page.data, "found",
        json_pack(
            "{s:I, s:s, s:o, s:o, s:o}", "n", (json_int_t)n, "prize",
            kuji_claims_prize(p, claim->prize), "state",
            kuji_claims_state(p, claim->state), "since",
            kuji_claims_time(p, claim->updated_at), "actions",
            kuji_claims_steps(p, claim->kind, claim->state, KUJI_BY_STAFF)));
    if (claim->shop) {
        json_object_set_new(json_object_get(p->page.data, "found"), "shop",
                            json_string(claim->shop));
    }
    if (claim->nsteps && claim->steps[claim->nsteps - 1].back) {
        json_object_set_new(json_object_get(p->page.data, "found"), "back",
                            json_string(kuji_claims_back_text(
                                p, claim->steps[claim->nsteps - 1].back)));
    }
    kuji_claims_add_back(p, claim, "/claims/back");
    return APR_SUCCESS;
}

static int show(kuji_claims_page_t *p, int64_t n, int status)
{
    int owner = p->page.web->admin->role_bit == KUJI_ROLE_OWNER;
    apr_status_t rv = APR_SUCCESS;

    kuji_console_field(
        &p->page, "n",
        n > 0 ? apr_psprintf(p->page.pool, "%" APR_INT64_T_FMT, (apr_int64_t)n)
              : NULL);
    if (n > 0) {
        rv = add_found(p, n);
    }
    if (rv == APR_SUCCESS && owner) {
        add_states(p);
        rv = add_counts(p);
    }
    if (rv == APR_SUCCESS && owner) {
        rv = kuji_claims_add_expired(p);
        kuji_console_field(&p->page, "list", NULL);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&p->page, rv, "reading claims");
    }
    json_object_set_new(p->page.data, "owner", json_boolean(owner));
    return kuji_console_send(&p->page, status, "claims");
}

int kuji_claims_show(kuji_claims_page_t *p, int status)
{
    return show(p, 0, status);
}

int kuji_console_claims(kuji_web_t *web)
{
    kuji_claims_page_t p;
    int64_t n = kuji_query_int(web, "n", 0);
    int done = kuji_claims_open(&p, web, "claims", 0);

    if (done != DECLINED) {
        return done;
    }
    if (n < 0) {
        kuji_console_refuse(&p.page, "admin.claims.no_number", NULL);
        return show(&p, 0, HTTP_UNPROCESSABLE_ENTITY);
    }
    return show(&p, n, HTTP_OK);
}

/* Handing over: staff and owner, with what staff may do. */
int kuji_console_claims_hand(kuji_web_t *web)
{
    kuji_claims_page_t p;
    const char *why;
    kuji_claim_e to;
    int64_t n;
    apr_status_t rv;
    int done = kuji_claims_open(&p, web, "claims", 0);

    if (done != DECLINED || (done = kuji_console_form(&p.page)) != DECLINED) {
        return done;
    }
    n = kuji_claims_number(&p.page, "n");
    to = kuji_claim_state(kuji_console_get(&p.page, "to"));
    rv = kuji_claim_step(&why, &p.act, web->slug, (uint64_t)n, to,
                         KUJI_BY_STAFF, p.page.pool);
    if (rv == APR_SUCCESS) {
        json_decref(p.page.data);
        return kuji_console_done(
            web,
            apr_psprintf(web->r->pool, "/admin/campaigns/%s/claims", web->slug),
            "handed_over", json_pack("{s:I}", "n", (json_int_t)n));
    }
    if (rv != KUJI_ESTATE && rv != KUJI_EINVAL && rv != KUJI_ENOTFOUND) {
        return kuji_console_failure(&p.page, rv, "handing a prize over");
    }
    if (rv == KUJI_ESTATE) {
        kuji_console_refuse(&p.page, "admin.claims.not_now", NULL);
    }
    return show(&p, n,
                rv == KUJI_ESTATE ? HTTP_CONFLICT : HTTP_UNPROCESSABLE_ENTITY);
}

static json_t *report_data(kuji_claims_page_t *p, const kuji_ship_report_t *r)
{
    static const char *const names[KUJI_SHIP_LAST] = {
        "done", "updated", "malformed", "unknown", "kind", "state", "twice"};
    json_t *lines = json_array();
    int64_t refused = 0;
    int i;

    for (i = KUJI_SHIP_MALFORMED; i < KUJI_SHIP_LAST; i++) {
        refused += r->counts[i];
    }
    for (i = 0; i < r->nlines; i++) {
        json_array_append_new(
            lines,
            json_pack(
                "{s:I, s:I, s:s}", "line", (json_int_t)r->lines[i].line, "n",
                (json_int_t)r->lines[i].n, "what",
                kuji_render_text(p->page.web,
                                 apr_pstrcat(p->page.pool, "admin.claims.ship.",
                                             names[r->lines[i].outcome], NULL),
                                 NULL)));
    }
    return json_pack("{s:I, s:I, s:I, s:b, s:o}", "done",
                     (json_int_t)r->counts[KUJI_SHIP_DONE], "updated",
                     (json_int_t)r->counts[KUJI_SHIP_UPDATED], "refused",
                     (json_int_t)refused, "any_refused", refused > 0, "lines",
                     lines);
}

int kuji_console_claims_ship(kuji_web_t *web)
{
    kuji_claims_page_t p;
    kuji_ship_report_t report;
    const char *text, *why = NULL;
    apr_size_t len;
    apr_status_t rv;
    int done = kuji_claims_open(&p, web, "claims", 0);

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_claims_list_body(&text, &len, web, "list");
    if (rv == KUJI_EINVAL) {
        kuji_console_refuse(&p.page, "admin.claims.no_list", NULL);
        return show(&p, 0, HTTP_UNPROCESSABLE_ENTITY);
    }
    if (rv != APR_SUCCESS) {
        json_decref(p.page.data);
        return kuji_body_problem(web, rv, "a list of 8 MiB at most");
    }
    rv = kuji_claim_ship(&report, &why, &p.act, web->slug, text, len,
                         p.page.pool);
    if (rv != APR_SUCCESS && rv != KUJI_EINVAL && rv != KUJI_ETOOBIG) {
        return kuji_console_failure(&p.page, rv, "marking parcels as shipped");
    }
    json_object_set_new(p.page.data, "report", report_data(&p, &report));
    if (rv != APR_SUCCESS) {
        kuji_console_refuse(&p.page, "admin.claims.broken_list", NULL);
    }
    return show(&p, 0, rv == APR_SUCCESS ? HTTP_OK : HTTP_UNPROCESSABLE_ENTITY);
}
