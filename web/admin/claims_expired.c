/* Wins that expired: whether their units go back is the organiser's to say; a
 * raffle's go to the next alternate.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/raffle_view.h"
#include "web/admin/admin.h"
#include "web/admin/claim_page.h"

#include <apr_strings.h>

/** Wins that are listed. */
#define SHOWN 50
/** Units that one press gives back: each is a leaf of the ledger. */
#define RETURNED_MAX 200

/* n of the first alternate that could take a winner's place; 0: none. */
static apr_status_t next_alternate(uint64_t *n, const kuji_claims_page_t *p)
{
    kuji_raffle_result_t result;
    int64_t i;
    apr_status_t rv =
        kuji_raffle_result(&result, &p->act, p->view->slug, p->page.pool);

    *n = 0;
    for (i = 0; rv == APR_SUCCESS && i < result.nalternates && !*n; i++) {
        if (!result.alternates[i].is_void && !result.alternates[i].is_used) {
            *n = result.alternates[i].n;
        }
    }
    return rv;
}

apr_status_t kuji_claims_add_expired(kuji_claims_page_t *p)
{
    const kuji_claim_expired_t *claims;
    uint64_t alternate = 0;
    json_t *rows = json_array();
    int open = strcmp(p->view->status, "closed") != 0, count = 0, i;
    kuji_method_e method = p->view->method;
    apr_status_t rv = kuji_claim_expired(&claims, &count, &p->act, p->view->id,
                                         SHOWN + 1, p->page.pool);

    if (rv == APR_SUCCESS && method == KUJI_RAFFLE && count && open) {
        rv = next_alternate(&alternate, p);
    }
    for (i = 0; rv == APR_SUCCESS && i < count && i < SHOWN; i++) {
        json_array_append_new(
            rows, json_pack("{s:I, s:s}", "n", (json_int_t)claims[i].n, "prize",
                            kuji_claims_prize(p, claims[i].prize)));
    }
    json_object_update_new(
        p->page.data,
        json_pack(
            "{s:o, s:b, s:b, s:b, s:b}", "expired", rows, "any_expired",
            count > 0, "more_expired", count > SHOWN, "may_return",
            open && count > 0 && (method == KUJI_ODDS || method == KUJI_BOX),
            "raffle_expired", open && count > 0 && method == KUJI_RAFFLE));
    if (!json_object_get(json_object_get(p->page.data, "field"), "confirm")) {
        kuji_console_field(&p->page, "confirm", NULL);
    }
    if (alternate) {
        json_object_set_new(p->page.data, "alternate",
                            json_integer((json_int_t)alternate));
    }
    return rv;
}

int kuji_console_claims_return(kuji_web_t *web)
{
    kuji_claims_page_t p;
    const char *why = NULL, *confirm;
    int64_t count = 0;
    apr_status_t rv;
    int done = kuji_claims_open(&p, web, "claims", 0);

    if (done != DECLINED || (done = kuji_console_form(&p.page)) != DECLINED) {
        return done;
    }
    confirm = kuji_console_get(&p.page, "confirm");
    if (!confirm || strcmp(confirm, p.view->title) != 0) {
        kuji_console_field(&p.page, "confirm", NULL);
        kuji_console_error(&p.page, "confirm", "admin.claims.title_wrong",
                           NULL);
        return kuji_claims_show(&p, HTTP_UNPROCESSABLE_ENTITY);
    }
    rv = kuji_claim_return(&count, &why, &p.act, web->slug, RETURNED_MAX,
                           p.page.pool);
    if (rv == KUJI_ESTATE) {
        kuji_console_refuse(&p.page, "admin.claims.not_now", NULL);
        return kuji_claims_show(&p, HTTP_CONFLICT);
    }
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&p.page, rv, "returning units");
    }
    json_decref(p.page.data);
    return kuji_console_done(
        web,
        apr_psprintf(web->r->pool, "/admin/campaigns/%s/claims", web->slug),
        "returned", json_pack("{s:I}", "count", (json_int_t)count));
}
