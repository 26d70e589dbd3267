/* Closing: the end of a ledger, and the seed's reveal.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/event_int.h"
#include "store/secret.h"
#include "store/tally.h"

#include <sodium.h>
#include <string.h>

/** Counting anew because something was voided meanwhile. */
#define TRIES 5
/** The check at COMMIT reads the whole ledger's index. */
#define PATIENCE apr_time_from_sec(120)

typedef struct close_t {
    kuji_event_ask_t ask;
    kuji_tally_t *tally;
    kuji_secret_t *secret;
    const int *stop; /* NULL: never */
} close_t;

static apr_status_t allowed(close_t *c, const kuji_append_t *a,
                            const kuji_manifest_t *m)
{
    if (m->method == KUJI_RAFFLE && !a->raffled_at) {
        *c->ask.why = a->t < m->closes_at
                          ? "a raffle is closed after it was run, which is "
                            "after closes_at"
                          : "the raffle has not been run yet";
        return KUJI_ESTATE;
    }
    if (a->t >= m->closes_at) {
        c->ask.reason = NULL; /* not early: no reason, no name */
        return APR_SUCCESS;
    }
    if (!c->ask.reason) {
        *c->ask.why = "closes_at has not come: closing early needs a reason";
        return KUJI_ESTATE;
    }
    return kuji_event__reason(&c->ask);
}

static const kuji_pick_t *awarded(close_t *c, apr_pool_t *pool)
{
    const kuji_replay_report_t *report = kuji_tally_report(c->tally);
    const kuji_manifest_t *m = report->manifest;
    kuji_pick_t *list =
        apr_palloc(pool, sizeof(*list) * (apr_size_t)m->nprizes);
    int i;

    for (i = 0; i < m->nprizes; i++) {
        list[i].prize = m->prizes[i].code;
        list[i].n = (uint64_t)report->state->stock[i].awarded;
    }
    return list;
}

static apr_status_t set_closed(kuji_append_t *a)
{
    kuji_args_t args;
    apr_status_t rv =
        kuji_pg_query(NULL, a->conn, KUJI_Q_EVENT_COUNT_NOW, NULL, a->pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_int(&args, a->t);
    return kuji_pg_query(NULL, a->conn, KUJI_Q_EVENT_CLOSE, &args, a->pool);
}

/* Everything that can fail comes before the leaf with the seed. */
static apr_status_t append(close_t *c, kuji_append_t *a,
                           const kuji_manifest_t *m)
{
    kuji_leaf_t leaf = {.kind = KUJI_LEAF_CLOSE,
                        .reason = c->ask.reason,
                        .nawarded = m->nprizes,
                        .awarded = awarded(c, a->pool)};
    apr_status_t rv;

    memcpy(leaf.seed, c->secret->seed, sizeof(leaf.seed));
    rv = kuji_event__finish(
        a, &leaf, &c->ask, "campaign.close",
        json_pack("{s:s*}", "reason", c->ask.reason ? c->ask.reason : NULL));
    sodium_memzero(leaf.seed, sizeof(leaf.seed));
    return rv;
}

static apr_status_t close_work(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    close_t *c = baton;
    const kuji_manifest_t *m;
    kuji_append_t a;
    apr_status_t rv;

    kuji_conn_patience(conn, PATIENCE);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_EVENT_PATIENCE, NULL, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_event__lock(&a, &m, &c->ask, conn, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = allowed(c, &a, m);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_tally_finish(c->tally, c->ask.why, &a);
    }
    if (rv == APR_SUCCESS) {
        rv = set_closed(&a);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_secret_tenant(c->secret, c->ask.act, conn, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_secret_seed(c->secret, conn, a.id, m, pool);
    }
    return rv == APR_SUCCESS ? append(c, &a, m) : rv;
}

/* Cheap refusals before the ledger is read. */
static apr_status_t look(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    close_t probe = *(close_t *)baton;
    const kuji_manifest_t *m;
    kuji_append_t a;
    apr_status_t rv = kuji_event__lock(&a, &m, &probe.ask, conn, pool);

    return rv == APR_SUCCESS ? allowed(&probe, &a, m) : rv;
}

static int stopped(const close_t *c)
{
    return c->stop && __atomic_load_n(c->stop, __ATOMIC_ACQUIRE);
}

static apr_status_t attempt(close_t *c, apr_pool_t *pool)
{
    apr_status_t rv = kuji_tally_read(&c->tally, c->ask.why, c->ask.act,
                                      c->ask.slug, c->stop, pool);

    return rv == APR_SUCCESS
               ? kuji_pg_transact(c->ask.act->pg, c->ask.act->tenant,
                                  close_work, c, pool)
               : rv;
}

static apr_status_t run(close_t *c, apr_pool_t *pool)
{
    kuji_event_t *event = c->ask.event;
    apr_status_t rv = kuji_secret_create(&c->secret, pool);
    int tries;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    memset(event, 0, sizeof(*event));
    rv = kuji_pg_transact(c->ask.act->pg, c->ask.act->tenant, look, c, pool);
    if (rv == APR_SUCCESS) {
        rv = attempt(c, pool);
    }
    for (tries = 1; tries < TRIES && rv == KUJI_EBUSY && !stopped(c); tries++) {
        rv = attempt(c, pool);
    }
    if (rv != APR_SUCCESS && rv != KUJI_EUNKNOWN && event->leaf) {
        sodium_memzero((char *)event->leaf, event->leaf_len); /* not revealed */
        event->leaf = NULL;
    }
    kuji_secret_wipe(c->secret);
    return rv;
}

apr_status_t kuji_event_close(kuji_event_t *event, const char **why,
                              const kuji_act_t *act, const char *slug,
                              const char *reason, const char *note,
                              apr_pool_t *pool)
{
    close_t c = {.ask = {act, slug, reason, note, why, event}};

    return run(&c, pool);
}

apr_status_t kuji_event_close_due(kuji_event_t *event, const char **why,
                                  const kuji_act_t *act, const char *slug,
                                  const int *stop, apr_pool_t *pool)
{
    close_t c = {.ask = {act, slug, NULL, NULL, why, event}, .stop = stop};

    return run(&c, pool);
}
