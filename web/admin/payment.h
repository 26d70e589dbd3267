/* What the console's pages about payments share.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_PAYMENT_H
#define KUJI_WEB_ADMIN_PAYMENT_H

#include "job/payment.h"
#include "web/admin/page.h"

/** A payment as data: order, short (its last characters), href, goods, price,
 * captured, refunded, name and label of its state, at, campaign, right
 * {used, draws, good, withdrawn}, flags for what can be done now. */
json_t *kuji_payment_data(const kuji_console_page_t *page,
                          const kuji_payment_row_t *row);

/** Characters of an order's id that stand for it where an admin types it. */
#define KUJI_PAYMENT_SHORT 6
const char *kuji_payment_short(const kuji_payment_row_t *row);

/** {"size", "path"} of a QR code, for template qr.mustache; NULL: too long. */
json_t *kuji_payment_qr(const char *text, apr_pool_t *pool);

/** data.entry: the payment's right for the customer (QR code, address), where
 * nobody has drawn by it yet; leaves an audit row. */
apr_status_t kuji_payment_show_right(kuji_console_page_t *page,
                                     const kuji_act_t *act,
                                     const kuji_payment_row_t *row);

#endif
