/* The gate `purchase` on a campaign's page: what there is to buy, and what this
 * participant has bought.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PARTICIPANT_PURCHASE_H
#define KUJI_WEB_PARTICIPANT_PURCHASE_H

#include "job/payment.h"
#include "web/participant/page.h"

/** How many of a participant's purchases are looked at. */
#define KUJI_PURCHASE_LOOKS 20

/** Looks at the participant's purchases where the gate asks for one: a right
 * that is unused becomes the browser's pass, though it never came back from the
 * provider. Nothing to do for other campaigns. */
apr_status_t kuji_purchase_find(kuji_page_t *page);

/** The gates that ask for a pass which the browser does not hold, after
 * kuji_purchase_find: a right that is used up or paid back is none. */
unsigned kuji_purchase_missing(kuji_page_t *page);

/** data.buy: the goods, their price, the order's key, and purchases that are
 * not decided yet. */
void kuji_purchase_add(kuji_page_t *page);

/** Makes the payment's right the browser's. */
void kuji_purchase_pass(kuji_web_t *web, const kuji_payment_row_t *row);

/** Whether something can still be drawn by it. */
int kuji_purchase_is_good(const kuji_payment_row_t *row);

/** The tenant's payments as this participant may act on them. */
kuji_act_t kuji_purchase_act(kuji_web_t *web);

#endif
