/* The batch's first round trip: the campaign's row is locked, then everything
 * that its draws depend on is read in one pipeline.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/batch_int.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

int64_t kuji_batch__int(const PGresult *res, int row, int col)
{
    const unsigned char *v = (const unsigned char *)PQgetvalue(res, row, col);
    uint64_t n;
    uint32_t n4;
    uint16_t n2;

    switch (PQgetlength(res, row, col)) {
    case 8:
        memcpy(&n, v, 8);
        return (int64_t)__builtin_bswap64(n);
    case 4:
        memcpy(&n4, v, 4);
        return (int32_t)__builtin_bswap32(n4);
    case 2:
        memcpy(&n2, v, 2);
        return (int16_t)__builtin_bswap16(n2);
    case 1:
        return v[0];
    default:
        return 0; /* NULL */
    }
}

const unsigned char *kuji_batch__bytes(const PGresult *res, int row, int col)
{
    return PQgetisnull(res, row, col)
               ? NULL
               : (const unsigned char *)PQgetvalue(res, row, col);
}

void kuji_batch__gather(kuji_batch_t *b)
{
    int i;

    b->people = apr_pcalloc(b->pool, b->count * sizeof(*b->people));
    b->keys = apr_pcalloc(b->pool, b->count * sizeof(*b->keys));
    b->codes = apr_pcalloc(b->pool, b->count * sizeof(*b->codes));
    kuji_digestmap_init(&b->people_by_digest, b->count, b->pool);
    kuji_digestmap_init(&b->keys_by_digest, b->count, b->pool);
    kuji_digestmap_init(&b->codes_by_digest, b->count, b->pool);
    for (i = 0; i < b->count; i++) {
        const kuji_draw_ask_t *ask = &b->items[i]->ask;

        if (kuji_digestmap_add(&b->people_by_digest, ask->participant_digest,
                               b->npeople) == b->npeople) {
            b->people[b->npeople++].digest = ask->participant_digest;
        }
        if (kuji_digestmap_add(&b->keys_by_digest, ask->key_digest, b->nkeys) ==
            b->nkeys) {
            b->keys[b->nkeys++].digest = ask->key_digest;
        }
        if (ask->has_code &&
            kuji_digestmap_add(&b->codes_by_digest, ask->code_digest,
                               b->ncodes) == b->ncodes) {
            b->codes[b->ncodes++].digest = ask->code_digest;
        }
    }
    kuji_batch__gather_links(b);
}

/* -- sending --------------------------------------------------------------- */

static apr_status_t send_lock(kuji_batch_t *b)
{
    kuji_args_t args;

    kuji_args_init(&args, b->pool);
    kuji_args_int(&args, b->campaign->id);
    args.binary_result = 1;
    return kuji_conn__send(b->conn, KUJI_Q_DRAW_LOCK, &args);
}

static apr_status_t send_look_up(kuji_batch_t *b, kuji_query_e query,
                                 const kuji_digestmap_t *map, int count)
{
    kuji_args_t args;

    kuji_args_init(&args, b->pool);
    kuji_args_int(&args, b->campaign->id);
    kuji_args_bytes_array(&args, map->digests, NULL, KUJI_DIGEST_LEN, count);
    args.binary_result = 1;
    return kuji_conn__send(b->conn, query, &args);
}

static apr_status_t send_facts(kuji_batch_t *b)
{
    int64_t *ids = apr_palloc(b->pool, b->count * sizeof(*ids));
    kuji_args_t args;
    int i, n = 0;

    for (i = 0; i < b->count; i++) {
        int64_t id = b->items[i]->ask.token_id;

        if (id && (n == 0 || ids[n - 1] != id)) {
            ids[n++] = id;
        }
    }
    kuji_args_init(&args, b->pool);
    kuji_args_int(&args, b->campaign->id);
    kuji_args_int_array(&args, ids, n);
    args.binary_result = 1;
    return kuji_conn__send(b->conn, KUJI_Q_DRAW_FACTS, &args);
}

static apr_status_t send_begin(kuji_batch_t *b)
{
    kuji_args_t args;
    apr_status_t rv = kuji_conn__send(b->conn, KUJI_Q_TX_BEGIN, NULL);

    if (rv == APR_SUCCESS) {
        kuji_args_init(&args, b->pool);
        kuji_args_text(&args, b->campaign->tenant_id);
        rv = kuji_conn__send(b->conn, KUJI_Q_DRAW_BEGIN, &args);
    }
    return rv;
}

static apr_status_t send_all(kuji_batch_t *b)
{
    apr_status_t rv = send_begin(b);

    if (rv == APR_SUCCESS) {
        rv = send_lock(b);
    }
    if (rv == APR_SUCCESS) {
        rv = send_facts(b);
    }
    if (rv == APR_SUCCESS) {
        rv = send_look_up(b, KUJI_Q_DRAW_KEYS, &b->keys_by_digest, b->nkeys);
    }
    if (rv == APR_SUCCESS) {
        rv = send_look_up(b, KUJI_Q_DRAW_PARTICIPANTS, &b->people_by_digest,
                          b->npeople);
    }
    if (rv == APR_SUCCESS && b->ncodes) {
        rv = send_look_up(b, KUJI_Q_DRAW_CODES, &b->codes_by_digest, b->ncodes);
    }
    if (rv == APR_SUCCESS && b->nlinks) {
        rv = send_look_up(b, KUJI_Q_DRAW_LINKS, &b->links_by_digest, b->nlinks);
    }
    if (rv == APR_SUCCESS && !PQpipelineSync(b->conn->native)) {
        rv = KUJI_EBUSY;
    }
    return rv == APR_SUCCESS ? kuji_conn__flush(b->conn) : rv;
}

/* -- taking ---------------------------------------------------------------- */

static apr_status_t take_lock(kuji_batch_t *b, const PGresult *res)
{
    const char *status;

    if (PQntuples(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    status = PQgetvalue(res, 0, 0);
    b->status = strcmp(status, "published") == 0 ? KUJI_STATUS_PUBLISHED
                : strcmp(status, "paused") == 0  ? KUJI_STATUS_PAUSED
                                                 : KUJI_STATUS_CLOSED;
    b->next_n = kuji_batch__int(res, 0, 1);
    b->state.blanks_left = kuji_batch__int(res, 0, 4);
    b->today = kuji_batch__int(res, 0, 5); /* until take_facts: last draw's */
    b->day_draws = kuji_batch__int(res, 0, 6);
    b->raffled = (int)kuji_batch__int(res, 0, 7);
    b->last_t = kuji_batch__int(res, 0, 8);
    return kuji_tree_unpack(&b->tree, kuji_batch__int(res, 0, 2),
                            (unsigned char *)PQgetvalue(res, 0, 3),
                            PQgetlength(res, 0, 3));
}

/* Ids, joined by commas. */
static void take_revoked(kuji_batch_t *b, const char *text)
{
    char *end = (char *)text;

    b->tokens_revoked =
        apr_palloc(b->pool, (b->count + 1) * sizeof(*b->tokens_revoked));
    while (*end && b->ntokens_revoked < b->count) {
        b->tokens_revoked[b->ntokens_revoked++] = strtoll(end, &end, 10);
        end += *end == ',';
    }
}

static apr_status_t take_facts(kuji_batch_t *b, const PGresult *res)
{
    int i, n = b->campaign->manifest->nprizes;
    int64_t today;

    if (PQntuples(res) != n) {
        return PQntuples(res) ? KUJI_EDATABASE : KUJI_ENOTFOUND;
    }
    b->t = kuji_batch__int(res, 0, 0);
    today = kuji_batch__int(res, 0, 1);
    if (today != b->today) {
        b->day_draws = 0;
    }
    b->today = today;
    take_revoked(b, PQgetvalue(res, 0, 2));
    b->state.stock = apr_palloc(b->pool, n * sizeof(*b->state.stock));
    for (i = 0; i < n; i++) {
        b->state.stock[i].left = kuji_batch__int(res, i, 3);
        b->state.stock[i].awarded = kuji_batch__int(res, i, 4);
        b->state.stock[i].added = kuji_batch__int(res, i, 5);
    }
    return APR_SUCCESS;
}

static const unsigned char *copy(kuji_batch_t *b, const PGresult *res, int row,
                                 int col, int len)
{
    const unsigned char *v = kuji_batch__bytes(res, row, col);

    return v && PQgetlength(res, row, col) == len ? apr_pmemdup(b->pool, v, len)
                                                  : NULL;
}

static apr_status_t take_keys(kuji_batch_t *b, const PGresult *res)
{
    int i, k;

    for (i = 0; i < PQntuples(res); i++) {
        k = kuji_digestmap_find(&b->keys_by_digest,
                                kuji_batch__bytes(res, i, 0));
        if (k < 0) {
            return KUJI_EDATABASE;
        }
        b->keys[k].body = copy(b, res, i, 1, KUJI_DIGEST_LEN);
        b->keys[k].first_n = kuji_batch__int(res, i, 2);
        b->keys[k].count = kuji_batch__int(res, i, 3);
    }
    return APR_SUCCESS;
}

static apr_status_t take_people(kuji_batch_t *b, const PGresult *res)
{
    int i, k;

    for (i = 0; i < PQntuples(res); i++) {
        kuji_person_t *person;

        k = kuji_digestmap_find(&b->people_by_digest,
                                kuji_batch__bytes(res, i, 0));
        if (k < 0) {
            return KUJI_EDATABASE;
        }
        person = &b->people[k];
        person->known = 1;
        person->salt = copy(b, res, i, 1, KUJI_SALT_LEN);
        person->last_n = kuji_batch__int(res, i, 2);
        person->draws = kuji_batch__int(res, i, 3);
        person->wins = kuji_batch__int(res, i, 4);
        if (kuji_batch__int(res, i, 5) == b->today) {
            person->day_draws = kuji_batch__int(res, i, 6);
        }
    }
    return APR_SUCCESS;
}

static apr_status_t take_codes(kuji_batch_t *b, const PGresult *res)
{
    int i, k;

    for (i = 0; i < PQntuples(res); i++) {
        k = kuji_digestmap_find(&b->codes_by_digest,
                                kuji_batch__bytes(res, i, 0));
        if (k < 0) {
            return KUJI_EDATABASE;
        }
        b->codes[k].known = 1;
        b->codes[k].uses_left = kuji_batch__int(res, i, 1);
        b->codes[k].disabled = (int)kuji_batch__int(res, i, 2);
        b->codes[k].batch_id = kuji_batch__int(res, i, 3);
    }
    return APR_SUCCESS;
}

apr_status_t kuji_batch__next(PGresult **res, kuji_batch_t *b)
{
    PGresult *end;
    apr_status_t rv;

    b->conn->deadline = apr_time_now() + b->patience;
    rv = kuji_conn__result(res, b->conn);
    if (b->conn->native &&
        (!*res || PQresultStatus(*res) != PGRES_PIPELINE_SYNC)) {
        /* A statement's results end with a NULL. */
        end = PQgetResult(b->conn->native);
        PQclear(end);
    }
    return rv;
}

typedef apr_status_t take_fn(kuji_batch_t *b, const PGresult *res);

static apr_status_t take_nothing(kuji_batch_t *b, const PGresult *res)
{
    return APR_SUCCESS;
}

/* In the order in which send_all sends; their number. */
static int list_takes(take_fn *takes[8], const kuji_batch_t *b)
{
    int n = 0;

    takes[n++] = take_nothing;
    takes[n++] = take_nothing;
    takes[n++] = take_lock;
    takes[n++] = take_facts;
    takes[n++] = take_keys;
    takes[n++] = take_people;
    if (b->ncodes) {
        takes[n++] = take_codes;
    }
    if (b->nlinks) {
        takes[n++] = kuji_batch__take_links;
    }
    return n;
}

apr_status_t kuji_batch__read(kuji_batch_t *b)
{
    take_fn *takes[8];
    int i, n = list_takes(takes, b);
    apr_status_t rv, first;
    PGresult *res = NULL;

    b->conn->deadline = apr_time_now() + b->patience;
    first = send_all(b);
    /* After an error the rest is read all the same, up to the sync. */
    for (i = 0; i <= n && b->conn->native; i++) {
        rv = kuji_batch__next(&res, b);
        if (rv == APR_SUCCESS && first == APR_SUCCESS && i < n) {
            rv = takes[i](b, res);
        }
        PQclear(res);
        first = first == APR_SUCCESS ? rv : first;
    }
    return b->conn->native || first != APR_SUCCESS ? first : KUJI_EBUSY;
}
