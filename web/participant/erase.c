/* GET and POST /k/{slug}/me/erase: a participant has everything erased; GET
 * /k/{slug}/erasures/{id}: the receipt of it, to keep or print.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/held.h"
#include "web/number.h"
#include "web/request.h"

#include <apr_strings.h>
#include <string.h>

#define ROWS 200

/* Wins whose prize would be given up. */
static void add_waiting(kuji_page_t *page, const kuji_held_t *held)
{
    json_t *list = json_array();
    const char *name;
    int i, k;

    for (i = 0; i < held->count; i++) {
        const kuji_person_t *person = held->people[i];

        for (k = 0; k < person->count; k++) {
            if (kuji_held_is_waiting(&person->list[k])) {
                name = kuji_held_prize(page, person->list[k].prize);
                json_array_append_new(
                    list,
                    json_pack("{s:I, s:s, s:s*}", "n",
                              (json_int_t)person->list[k].n, "prize", name,
                              "own_lang", kuji_render_lang(page->web, name)));
            }
        }
    }
    json_object_set_new(page->data, "waiting_any",
                        json_boolean(json_array_size(list) > 0));
    json_object_set_new(page->data, "waiting", list);
}

static int show(kuji_page_t *page, const kuji_held_t *held, int status,
                const char *wrong)
{
    apr_status_t rv = kuji_page_read(page);

    if (rv != APR_SUCCESS) {
        return kuji_page_failure(page, rv, "reading a campaign");
    }
    add_waiting(page, held);
    json_object_update_new(
        page->data,
        json_pack("{s:b, s:b, s:b, s:s*}", "held", held->count > 0, "raffle",
                  page->m->method == KUJI_RAFFLE && !page->view->raffled_at,
                  "closed", page->view->phase == KUJI_PHASE_CLOSED, "wrong",
                  wrong ? kuji_render_text(page->web, wrong, NULL) : NULL));
    return kuji_page_send(page, status, KUJI_CACHE_NO_STORE, "erase");
}

static int begin(kuji_page_t *page, kuji_held_t *held, kuji_web_t *web)
{
    int done = kuji_held_pace(web);

    if (done == DECLINED) {
        done = kuji_page_open(page, web);
    }
    return done == DECLINED ? kuji_held_read(held, page, ROWS) : done;
}

int kuji_page_erase(kuji_web_t *web)
{
    kuji_page_t page;
    kuji_held_t held;
    int done = begin(&page, &held, web);

    return done == DECLINED ? show(&page, &held, HTTP_OK, NULL) : done;
}

static int erase(kuji_page_t *page, const kuji_held_t *held)
{
    kuji_web_t *web = page->web;
    kuji_act_t act = kuji_held_act(web);
    kuji_erasure_t receipt = {NULL, 0, 0, 0};
    const char *why;
    apr_status_t rv =
        kuji_person_erase_mine(&receipt, &why, &act, web->slug, held->digests,
                               held->count, page->pool);

    if (rv == KUJI_ESTATE) { /* meanwhile, in another tab */
        return show(page, &(kuji_held_t){.count = 0}, HTTP_OK, NULL);
    }
    if (rv != APR_SUCCESS) {
        return kuji_page_failure(page, rv, "erasing a participant");
    }
    json_decref(page->data);
    return kuji_redirect(web, apr_pstrcat(page->pool, "/k/", web->slug,
                                          "/erasures/", receipt.id, NULL));
}

int kuji_page_erase_post(kuji_web_t *web)
{
    const kuji_form_t *form;
    const char *confirm;
    kuji_page_t page;
    kuji_held_t held;
    apr_status_t rv;
    int done = begin(&page, &held, web);

    if (done != DECLINED) {
        return done;
    }
    if ((rv = kuji_body_form(&form, web)) != APR_SUCCESS) {
        json_decref(page.data);
        return kuji_body_problem(web, rv, "the body must be a form");
    }
    confirm = kuji_form_get(form, "confirm");
    if (!held.count) {
        return show(&page, &held, HTTP_OK, NULL);
    }
    if (!confirm || strcmp(confirm, "erase") != 0) {
        return show(&page, &held, HTTP_UNPROCESSABLE_ENTITY, "erase.unticked");
    }
    return erase(&page, &held);
}

int kuji_page_erasure(kuji_web_t *web)
{
    kuji_act_t act = kuji_held_act(web);
    kuji_erasure_t receipt;
    kuji_page_t page;
    apr_status_t rv;
    int done = kuji_page_open(&page, web);

    if (done != DECLINED) {
        return done;
    }
    rv =
        kuji_erasure_get(&receipt, &act, web->campaign->id, web->id, page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_page_failure(&page, rv, "reading a receipt");
    }
    json_object_update_new(
        page.data,
        json_pack("{s:s, s:o, s:s, s:s}", "receipt", receipt.id, "at",
                  kuji_page_time(&page, receipt.at), "draws",
                  kuji_number_text(receipt.draws, page.pool), "claims",
                  kuji_number_text(receipt.claims, page.pool)));
    return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_NO_STORE, "erased");
}
