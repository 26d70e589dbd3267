/* /admin/campaigns/{slug}/gifts: pools of gift codes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/gift.h"
#include "web/admin/admin.h"
#include "web/admin/claim_page.h"

#include <apr_strings.h>

static json_t *pool_data(const kuji_gift_pool_t *pool)
{
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:b, s:b, s:b}",
                     "prize", pool->prize, "name", pool->name, "units",
                     (json_int_t)pool->units, "left", (json_int_t)pool->left,
                     "assigned", (json_int_t)pool->assigned, "voided",
                     (json_int_t)pool->voided, "owed", (json_int_t)pool->owed,
                     "warn_at", (json_int_t)pool->warn_at, "low",
                     pool->has_pool && pool->left <= pool->warn_at, "any_owed",
                     pool->owed > 0, "any_voided", pool->voided > 0);
}

static int show(kuji_claims_page_t *p, int status)
{
    const kuji_gift_pool_t *pools;
    json_t *list = json_array();
    int count = 0, i;
    apr_status_t rv =
        kuji_gift_pools(&pools, &count, &p->act, p->view->slug, p->page.pool);

    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        json_array_append_new(list, pool_data(&pools[i]));
    }
    json_object_set_new(p->page.data, "pools", list);
    json_object_set_new(p->page.data, "any", json_boolean(count > 0));
    return rv == APR_SUCCESS
               ? kuji_console_send(&p->page, status, "gifts")
               : kuji_console_failure(&p->page, rv, "reading gift codes");
}

int kuji_console_gifts(kuji_web_t *web)
{
    kuji_claims_page_t p;
    int done = kuji_claims_open(&p, web, "gifts", 1);

    return done == DECLINED ? show(&p, HTTP_OK) : done;
}

static json_t *report_data(kuji_claims_page_t *p, const kuji_gift_report_t *r)
{
    static const char *const names[KUJI_GIFT_LAST] = {"stored", "known",
                                                      "malformed"};
    json_t *lines = json_array();
    int64_t refused =
        r->counts[KUJI_GIFT_KNOWN] + r->counts[KUJI_GIFT_MALFORMED];
    int i;

    for (i = 0; i < r->nlines; i++) {
        json_array_append_new(
            lines,
            json_pack(
                "{s:I, s:s}", "line", (json_int_t)r->lines[i].line, "what",
                kuji_render_text(p->page.web,
                                 apr_pstrcat(p->page.pool, "admin.gifts.line.",
                                             names[r->lines[i].outcome], NULL),
                                 NULL)));
    }
    return json_pack("{s:s, s:I, s:I, s:I, s:b, s:b, s:o}", "prize",
                     kuji_claims_prize(p, p->page.web->name), "stored",
                     (json_int_t)r->counts[KUJI_GIFT_STORED], "served",
                     (json_int_t)r->served, "refused", (json_int_t)refused,
                     "any_served", r->served > 0, "any_refused", refused > 0,
                     "lines", lines);
}

int kuji_console_gifts_import(kuji_web_t *web)
{
    kuji_claims_page_t p;
    kuji_gift_report_t report;
    const char *text, *why = NULL;
    apr_size_t len;
    apr_status_t rv;
    int done = kuji_claims_open(&p, web, "gifts", 1);

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_claims_list_body(&text, &len, web, "list");
    if (rv == KUJI_EINVAL) {
        kuji_console_refuse(&p.page, "admin.gifts.no_list", NULL);
        return show(&p, HTTP_UNPROCESSABLE_ENTITY);
    }
    if (rv != APR_SUCCESS) {
        json_decref(p.page.data);
        return kuji_body_problem(web, rv, "a list of 8 MiB at most");
    }
    rv = kuji_gift_import(&report, &why, &p.act, web->slug, web->name, text,
                          len, p.page.pool);
    if (rv != APR_SUCCESS && rv != KUJI_EINVAL && rv != KUJI_ETOOBIG) {
        return kuji_console_failure(&p.page, rv, "importing gift codes");
    }
    json_object_set_new(p.page.data, "report", report_data(&p, &report));
    if (rv != APR_SUCCESS) {
        kuji_console_refuse(&p.page, "admin.claims.broken_list", NULL);
    }
    return show(&p, rv == APR_SUCCESS ? HTTP_OK : HTTP_UNPROCESSABLE_ENTITY);
}

int kuji_console_gifts_warn(kuji_web_t *web)
{
    kuji_claims_page_t p;
    const char *text, *why;
    int64_t warn_at;
    apr_status_t rv;
    int done = kuji_claims_open(&p, web, "gifts", 1);

    if (done != DECLINED || (done = kuji_console_form(&p.page)) != DECLINED) {
        return done;
    }
    text = kuji_console_get(&p.page, "warn_at");
    warn_at =
        text && strspn(text, "0123456789") == strlen(text) && strlen(text) < 16
            ? apr_atoi64(text)
            : -1;
    rv = kuji_gift_warn(&why, &p.act, web->slug, web->name, warn_at,
                        p.page.pool);
    if (rv == KUJI_EINVAL) {
        kuji_console_refuse(&p.page, "admin.gifts.bad_threshold", NULL);
        return show(&p, HTTP_UNPROCESSABLE_ENTITY);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&p.page, rv, "setting a threshold");
    }
    json_decref(p.page.data);
    return kuji_console_done(
        web, apr_psprintf(web->r->pool, "/admin/campaigns/%s/gifts", web->slug),
        "gift_warned", NULL);
}
