/* A round: tenant by tenant, a handful of rows is taken, sent one by one, and
 * each one's fate committed before the next is begun.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "job/outbox.h"

#include "job/worker.h"

#include <apr_strings.h>
#include <string.h>

#define INTERVAL apr_time_from_sec(1)
/** After a round without a server. */
#define PAUSE apr_time_from_sec(10)
/** Between two lines in the log about one that comes and goes. */
#define TELL apr_time_from_sec(60)
/** Rows that are taken at once, and for how long: ten that take a minute each,
 * and some more. */
#define TAKE 10
#define LEASE_MS (15 * 60 * 1000)
/** Between two tries of one mail: a minute, two, four, … four hours. */
#define WAIT_MS INT64_C(60000)
#define WAIT_MAX_MS (4 * 60 * WAIT_MS)

/** Levels of kuji_pg_log_fn. */
enum { LOG_WARNING = 4 };

struct kuji_outbox_t {
    kuji_outbox_config_t config;
    kuji_worker_t worker;
    kuji_outbox_counters_t counters; /* atomic */
    int away;                        /* the last row found no server */
    apr_time_t tell_at;
};

static void count(uint64_t *counter)
{
    __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

static int stopping(const kuji_outbox_t *o)
{
    return kuji_worker_stopping(&o->worker);
}

int64_t kuji_outbox_wait(int tries)
{
    int64_t wait = WAIT_MS;

    while (--tries > 0 && wait < WAIT_MAX_MS) {
        wait *= 2;
    }
    return wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS;
}

/* One line when a server goes away, not one a second. */
static void tell_away(kuji_outbox_t *o, const char *reason, apr_pool_t *pool)
{
    apr_time_t now = apr_time_now();

    count(&o->counters.away);
    if (!o->away && now >= o->tell_at && !stopping(o) && o->config.log) {
        o->config.log(o->config.log_baton, LOG_WARNING, APR_SUCCESS,
                      apr_pstrcat(pool, o->config.carrier.name,
                                  " takes nothing: ",
                                  reason ? reason : "no answer", NULL));
        o->tell_at = now + TELL;
    }
    o->away = 1;
}

/* The transaction may fail where the database is away: then the row is taken
 * once more when its lease is over, under the same id. A few tries bridge a
 * restart. */
static void end(const kuji_outbox_t *o, const kuji_act_t *act,
                const kuji_outbox_mail_t *mail, const kuji_outbox_fate_t *fate,
                apr_pool_t *pool)
{
    apr_status_t rv;
    int i, moved = 0;

    for (i = 0; i < (stopping(o) ? 2 : 20); i++) {
        rv = fate->elsewhere ? kuji_outbox_to_mail(&moved, act, mail->id,
                                                   fate->reason, pool)
                             : APR_SUCCESS;
        if (rv == APR_SUCCESS && !moved) {
            rv = kuji_outbox_end(act, mail->id, fate->end, fate->reason,
                                 fate->wait, fate->in_doubt, pool);
        }
        if (rv == APR_SUCCESS) {
            return;
        }
        apr_sleep(apr_time_from_msec(250));
    }
}

static void note(kuji_outbox_t *o, const kuji_outbox_fate_t *fate,
                 apr_pool_t *pool)
{
    kuji_outbox_counters_t *c = &o->counters;

    if (fate->away != KUJI_OUTBOX_HERE) {
        tell_away(o, fate->reason, pool);
        return;
    }
    o->away = 0;
    switch (fate->end) {
    case KUJI_OUTBOX_SENT:
        count(&c->sent);
        break;
    case KUJI_OUTBOX_BOUNCED:
        count(&c->bounced);
        break;
    case KUJI_OUTBOX_LATER:
        count(&c->later);
        break;
    case KUJI_OUTBOX_GAVE_UP:
        count(&c->gave_up);
        break;
    case KUJI_OUTBOX_BACK:
        break;
    }
}

static void send_one(kuji_outbox_fate_t *fate, kuji_outbox_t *o,
                     const kuji_act_t *act, kuji_outbox_trip_t *trip,
                     const kuji_outbox_mail_t *mail, apr_pool_t *pool)
{
    if (mail->skip) {
        fate->end = KUJI_OUTBOX_GAVE_UP;
        fate->reason = mail->skip;
    }
    else {
        o->config.carrier.send(fate, trip, act, mail, pool);
        note(o, fate, pool);
    }
    if (mail->skip) {
        count(&o->counters.gave_up);
    }
    if (fate->end == KUJI_OUTBOX_LATER && fate->wait == 0) {
        fate->wait = kuji_outbox_wait(mail->tries);
    }
    end(o, act, mail, fate, pool);
}

/* Rows of one tenant that were taken; what is left over goes back. */
static kuji_outbox_away_e send_taken(kuji_outbox_t *o, const kuji_act_t *act,
                                     kuji_outbox_trip_t *trip,
                                     const kuji_outbox_mail_t *mails, int n,
                                     apr_pool_t *pool)
{
    kuji_outbox_away_e away = KUJI_OUTBOX_HERE;
    kuji_outbox_fate_t fate;
    const char *why = NULL;
    apr_pool_t *one;
    int64_t hold = 0;
    int i;

    if (apr_pool_create(&one, pool) != APR_SUCCESS) {
        return KUJI_OUTBOX_ALL_AWAY;
    }
    for (i = 0; i < n; i++) {
        memset(&fate, 0, sizeof(fate));
        if (away == KUJI_OUTBOX_HERE && !stopping(o)) {
            send_one(&fate, o, act, trip, &mails[i], one);
            away = fate.away;
            hold = fate.hold;
            why = hold ? apr_pstrdup(pool, fate.reason) : NULL;
        }
        else {
            fate.end = KUJI_OUTBOX_BACK;
            fate.in_doubt = mails[i].handed_at != 0;
            end(o, act, &mails[i], &fate, one);
        }
        apr_pool_clear(one);
    }
    if (hold) { /* the rest has gone back by now */
        (void)kuji_outbox_hold(act, o->config.carrier.channel, hold, why, one);
    }
    return stopping(o) ? KUJI_OUTBOX_ALL_AWAY : away;
}

/* Everything of a tenant that is due, but the others' turn comes after a few
 * handfuls. 0: there is no use in going on; *more: there may be more. */
static int send_tenant(kuji_outbox_t *o, const char *tenant,
                       kuji_outbox_trip_t *trip, int *more, apr_pool_t *pool)
{
    const kuji_outbox_carrier_t *carrier = &o->config.carrier;
    kuji_act_t act = {.pg = o->config.pg,
                      .keys = o->config.keys,
                      .tenant = tenant,
                      .actor = "job"};
    kuji_outbox_away_e away = KUJI_OUTBOX_HERE;
    const kuji_outbox_mail_t *mails;
    int n = TAKE, turns;

    if (carrier->tenant && carrier->tenant(trip, &act) != APR_SUCCESS) {
        return 1;
    }
    for (turns = 0;
         turns < 5 && n == TAKE && away == KUJI_OUTBOX_HERE && !stopping(o);
         turns++) {
        if (kuji_outbox_take(&mails, &n, &act, carrier->channel, TAKE, LEASE_MS,
                             pool)) {
            return 0;
        }
        away = send_taken(o, &act, trip, mails, n, pool);
        apr_pool_clear(pool);
    }
    *more |= n == TAKE && away == KUJI_OUTBOX_HERE;
    return away != KUJI_OUTBOX_ALL_AWAY;
}

/* 0: the server or the database is away. */
static int round_of(kuji_outbox_t *o, apr_pool_t *pool)
{
    const kuji_outbox_carrier_t *carrier = &o->config.carrier;
    kuji_outbox_trip_t trip = {
        .baton = carrier->baton, .stop = &o->worker.stop, .pool = pool};
    const char *const *tenants;
    apr_pool_t *one;
    int n, i, more = 1, go_on = 1;

    if (apr_pool_create(&one, pool) != APR_SUCCESS ||
        kuji_outbox_tenants(&tenants, &n, o->config.pg, carrier->channel,
                            pool) ||
        n == 0) {
        return 1;
    }
    if (carrier->begin(&trip) != APR_SUCCESS) {
        return 0;
    }
    while (more && go_on && !stopping(o)) {
        more = 0;
        for (i = 0; i < n && go_on; i++) {
            go_on = send_tenant(o, tenants[i], &trip, &more, one);
        }
    }
    return go_on;
}

static apr_interval_time_t do_round(void *baton, apr_pool_t *pool)
{
    kuji_outbox_t *o = baton;

    return round_of(o, pool) ? o->config.interval : PAUSE;
}

apr_status_t kuji_outbox_start(kuji_outbox_t **out,
                               const kuji_outbox_config_t *config,
                               apr_pool_t *p)
{
    kuji_outbox_t *o = apr_pcalloc(p, sizeof(*o));
    apr_status_t rv;

    o->config = *config;
    if (o->config.interval <= 0) {
        o->config.interval = INTERVAL;
    }
    o->worker.round = do_round;
    o->worker.baton = o;
    rv = kuji_worker_start(&o->worker, p);
    *out = rv == APR_SUCCESS ? o : NULL;
    return rv;
}

void kuji_outbox_counters(kuji_outbox_counters_t *out, kuji_outbox_t *o)
{
    const kuji_outbox_counters_t *c = &o->counters;

    out->sent = __atomic_load_n(&c->sent, __ATOMIC_RELAXED);
    out->bounced = __atomic_load_n(&c->bounced, __ATOMIC_RELAXED);
    out->later = __atomic_load_n(&c->later, __ATOMIC_RELAXED);
    out->gave_up = __atomic_load_n(&c->gave_up, __ATOMIC_RELAXED);
    out->away = __atomic_load_n(&c->away, __ATOMIC_RELAXED);
}
