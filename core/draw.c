/* Deciding one draw: odds, box, moment (fairness.md 2).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/bytes.h"
#include "core/draw.h"

#include <string.h>

void kuji_state_init(kuji_state_t *state, const kuji_manifest_t *m,
                     apr_pool_t *pool)
{
    state->stock = apr_pcalloc(pool, m->nprizes * sizeof(*state->stock));
    for (int i = 0; i < m->nprizes; i++) {
        state->stock[i].left = m->prizes[i].units;
    }
    state->blanks_left = m->blanks;
}

static int64_t released(const kuji_prize_t *prize, int64_t t)
{
    int64_t units = 0;

    if (prize->nreleases == 0) {
        return prize->units;
    }
    for (int i = 0; i < prize->nreleases; i++) {
        if (prize->releases[i].at <= t) {
            units += prize->releases[i].units;
        }
    }
    return units;
}

int64_t kuji_draw_available(const kuji_manifest_t *m, const kuji_state_t *state,
                            int i, int64_t t)
{
    const kuji_stock_t *stock = &state->stock[i];
    int64_t units = released(&m->prizes[i], t) + stock->added - stock->awarded;

    if (units > stock->left) {
        units = stock->left;
    }
    return units > 0 ? units : 0;
}

int64_t kuji_draw_stock_room(const kuji_manifest_t *m,
                             const kuji_state_t *state, int i)
{
    int64_t room = KUJI_INT_MAX - m->prizes[i].units - state->stock[i].added;

    if (m->method == KUJI_BOX) {
        room = KUJI_INT_MAX - state->blanks_left;
        for (int k = 0; k < m->nprizes; k++) {
            room -= state->stock[k].left;
        }
    }
    return room;
}

static int award(kuji_state_t *state, int prize)
{
    state->stock[prize].left--;
    state->stock[prize].awarded++;
    return prize;
}

static int decide_odds(const kuji_manifest_t *m, kuji_words_t *w,
                       kuji_state_t *state, int64_t t)
{
    int64_t v = (int64_t)kuji_words_uniform(w, (uint64_t)m->odds_total);
    int prize = KUJI_BLANK;

    for (int i = 0; i < m->nprizes && prize == KUJI_BLANK; i++) {
        if (v < m->prizes[i].weight) {
            prize = i;
        }
        v -= m->prizes[i].weight;
    }
    if (prize != KUJI_BLANK && !kuji_draw_available(m, state, prize, t)) {
        prize = m->sold_out;
        if (prize != KUJI_BLANK && !kuji_draw_available(m, state, prize, t)) {
            prize = KUJI_BLANK;
        }
    }
    return prize == KUJI_BLANK ? KUJI_BLANK : award(state, prize);
}

static int decide_box(const kuji_manifest_t *m, kuji_words_t *w,
                      kuji_state_t *state)
{
    int64_t total = state->blanks_left, v;

    for (int i = 0; i < m->nprizes; i++) {
        total += state->stock[i].left;
    }
    if (total == 0) {
        return KUJI_SOLD_OUT;
    }
    v = (int64_t)kuji_words_uniform(w, (uint64_t)total);
    for (int i = 0; i < m->nprizes; i++) {
        if (v < state->stock[i].left) {
            return award(state, i);
        }
        v -= state->stock[i].left;
    }
    state->blanks_left--;
    return KUJI_BLANK;
}

/* Moments are claimed in their sorted order and never given back, so the
 * number awarded says which is next. */
static int decide_moment(const kuji_manifest_t *m,
                         const kuji_moments_t *moments, kuji_state_t *state,
                         int64_t t)
{
    uint64_t claimed = 0;

    for (int i = 0; i < m->nprizes; i++) {
        claimed += (uint64_t)state->stock[i].awarded;
    }
    if (claimed >= moments->count || moments->list[claimed].time > t) {
        return KUJI_BLANK;
    }
    return award(state, (int)moments->list[claimed].prize);
}

int kuji_draw_decide_with(const kuji_manifest_t *m,
                          const kuji_moments_t *moments, kuji_words_t *w,
                          kuji_state_t *state, uint64_t n, int64_t t)
{
    unsigned char prefix[20] = "kuji/1 draw";

    if (m->method == KUJI_MOMENT) {
        return decide_moment(m, moments, state, t);
    }
    kuji_be64(prefix + 12, n);
    kuji_words_start(w, prefix, sizeof(prefix));
    return m->method == KUJI_BOX ? decide_box(m, w, state)
                                 : decide_odds(m, w, state, t);
}

int kuji_draw_decide(const kuji_manifest_t *m, const kuji_moments_t *moments,
                     const unsigned char k[KUJI_KEY_LEN], kuji_state_t *state,
                     uint64_t n, int64_t t)
{
    kuji_words_t w;
    int prize;

    kuji_words_init(&w, k);
    prize = kuji_draw_decide_with(m, moments, &w, state, n, t);
    kuji_words_wipe(&w);
    return prize;
}
