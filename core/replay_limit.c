/* The manifest's limits, as far as the ledger shows them: `who` is one for each
 * participant and campaign (fairness.md 3).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/error.h"
#include "core/limit.h"
#include "core/replay_int.h"

#include <stdlib.h>
#include <string.h>

#define ROOM_MIN 1024u
#define ROOM_MAX (1u << 30)

void kuji_replay_days(kuji_replay_t *replay, kuji_replay_day_fn *day_of,
                      void *baton)
{
    replay->usage.day_of = day_of;
    replay->usage.baton = baton;
}

/* The draws of that day; a day of the same parity gives way. */
static int64_t *on_day(kuji_replay_days_t *days, int64_t day)
{
    int slot = (int)(day & 1);

    if (days->day[slot] != day) {
        days->day[slot] = day;
        days->draws[slot] = 0;
    }
    return &days->draws[slot];
}

static uint32_t slot_of(const kuji_replay_usage_t *u, const unsigned char *who)
{
    uint32_t at;

    memcpy(&at, who, sizeof(at));
    for (at &= u->mask; u->slots[at]; at = (at + 1) & u->mask) {
        if (!memcmp(u->people[u->slots[at] - 1].who, who, KUJI_HASH_LEN)) {
            break;
        }
    }
    return at;
}

/* Twice the room, and twice as many slots as that. */
static apr_status_t grow(kuji_replay_usage_t *u)
{
    uint32_t room = u->room ? 2 * u->room : ROOM_MIN;
    kuji_replay_person_t *people;

    if (room > ROOM_MAX) {
        return APR_ENOMEM;
    }
    people = realloc(u->people, room * sizeof(*people));
    if (!people) {
        return APR_ENOMEM;
    }
    u->people = people;
    u->room = room;
    free(u->slots);
    u->slots = calloc((size_t)2 * room, sizeof(*u->slots));
    u->mask = 2 * room - 1;
    for (uint32_t i = 0; u->slots && i < u->count; i++) {
        u->slots[slot_of(u, u->people[i].who)] = i + 1;
    }
    return u->slots ? APR_SUCCESS : APR_ENOMEM;
}

/* usage.last becomes the person's index. */
static apr_status_t find_person(kuji_replay_usage_t *u,
                                const unsigned char *who)
{
    apr_status_t rv = u->count == u->room ? grow(u) : APR_SUCCESS;
    uint32_t at;

    if (rv) {
        return rv;
    }
    at = slot_of(u, who);
    if (!u->slots[at]) {
        kuji_replay_person_t *person = &u->people[u->count];

        memset(person, 0, sizeof(*person));
        memcpy(person->who, who, KUJI_HASH_LEN);
        u->slots[at] = ++u->count;
    }
    u->last = (int32_t)u->slots[at] - 1;
    return APR_SUCCESS;
}

static apr_status_t refuse(kuji_replay_t *r, const char *limit)
{
    return !strcmp(limit, "draws")
               ? kuji_replay__wrong(r, "is beyond the campaign's limit of "
                                       "draws")
               : kuji_replay__wrong(r, "is beyond the limit %s", limit);
}

apr_status_t kuji_replay__limit(kuji_replay_t *r, const kuji_leaf_t *leaf)
{
    const kuji_limits_t *limits = &r->m->limits;
    kuji_replay_usage_t *u = &r->usage;
    int64_t unused[3] = {0, 0, 0};
    int64_t *day = &unused[0], *own = &unused[1], *own_day = &unused[2];
    kuji_usage_t usage = {.draws = (int64_t)leaf->n - 1};
    kuji_replay_person_t *person = NULL;
    int is_daily = u->day_of &&
                   (limits->draws_per_day || limits->draws_per_participant_day);
    int64_t today = is_daily ? u->day_of(u->baton, leaf->t) : 0;
    const char *limit;

    if (limits->draws_per_participant || limits->wins_per_participant ||
        (is_daily && limits->draws_per_participant_day)) {
        apr_status_t rv = find_person(u, leaf->who);

        if (rv) {
            return rv;
        }
        person = &u->people[u->last];
        own = &person->draws;
        usage.own_wins = person->wins;
    }
    if (is_daily) {
        day = on_day(&u->days, today);
        own_day = person ? on_day(&person->days, today) : own_day;
    }
    usage.day_draws = *day;
    usage.own_draws = *own;
    usage.own_day_draws = *own_day;
    limit = kuji_limit_refuses(limits, &usage, 1);
    ++*day;
    ++*own;
    ++*own_day;
    return limit ? refuse(r, limit) : APR_SUCCESS;
}

void kuji_replay__count_win(kuji_replay_t *r, int32_t person, int by)
{
    if (person >= 0) {
        r->usage.people[person].wins += by;
    }
}

void kuji_replay__limit_free(kuji_replay_t *r)
{
    free(r->usage.people);
    free(r->usage.slots);
}
