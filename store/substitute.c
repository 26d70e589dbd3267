/* An alternate takes the place of a winner who was voided.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/raffle.h"

#include "store/raffle_int.h"

#include <stdlib.h>
#include <string.h>

typedef struct substitute_t {
    kuji_event_ask_t ask;
    uint64_t n, alternate;
    int prize;
} substitute_t;

static apr_status_t refuse(substitute_t *s, const char *why)
{
    *s->ask.why = why;
    return KUJI_ESTATE;
}

static int compare(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return (x > y) - (x < y);
}

/* The alternates of the raffle leaf without those that substitutes used: they
 * are used in order, so all up to the last used one are gone. */
static apr_status_t unused_alternates(const kuji_pick_t **list, int *count,
                                      kuji_append_t *a)
{
    kuji_leaf_t *leaf;
    kuji_args_t args;
    PGresult *res;
    int i, k;
    apr_status_t rv;

    *count = 0;
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_int(&args, a->next_n - 1);
    rv = kuji_pg_query(&res, a->conn, KUJI_Q_EVENT_AFTER_ENTRIES, &args,
                       a->pool);
    for (i = 0; rv == APR_SUCCESS && i < PQntuples(res); i++) {
        const char *why = NULL;

        leaf = apr_palloc(a->pool, sizeof(*leaf));
        rv = kuji_ledger_read(leaf, &why, PQgetvalue(res, i, 0),
                              (apr_size_t)PQgetlength(res, i, 0), a->pool);
        if (rv == APR_SUCCESS && leaf->kind == KUJI_LEAF_RAFFLE) {
            *list = leaf->alternates;
            *count = leaf->nalternates;
        }
        if (rv == APR_SUCCESS && leaf->kind == KUJI_LEAF_SUBSTITUTE) {
            for (k = 0; k < *count && (*list)[k].n != leaf->n; k++) {
            }
            *list += k < *count ? k + 1 : 0;
            *count -= k < *count ? k + 1 : 0;
        }
    }
    return rv;
}

static apr_status_t find_alternate(substitute_t *s, kuji_append_t *a)
{
    const kuji_pick_t *list = NULL;
    const uint64_t *voids;
    apr_size_t nvoids;
    int i, count;
    apr_status_t rv = unused_alternates(&list, &count, a);

    if (rv == APR_SUCCESS) {
        rv = kuji_raffle__voids(&voids, &nvoids, a);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (i = 0; i < count; i++) {
        if (!bsearch(&list[i].n, voids, nvoids, sizeof(*voids), compare)) {
            s->alternate = list[i].n;
            return APR_SUCCESS;
        }
    }
    return refuse(s, "no alternate is left");
}

/* Whether n is void and what it held; *done: its void is the last leaf. */
static apr_status_t look_at_void(substitute_t *s, kuji_append_t *a, int *done)
{
    kuji_args_t args;
    PGresult *res, *claim;
    apr_status_t rv;

    *done = 0;
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_int(&args, (int64_t)s->n);
    rv = kuji_pg_query(&res, a->conn, KUJI_Q_EVENT_VOID_OF, &args, a->pool);
    if (rv != APR_SUCCESS || PQntuples(res) == 0) {
        return rv;
    }
    if (!kuji_pg_bool(res, 0, 1)) {
        return refuse(s, "its prize was not returned when it was voided");
    }
    if (kuji_pg_int(res, 0, 0) != (int64_t)a->tree.size - 1) {
        return refuse(s, "a substitute must follow the void directly, but "
                         "something else did");
    }
    rv = kuji_pg_query(&claim, a->conn, KUJI_Q_EVENT_CLAIM, &args, a->pool);
    if (rv == APR_SUCCESS && PQntuples(claim) == 1) {
        s->prize = (int)kuji_pg_int(claim, 0, 0);
        *done = 1;
    }
    return rv;
}

static apr_status_t void_winner(substitute_t *s, kuji_append_t *a,
                                const kuji_manifest_t *m)
{
    int done;
    apr_status_t rv = look_at_void(s, a, &done);

    if (rv != APR_SUCCESS || done) {
        return rv;
    }
    rv = kuji_event__holds(a, &s->prize, s->n);
    if (rv == APR_SUCCESS && s->prize == KUJI_BLANK) {
        return refuse(s, "it holds no prize");
    }
    return rv == APR_SUCCESS ? kuji_event__void(a, m, &s->ask, s->n, 1) : rv;
}

static apr_status_t give(substitute_t *s, kuji_append_t *a,
                         const kuji_manifest_t *m)
{
    kuji_leaf_t leaf = {.kind = KUJI_LEAF_SUBSTITUTE,
                        .n = s->alternate,
                        .prize = m->prizes[s->prize].code,
                        .reason = s->ask.reason};
    int64_t n = (int64_t)s->alternate, pos = s->prize;
    apr_status_t rv = kuji_event__award(a, s->prize, 1);

    if (rv == APR_SUCCESS) {
        rv = kuji_raffle__claims(a, &n, &pos, 1);
    }
    return rv == APR_SUCCESS
               ? kuji_event__finish(a, &leaf, &s->ask, "campaign.substitute",
                                    json_pack("{s:I, s:I, s:s}", "n",
                                              (json_int_t)s->n, "alternate",
                                              (json_int_t)s->alternate, "prize",
                                              m->prizes[s->prize].code))
               : rv;
}

static apr_status_t work(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    substitute_t *s = baton;
    const kuji_manifest_t *m;
    kuji_append_t a;
    apr_status_t rv = kuji_event__lock(&a, &m, &s->ask, conn, pool);

    if (rv == APR_SUCCESS && !a.raffled_at) {
        rv = refuse(s, "no raffle has been run");
    }
    if (rv == APR_SUCCESS) {
        rv = find_alternate(s, &a);
    }
    if (rv == APR_SUCCESS) {
        rv = void_winner(s, &a, m);
    }
    return rv == APR_SUCCESS ? give(s, &a, m) : rv;
}

apr_status_t kuji_raffle_substitute(kuji_event_t *event, uint64_t *alternate,
                                    const char **why, const kuji_act_t *act,
                                    const char *slug, uint64_t n,
                                    const char *reason, const char *note,
                                    apr_pool_t *pool)
{
    substitute_t s = {.ask = {act, slug, reason, note, why, event}, .n = n};
    apr_status_t rv = kuji_event__reason(&s.ask);

    if (rv == APR_SUCCESS) {
        rv = kuji_pg_transact(act->pg, act->tenant, work, &s, pool);
    }
    *alternate = s.alternate;
    return rv;
}
