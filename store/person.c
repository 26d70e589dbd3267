/* Finding a person, showing what is held.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/person.h"

#include "core/manifest.h"
#include "store/claim_int.h"
#include "store/line_int.h"
#include "store/outbox_int.h"
#include "store/person_int.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define QUERY_MAX 1000

typedef struct find_t {
    const kuji_act_t *act;
    const char **why, *query, *slug;
    kuji_claims_t c; /* with slug */
    kuji_person_matches_t *matches;
} find_t;

/* Whether both are of one participant, or of one draw. */
static int is_same(const kuji_person_match_t *a, const kuji_person_match_t *b)
{
    if (strcmp(a->slug, b->slug) != 0) {
        return 0;
    }
    return a->who && b->who ? strcmp(a->who, b->who) == 0 : a->n == b->n;
}

void kuji_person__add(kuji_person_matches_t *matches,
                      const kuji_person_match_t *match)
{
    int i;

    for (i = 0; i < matches->count; i++) {
        if (is_same(&matches->list[i], match)) {
            if (!matches->list[i].name) {
                matches->list[i].name = match->name;
            }
            return;
        }
    }
    if (matches->count < KUJI_PERSON_MATCHES_MAX) {
        matches->list[matches->count++] = *match;
    }
}

static void add_rows(find_t *f, const PGresult *res)
{
    kuji_person_match_t match = {.name = NULL};
    int i;

    for (i = 0; i < PQntuples(res); i++) {
        match.slug = kuji_pg_text(res, i, 0);
        match.title = kuji_pg_text(res, i, 1);
        match.n = (uint64_t)kuji_pg_int(res, i, 2);
        match.who = PQgetisnull(res, i, 3) ? NULL : kuji_pg_text(res, i, 3);
        kuji_person__add(f->matches, &match);
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

/* The ids that the query can be: a program's, as it is, and those of the gates
 * of LINE and of e-mail (web/identity.h). */
#define IDS_MAX (2 + KUJI_MAIL_IDENTITIES)
static int read_ids(const char *ids[IDS_MAX], const find_t *f,
                    const kuji_vault_t *vault, apr_pool_t *pool)
{
    unsigned char mails[KUJI_MAIL_IDENTITIES][KUJI_DIGEST_LEN];
    unsigned char line[KUJI_DIGEST_LEN];
    char hex[2 * KUJI_DIGEST_LEN + 1];
    int count = kuji_outbox__identities(mails, vault, f->query), i;

    ids[0] = f->query;
    kuji_vault_line(line, vault, f->query);
    sodium_bin2hex(hex, sizeof(hex), line, KUJI_DIGEST_LEN);
    ids[1] = apr_pstrcat(pool, "line:", hex, NULL);
    for (i = 0; i < count; i++) {
        sodium_bin2hex(hex, sizeof(hex), mails[i], KUJI_DIGEST_LEN);
        ids[2 + i] = apr_pstrcat(pool, "mail:", hex, NULL);
    }
    return 2 + count;
}

typedef struct digests_t {
    int64_t *campaigns;
    const unsigned char **list;
    int count;
} digests_t;

/* The digest of an id is another one in each campaign. */
static apr_status_t make_digests(digests_t *d, const PGresult *campaigns,
                                 const find_t *f, kuji_vault_t *vault,
                                 apr_pool_t *pool)
{
    const char *ids[IDS_MAX];
    int nids = read_ids(ids, f, vault, pool), n = PQntuples(campaigns), i, k;
    apr_size_t most = (apr_size_t)n * (apr_size_t)nids + 1;
    unsigned char *bytes = apr_palloc(pool, KUJI_DIGEST_LEN * most);
    apr_status_t rv = APR_SUCCESS;

    d->count = 0;
    d->campaigns = apr_palloc(pool, sizeof(*d->campaigns) * most);
    d->list = apr_palloc(pool, sizeof(*d->list) * most);
    for (i = 0; i < n; i++) {
        for (k = 0; k < nids && rv == APR_SUCCESS; k++, d->count++) {
            unsigned char *out = bytes + d->count * KUJI_DIGEST_LEN;

            d->campaigns[d->count] = kuji_pg_int(campaigns, i, 0);
            d->list[d->count] = out;
            rv = kuji_vault_participant(out, vault,
                                        kuji_pg_text(campaigns, i, 1), ids[k],
                                        strlen(ids[k]));
        }
    }
    return rv;
}

apr_status_t kuji_person__known(PGresult **res, kuji_conn_t *conn,
                                const int64_t *campaigns,
                                const unsigned char *const *digests, int count,
                                apr_pool_t *pool)
{
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int_array(&args, campaigns, count);
    kuji_args_bytes_array(&args, digests, NULL, KUJI_DIGEST_LEN, count);
    kuji_args_int(&args, KUJI_PERSON_MATCHES_MAX);
    return kuji_pg_query(res, conn, KUJI_Q_PERSON_KNOWN, &args, pool);
}

static apr_status_t by_participant(find_t *f, kuji_vault_t *vault,
                                   kuji_conn_t *conn, apr_pool_t *pool)
{
    digests_t d;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, f->act->tenant);
    kuji_args_int(&args, f->c.id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PERSON_CAMPAIGNS, &args, pool);
    if (rv == APR_SUCCESS) {
        rv = make_digests(&d, res, f, vault, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_person__known(&res, conn, d.campaigns, d.list, d.count, pool);
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
        kuji_person__add(f->matches, &(kuji_person_match_t){.slug = f->slug,
                                                            .n = (uint64_t)n});
    }
}

static apr_status_t find(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    find_t *f = baton;
    kuji_vault_t *vault = NULL;
    apr_status_t rv = APR_SUCCESS;

    f->matches->count = 0;
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
                              int *is_partial, const char **why,
                              const kuji_act_t *act, const char *query,
                              const char *slug, apr_pool_t *pool)
{
    find_t f = {.act = act,
                .why = why,
                .query = query,
                .slug = slug,
                .matches = apr_pcalloc(pool, sizeof(*f.matches))};
    apr_status_t rv;

    *is_partial = 0;
    if (!query[strspn(query, " \t\r\n")] || strlen(query) > QUERY_MAX) {
        *why = "what to look for must be 1 to 1000 bytes";
        return KUJI_EINVAL;
    }
    rv = kuji_pg_transact(act->pg, act->tenant, find, &f, pool);
    if (rv == APR_SUCCESS) {
        rv =
            kuji_person__names(f.matches, is_partial, act, query, f.c.id, pool);
    }
    *matches = f.matches->list;
    *count = f.matches->count;
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

/* Mails about the draws of the list. */
static apr_status_t read_mails(kuji_person_t *person, const kuji_claims_t *c)
{
    int64_t *numbers =
        apr_palloc(c->pool, sizeof(*numbers) * ((apr_size_t)person->count + 1));
    kuji_person_mail_t *mails;
    kuji_args_t args;
    PGresult *res;
    int i;
    apr_status_t rv;

    for (i = 0; i < person->count; i++) {
        numbers[i] = (int64_t)person->list[i].n;
    }
    kuji_args_init(&args, c->pool);
    kuji_args_int(&args, c->id);
    kuji_args_int_array(&args, numbers, person->count);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_PERSON_MAILS, &args, c->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    person->nmails = PQntuples(res);
    mails =
        apr_palloc(c->pool, sizeof(*mails) * ((apr_size_t)person->nmails + 1));
    for (i = 0; i < person->nmails; i++) {
        mails[i].kind = kuji_pg_text(res, i, 0);
        mails[i].n = (uint64_t)kuji_pg_int(res, i, 1);
        mails[i].state = kuji_pg_text(res, i, 2);
        mails[i].created_at = kuji_pg_int(res, i, 3);
        mails[i].ended_at = kuji_pg_int(res, i, 4);
        mails[i].by_line = kuji_pg_bool(res, i, 5);
    }
    person->mails = mails;
    return APR_SUCCESS;
}

/* An address that does not open is as good as none: all else is shown. */
static apr_status_t read_address(kuji_person_t *person, const kuji_claims_t *c,
                                 const unsigned char *participant)
{
    kuji_outbox_where_t where;
    apr_status_t rv = kuji_outbox_where(&where, c->act, c->conn, c->id, c->uuid,
                                        participant, c->pool);

    if (rv == APR_SUCCESS) {
        person->address = where.address;
        person->language = where.language;
        person->verified_at = where.verified_at;
    }
    return rv == KUJI_ENOTFOUND || rv == KUJI_ECRYPT ? APR_SUCCESS : rv;
}

static apr_status_t read_all(kuji_person_t *person, const kuji_claims_t *c,
                             const unsigned char *participant, int limit)
{
    apr_status_t rv = kuji_consent__list(&person->consents, &person->nconsents,
                                         c->conn, c->id, participant, c->pool);

    if (rv == APR_SUCCESS) {
        rv = read_address(person, c, participant);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_line__held(&person->line, c, participant);
    }
    if (rv == APR_SUCCESS) {
        rv = read_draws(person, c, participant, limit);
    }
    return rv == APR_SUCCESS ? read_mails(person, c) : rv;
}

/* By the digest; KUJI_ENOTFOUND: nothing is held. */
static apr_status_t get_known(get_t *g, const kuji_claims_t *c,
                              const unsigned char *participant)
{
    PGresult *res;
    apr_status_t rv =
        kuji_person__known(&res, c->conn, &c->id, &participant, 1, c->pool);

    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv == APR_SUCCESS ? KUJI_ENOTFOUND : rv;
    }
    g->person->is_known = 1;
    g->person->has_salt = kuji_pg_bool(res, 0, 4);
    g->person->draws = kuji_pg_int(res, 0, 5);
    g->person->wins = kuji_pg_int(res, 0, 6);
    return read_all(g->person, c, participant, g->limit);
}

static apr_status_t get_of_draw(get_t *g, const kuji_claims_t *c)
{
    const unsigned char *participant;
    apr_size_t len;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_claims__args(&args, c, g->n);
    rv = kuji_pg_query(&res, c->conn, KUJI_Q_PERSON_OF_DRAW, &args, c->pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv == APR_SUCCESS ? KUJI_ENOTFOUND : rv;
    }
    if (PQgetisnull(res, 0, 0)) {
        return get_unlinked(g, c);
    }
    rv = kuji_pg_bytes(&participant, &len, res, 0, 0, c->pool);
    return rv == APR_SUCCESS ? get_known(g, c, participant) : rv;
}

static apr_status_t get(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    get_t *g = baton;
    const char *why;
    kuji_claims_t c;
    apr_status_t rv = kuji_claims__open(&c, &why, g->act, conn, g->slug, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    g->person = apr_pcalloc(pool, sizeof(*g->person));
    return g->participant ? get_known(g, &c, g->participant)
                          : get_of_draw(g, &c);
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
