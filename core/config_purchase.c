/* What is bought where the gate is a purchase (core/purchase.h).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/config_int.h"
#include "core/gates.h"
#include "core/purchase.h"

#include <string.h>

static void name(kuji_fields_t *f, const char *field)
{
    const char *text = kuji_fields_word(f, field);

    if (strlen(text) > KUJI_PURCHASE_GOODS_MAX) {
        kuji_fields_wrong(f, field, "is longer than 300 bytes");
    }
    else if (kuji_purchase_is_fee(text)) {
        kuji_fields_wrong(f, field,
                          "names a fee for a draw: a draw is never sold, a "
                          "purchase is of goods");
    }
}

static void price(kuji_fields_t *f)
{
    const char *currency = kuji_fields_word(f, "currency");

    if (kuji_money_places(currency) < 0) {
        kuji_fields_wrong(f, "currency", "must be JPY, TWD, THB or USD");
    }
    kuji_fields_int(f, "price", 1, KUJI_MONEY_MAX);
}

void kuji_config__purchase(kuji_fields_t *parent, const json_t *config)
{
    unsigned gates = kuji_gates_of(config);
    kuji_fields_t f;

    if ((gates & KUJI_GATES_BY_LINK) == KUJI_GATES_BY_LINK) {
        kuji_fields_wrong(parent, "gates", "cannot be both api and purchase");
    }
    if (!kuji_fields_has(parent, "purchase")) {
        return;
    }
    kuji_fields_init(&f, kuji_fields_any(parent, "purchase"), "purchase",
                     parent->why, parent->pool);
    name(&f, "goods");
    if (kuji_fields_has(&f, "goods_en")) {
        name(&f, "goods_en");
    }
    price(&f);
    kuji_fields_int(&f, "draws", 1, KUJI_PURCHASE_DRAWS_MAX);
    if (kuji_fields_has(&f, "sold_alone")) {
        kuji_fields_bool(&f, "sold_alone");
    }
    kuji_fields_end(&f);
}
