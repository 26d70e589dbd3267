/* Repeated requests: the stored draws are read back inside the same
 * transaction, so that its commit vouches for them too (a commit waits for
 * whatever an earlier, cancelled wait for a standby left open).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/batch_int.h"

#include <string.h>

static const kuji_key_t *stored_key(const kuji_batch_t *b,
                                    const kuji_batch_item_t *item)
{
    int k;

    if (item->answer.outcome != KUJI_REPEATED) {
        return NULL;
    }
    k = kuji_digestmap_find(&b->keys_by_digest, item->ask.key_digest);
    return b->keys[k].body ? &b->keys[k] : NULL;
}

apr_status_t kuji_batch__ask_stored(kuji_batch_t *b)
{
    int64_t *first = apr_palloc(b->pool, b->nkeys * sizeof(*first));
    int64_t *count = apr_palloc(b->pool, b->nkeys * sizeof(*count));
    kuji_args_t args;
    int i, n = 0;

    for (i = 0; i < b->nkeys; i++) {
        if (b->keys[i].body) {
            first[n] = b->keys[i].first_n;
            count[n++] = b->keys[i].count;
        }
    }
    kuji_args_init(&args, b->pool);
    kuji_args_int(&args, b->campaign->id);
    kuji_args_int_array(&args, first, n);
    kuji_args_int_array(&args, count, n);
    args.binary_result = 1;
    return kuji_conn__send(b->conn, KUJI_Q_DRAW_STORED, &args);
}

/* One row of the answer: first n, n, i, leaf, salt. */
static apr_status_t take_draw(kuji_batch_t *b, kuji_drawn_t *drawn,
                              const PGresult *res, int row)
{
    apr_size_t len = PQgetlength(res, row, 3);
    kuji_leaf_t leaf;

    if (len >= KUJI_LEAF_DRAW_MAX) {
        return KUJI_EDATABASE;
    }
    drawn->n = kuji_batch__int(res, row, 1);
    drawn->i = kuji_batch__int(res, row, 2);
    drawn->leaf_len = len;
    memcpy(drawn->leaf, PQgetvalue(res, row, 3), len);
    drawn->leaf[len] = '\0';
    if (kuji_ledger_read(&leaf, NULL, drawn->leaf, len, b->pool) !=
        APR_SUCCESS) {
        return KUJI_EDATABASE;
    }
    drawn->t = leaf.t;
    drawn->prize = leaf.kind == KUJI_LEAF_DRAW && leaf.prize
                       ? kuji_manifest_prize(b->campaign->manifest, leaf.prize)
                       : KUJI_BLANK;
    return APR_SUCCESS;
}

/* The salt counts only while it opens this very leaf: after an erasure a
 * returning participant has another. */
static void take_salt(kuji_batch_item_t *item, const PGresult *res, int row)
{
    const unsigned char *salt = kuji_batch__bytes(res, row, 4);
    unsigned char who[KUJI_HASH_LEN];
    char hex[2 * KUJI_HASH_LEN + 1];
    static const char digits[] = "0123456789abcdef";
    int i;

    item->answer.has_salt = 0;
    if (!salt || PQgetlength(res, row, 4) != KUJI_SALT_LEN) {
        return;
    }
    kuji_ledger_who(who, salt, item->ask.participant,
                    item->ask.participant_len);
    for (i = 0; i < KUJI_HASH_LEN; i++) {
        hex[2 * i] = digits[who[i] >> 4];
        hex[2 * i + 1] = digits[who[i] & 15];
    }
    hex[2 * KUJI_HASH_LEN] = '\0';
    if (strstr(item->answer.draws[0].leaf, hex)) {
        memcpy(item->answer.salt, salt, KUJI_SALT_LEN);
        item->answer.has_salt = 1;
    }
}

/* Rows come sorted by (first n, n). */
static int first_row(const PGresult *res, int64_t first_n)
{
    int low = 0, high = PQntuples(res);

    while (low < high) {
        int mid = (low + high) / 2;

        if (kuji_batch__int(res, mid, 0) < first_n) {
            low = mid + 1;
        }
        else {
            high = mid;
        }
    }
    return low;
}

apr_status_t kuji_batch__take_stored(kuji_batch_t *b, const PGresult *res)
{
    apr_status_t rv;
    int i, k;

    for (i = 0; i < b->count; i++) {
        kuji_batch_item_t *item = b->items[i];
        const kuji_key_t *key = stored_key(b, item);
        int row = key ? first_row(res, key->first_n) : 0;

        if (!key) {
            continue;
        }
        /* The same body asks for the same count. */
        if (key->count != item->ask.count ||
            row + key->count > PQntuples(res)) {
            return KUJI_EDATABASE;
        }
        item->answer.count = item->ask.count;
        for (k = 0; k < item->ask.count; k++) {
            rv = take_draw(b, &item->answer.draws[k], res, row + k);
            if (rv != APR_SUCCESS) {
                return rv;
            }
        }
        take_salt(item, res, row);
    }
    return APR_SUCCESS;
}
