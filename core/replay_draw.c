/* Draws, entries and added stock.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/replay_int.h"

static apr_status_t check_n(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    apr_status_t rv;

    if (leaf->t < r->m->opens_at || leaf->t >= r->m->closes_at) {
        return kuji_replay__wrong(r, "is outside the campaign's period");
    }
    if (leaf->n != r->report.draws + 1) {
        return kuji_replay__wrong(r,
                                  "has n = %" APR_UINT64_T_FMT
                                  " where %" APR_UINT64_T_FMT " comes next",
                                  (apr_uint64_t)leaf->n,
                                  (apr_uint64_t)r->report.draws + 1);
    }
    rv = kuji_replay__limit(r, leaf);
    if (!rv) {
        r->report.draws++;
    }
    return rv;
}

static const char *name(const kuji_replay_t *r, int prize)
{
    return prize == KUJI_BLANK ? "a blank" : r->m->prizes[prize].code;
}

/* With the seed: what had to come out. */
static apr_status_t replay(kuji_replay_t *r, const kuji_leaf_t *leaf, int prize)
{
    int due = kuji_draw_decide_with(r->m, &r->moments, &r->words, &r->state,
                                    leaf->n, leaf->t);

    if (due == KUJI_SOLD_OUT) {
        return kuji_replay__wrong(r, "draws from an empty box");
    }
    if (due != prize) {
        return kuji_replay__wrong(
            r, "draw %" APR_UINT64_T_FMT " gave '%s', but '%s' was due",
            (apr_uint64_t)leaf->n, name(r, prize), name(r, due));
    }
    return APR_SUCCESS;
}

/* Without the seed: only what was there to be drawn. */
static apr_status_t take(kuji_replay_t *r, const kuji_leaf_t *leaf, int prize)
{
    if (prize == KUJI_BLANK) {
        if (r->m->method == KUJI_BOX && r->state.blanks_left-- == 0) {
            return kuji_replay__wrong(r, "draws a blank, but none is left");
        }
        return APR_SUCCESS;
    }
    if (kuji_draw_available(r->m, &r->state, prize, leaf->t) == 0) {
        return kuji_replay__wrong(r,
                                  "awards '%s', of which no unit is "
                                  "available",
                                  leaf->prize);
    }
    if (r->m->method == KUJI_MOMENT && leaf->t < r->m->prizes[prize].from) {
        return kuji_replay__wrong(r, "awards '%s' before its first moment",
                                  leaf->prize);
    }
    r->state.stock[prize].left--;
    r->state.stock[prize].awarded++;
    return APR_SUCCESS;
}

apr_status_t kuji_replay__draw(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    int prize = KUJI_BLANK;
    apr_status_t rv;

    if (r->m->method == KUJI_RAFFLE) {
        return kuji_replay__wrong(r, "is a draw, but a raffle has entries");
    }
    rv = check_n(r, leaf);
    if (!rv && leaf->prize) {
        rv = kuji_replay__prize(r, &prize, leaf->prize);
    }
    if (rv) {
        return rv;
    }
    kuji_replay__void_drawn(r, leaf->n, prize);
    if (prize != KUJI_BLANK) {
        kuji_replay__count_win(r, r->usage.last, 1);
    }
    return r->report.outcomes ? replay(r, leaf, prize) : take(r, leaf, prize);
}

apr_status_t kuji_replay__entry(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    apr_status_t rv;

    if (r->m->method != KUJI_RAFFLE) {
        return kuji_replay__wrong(r, "is an entry, but this is no raffle");
    }
    rv = check_n(r, leaf);
    if (!rv) {
        kuji_replay__void_drawn(r, leaf->n, KUJI_BLANK);
    }
    return rv;
}

apr_status_t kuji_replay__stock(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    int prize;
    apr_status_t rv = kuji_replay__prize(r, &prize, leaf->prize);

    if (rv) {
        return rv;
    }
    if (r->m->method == KUJI_MOMENT) {
        return kuji_replay__wrong(r, "adds stock, but moments are fixed");
    }
    if (r->report.raffled) {
        return kuji_replay__wrong(r, "adds stock after the raffle");
    }
    if (leaf->units > kuji_draw_stock_room(r->m, &r->state, prize)) {
        return kuji_replay__wrong(r, "adds more units than can be counted");
    }
    r->state.stock[prize].left += leaf->units;
    r->state.stock[prize].added += leaf->units;
    return APR_SUCCESS;
}
