/* Shared by store/payment*.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_PAYMENT_INT_H
#define KUJI_STORE_PAYMENT_INT_H

#include "store/payment.h"

/** A row of kuji_api.payment; strings are copied to pool. */
apr_status_t kuji_payment__row(kuji_payment_row_t *row, const PGresult *res,
                               int i, apr_pool_t *pool);
apr_status_t kuji_payment__rows(const kuji_payment_row_t **rows, int *count,
                                const PGresult *res, apr_pool_t *pool);

/** Locks and reads one, inside a transaction; *now is the database's, ms. */
apr_status_t kuji_payment__lock(kuji_payment_row_t *row, int64_t *now,
                                kuji_conn_t *conn, const char *order_id,
                                apr_pool_t *out, apr_pool_t *pool);

/** What a change says in the ledger. */
typedef struct kuji_payment__note_t {
    int64_t amount;
    const char *what, *answer, *note;
} kuji_payment__note_t;

/** Writes `next` over a locked row, with an event unless note is NULL. entry:
 * the right that comes with it, or NULL. */
apr_status_t kuji_payment__change(const kuji_payment_row_t *row,
                                  const kuji_payment_next_t *next,
                                  int64_t asked_at, int64_t asked_amount,
                                  const char *transaction, const char *url,
                                  const unsigned char *entry,
                                  const kuji_payment__note_t *note,
                                  const kuji_act_t *act, kuji_conn_t *conn,
                                  apr_pool_t *pool);

/** The right of a payment: its token (room for KUJI_LINK_TOKEN_LEN + 1) and
 * digest. */
apr_status_t kuji_payment__token(char *token,
                                 unsigned char digest[KUJI_DIGEST_LEN],
                                 const kuji_payment_row_t *row,
                                 const kuji_act_t *act, kuji_conn_t *conn,
                                 apr_pool_t *pool);
/** Makes it. */
apr_status_t kuji_payment__give(unsigned char digest[KUJI_DIGEST_LEN],
                                const kuji_payment_row_t *row,
                                const kuji_act_t *act, kuji_conn_t *conn,
                                apr_pool_t *pool);
/** Ends what of it is unused, or renews it until the campaign's end. Locks the
 * campaign. */
apr_status_t kuji_payment__take_back(const kuji_payment_row_t *row, int back,
                                     kuji_conn_t *conn, apr_pool_t *pool);
/** Marks the draws made by it for an admin to look at. */
apr_status_t kuji_payment__flag(const kuji_payment_row_t *row,
                                kuji_conn_t *conn, apr_pool_t *pool);

#endif
