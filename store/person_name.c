/* Looking for a part of a name.
 *
 * Names are ciphertext, with keyed digests of the whole and of its words
 * (core/person.h). What is written without a space has no words, and digests of
 * beginnings would tell whoever reads the database which rows begin alike: with
 * the frequencies of Japanese family names that is often as good as the name.
 * So nothing more is stored. The web host, which has the key, opens what the
 * winners gave, a stretch at a time, and looks; old rows are found like new
 * ones.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/name.h"
#include "store/claim_int.h"
#include "store/person_int.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

/** Claims of one transaction. */
#define STRETCH 2000

typedef struct look_t {
    const kuji_act_t *act;
    const kuji_name_query_t *query;
    kuji_person_matches_t *matches;
    apr_pool_t *pool, *stretch_pool; /* the second is cleared after each */
    int64_t campaign;                /* 0: all */
    PGresult *campaigns;
    int at;         /* the row of the campaign at hand */
    int64_t before; /* n below this */
    int64_t left;   /* claims that may be looked at */
    int rows, hits; /* of the stretch */
    int64_t *numbers;
    const char **names; /* in pool */
} look_t;

static apr_status_t read_campaigns(void *baton, kuji_conn_t *conn,
                                   apr_pool_t *pool)
{
    look_t *k = baton;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, k->act->tenant);
    kuji_args_int(&args, k->campaign);
    return kuji_pg_query(&k->campaigns, conn, KUJI_Q_PERSON_NAME_CAMPAIGNS,
                         &args, pool);
}

/* Opens a claim for as long as it takes to look at its name. */
static apr_status_t look_at(const char **name, const look_t *k,
                            const kuji_vault_t *vault, const PGresult *res,
                            int row, apr_pool_t *pool)
{
    const char *uuid = kuji_pg_text(k->campaigns, k->at, 1);
    const char *text;
    json_t *data;
    apr_status_t rv = kuji_vault_text(
        &text, vault,
        kuji_vault_purpose("claim", uuid, kuji_pg_int(res, row, 0), pool), res,
        row, 1, pool);

    *name = NULL;
    if (rv == APR_SUCCESS && text) {
        data = json_loads(text, 0, NULL);
        if (kuji_name_matches(k->query, data)) {
            *name = json_string_value(json_object_get(data, "name"));
            *name = apr_pstrdup(k->pool, *name ? *name : "");
        }
        json_decref(data);
        sodium_memzero((char *)text, strlen(text));
    }
    return rv;
}

static apr_status_t add_hits(look_t *k, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_person_match_t match;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, kuji_pg_int(k->campaigns, k->at, 0));
    kuji_args_int_array(&args, k->numbers, k->hits);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PERSON_OF_DRAWS, &args, pool);
    for (i = 0; rv == APR_SUCCESS && i < PQntuples(res); i++) {
        match.slug = kuji_pg_text(k->campaigns, k->at, 2);
        match.title = kuji_pg_text(k->campaigns, k->at, 3);
        match.n = (uint64_t)kuji_pg_int(res, i, 0);
        match.name = k->names[i]; /* both begin with the newest */
        match.who = PQgetisnull(res, i, 1)
                        ? NULL
                        : apr_pstrdup(k->pool, kuji_pg_text(res, i, 1));
        kuji_person__add(k->matches, &match);
    }
    return rv;
}

static apr_status_t look_through(look_t *k, const PGresult *res,
                                 kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_vault_t *vault;
    const char *name;
    int i;
    apr_status_t rv = kuji_vault_open(&vault, k->act, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (i = 0; rv == APR_SUCCESS && i < k->rows; i++) {
        rv = look_at(&name, k, vault, res, i, pool);
        if (rv == APR_SUCCESS && name) {
            k->names[k->hits] = name;
            k->numbers[k->hits++] = kuji_pg_int(res, i, 0);
        }
    }
    kuji_vault_close(vault);
    return rv == APR_SUCCESS && k->hits ? add_hits(k, conn, pool) : rv;
}

static apr_status_t stretch(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    look_t *k = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    k->rows = k->hits = 0;
    kuji_args_init(&args, pool);
    kuji_args_int(&args, kuji_pg_int(k->campaigns, k->at, 0));
    kuji_args_int(&args, k->before);
    kuji_args_int(&args, k->left < STRETCH ? k->left : STRETCH);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PERSON_NAMES, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    k->rows = PQntuples(res);
    if (k->rows == 0) {
        return APR_SUCCESS;
    }
    rv = look_through(k, res, conn, pool);
    if (rv == APR_SUCCESS) {
        k->before = kuji_pg_int(res, k->rows - 1, 0);
    }
    return rv;
}

static apr_status_t campaign(look_t *k)
{
    apr_status_t rv;

    k->before = kuji_pg_int(k->campaigns, k->at, 4);
    do {
        rv = kuji_pg_transact(k->act->pg, k->act->tenant, stretch, k,
                              k->stretch_pool);
        apr_pool_clear(k->stretch_pool);
        k->left -= rv == APR_SUCCESS ? k->rows : 0;
    } while (rv == APR_SUCCESS && k->rows > 0 && k->left > 0 &&
             k->matches->count < KUJI_PERSON_MATCHES_MAX);
    return rv;
}

apr_status_t kuji_person__names(kuji_person_matches_t *matches, int *is_partial,
                                const kuji_act_t *act, const char *text,
                                int64_t only, apr_pool_t *pool)
{
    look_t k = {.act = act,
                .matches = matches,
                .pool = pool,
                .campaign = only,
                .left = KUJI_PERSON_NAMES_MAX};
    apr_status_t rv;

    kuji_name_query(&k.query, text, pool);
    if (!k.query) {
        return APR_SUCCESS;
    }
    k.numbers = apr_palloc(pool, sizeof(*k.numbers) * STRETCH);
    k.names = apr_palloc(pool, sizeof(*k.names) * STRETCH);
    rv = apr_pool_create(&k.stretch_pool, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_pg_transact(act->pg, act->tenant, read_campaigns, &k, pool);
    }
    for (; rv == APR_SUCCESS && k.at < PQntuples(k.campaigns) && k.left > 0 &&
           matches->count < KUJI_PERSON_MATCHES_MAX;
         k.at++) {
        rv = campaign(&k);
    }
    *is_partial = k.left <= 0;
    return rv;
}
