/* The batch's decisions, in order, each by core: keys first, then phase, code
 * and limits, then the draw itself.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/batch_int.h"

#include <sodium.h>
#include <string.h>

static int is_revoked(const kuji_batch_t *b, int64_t token_id)
{
    int i;

    for (i = 0; i < b->ntokens_revoked; i++) {
        if (b->tokens_revoked[i] == token_id) {
            return 1;
        }
    }
    return 0;
}

/* A key that was accepted in this very batch: share its result. */
static void share(kuji_batch_item_t *item, const kuji_batch_item_t *first)
{
    kuji_draw_answer_t *answer = &item->answer;

    answer->outcome = KUJI_REPEATED;
    answer->count = first->answer.count;
    memcpy(answer->draws, first->answer.draws,
           answer->count * sizeof(*answer->draws));
    memcpy(answer->salt, first->answer.salt, KUJI_SALT_LEN);
    answer->has_salt = first->answer.has_salt;
}

/* 1 if the key decides the item. */
static int repeated(kuji_batch_t *b, kuji_batch_item_t *item, kuji_key_t *key)
{
    const unsigned char *body =
        key->item ? key->item->ask.body_digest : key->body;

    if (!body) {
        return 0;
    }
    if (memcmp(body, item->ask.body_digest, KUJI_DIGEST_LEN) != 0) {
        item->answer.outcome = KUJI_KEY_OTHER_BODY;
    }
    else if (key->item) {
        share(item, key->item);
    }
    else {
        item->answer.outcome = KUJI_REPEATED;
        b->nrepeated++;
    }
    return 1;
}

static kuji_outcome_e phase_refuses(const kuji_batch_t *b)
{
    const kuji_manifest_t *m = b->campaign->manifest;

    if (b->status == KUJI_STATUS_CLOSED || b->raffled || b->t >= m->closes_at) {
        return KUJI_REFUSED_CLOSED;
    }
    if (b->t < m->opens_at) {
        return KUJI_REFUSED_NOT_OPEN;
    }
    return b->status == KUJI_STATUS_PAUSED ? KUJI_REFUSED_PAUSED : KUJI_DRAWN;
}

static kuji_outcome_e code_refuses(const kuji_batch_t *b,
                                   const kuji_draw_ask_t *ask,
                                   const kuji_code_t *code)
{
    if (!(b->campaign->gates & KUJI_GATE_CODE)) {
        return KUJI_DRAWN;
    }
    if (!code || !code->known || code->disabled) {
        return KUJI_REFUSED_CODE_UNKNOWN;
    }
    return code->uses_left - code->used < ask->count ? KUJI_REFUSED_CODE_USED
                                                     : KUJI_DRAWN;
}

/* Only a form comes by a link; a program that draws is asked for none. */
static kuji_outcome_e link_refuses(const kuji_batch_t *b,
                                   const kuji_draw_ask_t *ask,
                                   const kuji_link_t *link)
{
    if (!(b->campaign->gates & KUJI_GATES_BY_LINK) || ask->token_id) {
        return KUJI_DRAWN;
    }
    if (!link || !link->known) {
        return KUJI_REFUSED_LINK;
    }
    if (link->session &&
        memcmp(link->session, ask->session_digest, KUJI_DIGEST_LEN) != 0) {
        return KUJI_REFUSED_LINK_USED;
    }
    if (link->expires_at <= b->t) {
        return KUJI_REFUSED_LINK_EXPIRED;
    }
    return link->uses_left - link->used < ask->count ? KUJI_REFUSED_LINK_USED
                                                     : KUJI_DRAWN;
}

static const char *limit_refuses(const kuji_batch_t *b,
                                 const kuji_person_t *person, int count)
{
    kuji_usage_t usage = {
        .draws = (int64_t)b->next_n - 1,
        .day_draws = b->day_draws,
        .own_draws = person->draws,
        .own_day_draws = person->day_draws,
        .own_wins = person->wins,
    };

    return kuji_limit_refuses(&b->campaign->manifest->limits, &usage, count);
}

/* A box must hold the whole request: all or nothing. */
static int box_is_short(const kuji_batch_t *b, int count)
{
    const kuji_manifest_t *m = b->campaign->manifest;
    int64_t left = b->state.blanks_left;
    int i;

    if (m->method != KUJI_BOX) {
        return 0;
    }
    for (i = 0; i < m->nprizes; i++) {
        left += b->state.stock[i].left;
    }
    return left < count;
}

static kuji_outcome_e refuses(kuji_batch_t *b, kuji_batch_item_t *item,
                              const kuji_person_t *person,
                              const kuji_code_t *code, const kuji_link_t *link)
{
    const kuji_draw_ask_t *ask = &item->ask;
    kuji_outcome_e outcome;

    if (ask->token_id && is_revoked(b, ask->token_id)) {
        return KUJI_REFUSED_TOKEN;
    }
    if (ask->count > 1 &&
        b->campaign->manifest->limits.wins_per_participant > 0) {
        return KUJI_REFUSED_COUNT;
    }
    outcome = phase_refuses(b);
    if (outcome == KUJI_DRAWN) {
        outcome = link_refuses(b, ask, link);
    }
    if (outcome == KUJI_DRAWN) {
        outcome = code_refuses(b, ask, code);
    }
    if (outcome != KUJI_DRAWN) {
        return outcome;
    }
    item->answer.limit = limit_refuses(b, person, ask->count);
    if (item->answer.limit) {
        return KUJI_REFUSED_LIMIT;
    }
    return box_is_short(b, ask->count) ? KUJI_REFUSED_SOLD_OUT : KUJI_DRAWN;
}

static void on_node(void *baton, unsigned level, uint64_t index,
                    const unsigned char hash[KUJI_HASH_LEN])
{
    kuji_batch_t *b = baton;

    if (level >= KUJI_TREE_STORED_LEVEL) {
        kuji_node_t *node = &b->nodes[b->nnodes++];

        node->level = level;
        node->index = index;
        memcpy(node->hash, hash, KUJI_HASH_LEN);
    }
}

static void draw_one(kuji_batch_t *b, kuji_drawn_t *drawn,
                     const unsigned char *who)
{
    const kuji_manifest_t *m = b->campaign->manifest;
    unsigned char hash[KUJI_HASH_LEN];

    drawn->n = b->next_n++;
    drawn->i = b->tree.size;
    drawn->t = b->t;
    drawn->prize = KUJI_BLANK;
    if (m->method == KUJI_RAFFLE) {
        drawn->leaf_len =
            kuji_ledger_entry(drawn->leaf, drawn->i, drawn->n, b->t, who);
    }
    else {
        drawn->prize = kuji_draw_decide(m, b->campaign->moments, b->campaign->k,
                                        &b->state, drawn->n, b->t);
        drawn->leaf_len = kuji_ledger_draw(
            drawn->leaf, drawn->i, drawn->n,
            drawn->prize >= 0 ? m->prizes[drawn->prize].code : NULL, b->t, who);
    }
    kuji_tree_leaf_hash(hash, drawn->leaf, drawn->leaf_len);
    kuji_tree_append(&b->tree, hash, on_node, b);
}

static void admit(kuji_batch_t *b, kuji_batch_item_t *item,
                  kuji_person_t *person)
{
    kuji_draw_answer_t *answer = &item->answer;
    unsigned char who[KUJI_HASH_LEN];
    uint64_t first_n = b->next_n;
    int i;

    kuji_ledger_who(who, person->salt, item->ask.participant,
                    item->ask.participant_len);
    for (i = 0; i < item->ask.count; i++) {
        kuji_drawn_t *drawn = &answer->draws[i];
        kuji_row_t *row = &b->rows[b->nrows++];

        draw_one(b, drawn, who);
        row->drawn = drawn;
        row->item = item;
        row->first_n = first_n;
        row->prev_n = person->last_n;
        person->last_n = drawn->n;
        if (drawn->prize >= 0) {
            b->won[drawn->prize]++;
            b->nclaims++;
            person->wins++;
        }
    }
    person->changed = 1;
    person->draws += item->ask.count;
    person->day_draws += item->ask.count;
    b->day_draws += item->ask.count;
    answer->count = item->ask.count;
    memcpy(answer->salt, person->salt, KUJI_SALT_LEN);
    answer->has_salt = 1;
}

static void decide_item(kuji_batch_t *b, kuji_batch_item_t *item)
{
    const kuji_draw_ask_t *ask = &item->ask;
    kuji_key_t *key =
        &b->keys[kuji_digestmap_find(&b->keys_by_digest, ask->key_digest)];
    kuji_person_t *person = &b->people[kuji_digestmap_find(
        &b->people_by_digest, ask->participant_digest)];
    kuji_code_t *code = ask->has_code
                            ? &b->codes[kuji_digestmap_find(&b->codes_by_digest,
                                                            ask->code_digest)]
                            : NULL;
    kuji_link_t *link = kuji_batch__link(b, ask);

    if (repeated(b, item, key)) {
        return;
    }
    item->answer.outcome = refuses(b, item, person, code, link);
    if (item->answer.outcome == KUJI_DRAWN) {
        admit(b, item, person);
        key->item = item;
        if (code && b->campaign->gates & KUJI_GATE_CODE) {
            code->used += ask->count;
        }
        if (link && !ask->token_id) {
            link->used += ask->count;
            link->session = ask->session_digest;
        }
    }
}

/* One call for the batch: a salt for each person who has none. */
static void make_salts(kuji_batch_t *b)
{
    unsigned char *salts = apr_palloc(b->pool, KUJI_SALT_LEN * b->npeople);
    int i;

    randombytes_buf(salts, KUJI_SALT_LEN * b->npeople);
    for (i = 0; i < b->npeople; i++) {
        if (!b->people[i].salt) {
            b->people[i].salt = salts + KUJI_SALT_LEN * i;
        }
    }
}

void kuji_batch__decide(kuji_batch_t *b)
{
    int i, draws = 0;

    for (i = 0; i < b->count; i++) {
        draws += b->items[i]->ask.count;
    }
    b->rows = apr_palloc(b->pool, draws * sizeof(*b->rows));
    /* Each 256 leaves complete a node, whose ancestors at most double it. */
    b->nodes = apr_palloc(b->pool, (draws / 128 + 64) * sizeof(*b->nodes));
    b->won =
        apr_pcalloc(b->pool, b->campaign->manifest->nprizes * sizeof(*b->won));
    make_salts(b);
    for (i = 0; i < b->count; i++) {
        decide_item(b, b->items[i]);
    }
}
