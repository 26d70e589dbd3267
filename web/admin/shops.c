/* /admin/campaigns/{slug}/shops: the shops that redeem coupons, and their
 * passcodes. A passcode is shown nowhere: it is not kept.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/shop.h"
#include "web/admin/admin.h"
#include "web/admin/claim_page.h"

#include <apr_strings.h>

static int show(kuji_claims_page_t *p, int status)
{
    const kuji_shop_t *shops;
    json_t *rows = json_array();
    int count = 0, i;
    apr_status_t rv =
        kuji_shop_list(&shops, &count, &p->act, p->view->slug, p->page.pool);

    for (i = 0; rv == APR_SUCCESS && i < count; i++) {
        json_array_append_new(rows, json_pack("{s:I, s:s, s:b, s:I}", "id",
                                              (json_int_t)shops[i].id, "name",
                                              shops[i].name, "disabled",
                                              shops[i].disabled, "redeemed",
                                              (json_int_t)shops[i].redeemed));
    }
    json_object_set_new(p->page.data, "shops", rows);
    json_object_set_new(p->page.data, "any", json_boolean(count > 0));
    if (!json_object_get(json_object_get(p->page.data, "field"), "name")) {
        kuji_console_field(&p->page, "name", NULL);
        kuji_console_password(&p->page, "passcode");
    }
    return rv == APR_SUCCESS
               ? kuji_console_send(&p->page, status, "shops")
               : kuji_console_failure(&p->page, rv, "reading shops");
}

int kuji_console_shops(kuji_web_t *web)
{
    kuji_claims_page_t p;
    int done = kuji_claims_open(&p, web, "shops", 1);

    return done == DECLINED ? show(&p, HTTP_OK) : done;
}

static int begin(kuji_claims_page_t *p, kuji_web_t *web)
{
    int done = kuji_claims_open(p, web, "shops", 1);

    return done == DECLINED ? kuji_console_form(&p->page) : done;
}

static int done_with(kuji_claims_page_t *p, const char *flash, json_t *data)
{
    kuji_web_t *web = p->page.web;

    json_decref(p->page.data);
    return kuji_console_done(
        web, apr_psprintf(web->r->pool, "/admin/campaigns/%s/shops", web->slug),
        flash, data);
}

/* What a person can mend shows at its field: why begins with its name. */
static int refuse(kuji_claims_page_t *p, apr_status_t rv, const char *why)
{
    int taken = rv == KUJI_ECONFLICT;

    if (rv != KUJI_EINVAL && rv != KUJI_ECONFLICT && rv != KUJI_ETOOBIG) {
        return kuji_console_failure(&p->page, rv, "changing a shop");
    }
    if (rv == KUJI_ETOOBIG) {
        kuji_console_refuse(&p->page, "admin.shops.many", NULL);
    }
    else if (strncmp(why, "name", 4) == 0) {
        kuji_console_error(
            &p->page, "name",
            taken ? "admin.shops.name_taken" : "admin.shops.bad_name", NULL);
    }
    else {
        kuji_console_error(&p->page, "passcode",
                           taken ? "admin.shops.passcode_taken"
                                 : "admin.shops.bad_passcode",
                           NULL);
    }
    return show(p, taken ? HTTP_CONFLICT : HTTP_UNPROCESSABLE_ENTITY);
}

int kuji_console_shop_add(kuji_web_t *web)
{
    kuji_claims_page_t p;
    const char *why = "", *name, *passcode;
    apr_status_t rv;
    int done = begin(&p, web);

    if (done != DECLINED) {
        return done;
    }
    kuji_console_field(&p.page, "name", NULL);
    kuji_console_password(&p.page, "passcode");
    name = kuji_console_get(&p.page, "name");
    passcode = kuji_console_get(&p.page, "passcode");
    rv = kuji_shop_add(&why, &p.act, web->slug, name ? name : "",
                       passcode ? passcode : "", p.page.pool);
    return rv == APR_SUCCESS
               ? done_with(&p, "shop_added", json_pack("{s:s}", "name", name))
               : refuse(&p, rv, why);
}

int kuji_console_shop_passcode(kuji_web_t *web)
{
    kuji_claims_page_t p;
    const char *why = "", *passcode;
    apr_status_t rv;
    int done = begin(&p, web);

    if (done != DECLINED) {
        return done;
    }
    passcode = kuji_console_get(&p.page, "passcode");
    rv = kuji_shop_passcode(&why, &p.act, web->slug, web->n,
                            passcode ? passcode : "", p.page.pool);
    if (rv == APR_SUCCESS) {
        return done_with(&p, "shop_changed", NULL);
    }
    if (rv == KUJI_EINVAL || rv == KUJI_ECONFLICT) {
        kuji_console_refuse(&p.page,
                            rv == KUJI_EINVAL ? "admin.shops.bad_passcode"
                                              : "admin.shops.passcode_taken",
                            NULL);
        return show(&p, rv == KUJI_EINVAL ? HTTP_UNPROCESSABLE_ENTITY
                                          : HTTP_CONFLICT);
    }
    return kuji_console_failure(&p.page, rv, "changing a shop");
}

static int disable(kuji_web_t *web, int disabled)
{
    kuji_claims_page_t p;
    const char *why = "";
    apr_status_t rv;
    int done = begin(&p, web);

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_shop_disable(&why, &p.act, web->slug, web->n, disabled,
                           p.page.pool);
    return rv == APR_SUCCESS
               ? done_with(&p, "shop_changed", NULL)
               : kuji_console_failure(&p.page, rv, "changing a shop");
}

int kuji_console_shop_disable(kuji_web_t *web)
{
    return disable(web, 1);
}

int kuji_console_shop_enable(kuji_web_t *web)
{
    return disable(web, 0);
}
