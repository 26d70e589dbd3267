/* /admin/campaigns/{slug}/winners: wins, or all draws, by filters; and the
 * search. Names are looked for in a form's body, never in an address: that
 * would be in every log.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/person.h"
#include "web/admin/admin.h"
#include "web/admin/claim_page.h"

#include <apr_strings.h>

#define ROWS 50

static const char *query(kuji_claims_page_t *p, const char *name)
{
    const char *value = kuji_query_get(p->page.web, name);

    return value && *value ? value : NULL;
}

static json_t *row_data(const kuji_claims_page_t *p,
                        const kuji_claim_row_t *row, unsigned reasons)
{
    return json_pack("{s:I, s:o, s:s*, s:o, s:b, s:b, s:o*}", "n",
                     (json_int_t)row->n, "at", kuji_claims_time(p, row->t),
                     "prize", kuji_claims_prize(p, row->prize), "state",
                     kuji_claims_state(p, row->state), "void",
                     row->is_void && !row->state, "has_data", row->has_data,
                     "flags", kuji_claims_flags(p, reasons));
}

static void add_prizes(kuji_claims_page_t *p, const char *value)
{
    json_t *options = json_array();
    int i;

    for (i = 0; i < p->view->nprizes; i++) {
        json_array_append_new(
            options, json_pack("{s:s, s:s}", "value", p->view->prizes[i].code,
                               "label", p->view->prizes[i].name));
    }
    kuji_claims_select(p, "prize", value, "admin.winners.any_prize", options);
}

static void add_states(kuji_claims_page_t *p, const char *value)
{
    json_t *options = json_array(), *state;
    int i;

    for (i = 0; i < KUJI_CLAIM_LAST; i++) {
        state = kuji_claims_state(p, kuji_claim_name((kuji_claim_e)i));
        json_object_set(state, "value", json_object_get(state, "name"));
        json_array_append_new(options, state);
    }
    kuji_claims_select(p, "state", value, "admin.winners.any_state", options);
}

static apr_status_t add_batches(kuji_claims_page_t *p, const char *value)
{
    const kuji_claim_batch_t *batches;
    json_t *options = json_array();
    int count = 0, i;
    apr_status_t rv = kuji_claim_batches(&batches, &count, &p->act, p->view->id,
                                         p->page.pool);

    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        json_array_append_new(
            options, json_pack("{s:o, s:s}", "value",
                               json_sprintf("%" APR_INT64_T_FMT,
                                            (apr_int64_t)batches[i].id),
                               "label", batches[i].name));
    }
    kuji_claims_select(p, "batch", value, "admin.winners.any_batch", options);
    json_object_set_new(p->page.data, "batches", json_boolean(count > 0));
    return rv;
}

/* "?prize=A&before=12": the filters as they are, and another page. */
static const char *address(kuji_claims_page_t *p, uint64_t before)
{
    static const char *const names[] = {"which", "prize", "state",
                                        "from",  "until", "batch"};
    const char *text = "?", *value;
    unsigned i;

    for (i = 0; i < sizeof names / sizeof *names; i++) {
        if ((value = query(p, names[i]))) {
            text = apr_pstrcat(p->page.pool, text, names[i], "=",
                               ap_escape_urlencoded(p->page.pool, value), "&",
                               NULL);
        }
    }
    return before ? apr_psprintf(p->page.pool, "%sbefore=%" APR_UINT64_T_FMT,
                                 text, (apr_uint64_t)before)
                  : text;
}

static void read_filter(kuji_claim_filter_t *f, kuji_claims_page_t *p)
{
    const char *which = query(p, "which"), *batch = query(p, "batch");
    int64_t before = kuji_query_int(p->page.web, "before", 0);

    memset(f, 0, sizeof *f);
    f->blanks = which && strcmp(which, "all") == 0;
    f->flagged = which && strcmp(which, "flagged") == 0;
    f->prize = f->blanks || f->flagged ? NULL : query(p, "prize");
    f->state = f->blanks || f->flagged ? NULL : query(p, "state");
    f->from = query(p, "from");
    f->until = query(p, "until");
    f->batch = batch ? apr_atoi64(batch) : 0;
    f->before = before > 0 ? (uint64_t)before : 0;
    f->limit = ROWS;
}

static apr_status_t add_filters(kuji_claims_page_t *p,
                                const kuji_claim_filter_t *f)
{
    static const char *const which[] = {"wins", "all", "flagged", NULL};

    kuji_console_select(&p->page, "which",
                        f->flagged  ? "flagged"
                        : f->blanks ? "all"
                                    : "wins",
                        which, "admin.winners.which");
    add_prizes(p, f->prize);
    add_states(p, f->state);
    kuji_console_field(&p->page, "from", f->from);
    kuji_console_field(&p->page, "until", f->until);
    kuji_console_field(&p->page, "q", NULL);
    json_object_set_new(p->page.data, "filtered",
                        json_boolean(f->prize || f->state || f->from ||
                                     f->until || f->batch || f->blanks ||
                                     f->flagged));
    return add_batches(p, query(p, "batch"));
}

/* Why each is flagged, if it is. */
static apr_status_t read_flags(const unsigned **reasons, kuji_claims_page_t *p,
                               const kuji_claim_page_t *found)
{
    int64_t *n =
        apr_palloc(p->page.pool, sizeof *n * ((apr_size_t)found->count + 1));
    int i;

    for (i = 0; i < found->count; i++) {
        n[i] = (int64_t)found->rows[i].n;
    }
    return kuji_flags_read(reasons, &p->act, p->view->id, n, found->count,
                           p->page.pool);
}

static void add_rows(kuji_claims_page_t *p, const kuji_claim_page_t *found,
                     const kuji_claim_filter_t *f, const unsigned *reasons)
{
    json_t *rows = json_array();
    int i;

    for (i = 0; i < found->count; i++) {
        json_array_append_new(rows, row_data(p, &found->rows[i], reasons[i]));
    }
    json_object_set_new(p->page.data, "any", json_boolean(found->count > 0));
    json_object_set_new(p->page.data, "more",
                        json_boolean(!found->count && found->next));
    json_object_set_new(p->page.data, "more_partial",
                        json_boolean(found->count > 0 &&
                                     found->count < f->limit && found->next));
    json_object_set_new(p->page.data, "rows", rows);
    kuji_console_pager(&p->page, f->before ? address(p, 0) : NULL,
                       found->next ? address(p, found->next) : NULL);
}

static int show(kuji_claims_page_t *p, int status)
{
    kuji_claim_page_t found = {NULL, 0, 0};
    const unsigned *reasons = NULL;
    kuji_claim_filter_t f;
    const char *why = NULL;
    apr_status_t rv;

    read_filter(&f, p);
    rv = add_filters(p, &f);
    if (rv == APR_SUCCESS) {
        rv = kuji_claim_list(&found, &why, &p->act, p->view->slug, &f,
                             p->page.pool);
    }
    if (rv == APR_SUCCESS) {
        rv = read_flags(&reasons, p, &found);
    }
    if (rv == KUJI_EINVAL) {
        kuji_console_refuse(&p->page, "admin.winners.bad_filter", NULL);
        status = HTTP_UNPROCESSABLE_ENTITY;
    }
    else if (rv != APR_SUCCESS) {
        return kuji_console_failure(&p->page, rv, "listing wins");
    }
    add_rows(p, &found, &f, reasons);
    return kuji_console_send(&p->page, status, "winners");
}

int kuji_console_winners(kuji_web_t *web)
{
    kuji_claims_page_t p;
    int done = kuji_claims_open(&p, web, "winners", 0);

    return done == DECLINED ? show(&p, HTTP_OK) : done;
}

static int is_number(const char *text)
{
    apr_size_t len = strlen(text);

    return len && len <= 15 && strspn(text, "0123456789") == len;
}

/* A receipt number leads to its draw; anything else is a person's, which only
 * who may see personal data looks for. */
int kuji_console_winners_search(kuji_web_t *web)
{
    kuji_claims_page_t p;
    const char *q;
    int done = kuji_claims_open(&p, web, "winners", 0);

    if (done != DECLINED || (done = kuji_console_form(&p.page)) != DECLINED) {
        return done;
    }
    q = kuji_console_get(&p.page, "q");
    if (q && is_number(q) && apr_atoi64(q) >= 1 &&
        apr_atoi64(q) <= p.view->draws) {
        json_decref(p.page.data);
        return kuji_redirect(
            web, apr_psprintf(web->r->pool,
                              "/admin/campaigns/%s/draws/%" APR_INT64_T_FMT,
                              web->slug, apr_atoi64(q)));
    }
    if (q && kuji_claims_personal(web)) {
        return kuji_persons_found(&p.page, q, web->slug);
    }
    kuji_console_refuse(&p.page, "admin.winners.no_number", NULL);
    return show(&p, HTTP_UNPROCESSABLE_ENTITY);
}
