/* SPDX-License-Identifier: Apache-2.0 */
#include "core/purchase.h"

#include "core/gates.h"

#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

const char *const kuji_purchase_currencies[] = {"JPY", "TWD", "THB", "USD",
                                                NULL};

/* Below this price prizes go by the price, from it on by a sum. */
#define DEAR 5000
#define TIMES 20
#define SUM 100000

/* Folded, without spaces: fees and tickets of a draw, in Japanese (sanka-ryo,
 * obo-ryo, chusen-ryo, chusen-ken, kuji-ken, kuji-dai, chosen-ryo, entry-ryo,
 * sanka-ken and their like) and in English. */
static const char *const fees[] = {"\u53c2\u52a0\u6599",
                                   "\u53c2\u52a0\u8cbb",
                                   "\u5fdc\u52df\u6599",
                                   "\u5fdc\u52df\u8cbb",
                                   "\u62bd\u9078\u6599",
                                   "\u62bd\u9078\u8cbb",
                                   "\u62bd\u9078\u5238",
                                   "\u62bd\u305b\u3093\u5238",
                                   "\u62bd\u9078\u6a29",
                                   "\u304f\u3058\u5238",
                                   "\u304f\u3058\u5f15\u304d\u5238",
                                   "\u304f\u3058\u5f15\u5238",
                                   "\u304f\u3058\u4ee3",
                                   "\u6311\u6226\u6599",
                                   "\u6311\u6226\u6a29",
                                   "\u30a8\u30f3\u30c8\u30ea\u30fc\u6599",
                                   "\u30a8\u30f3\u30c8\u30ea\u30fc\u8cbb",
                                   "\u5fdc\u52df\u5238",
                                   "\u53c2\u52a0\u5238",
                                   "entryfee",
                                   "drawfee",
                                   "drawticket",
                                   "raffleticket",
                                   "lotteryticket",
                                   "entryticket",
                                   "righttodraw",
                                   "chancetowin",
                                   NULL};

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

int kuji_purchase_read(kuji_purchase_t *p, const json_t *config)
{
    const json_t *object = json_object_get(config, "purchase");

    p->goods = text_of(object, "goods");
    p->goods_en = text_of(object, "goods_en");
    p->price = json_integer_value(json_object_get(object, "price"));
    p->currency = text_of(object, "currency");
    p->draws = (int)json_integer_value(json_object_get(object, "draws"));
    return json_is_object(object);
}

/* Takes the spaces away, ASCII's and the wide one (already folded to it). */
static void squeeze(char *text)
{
    char *to = text;

    for (; *text; text++) {
        if (!strchr(" \t\r\n", *text)) {
            *to++ = *text;
        }
    }
    *to = '\0';
}

int kuji_purchase_is_fee(const char *goods)
{
    char *folded =
        (char *)utf8proc_NFKC_Casefold((const utf8proc_uint8_t *)goods);
    int i, found = 0;

    if (!folded) {
        return 1; /* no text at all */
    }
    squeeze(folded);
    for (i = 0; fees[i] && !found; i++) {
        found = strstr(folded, fees[i]) != NULL;
    }
    free(folded);
    return found;
}

kuji_purchase_law_e kuji_purchase_law(const json_t *config)
{
    kuji_purchase_t p;

    if (!(kuji_gates_of(config) & KUJI_GATE_PURCHASE)) {
        return KUJI_PURCHASE_LAWFUL;
    }
    if (!kuji_purchase_read(&p, config) || p.price < 1 ||
        !p.goods[strspn(p.goods, " \t\r\n")]) {
        return KUJI_PURCHASE_NO_GOODS;
    }
    if (kuji_purchase_is_fee(p.goods) || kuji_purchase_is_fee(p.goods_en)) {
        return KUJI_PURCHASE_FEE;
    }
    return json_is_true(json_object_get(json_object_get(config, "purchase"),
                                        "sold_alone"))
               ? KUJI_PURCHASE_LAWFUL
               : KUJI_PURCHASE_TIED;
}

int64_t kuji_purchase_prize_max(int64_t price, const char *currency)
{
    if (strcmp(currency, "JPY") != 0 || price < 1) {
        return 0;
    }
    return price < DEAR ? price * TIMES : SUM;
}
