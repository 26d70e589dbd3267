/* Payments: reading and writing a row.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/payment_int.h"

#include <apr_strings.h>
#include <string.h>

/* Columns of kuji_api.payment. */
enum {
    ID,
    CAMPAIGN,
    AMOUNT,
    CREATED,
    CHANGED,
    CAPTURED,
    REFUNDED,
    ASKED_AT,
    ASKED_AMOUNT,
    NEXT_CHECK,
    TRIES,
    DRAWS,
    CAPTURE,
    MISMATCH,
    ORDER,
    DRIVER,
    CURRENCY,
    GOODS,
    STATE,
    ASKED,
    TRANSACTION,
    URL,
    SELLER,
    PARTICIPANT,
    ENTRY,
    SLUG,
    UUID,
    TITLE,
    TIMEZONE,
    CLOSES,
    USED,
    WITHDRAWN,
    TENANT, /* of the caller, always */
    EXPIRES
};

static apr_status_t digest(unsigned char out[KUJI_DIGEST_LEN], int *there,
                           const PGresult *res, int i, int col,
                           apr_pool_t *pool)
{
    const unsigned char *bytes;
    apr_size_t len;
    apr_status_t rv;

    *there = !PQgetisnull(res, i, col);
    if (!*there) {
        return APR_SUCCESS;
    }
    rv = kuji_pg_bytes(&bytes, &len, res, i, col, pool);
    if (rv == APR_SUCCESS && len != KUJI_DIGEST_LEN) {
        rv = KUJI_EDATABASE;
    }
    if (rv == APR_SUCCESS) {
        memcpy(out, bytes, len);
    }
    return rv;
}

static apr_status_t facts(kuji_payment_facts_t *f, const PGresult *res, int i)
{
    const char *asked = kuji_pg_text(res, i, ASKED);
    int driver = kuji_pay_driver_read(kuji_pg_text(res, i, DRIVER));
    int state = kuji_pay_state_read(kuji_pg_text(res, i, STATE));

    if (driver < 0 || state < 0) {
        return KUJI_EDATABASE;
    }
    f->driver = (kuji_pay_driver_e)driver;
    f->state = (kuji_pay_state_e)state;
    f->asked = kuji_pay_call_read(asked ? asked : "");
    f->asked_at = kuji_pg_int(res, i, ASKED_AT);
    f->asked_amount = kuji_pg_int(res, i, ASKED_AMOUNT);
    f->created_at = kuji_pg_int(res, i, CREATED);
    f->expires_at = kuji_pg_int(res, i, EXPIRES);
    f->amount = kuji_pg_int(res, i, AMOUNT);
    f->captured = kuji_pg_int(res, i, CAPTURED);
    f->refunded = kuji_pg_int(res, i, REFUNDED);
    f->mismatch = kuji_pg_bool(res, i, MISMATCH);
    f->tries = (int)kuji_pg_int(res, i, TRIES);
    return APR_SUCCESS;
}

static const char *text(const PGresult *res, int i, int col, apr_pool_t *pool)
{
    const char *value = kuji_pg_text(res, i, col);

    return value ? apr_pstrdup(pool, value) : "";
}

apr_status_t kuji_payment__row(kuji_payment_row_t *row, const PGresult *res,
                               int i, apr_pool_t *pool)
{
    apr_status_t rv = facts(&row->facts, res, i);

    row->id = kuji_pg_int(res, i, ID);
    row->campaign_id = kuji_pg_int(res, i, CAMPAIGN);
    row->changed_at = kuji_pg_int(res, i, CHANGED);
    row->next_check_at = kuji_pg_int(res, i, NEXT_CHECK);
    row->draws = (int)kuji_pg_int(res, i, DRAWS);
    row->capture = kuji_pg_bool(res, i, CAPTURE);
    row->order_id = text(res, i, ORDER, pool);
    row->currency = text(res, i, CURRENCY, pool);
    row->goods = text(res, i, GOODS, pool);
    row->transaction = text(res, i, TRANSACTION, pool);
    row->url = text(res, i, URL, pool);
    row->seller = text(res, i, SELLER, pool);
    row->slug = text(res, i, SLUG, pool);
    row->uuid = text(res, i, UUID, pool);
    row->title = text(res, i, TITLE, pool);
    row->timezone = text(res, i, TIMEZONE, pool);
    row->closes_at = kuji_pg_int(res, i, CLOSES);
    row->used = (int)kuji_pg_int(res, i, USED);
    row->withdrawn = kuji_pg_bool(res, i, WITHDRAWN);
    if (rv == APR_SUCCESS) {
        rv = digest(row->participant, &row->has_participant, res, i,
                    PARTICIPANT, pool);
    }
    return rv == APR_SUCCESS
               ? digest(row->entry, &row->has_entry, res, i, ENTRY, pool)
               : rv;
}

apr_status_t kuji_payment__rows(const kuji_payment_row_t **rows, int *count,
                                const PGresult *res, apr_pool_t *pool)
{
    int n = PQntuples(res), i;
    kuji_payment_row_t *list = apr_pcalloc(pool, (n + 1) * sizeof(*list));
    apr_status_t rv = APR_SUCCESS;

    for (i = 0; i < n && rv == APR_SUCCESS; i++) {
        rv = kuji_payment__row(&list[i], res, i, pool);
    }
    *rows = list;
    *count = n;
    return rv;
}

/* Two statements: the lock first, then what the row says once it is ours. */
apr_status_t kuji_payment__lock(kuji_payment_row_t *row, int64_t *now,
                                kuji_conn_t *conn, const char *order_id,
                                apr_pool_t *out, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_text(&args, order_id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PAYMENT_LOCK, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    *now = kuji_pg_int(res, 0, 1);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PAYMENT_GET, &args, pool);
    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        rv = KUJI_EDATABASE;
    }
    return rv == APR_SUCCESS ? kuji_payment__row(row, res, 0, out) : rv;
}

static void add_int(kuji_args_t *args, int64_t value)
{
    if (value) {
        kuji_args_int(args, value);
    }
    else {
        kuji_args_null_int(args);
    }
}

apr_status_t kuji_payment__change(const kuji_payment_row_t *row,
                                  const kuji_payment_next_t *n,
                                  int64_t asked_at, int64_t asked_amount,
                                  const char *transaction, const char *url,
                                  const unsigned char *entry,
                                  const kuji_payment__note_t *note,
                                  const kuji_act_t *act, kuji_conn_t *conn,
                                  apr_pool_t *pool)
{
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, row->id);
    kuji_args_text(&args, kuji_pay_state_name(n->state));
    kuji_args_text(&args, kuji_pay_call_name(n->asked));
    add_int(&args, asked_at);
    add_int(&args, asked_amount);
    kuji_args_int(&args, n->captured);
    kuji_args_int(&args, n->refunded);
    kuji_args_bool(&args, n->mismatch);
    add_int(&args, n->next_check_at);
    kuji_args_int(&args, n->tries);
    kuji_args_text(&args, transaction);
    kuji_args_text(&args, url);
    kuji_args_bytes(&args, entry, KUJI_DIGEST_LEN);
    kuji_args_int(&args, note != NULL);
    kuji_args_bool(&args, note != NULL);
    kuji_args_int(&args, note ? note->amount : 0);
    kuji_args_text(&args, act->actor);
    kuji_args_text(&args, note ? note->what : "check.done");
    kuji_args_text(&args, note ? note->answer : "");
    kuji_args_text(&args, note ? note->note : "");
    add_int(&args, n->expires_at);
    return kuji_pg_query(NULL, conn, KUJI_Q_PAYMENT_CHANGE, &args, pool);
}
