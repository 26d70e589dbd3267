/* Lists of wins and draws, page by page.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/claim_int.h"

#include "store/rows.h"

#include <apr_strings.h>
#include <string.h>

typedef struct list_t {
    const kuji_act_t *act;
    const char **why, *slug;
    const kuji_claim_filter_t *filter;
    kuji_claim_page_t *page;
    int64_t low, high; /* n to look at: low .. high - 1 */
} list_t;

/* "2026-02-28" of a calendar that PostgreSQL has too. */
static int is_day(const char *text)
{
    static const char form[] = "dddd-dd-dd";
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int i, year, month, day;

    for (i = 0; form[i]; i++) {
        if (form[i] == 'd' ? text[i] < '0' || text[i] > '9'
                           : text[i] != form[i]) {
            return 0;
        }
    }
    year = (int)apr_atoi64(text);
    month = (int)apr_atoi64(text + 5);
    day = (int)apr_atoi64(text + 8);
    return !text[i] && year >= 1970 && month >= 1 && month <= 12 && day >= 1 &&
           day <= days[month - 1] &&
           (month != 2 || day < 29 ||
            (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)));
}

static apr_status_t check(const kuji_claim_filter_t *f, const char **why)
{
    *why = NULL;
    if ((f->from && !is_day(f->from)) || (f->until && !is_day(f->until))) {
        *why = "a day is written as 2026-11-22";
    }
    else if (f->state && kuji_claim_state(f->state) == KUJI_CLAIM_LAST) {
        *why = "there is no such state of a claim";
    }
    else if (f->limit < 1 || f->limit > 1000) {
        *why = "a page has 1 to 1000 rows";
    }
    return *why ? KUJI_EINVAL : APR_SUCCESS;
}

static apr_status_t find_span(list_t *l, const kuji_claims_t *c)
{
    const kuji_claim_filter_t *f = l->filter;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, c->pool);
    kuji_args_int(&args, c->id);
    kuji_args_text(&args, f->from);
    kuji_args_text(&args, f->until);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_CLAIM_DAYS, &args, c->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    l->low = kuji_pg_int(res, 0, 0);
    l->high = kuji_pg_int(res, 0, 1);
    if (f->before && (int64_t)f->before < l->high) {
        l->high = (int64_t)f->before;
    }
    return APR_SUCCESS;
}

static void begin(kuji_args_t *args, const list_t *l, const kuji_claims_t *c)
{
    kuji_args_init(args, c->pool);
    kuji_args_int(args, c->id);
    kuji_args_int(args, l->low);
    kuji_args_int(args, l->high);
}

/* Takes the rows over; one more than the page has only says that there are
 * more. */
static void read_rows(list_t *l, const PGresult *res, apr_pool_t *pool)
{
    int count = PQntuples(res), i;
    kuji_claim_row_t *rows =
        apr_palloc(pool, sizeof(*rows) * ((apr_size_t)count + 1));

    for (i = 0; i < count; i++) {
        rows[i].n = (uint64_t)kuji_pg_int(res, i, 0);
        rows[i].t = kuji_pg_int(res, i, 1);
        rows[i].state = kuji_pg_text(res, i, 2);
        rows[i].updated_at = kuji_pg_int(res, i, 3);
        rows[i].prize = kuji_pg_text(res, i, 4);
        rows[i].kind = kuji_pg_text(res, i, 5);
        rows[i].is_void = kuji_pg_bool(res, i, 6);
        rows[i].has_data = kuji_pg_bool(res, i, 7);
    }
    l->page->rows = rows;
    l->page->count = count;
    if (count > l->filter->limit) {
        l->page->count = l->filter->limit;
        l->page->next = rows[l->filter->limit - 1].n;
    }
}

static apr_status_t list_draws(list_t *l, const kuji_claims_t *c)
{
    kuji_args_t args;
    PGresult *res;
    int64_t low = l->low;
    apr_status_t rv;

    if (l->high - l->low > KUJI_CLAIM_WINDOW) {
        l->low = l->high - KUJI_CLAIM_WINDOW;
    }
    begin(&args, l, c);
    kuji_args_int(&args, l->filter->batch);
    kuji_args_int(&args, l->filter->limit + 1);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_CLAIM_DRAWS, &args, c->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    read_rows(l, res, c->pool);
    if (!l->page->next && l->low > low) {
        l->page->next = (uint64_t)l->low;
    }
    return APR_SUCCESS;
}

static apr_status_t list_flagged(list_t *l, const kuji_claims_t *c)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    begin(&args, l, c);
    kuji_args_int(&args, l->filter->limit + 1);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_CLAIM_FLAGGED, &args, c->pool);
    if (rv == APR_SUCCESS) {
        read_rows(l, res, c->pool);
    }
    return rv;
}

/* Whether the window ended before the span did. */
static apr_status_t find_window(list_t *l, const kuji_claims_t *c)
{
    const char *state = l->filter->state;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    begin(&args, l, c);
    kuji_args_text(&args, state && strcmp(state, "won") != 0 ? state : NULL);
    kuji_args_int(&args, KUJI_CLAIM_WINDOW);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_CLAIM_WINDOW, &args, c->pool);
    if (rv == APR_SUCCESS && PQntuples(res) == 1) {
        l->page->next = (uint64_t)kuji_pg_int(res, 0, 0);
    }
    return rv;
}

static apr_status_t list_wins(list_t *l, const kuji_claims_t *c)
{
    const kuji_claim_filter_t *f = l->filter;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    begin(&args, l, c);
    kuji_args_text(&args, f->prize);
    kuji_args_text(&args, f->state);
    kuji_args_int(&args, f->batch);
    kuji_args_int(&args, KUJI_CLAIM_WINDOW);
    kuji_args_int(&args, f->limit + 1);
    rv = kuji_pg_query(&res, c->conn,
                       f->state && strcmp(f->state, "won") != 0
                           ? KUJI_Q_CLAIM_LIST_STATE
                           : KUJI_Q_CLAIM_LIST,
                       &args, c->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    read_rows(l, res, c->pool);
    return l->page->next ? APR_SUCCESS : find_window(l, c);
}

static apr_status_t list(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    list_t *l = baton;
    kuji_claims_t c;
    apr_status_t rv =
        kuji_claims__open(&c, l->why, l->act, conn, l->slug, pool);

    memset(l->page, 0, sizeof(*l->page));
    if (rv == APR_SUCCESS) {
        rv = find_span(l, &c);
    }
    if (rv != APR_SUCCESS || l->low >= l->high) {
        return rv;
    }
    return l->filter->flagged  ? list_flagged(l, &c)
           : l->filter->blanks ? list_draws(l, &c)
                               : list_wins(l, &c);
}

apr_status_t kuji_claim_list(kuji_claim_page_t *page, const char **why,
                             const kuji_act_t *act, const char *slug,
                             const kuji_claim_filter_t *filter,
                             apr_pool_t *pool)
{
    list_t l = {act, why, slug, filter, page, 0, 0};
    apr_status_t rv = check(filter, why);

    return rv == APR_SUCCESS
               ? kuji_pg_transact(act->pg, act->tenant, list, &l, pool)
               : rv;
}

/* A statement that asks for nothing but the campaign. */
static apr_status_t few(kuji_rows_t *rows, const kuji_act_t *act,
                        kuji_query_e query, int64_t campaign_id,
                        apr_pool_t *pool)
{
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, campaign_id);
    return kuji_rows_list(rows, act, query, &args, pool);
}

static apr_status_t read_batch(void *item, const PGresult *res, int i,
                               apr_pool_t *pool)
{
    kuji_claim_batch_t *batch = item;

    (void)pool;
    batch->id = kuji_pg_int(res, i, 0);
    batch->name = kuji_pg_text(res, i, 1);
    batch->size = kuji_pg_int(res, i, 2);
    return APR_SUCCESS;
}

apr_status_t kuji_claim_batches(const kuji_claim_batch_t **batches, int *count,
                                const kuji_act_t *act, int64_t campaign_id,
                                apr_pool_t *pool)
{
    kuji_rows_t rows = KUJI_ROWS(kuji_claim_batch_t, read_batch);
    apr_status_t rv = few(&rows, act, KUJI_Q_CLAIM_BATCHES, campaign_id, pool);

    *batches = rows.items;
    *count = rows.count;
    return rv;
}

static apr_status_t read_count(void *item, const PGresult *res, int i,
                               apr_pool_t *pool)
{
    kuji_claim_count_t *count = item;

    (void)pool;
    count->prize = kuji_pg_text(res, i, 0);
    count->kind = kuji_pg_text(res, i, 1);
    count->state = kuji_pg_text(res, i, 2);
    count->count = kuji_pg_int(res, i, 3);
    count->returned = kuji_pg_int(res, i, 4);
    return APR_SUCCESS;
}

apr_status_t kuji_claim_counts(const kuji_claim_count_t **counts, int *count,
                               const kuji_act_t *act, int64_t campaign_id,
                               apr_pool_t *pool)
{
    kuji_rows_t rows = KUJI_ROWS(kuji_claim_count_t, read_count);
    apr_status_t rv = few(&rows, act, KUJI_Q_CLAIM_COUNTS, campaign_id, pool);

    *counts = rows.items;
    *count = rows.count;
    return rv;
}
