/* A parcel that came back, said by hand: at the counter by its receipt number,
 * or on the draw's page.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/claim_page.h"
#include "web/admin/draw.h"

#include <apr_strings.h>

const char *kuji_claims_back_text(const kuji_claims_page_t *p,
                                  const char *reason)
{
    return kuji_render_text(
        p->page.web,
        apr_pstrcat(p->page.pool, "admin.claims.back.why.", reason, NULL),
        NULL);
}

void kuji_claims_add_back(kuji_claims_page_t *p, const kuji_claim_t *claim,
                          const char *path)
{
    kuji_claim_by_e by = kuji_claim_role(p->page.web->admin->role);

    if (strcmp(claim->state, kuji_claim_name(KUJI_CLAIM_SHIPPED)) != 0 ||
        !kuji_claim_may(kuji_claim_kind(claim->kind), KUJI_CLAIM_SHIPPED,
                        KUJI_CLAIM_CLAIMED, by)) {
        return;
    }
    kuji_console_select(&p->page, "back", *kuji_claim_backs, kuji_claim_backs,
                        "admin.claims.back.why");
    json_object_set_new(p->page.data, "may_back", json_string(path));
}

/* shown: where it is shown that it was refused. */
static int come_back(kuji_claims_page_t *p, int64_t n, const char *next,
                     int (*shown)(kuji_claims_page_t *p, int status))
{
    const char *reason = kuji_console_get(&p->page, "back"), *why;
    kuji_web_t *web = p->page.web;
    apr_status_t rv = kuji_claim_came_back(
        &why, &p->act, web->slug, (uint64_t)n, reason ? reason : "",
        kuji_claim_role(web->admin->role), p->page.pool);

    if (rv == APR_SUCCESS) {
        json_decref(p->page.data);
        return kuji_console_done(web, next, "came_back",
                                 json_pack("{s:I}", "n", (json_int_t)n));
    }
    if (rv != KUJI_ESTATE && rv != KUJI_EINVAL && rv != KUJI_ENOTFOUND) {
        return kuji_console_failure(&p->page, rv,
                                    "noting that a parcel is back");
    }
    kuji_console_refuse(&p->page, "admin.claims.back.not_now", NULL);
    return shown(p,
                 rv == KUJI_ESTATE ? HTTP_CONFLICT : HTTP_UNPROCESSABLE_ENTITY);
}

int kuji_console_claims_back(kuji_web_t *web)
{
    kuji_claims_page_t p;
    int done = kuji_claims_open(&p, web, "claims", 0);

    if (done != DECLINED || (done = kuji_console_form(&p.page)) != DECLINED) {
        return done;
    }
    return come_back(
        &p, kuji_claims_number(&p.page, "n"),
        apr_psprintf(web->r->pool, "/admin/campaigns/%s/claims", web->slug),
        kuji_claims_show);
}

int kuji_console_draw_back(kuji_web_t *web)
{
    kuji_claims_page_t p;
    int done = kuji_claims_open(&p, web, "winners", 0);

    if (done != DECLINED || (done = kuji_console_form(&p.page)) != DECLINED) {
        return done;
    }
    return come_back(&p, web->n,
                     apr_psprintf(web->r->pool,
                                  "/admin/campaigns/%s/draws/%" APR_INT64_T_FMT,
                                  web->slug, (apr_int64_t)web->n),
                     kuji_draw_show);
}
