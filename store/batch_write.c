/* The batch's second round trip: everything decided goes in by arrays, a
 * statement a table, and only the tables that change.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/batch_int.h"
#include "store/mark.h"
#include "store/outbox.h"

#include <apr_strings.h>

/* Statement begun: campaign, and what follows. */
static void begin(kuji_args_t *args, const kuji_batch_t *b)
{
    kuji_args_init(args, b->pool);
    kuji_args_int(args, b->campaign->id);
}

static void *array_of(const kuji_batch_t *b, int count, apr_size_t size)
{
    return apr_palloc(b->pool, (count + 1) * size);
}

/* Once in a quarter of an hour, before anything that it looks at changes. */
static apr_status_t write_mark(kuji_batch_t *b, int *sent)
{
    kuji_args_t args;

    if (!kuji_mark_is_due(b->last_t, b->t)) {
        return APR_SUCCESS;
    }
    kuji_mark_args(&args, b->campaign->id, b->t, b->pool);
    ++*sent;
    return kuji_conn__send(b->conn, KUJI_Q_FIGURES_MARK, &args);
}

static apr_status_t write_leaves(kuji_batch_t *b)
{
    const char **leaves = array_of(b, b->nrows, sizeof(*leaves));
    kuji_args_t args;
    int i;

    for (i = 0; i < b->nrows; i++) {
        leaves[i] = b->rows[i].drawn->leaf;
    }
    begin(&args, b);
    kuji_args_int(&args, b->rows[0].drawn->i);
    kuji_args_uuid(&args, b->campaign->tenant_id);
    kuji_args_text_array(&args, leaves, b->nrows);
    return kuji_conn__send(b->conn, KUJI_Q_DRAW_ADD_LEAVES, &args);
}

/* A request's key, count and code stand on its first draw only. */
static apr_status_t write_draws(kuji_batch_t *b)
{
    int n = b->nrows, i;
    int64_t *first = array_of(b, n, sizeof(*first));
    int64_t *count = array_of(b, n, sizeof(*count));
    int64_t *prev = array_of(b, n, sizeof(*prev));
    const unsigned char **key = array_of(b, n, sizeof(*key));
    const unsigned char **body = array_of(b, n, sizeof(*body));
    const unsigned char **who = array_of(b, n, sizeof(*who));
    const unsigned char **code = array_of(b, n, sizeof(*code));
    kuji_args_t args;

    for (i = 0; i < n; i++) {
        const kuji_row_t *row = &b->rows[i];
        const kuji_draw_ask_t *ask = &row->item->ask;
        int leads = (int64_t)row->drawn->n == row->first_n;

        first[i] = row->first_n;
        count[i] = leads ? ask->count : 0;
        prev[i] = row->prev_n;
        key[i] = leads ? ask->key_digest : NULL;
        body[i] = leads ? ask->body_digest : NULL;
        who[i] = ask->participant_digest;
        code[i] = leads && ask->has_code ? ask->code_digest : NULL;
    }
    begin(&args, b);
    kuji_args_int(&args, b->rows[0].drawn->n);
    kuji_args_uuid(&args, b->campaign->tenant_id);
    kuji_args_int(&args, b->rows[0].drawn->i);
    kuji_args_int_array(&args, first, n);
    kuji_args_int_array(&args, count, n);
    kuji_args_bytes_array(&args, key, NULL, KUJI_DIGEST_LEN, n);
    kuji_args_bytes_array(&args, body, NULL, KUJI_DIGEST_LEN, n);
    kuji_args_bytes_array(&args, who, NULL, KUJI_DIGEST_LEN, n);
    kuji_args_int_array(&args, prev, n);
    kuji_args_bytes_array(&args, code, NULL, KUJI_DIGEST_LEN, n);
    return kuji_conn__send(b->conn, KUJI_Q_DRAW_ADD, &args);
}

/* People of this batch who are changed and have a row already, or not. */
static apr_status_t write_people(kuji_batch_t *b, int known, int *sent)
{
    int i, n = 0;
    const unsigned char **digest = array_of(b, b->npeople, sizeof(*digest));
    const unsigned char **salt = array_of(b, b->npeople, sizeof(*salt));
    int64_t *last = array_of(b, b->npeople, sizeof(*last));
    int64_t *draws = array_of(b, b->npeople, sizeof(*draws));
    int64_t *wins = array_of(b, b->npeople, sizeof(*wins));
    int64_t *day = array_of(b, b->npeople, sizeof(*day));
    kuji_args_t args;

    for (i = 0; i < b->npeople; i++) {
        const kuji_person_t *person = &b->people[i];

        if (person->changed && person->known == known) {
            digest[n] = person->digest;
            salt[n] = person->salt;
            last[n] = person->last_n;
            draws[n] = person->draws;
            wins[n] = person->wins;
            day[n++] = person->day_draws;
        }
    }
    if (n == 0) {
        return APR_SUCCESS;
    }
    begin(&args, b);
    if (!known) {
        kuji_args_uuid(&args, b->campaign->tenant_id);
    }
    kuji_args_int(&args, b->today);
    kuji_args_bytes_array(&args, digest, NULL, KUJI_DIGEST_LEN, n);
    kuji_args_bytes_array(&args, salt, NULL, KUJI_SALT_LEN, n);
    kuji_args_int_array(&args, last, n);
    kuji_args_int_array(&args, draws, n);
    kuji_args_int_array(&args, wins, n);
    kuji_args_int_array(&args, day, n);
    ++*sent;
    return kuji_conn__send(b->conn,
                           known ? KUJI_Q_DRAW_CHANGE_PARTICIPANTS
                                 : KUJI_Q_DRAW_ADD_PARTICIPANTS,
                           &args);
}

static apr_status_t write_codes(kuji_batch_t *b, int *sent)
{
    const unsigned char **digest = array_of(b, b->ncodes, sizeof(*digest));
    int64_t *used = array_of(b, b->ncodes, sizeof(*used));
    kuji_args_t args;
    int i, n = 0;

    for (i = 0; i < b->ncodes; i++) {
        if (b->codes[i].used) {
            digest[n] = b->codes[i].digest;
            used[n++] = b->codes[i].used;
        }
    }
    if (n == 0) {
        return APR_SUCCESS;
    }
    begin(&args, b);
    kuji_args_bytes_array(&args, digest, NULL, KUJI_DIGEST_LEN, n);
    kuji_args_int_array(&args, used, n);
    ++*sent;
    return kuji_conn__send(b->conn, KUJI_Q_DRAW_USE_CODES, &args);
}

/* What each batch of codes has lost; mostly it is one. */
static apr_status_t spend_codes(kuji_batch_t *b, int *sent)
{
    int64_t *id = array_of(b, b->ncodes, sizeof(*id));
    int64_t *used = array_of(b, b->ncodes, sizeof(*used));
    kuji_args_t args;
    int i, k, n = 0;

    for (i = 0; i < b->ncodes; i++) {
        if (!b->codes[i].used) {
            continue;
        }
        for (k = 0; k < n && id[k] != b->codes[i].batch_id; k++) {
        }
        if (k == n) {
            id[n] = b->codes[i].batch_id;
            used[n++] = 0;
        }
        used[k] += b->codes[i].used;
    }
    if (n == 0) {
        return APR_SUCCESS;
    }
    begin(&args, b);
    kuji_args_int_array(&args, id, n);
    kuji_args_int_array(&args, used, n);
    ++*sent;
    return kuji_conn__send(b->conn, KUJI_Q_DRAW_SPEND_CODES, &args);
}

static apr_status_t write_prizes(kuji_batch_t *b, int *sent)
{
    int i, n = 0, nprizes = b->campaign->manifest->nprizes;
    int64_t *pos = array_of(b, nprizes, sizeof(*pos));
    kuji_args_t args;

    for (i = 0; i < nprizes; i++) {
        if (b->won[i]) {
            pos[n++] = i;
        }
    }
    if (n == 0) {
        return APR_SUCCESS;
    }
    begin(&args, b);
    kuji_args_int_array(&args, b->won, nprizes);
    kuji_args_int_array(&args, pos, n);
    ++*sent;
    return kuji_conn__send(b->conn, KUJI_Q_DRAW_AWARD, &args);
}

static apr_status_t write_claims(kuji_batch_t *b, int *sent)
{
    int64_t *n = array_of(b, b->nclaims, sizeof(*n));
    int64_t *pos = array_of(b, b->nclaims, sizeof(*pos));
    const unsigned char **who = array_of(b, b->nclaims, sizeof(*who));
    unsigned gates = b->campaign->gates & (KUJI_GATE_EMAIL | KUJI_GATE_LINE);
    kuji_args_t args;
    int i, count = 0;

    for (i = 0; i < b->nrows; i++) {
        if (b->rows[i].drawn->prize >= 0) {
            n[count] = b->rows[i].drawn->n;
            who[count] = b->rows[i].item->ask.participant_digest;
            pos[count++] = b->rows[i].drawn->prize;
        }
    }
    if (count == 0) {
        return APR_SUCCESS;
    }
    begin(&args, b);
    kuji_args_uuid(&args, b->campaign->tenant_id);
    kuji_args_int(&args, b->t);
    kuji_args_int_array(&args, n, count);
    kuji_args_int_array(&args, pos, count);
    if (gates) {
        kuji_args_bytes_array(&args, who, NULL, KUJI_DIGEST_LEN, count);
        kuji_args_int(&args, KUJI_MAIL_WEEK_MS);
    }
    ++*sent;
    return kuji_conn__send(b->conn,
                           gates & KUJI_GATE_LINE ? KUJI_Q_DRAW_ADD_CLAIMS_TOLD
                           : gates ? KUJI_Q_DRAW_ADD_CLAIMS_MAILED
                                   : KUJI_Q_DRAW_ADD_CLAIMS,
                           &args);
}

static int is_known(const kuji_batch_t *b, const kuji_draw_ask_t *ask)
{
    return b
        ->people[kuji_digestmap_find(&b->people_by_digest,
                                     ask->participant_digest)]
        .known;
}

/* What accepted requests agreed to, of people who have a row already or not: no
 * statement where nobody was asked. */
static apr_status_t write_consents(kuji_batch_t *b, int known, int *sent)
{
    const unsigned char **who =
        array_of(b, b->nrows * KUJI_CONSENTS_MAX, sizeof(*who));
    const unsigned char **text =
        array_of(b, b->nrows * KUJI_CONSENTS_MAX, sizeof(*text));
    kuji_args_t args;
    int i, k, n = 0;

    for (i = 0; i < b->nrows; i++) {
        const kuji_draw_ask_t *ask = &b->rows[i].item->ask;
        int leads = (int64_t)b->rows[i].drawn->n == b->rows[i].first_n;

        if (!leads || !ask->nconsents || is_known(b, ask) != known) {
            continue;
        }
        for (k = 0; k < ask->nconsents; k++) {
            who[n] = ask->participant_digest;
            text[n++] = ask->consents[k];
        }
    }
    if (n == 0) {
        return APR_SUCCESS;
    }
    begin(&args, b);
    kuji_args_uuid(&args, b->campaign->tenant_id);
    kuji_args_int(&args, b->t);
    kuji_args_bytes_array(&args, who, NULL, KUJI_DIGEST_LEN, n);
    kuji_args_bytes_array(&args, text, NULL, KUJI_DIGEST_LEN, n);
    kuji_args_text(&args, apr_pstrcat(b->pool, "/k/", b->campaign->slug, NULL));
    ++*sent;
    return kuji_conn__send(
        b->conn, known ? KUJI_Q_CONSENT_ADD : KUJI_Q_CONSENT_ADD_NEW, &args);
}

static apr_status_t write_nodes(kuji_batch_t *b, int *sent)
{
    int64_t *level = array_of(b, b->nnodes, sizeof(*level));
    int64_t *idx = array_of(b, b->nnodes, sizeof(*idx));
    const unsigned char **hash = array_of(b, b->nnodes, sizeof(*hash));
    kuji_args_t args;
    int i;

    if (b->nnodes == 0) {
        return APR_SUCCESS;
    }
    for (i = 0; i < b->nnodes; i++) {
        level[i] = b->nodes[i].level;
        idx[i] = (int64_t)b->nodes[i].index;
        hash[i] = b->nodes[i].hash;
    }
    begin(&args, b);
    kuji_args_uuid(&args, b->campaign->tenant_id);
    kuji_args_int_array(&args, level, b->nnodes);
    kuji_args_int_array(&args, idx, b->nnodes);
    kuji_args_bytes_array(&args, hash, NULL, KUJI_HASH_LEN, b->nnodes);
    ++*sent;
    return kuji_conn__send(b->conn, KUJI_Q_DRAW_ADD_NODES, &args);
}

static apr_status_t write_campaign(kuji_batch_t *b)
{
    unsigned char *edge =
        apr_palloc(b->pool, KUJI_TREE_EDGE_MAX * KUJI_HASH_LEN);
    kuji_args_t args;

    begin(&args, b);
    kuji_args_int(&args, (int64_t)b->next_n);
    kuji_args_int(&args, (int64_t)b->tree.size);
    kuji_args_bytes(&args, edge, kuji_tree_pack(&b->tree, edge));
    kuji_args_int(&args, b->t);
    if (b->campaign->manifest->method == KUJI_BOX) {
        kuji_args_int(&args, b->state.blanks_left);
    }
    else {
        kuji_args_null_int(&args);
    }
    kuji_args_int(&args, b->today);
    kuji_args_int(&args, b->day_draws);
    return kuji_conn__send(b->conn, KUJI_Q_DRAW_UPDATE, &args);
}

apr_status_t kuji_batch__write(kuji_batch_t *b, int *sent)
{
    apr_status_t rv;

    *sent = 3; /* leaves, draws, campaign */
    rv = write_mark(b, sent);
    if (rv == APR_SUCCESS) {
        rv = write_leaves(b);
    }
    if (rv == APR_SUCCESS) {
        rv = write_draws(b);
    }
    if (rv == APR_SUCCESS) {
        rv = write_people(b, 0, sent);
    }
    if (rv == APR_SUCCESS) {
        rv = write_people(b, 1, sent);
    }
    if (rv == APR_SUCCESS) {
        rv = write_codes(b, sent);
    }
    if (rv == APR_SUCCESS) {
        rv = spend_codes(b, sent);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_batch__write_links(b, sent);
    }
    if (rv == APR_SUCCESS) {
        rv = write_prizes(b, sent);
    }
    if (rv == APR_SUCCESS) {
        rv = write_claims(b, sent);
    }
    if (rv == APR_SUCCESS) {
        rv = write_consents(b, 0, sent);
    }
    if (rv == APR_SUCCESS) {
        rv = write_consents(b, 1, sent);
    }
    if (rv == APR_SUCCESS) {
        rv = write_nodes(b, sent);
    }
    return rv == APR_SUCCESS ? write_campaign(b) : rv;
}
