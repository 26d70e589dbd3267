/* Loading tenants and tokens.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/cache_int.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

typedef struct kuji_token_held_t {
    kuji_held_t held;
    kuji_token_t token;
    char tenant_id[40];
} kuji_token_held_t;

const kuji_token_t *kuji_cache__token_of(kuji_held_t *held)
{
    return &((kuji_token_held_t *)held)->token;
}

/* -- tenant ---------------------------------------------------------------- */

static void destroy_tenant(kuji_held_t *held)
{
    kuji_tenant_held_t *t = (kuji_tenant_held_t *)held;

    sodium_free(t->data_key);
    sodium_memzero(t->tenant.lookup_key, KUJI_KEY_LEN);
    apr_pool_destroy(t->pool);
    free(t);
}

static apr_status_t make_tenant(kuji_tenant_held_t **out)
{
    kuji_tenant_held_t *t = calloc(1, sizeof(*t));

    if (!t) {
        return APR_ENOMEM;
    }
    t->data_key = sodium_malloc(KUJI_KEY_LEN);
    if (!t->data_key ||
        apr_pool_create_unmanaged_ex(&t->pool, NULL, NULL) != APR_SUCCESS) {
        sodium_free(t->data_key);
        free(t);
        return APR_ENOMEM;
    }
    t->held.holders = 1;
    t->held.destroy = destroy_tenant;
    *out = t;
    return APR_SUCCESS;
}

typedef struct tenant_work_t {
    const char *name;
    const kuji_keyfile_t *keys;
    kuji_tenant_held_t *out;
} tenant_work_t;

static apr_status_t fill_tenant(tenant_work_t *w, const PGresult *res,
                                apr_pool_t *pool)
{
    kuji_tenant_held_t *t = w->out;
    const unsigned char *blob;
    apr_size_t len;
    apr_status_t rv;

    t->tenant.id = apr_pstrdup(t->pool, kuji_pg_text(res, 0, 0));
    t->tenant.name = apr_pstrdup(t->pool, kuji_pg_text(res, 0, 1));
    t->tenant.host = apr_pstrdup(t->pool, kuji_pg_text(res, 0, 2));
    t->tenant.title = apr_pstrdup(t->pool, kuji_pg_text(res, 0, 3));
    t->tenant.active = strcmp(kuji_pg_text(res, 0, 4), "active") == 0;
    rv = kuji_pg_bytes(&blob, &len, res, 0, 5, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_keyfile_open_tenant(t->data_key, w->keys, t->tenant.id, blob,
                                      len);
    }
    if (rv == APR_SUCCESS) {
        kuji_seal_derive(t->tenant.lookup_key, t->data_key, "lookup tenant",
                         t->tenant.id, strlen(t->tenant.id));
    }
    return rv;
}

static apr_status_t read_tenant(void *baton, kuji_conn_t *conn,
                                apr_pool_t *pool)
{
    tenant_work_t *w = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_text(&args, w->name);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CACHE_TENANT, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return PQntuples(res) == 1 ? fill_tenant(w, res, pool) : KUJI_ENOTFOUND;
}

apr_status_t kuji_cache__load_tenant(kuji_held_t **held, kuji_cache_t *cache,
                                     kuji_held_t *stale, void *baton,
                                     apr_pool_t *pool)
{
    tenant_work_t w = {baton, cache->keys, NULL};
    apr_status_t rv = make_tenant(&w.out);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = kuji_pg_transact(cache->pg, NULL, read_tenant, &w, pool);
    if (rv != APR_SUCCESS) {
        destroy_tenant(&w.out->held);
        return rv;
    }
    *held = &w.out->held;
    return APR_SUCCESS;
}

/* -- token ----------------------------------------------------------------- */

static void destroy_token(kuji_held_t *held)
{
    free(held);
}

static unsigned scopes_of(const char *words)
{
    static const struct {
        const char *word;
        unsigned scope;
    } known[] = {{"read", KUJI_SCOPE_READ},
                 {"draw", KUJI_SCOPE_DRAW},
                 {"write", KUJI_SCOPE_WRITE}};
    unsigned scopes = 0, i;

    for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (words && strstr(words, known[i].word)) {
            scopes |= known[i].scope;
        }
    }
    return scopes;
}

typedef struct token_work_t {
    const unsigned char *digest;
    kuji_token_held_t *out;
} token_work_t;

static apr_status_t read_token(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    token_work_t *w = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_bytes(&args, w->digest, 32);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CACHE_TOKEN, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    w->out->token.id = kuji_pg_int(res, 0, 0);
    apr_cpystrn(w->out->tenant_id, kuji_pg_text(res, 0, 1),
                sizeof(w->out->tenant_id));
    w->out->token.tenant_id = w->out->tenant_id;
    w->out->token.scopes = scopes_of(kuji_pg_text(res, 0, 2));
    return APR_SUCCESS;
}

apr_status_t kuji_cache__load_token(kuji_held_t **held, kuji_cache_t *cache,
                                    kuji_held_t *stale, void *baton,
                                    apr_pool_t *pool)
{
    token_work_t w = {baton, calloc(1, sizeof(kuji_token_held_t))};
    apr_status_t rv;

    if (!w.out) {
        return APR_ENOMEM;
    }
    w.out->held.holders = 1;
    w.out->held.destroy = destroy_token;
    rv = kuji_pg_transact(cache->pg, NULL, read_token, &w, pool);
    if (rv != APR_SUCCESS) {
        free(w.out);
        return rv;
    }
    *held = &w.out->held;
    return APR_SUCCESS;
}
