/* What is done to a draw: void, substitute, the steps of its claim, another
 * gift code.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/person.h"
#include "store/event.h"
#include "store/gift.h"
#include "store/raffle.h"
#include "web/admin/admin.h"
#include "web/admin/draw.h"

#include <apr_strings.h>

static const char *path(const kuji_web_t *web)
{
    return apr_psprintf(web->r->pool,
                        "/admin/campaigns/%s/draws/%" APR_INT64_T_FMT,
                        web->slug, (apr_int64_t)web->n);
}

static int begin(kuji_claims_page_t *p, kuji_web_t *web)
{
    int done = kuji_claims_open(p, web, "winners", 0);

    return done == DECLINED ? kuji_console_form(&p->page) : done;
}

/* Refusals that a person can do something about show on the page again. */
static int finish(kuji_claims_page_t *p, apr_status_t rv, const char *what,
                  const char *flash, json_t *data)
{
    const char *text =
        rv == KUJI_ECONFLICT ? "admin.draw.void_already" : "admin.draw.refused";

    if (rv == APR_SUCCESS) {
        json_decref(p->page.data);
        return kuji_console_done(p->page.web, path(p->page.web), flash, data);
    }
    json_decref(data);
    if (rv != KUJI_ESTATE && rv != KUJI_ECONFLICT && rv != KUJI_EINVAL) {
        return kuji_console_failure(&p->page, rv, what);
    }
    kuji_console_refuse(&p->page, text, NULL);
    return kuji_draw_show(p, rv == KUJI_EINVAL ? HTTP_UNPROCESSABLE_ENTITY
                                               : HTTP_CONFLICT);
}

static json_t *number(const kuji_web_t *web)
{
    return json_pack("{s:I}", "n", (json_int_t)web->n);
}

int kuji_console_draw_void(kuji_web_t *web)
{
    kuji_claims_page_t p;
    const char *why, *reason;
    kuji_event_t event;
    apr_status_t rv;
    int done = begin(&p, web);

    if (done != DECLINED) {
        return done;
    }
    if (!kuji_claims_confirmed(&p.page, web->n)) {
        return kuji_draw_show(&p, HTTP_UNPROCESSABLE_ENTITY);
    }
    reason = kuji_console_get(&p.page, "reason");
    rv = kuji_event_void(&event, &why, &p.act, web->slug, (uint64_t)web->n,
                         kuji_console_get(&p.page, "returned") != NULL,
                         reason ? reason : "",
                         kuji_console_get(&p.page, "note"), p.page.pool);
    return finish(&p, rv, "voiding a draw", "voided", number(web));
}

int kuji_console_draw_substitute(kuji_web_t *web)
{
    kuji_claims_page_t p;
    const char *why, *reason;
    kuji_event_t event;
    uint64_t alternate;
    apr_status_t rv;
    int done = begin(&p, web);

    if (done != DECLINED) {
        return done;
    }
    if (!kuji_claims_confirmed(&p.page, web->n)) {
        return kuji_draw_show(&p, HTTP_UNPROCESSABLE_ENTITY);
    }
    reason = kuji_console_get(&p.page, "reason");
    rv = kuji_raffle_substitute(&event, &alternate, &why, &p.act, web->slug,
                                (uint64_t)web->n, reason ? reason : "",
                                kuji_console_get(&p.page, "note"), p.page.pool);
    return finish(&p, rv, "substituting a winner", "substituted",
                  json_pack("{s:I, s:I}", "n", (json_int_t)web->n, "alternate",
                            (json_int_t)alternate));
}

/* One parcel, as a list of one line; *ok 0: its number has no such form. */
static apr_status_t ship(int *ok, kuji_claims_page_t *p)
{
    const char *tracking = kuji_console_get(&p->page, "tracking");
    char clean[KUJI_TRACKING_MAX + 1] = "";
    kuji_ship_report_t report;
    const char *why, *csv;
    apr_status_t rv;

    *ok = !tracking || kuji_person_tracking(clean, tracking,
                                            strlen(tracking)) == APR_SUCCESS;
    if (!*ok) {
        return APR_SUCCESS;
    }
    csv = apr_psprintf(p->page.pool, "%" APR_INT64_T_FMT ",%s\n",
                       (apr_int64_t)p->page.web->n, clean);
    rv = kuji_claim_ship(&report, &why, &p->act, p->view->slug, csv,
                         strlen(csv), p->page.pool);
    return rv == APR_SUCCESS && report.nlines ? KUJI_ESTATE : rv;
}

int kuji_console_draw_step(kuji_web_t *web)
{
    kuji_claims_page_t p;
    kuji_claim_e to;
    const char *why;
    apr_status_t rv;
    int ok = 1, done = begin(&p, web);

    if (done != DECLINED) {
        return done;
    }
    to = kuji_claim_state(kuji_console_get(&p.page, "to"));
    rv = to == KUJI_CLAIM_SHIPPED
             ? ship(&ok, &p)
             : kuji_claim_step(&why, &p.act, web->slug, (uint64_t)web->n, to,
                               kuji_claim_role(web->admin->role), p.page.pool);
    if (!ok) {
        kuji_console_refuse(&p.page, "admin.draw.bad_tracking", NULL);
        return kuji_draw_show(&p, HTTP_UNPROCESSABLE_ENTITY);
    }
    return finish(&p, rv, "changing a claim", "claim_changed", number(web));
}

int kuji_console_draw_gift(kuji_web_t *web)
{
    kuji_claims_page_t p;
    const char *why, *reason;
    apr_status_t rv;
    int done = begin(&p, web);

    if (done != DECLINED) {
        return done;
    }
    if (!kuji_claims_confirmed(&p.page, web->n)) {
        return kuji_draw_show(&p, HTTP_UNPROCESSABLE_ENTITY);
    }
    reason = kuji_console_get(&p.page, "fault");
    rv = kuji_gift_replace(&why, &p.act, web->slug, (uint64_t)web->n,
                           kuji_claims_number(&p.page, "gift"),
                           reason ? reason : "", p.page.pool);
    if (rv == KUJI_ESTATE || rv == KUJI_ECONFLICT) {
        kuji_console_refuse(&p.page,
                            rv == KUJI_ESTATE ? "admin.draw.no_other_gift"
                                              : "admin.draw.gift_already",
                            NULL);
        return kuji_draw_show(&p, HTTP_CONFLICT);
    }
    return finish(&p, rv, "replacing a gift code", "gift_replaced",
                  number(web));
}
