/* The right that a payment gives: a link, whose token follows from the order
 * by the campaign's key. Whoever loses it is told the same one again.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/payment_int.h"

#include "store/flag.h"
#include "store/link.h"
#include "store/vault.h"

#include <apr_strings.h>
#include <sodium.h>

static apr_status_t derive(char *token, unsigned char digest[KUJI_DIGEST_LEN],
                           kuji_vault_t *vault, const kuji_payment_row_t *row)
{
    unsigned char bytes[KUJI_DIGEST_LEN];
    apr_status_t rv = kuji_vault_digest(bytes, vault, row->uuid, "right",
                                        row->order_id, strlen(row->order_id));

    if (rv != APR_SUCCESS) {
        return rv;
    }
    sodium_bin2base64(token, KUJI_LINK_TOKEN_LEN + 1, bytes, sizeof(bytes),
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    return kuji_vault_digest(digest, vault, row->uuid, "link", token,
                             KUJI_LINK_TOKEN_LEN);
}

apr_status_t kuji_payment__token(char *token,
                                 unsigned char digest[KUJI_DIGEST_LEN],
                                 const kuji_payment_row_t *row,
                                 const kuji_act_t *act, kuji_conn_t *conn,
                                 apr_pool_t *pool)
{
    kuji_vault_t *vault;
    apr_status_t rv = kuji_vault_open(&vault, act, conn, pool);

    if (rv == APR_SUCCESS) {
        rv = derive(token, digest, vault, row);
        kuji_vault_close(vault);
    }
    return rv;
}

apr_status_t kuji_payment__give(unsigned char digest[KUJI_DIGEST_LEN],
                                const kuji_payment_row_t *row,
                                const kuji_act_t *act, kuji_conn_t *conn,
                                apr_pool_t *pool)
{
    char token[KUJI_LINK_TOKEN_LEN + 1];
    kuji_link_new_t link = {.participant =
                                apr_pstrcat(pool, "pay:", row->order_id, NULL),
                            .draws = row->draws,
                            .expires_at = row->closes_at};
    kuji_vault_t *vault;
    apr_status_t rv = kuji_vault_open(&vault, act, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = derive(token, digest, vault, row);
    if (rv == APR_SUCCESS) {
        rv = kuji_link_put(&link, token, row->campaign_id, row->uuid, vault,
                           act, conn, pool);
    }
    sodium_memzero(token, sizeof(token));
    kuji_vault_close(vault);
    return rv;
}

static void of_entry(kuji_args_t *args, const kuji_payment_row_t *row,
                     apr_pool_t *pool)
{
    kuji_args_init(args, pool);
    kuji_args_int(args, row->campaign_id);
    kuji_args_bytes(args, row->entry, KUJI_DIGEST_LEN);
}

apr_status_t kuji_payment__take_back(const kuji_payment_row_t *row, int back,
                                     kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, row->campaign_id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PAYMENT_CAMPAIGN_LOCK, &args, pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv == APR_SUCCESS ? KUJI_EDATABASE : rv;
    }
    of_entry(&args, row, pool);
    if (!back) {
        kuji_args_int(&args, kuji_pg_int(res, 0, 0));
    }
    return kuji_pg_query(NULL, conn,
                         back ? KUJI_Q_PAYMENT_RIGHT_END
                              : KUJI_Q_PAYMENT_RIGHT_RENEW,
                         &args, pool);
}

apr_status_t kuji_payment__flag(const kuji_payment_row_t *row,
                                kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t args;

    of_entry(&args, row, pool);
    kuji_args_int(&args, KUJI_FLAG_REFUNDED);
    return kuji_pg_query(NULL, conn, KUJI_Q_PAYMENT_FLAG, &args, pool);
}
