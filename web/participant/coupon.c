/* A coupon's screen: shown in the shop, redeemed there by the shop's passcode.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/coupon.h"
#include "web/participant/winner.h"

#include <apr_strings.h>
#include <string.h>

static const char *const names[] = {"good",  "wrong", "wait",  "blocked",
                                    "early", "late",  "spent", "void"};

/* Why it cannot be used as it is. */
static const char *said(const kuji_winner_t *w, const kuji_coupon_t *k)
{
    return k->is == KUJI_COUPON_VOID && strcmp(w->claim->state, "expired") == 0
               ? kuji_winner_text(w, "coupon", "expired")
               : kuji_render_text(w->page.web,
                                  apr_pstrcat(w->page.pool, "claim.coupon_is.",
                                              names[k->is], NULL),
                                  w->page.data);
}

static void add_coupon(kuji_winner_t *w, const kuji_coupon_t *k)
{
    json_t *data = w->page.data;
    const char *terms = kuji_winner_prize_text(w, "terms");
    int open = k->is == KUJI_COUPON_GOOD || k->is == KUJI_COUPON_WRONG ||
               k->is == KUJI_COUPON_WAIT || k->is == KUJI_COUPON_BLOCKED;

    if (k->from) {
        json_object_set_new(data, "from", kuji_page_time(&w->page, k->from));
    }
    kuji_winner_add_end(w, "end", k->until, k->now);
    if (k->redeemed_at) {
        json_object_set_new(data, "used",
                            kuji_page_time(&w->page, k->redeemed_at));
    }
    json_object_update_new(
        data, json_pack("{s:s, s:b, s:b, s:b, s:b, s:i, s:o, s:s*, s:s*}",
                        "coupon_is", names[k->is], names[k->is], 1, "open",
                        open, "may_redeem",
                        k->is == KUJI_COUPON_GOOD || k->is == KUJI_COUPON_WRONG,
                        "tried", k->is == KUJI_COUPON_WRONG, "left_tries",
                        k->left, "clock", kuji_page_time(&w->page, k->now),
                        "shop", k->shop, "terms", terms));
    json_object_set_new(data, "now_ms", json_integer(k->now));
    json_object_set_new(data, "zone", json_string(w->page.m->timezone));
    if (k->is != KUJI_COUPON_GOOD && k->is != KUJI_COUPON_SPENT) {
        json_object_set_new(data, "said", json_string(said(w, k)));
    }
}

static int answer(kuji_winner_t *w, const kuji_coupon_t *k, int status)
{
    add_coupon(w, k);
    return kuji_winner_show(w, status, "coupon", NULL);
}

int kuji_coupon_show(kuji_winner_t *w)
{
    kuji_coupon_t k;
    const char *why;
    apr_status_t rv = kuji_coupon_get(&k, &why, &w->act, w->page.web->slug,
                                      w->row->n, w->digest, w->page.pool);

    return rv == APR_SUCCESS
               ? answer(w, &k, HTTP_OK)
               : kuji_page_failure(&w->page, rv, "reading a coupon");
}

int kuji_coupon_post(kuji_winner_t *w)
{
    const char *passcode = kuji_form_get(w->form, "passcode"), *why;
    kuji_coupon_t k;
    apr_status_t rv;

    rv = kuji_coupon_redeem(&k, &why, &w->act, w->page.web->slug, w->row->n,
                            w->digest, passcode ? passcode : "", w->page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_page_failure(&w->page, rv, "redeeming a coupon");
    }
    switch (k.is) {
    case KUJI_COUPON_GOOD:
        return kuji_winner_done(w);
    case KUJI_COUPON_WRONG:
        return answer(w, &k, HTTP_UNPROCESSABLE_ENTITY);
    case KUJI_COUPON_WAIT:
        apr_table_setn(
            w->page.web->r->headers_out, "Retry-After",
            apr_psprintf(w->page.pool, "%" APR_INT64_T_FMT,
                         (apr_int64_t)((k.retry_at - k.now) / 1000 + 1)));
        return answer(w, &k, HTTP_TOO_MANY_REQUESTS);
    default:
        return answer(w, &k, HTTP_CONFLICT);
    }
}
