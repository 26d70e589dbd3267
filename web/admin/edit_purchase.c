/* What is bought, where the gate is a purchase: part of the page on which a
 * campaign says who may draw.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/desk.h"

#include "core/gates.h"
#include "core/purchase.h"
#include "web/money.h"

#include <string.h>

/* The most that a prize may be worth, where a law says so. */
static void show_limit(kuji_desk_t *desk, const kuji_purchase_t *p)
{
    int64_t most = kuji_purchase_prize_max(p->price, p->currency);

    if (most) {
        json_object_set_new(
            desk->page.data, "prize_max",
            json_string(kuji_money_text(desk->page.web, most, p->currency)));
    }
}

void kuji_console_show_purchase(kuji_desk_t *desk)
{
    const json_t *object = json_object_get(desk->config, "purchase");
    kuji_console_page_t *page = &desk->page;
    kuji_purchase_t p;
    int there = kuji_purchase_read(&p, desk->config);
    const json_t *draws = json_object_get(object, "draws");

    kuji_console_field(page, "goods", p.goods);
    kuji_console_field(page, "goods_en", p.goods_en);
    kuji_console_field(page, "price",
                       there ? kuji_money_write(p.price, p.currency, page->pool)
                             : "");
    kuji_console_select(page, "currency", there ? p.currency : "JPY",
                        kuji_purchase_currencies, "admin.edit.currency_name");
    kuji_desk_show_int(desk, "gives", draws);
    json_object_set_new(
        page->data, "sold_alone",
        json_boolean(
            page->form ? kuji_console_get(page, "sold_alone") != NULL
                       : json_is_true(json_object_get(object, "sold_alone"))));
    if (there) {
        show_limit(desk, &p);
    }
}

static void take_goods(kuji_desk_t *desk, json_t *object)
{
    const char *goods = kuji_desk_text(desk, "goods", KUJI_PURCHASE_GOODS_MAX);

    json_object_set_new(object, "goods", json_string(goods ? goods : ""));
    kuji_desk_optional(desk, "goods_en", object, "goods_en",
                       KUJI_PURCHASE_GOODS_MAX);
    if (goods && kuji_purchase_is_fee(goods)) {
        kuji_console_error(&desk->page, "goods", "admin.error.fee", NULL);
    }
    goods = kuji_console_get(&desk->page, "goods_en");
    if (goods && kuji_purchase_is_fee(goods)) {
        kuji_console_error(&desk->page, "goods_en", "admin.error.fee", NULL);
    }
}

static void take_price(kuji_desk_t *desk, json_t *object)
{
    const char *text = kuji_console_get(&desk->page, "price");
    const char *currency =
        kuji_desk_choice(desk, "currency", kuji_purchase_currencies);
    int64_t price = 0;

    if (currency &&
        (!text || kuji_money_read(&price, text, currency) != APR_SUCCESS ||
         price < 1)) {
        kuji_console_error(&desk->page, "price", "admin.error.price", NULL);
    }
    json_object_set_new(object, "price", json_integer(price));
    json_object_set_new(object, "currency",
                        json_string(currency ? currency : "JPY"));
}

void kuji_console_take_purchase(kuji_desk_t *desk, json_t *config)
{
    unsigned gates = kuji_gates_of(config);
    json_t *object;
    int given;
    int64_t draws;

    if (!(gates & KUJI_GATE_PURCHASE)) {
        json_object_del(config, "purchase");
        return;
    }
    if (gates & KUJI_GATE_API) {
        kuji_console_refuse(&desk->page, "admin.error.two_links", NULL);
    }
    object = json_object();
    take_goods(desk, object);
    take_price(desk, object);
    draws = kuji_desk_int(desk, "gives", 1, KUJI_PURCHASE_DRAWS_MAX, &given);
    json_object_set_new(object, "draws", json_integer(given ? draws : 1));
    json_object_set_new(
        object, "sold_alone",
        json_boolean(kuji_console_get(&desk->page, "sold_alone") != NULL));
    json_object_set_new(config, "purchase", object);
}
