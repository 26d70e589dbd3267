/* The gate `purchase`: what is bought, and what the law lets a purchase admit
 * to. A draw is never sold (Penal Code 187: a ticket that is paid for is a
 * lottery's); goods are, at the price that they have without a draw, and their
 * receipt admits to one (Act against Unjustifiable Premiums, art. 4).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_PURCHASE_H
#define KUJI_CORE_PURCHASE_H

#include "core/money.h"

#include <jansson.h>

/** Longest name of goods, in bytes. */
#define KUJI_PURCHASE_GOODS_MAX 300
#define KUJI_PURCHASE_DRAWS_MAX 100

/** A CONFIG's member purchase; strings are the document's, never NULL. */
typedef struct kuji_purchase_t {
    const char *goods, *goods_en; /* goods_en "": goods */
    int64_t price;                /* minor units, tax included */
    const char *currency;         /* ISO 4217 */
    int draws;                    /* that one purchase gives */
} kuji_purchase_t;

/** 0: CONFIG has no such member. */
int kuji_purchase_read(kuji_purchase_t *purchase, const json_t *config);

/** The currencies, NULL at the end. */
extern const char *const kuji_purchase_currencies[];

typedef enum kuji_purchase_law_e {
    KUJI_PURCHASE_LAWFUL,
    KUJI_PURCHASE_NO_GOODS, /* nothing is bought */
    KUJI_PURCHASE_FEE,      /* what is bought is the chance itself */
    KUJI_PURCHASE_TIED      /* nobody says that they are sold at that price
                               without a draw too */
} kuji_purchase_law_e;

/** Whether a campaign may be published: KUJI_PURCHASE_LAWFUL also where the
 * gate is not among its own. */
kuji_purchase_law_e kuji_purchase_law(const json_t *config);

/** Whether a name says that what is bought is a chance, a ticket or a fee of a
 * draw. Spaces, case and width do not hide it. */
int kuji_purchase_is_fee(const char *goods);

/** The most that one prize may be worth for goods of that price, in yen
 * (Notification on restriction of prizes, 1977, 2 and 3: twenty times the
 * price, 100,000 yen from 5,000 on). 0: another currency, another law. */
int64_t kuji_purchase_prize_max(int64_t price, const char *currency);

#endif
