/* Voids. What a voided n held is remembered from its draw on; which n's those
 * are is known from the first reading, so nothing is kept of all the others.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/replay_int.h"

#include <stdlib.h>

#define VOID(r, i) (&APR_ARRAY_IDX((r)->voids, (i), kuji_replay_void_t))

void kuji_replay__void_add(kuji_replay_t *r, uint64_t n)
{
    kuji_replay_void_t *v = apr_array_push(r->voids);

    *v = (kuji_replay_void_t){n, KUJI_BLANK, -1, 0, 0};
}

static int compare(const void *a, const void *b)
{
    uint64_t x = ((const kuji_replay_void_t *)a)->n;
    uint64_t y = ((const kuji_replay_void_t *)b)->n;

    return (x > y) - (x < y);
}

/* An n voided twice stays once: its second void is then found out. */
void kuji_replay__void_sort(kuji_replay_t *r)
{
    int kept = 0;

    qsort(r->voids->elts, (size_t)r->voids->nelts, sizeof(kuji_replay_void_t),
          compare);
    for (int i = 0; i < r->voids->nelts; i++) {
        if (kept == 0 || VOID(r, i)->n != VOID(r, kept - 1)->n) {
            *VOID(r, kept++) = *VOID(r, i);
        }
    }
    r->voids->nelts = kept;
}

kuji_replay_void_t *kuji_replay__void_find(kuji_replay_t *r, uint64_t n)
{
    kuji_replay_void_t key = {n, 0, 0, 0, 0};

    return bsearch(&key, r->voids->elts, (size_t)r->voids->nelts, sizeof(key),
                   compare);
}

void kuji_replay__void_drawn(kuji_replay_t *r, uint64_t n, int prize)
{
    if (r->next_void < r->voids->nelts && VOID(r, r->next_void)->n == n) {
        VOID(r, r->next_void)->prize = prize;
        VOID(r, r->next_void)->person = r->usage.last;
        VOID(r, r->next_void)->drawn = 1;
        r->next_void++;
    }
}

void kuji_replay__void_holds(kuji_replay_t *r, uint64_t n, int prize)
{
    kuji_replay_void_t *v = kuji_replay__void_find(r, n);

    if (v) {
        v->prize = prize;
    }
}

apr_status_t kuji_replay__void(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    kuji_replay_void_t *v = kuji_replay__void_find(r, leaf->n);

    r->vacant = KUJI_BLANK;
    if (!v || !v->drawn) {
        return kuji_replay__wrong(r, "voids an n that has not been given");
    }
    if (v->done) {
        return kuji_replay__wrong(r, "voids an n for the second time");
    }
    if (leaf->returned && r->m->method == KUJI_MOMENT) {
        return kuji_replay__wrong(r, "returns a winning moment");
    }
    if (leaf->returned && v->prize == KUJI_BLANK) {
        return kuji_replay__wrong(r, "returns a prize that its n does not "
                                     "hold");
    }
    v->done = 1;
    r->report.voids++;
    if (leaf->returned) {
        r->state.stock[v->prize].left++;
        r->state.stock[v->prize].awarded--;
        kuji_replay__count_win(r, v->person, -1);
        r->vacant = r->report.raffled ? v->prize : KUJI_BLANK;
    }
    return APR_SUCCESS;
}
