/* Finding a person, showing what is held.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/person.h"

#include "core/manifest.h"
#include "store/claim_int.h"

#include <apr_strings.h>
#include <string.h>

#define QUERY_MAX 1000

typedef struct find_t {
    const kuji_act_t *act;
    const char **why, *query, *slug;
    kuji_claims_t c; /* with slug */
    kuji_person_match_t *matches;
    int count;
} find_t;

static void add(find_t *f, const char *slug, const char *title, uint64_t n)
{
    int i;

    for (i = 0; i < f->count; i++) {
        if (f->matches[i].n == n && strcmp(f->matches[i].slug, slug) == 0) {
            return;
        }
    }
    if (f->count < KUJI_PERSON_MATCHES_MAX) {
        f->matches[f->count].slug = slug;
        f->matches[f->count].title = title;
        f->matches[f->count++].n = n;
    }
}

static void add_rows(find_t *f, const PGresult *res)
{
    int i;

    for (i = 0; i < PQntuples(res); i++) {
        add(f, kuji_pg_text(res, i, 0), kuji_pg_text(res, i, 1),
            (uint64_t)kuji_pg_int(res, i, 2));
    }
}

/* The query read as each kind of identifier that it can be. */
static apr_status_t by_identifiers(find_t *f, kuji_vault_t *vault,
                                   kuji_conn_t *conn, apr_pool_t *pool)
{
    unsigned char digests[KUJI_IDENTIFIER_LAST][KUJI_DIGEST_LEN];
    const unsigned char *list[KUJI_IDENTIFIER_LAST];
    char text[KUJI_IDENTIFIER_MAX + 1];
    kuji_identifier_t identifier = {.text = text};
    kuji_args_t args;
    PGresult *res;
    int kind, count = 0;
    apr_status_t rv;

    for (kind = 0; kind < KUJI_IDENTIFIER_LAST; kind++) {
        identifier.kind = (kuji_identifier_e)kind;
        if (kuji_identifier_normalise(text, identifier.kind, f->query,
                                      strlen(f->query)) == APR_SUCCESS) {
            kuji_vault_identifier(digests[count], vault, &identifier);
            list[count] = digests[count];
            count++;
        }
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, f->act->tenant);
    kuji_args_bytes_array(&args, list, NULL, KUJI_DIGEST_LEN, count);
    kuji_args_int(&args, f->c.id);
    kuji_args_int(&args, KUJI_PERSON_MATCHES_MAX);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PERSON_BY_DIGEST, &args, pool);
    if (rv == APR_SUCCESS) {
        add_rows(f, res);
    }
    return rv;
}

/* The digest of a participant's id is another one in each campaign. */
static apr_status_t by_participant(find_t *f, kuji_vault_t *vault,
                                   kuji_conn_t *conn, apr_pool_t *pool)
{
    const unsigned char **list;
    unsigned char *digests;
    int64_t *ids;
    kuji_args_t args;
    PGresult *res;
    int count, i;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, f->act->tenant);
    kuji_args_int(&args, f->c.id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PERSON_CAMPAIGNS, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    count = PQntuples(res);
    ids = apr_palloc(pool, sizeof(*ids) * ((apr_size_t)count + 1));
    list = apr_palloc(pool, sizeof(*list) * ((apr_size_t)count + 1));
    digests = apr_palloc(pool, KUJI_DIGEST_LEN * ((apr_size_t)count + 1));
    for (i = 0; i < count && rv == APR_SUCCESS; i++) {
        ids[i] = kuji_pg_int(res, i, 0);
        list[i] = digests + i * KUJI_DIGEST_LEN;
        rv = kuji_vault_participant(digests + i * KUJI_DIGEST_LEN, vault,
                                    kuji_pg_text(res, i, 1), f->query,
                                    strlen(f->query));
    }
    kuji_args_init(&args, pool);
    kuji_args_int_array(&args, ids, count);
    kuji_args_bytes_array(&args, list, NULL, KUJI_DIGEST_LEN, count);
    kuji_args_int(&args, KUJI_PERSON_MATCHES_MAX);
    if (rv == APR_SUCCESS) {
        rv = kuji_pg_query(&res, conn, KUJI_Q_PERSON_BY_ID, &args, pool);
    }
    if (rv == APR_SUCCESS) {
        add_rows(f, res);
    }
    return rv;
}

/* A receipt number, where a campaign is named: it need not be a win. */
static void by_number(find_t *f)
{
    apr_size_t len = strlen(f->query);
    apr_int64_t n = 0;

    if (f->slug && len && len <= 16 && strspn(f->query, "0123456789") == len) {
        n = apr_atoi64(f->query);
    }
    if (n >= 1 && n < f->c.next_n) {
        add(f, f->slug, NULL, (uint64_t)n);
    }
}

static apr_status_t find(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    find_t *f = baton;
    kuji_vault_t *vault = NULL;
    apr_status_t rv = APR_SUCCESS;

    f->count = 0;
    f->matches =
        apr_palloc(pool, sizeof(*f->matches) * KUJI_PERSON_MATCHES_MAX);
    if (f->slug) {
        rv = kuji_claims__open(&f->c, f->why, f->act, conn, f->slug, pool);
    }
    if (rv == APR_SUCCESS) {
        by_number(f);
        rv = kuji_vault_open(&vault, f->act, conn, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = by_identifiers(f, vault, conn, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = by_participant(f, vault, conn, pool);
    }
    kuji_vault_close(vault);
    return rv;
}

apr_status_t kuji_person_find(const kuji_person_match_t **matches, int *count,
                              const char **why, const kuji_act_t *act,
                              const char *query, const char *slug,
                              apr_pool_t *pool)
{
    find_t f = {.act = act, .why = why, .query = query, .slug = slug};
    apr_status_t rv;

    if (!query[strspn(query, " \t\r\n")] || strlen(query) > QUERY_MAX) {
        *why = "what to look for must be 1 to 1000 bytes";
        return KUJI_EINVAL;
    }
    rv = kuji_pg_transact(act->pg, act->tenant, find, &f, pool);
    *matches = f.matches;
    *count = f.count;
    return rv;
}

typedef struct get_t {
    const kuji_act_t *act;
    const char *slug;
    uint64_t n;
    const unsigned char *participant; /* NULL: whoever made draw n */
    int limit;
    kuji_person_t *person;
} get_t;

static apr_status_t add_draw(kuji_person_draw_t *draw, const kuji_claims_t *c,
                             uint64_t n)
{
    apr_status_t rv = kuji_claims__read(&draw->claim, c, n, 1);

    draw->n = n;
    if (rv == APR_SUCCESS && draw->claim) {
        draw->state = draw->claim->state;
        draw->prize = draw->claim->prize;
    }
    return rv;
}

static apr_status_t read_draws(kuji_person_t *person, const kuji_claims_t *c,
                               const unsigned char *participant, int limit)
{
    kuji_person_draw_t *list;
    kuji_args_t args;
    PGresult *res;
    int i;
    apr_status_t rv;

    kuji_args_init(&args, c->pool);
    kuji_args_int(&args, c->id);
    kuji_args_bytes(&args, participant, KUJI_DIGEST_LEN);
    kuji_args_int(&args, (int64_t)limit + 1);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_PERSON_DRAWS, &args, c->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    person->count = PQntuples(res);
    person->is_cut = person->count > limit;
    person->count -= person->is_cut;
    list =
        apr_pcalloc(c->pool, sizeof(*list) * ((apr_size_t)person->count + 1));
    for (i = 0; i < person->count && rv == APR_SUCCESS; i++) {
        list[i].n = (uint64_t)kuji_pg_int(res, i, 0);
        if (!PQgetisnull(res, i, 1)) {
            rv = add_draw(&list[i], c, list[i].n);
        }
    }
    person->list = list;
    return rv;
}

/* Nothing but the one draw: its participant was erased. */
static apr_status_t get_unlinked(get_t *g, const kuji_claims_t *c)
{
    kuji_person_draw_t *only = apr_pcalloc(c->pool, sizeof(*only));

    g->person->count = 1;
    g->person->list = only;
    return add_draw(only, c, g->n);
}

static apr_status_t find_person(PGresult **res, const get_t *g,
                                const kuji_claims_t *c)
{
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, c->pool);
    kuji_args_int(&args, c->id);
    if (g->participant) {
        kuji_args_bytes(&args, g->participant, KUJI_DIGEST_LEN);
    }
    else {
        kuji_args_int(&args, (int64_t)g->n);
    }
    rv = kuji_pg_query(res, c->conn,
                       g->participant ? KUJI_Q_PERSON_SELF
                                      : KUJI_Q_PERSON_OF_DRAW,
                       &args, c->pool);
    return rv == APR_SUCCESS && PQntuples(*res) != 1 ? KUJI_ENOTFOUND : rv;
}

static apr_status_t get(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    get_t *g = baton;
    const unsigned char *participant;
    const char *why;
    kuji_claims_t c;
    PGresult *res;
    apr_size_t len;
    apr_status_t rv = kuji_claims__open(&c, &why, g->act, conn, g->slug, pool);

    if (rv == APR_SUCCESS) {
        rv = find_person(&res, g, &c);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    g->person = apr_pcalloc(pool, sizeof(*g->person));
    g->person->is_known = !PQgetisnull(res, 0, 0);
    if (!g->person->is_known) {
        return get_unlinked(g, &c);
    }
    g->person->has_salt = kuji_pg_bool(res, 0, 1);
    g->person->draws = kuji_pg_int(res, 0, 2);
    g->person->wins = kuji_pg_int(res, 0, 3);
    rv = kuji_pg_bytes(&participant, &len, res, 0, 0, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_consent__list(&g->person->consents, &g->person->nconsents,
                                conn, c.id, participant, pool);
    }
    return rv == APR_SUCCESS ? read_draws(g->person, &c, participant, g->limit)
                             : rv;
}

apr_status_t kuji_person_get(const kuji_person_t **person,
                             const kuji_act_t *act, const char *slug,
                             uint64_t n, apr_pool_t *pool)
{
    get_t g = {
        .act = act, .slug = slug, .n = n, .limit = KUJI_PERSON_DRAWS_MAX};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, get, &g, pool);

    *person = g.person;
    return rv;
}

apr_status_t kuji_person_mine(const kuji_person_t **person,
                              const kuji_act_t *act, const char *slug,
                              const unsigned char participant[KUJI_DIGEST_LEN],
                              int limit, apr_pool_t *pool)
{
    get_t g = {
        .act = act, .slug = slug, .participant = participant, .limit = limit};
    apr_status_t rv = kuji_pg_transact(act->pg, act->tenant, get, &g, pool);

    *person = g.person;
    return rv;
}
