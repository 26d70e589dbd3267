/* Loading published campaigns. What cannot change while status and version
 * stay (manifest, config, K, winning moments) is made once and shared by the
 * entries that follow each other.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/cache_int.h"

#include <apr_strings.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

/* The part that is shared; holders counted by kuji_held_t. */
typedef struct fixed_t {
    kuji_held_t held;
    apr_pool_t *pool;
    int64_t id, version;
    int closed;
    char *uuid, *slug, *tenant_id;
    const kuji_manifest_t *manifest;
    json_t *config;
    kuji_looks_t looks;
    kuji_phrases_t phrases;
    unsigned gates;
    unsigned char *secret; /* K, then the digest key; sodium memory */
    kuji_moments_t moments;
} fixed_t;

typedef struct campaign_held_t {
    kuji_held_t held;
    fixed_t *fixed;
    kuji_campaign_t campaign;
} campaign_held_t;

kuji_held_t *kuji_cache__campaign_held(const kuji_campaign_t *campaign)
{
    return (kuji_held_t *)((const char *)campaign -
                           offsetof(campaign_held_t, campaign));
}

const kuji_campaign_t *kuji_cache__campaign_of(kuji_held_t *held)
{
    return &((campaign_held_t *)held)->campaign;
}

static void destroy_fixed(kuji_held_t *held)
{
    fixed_t *f = (fixed_t *)held;

    json_decref(f->config);
    kuji_moments_free(&f->moments);
    sodium_free(f->secret);
    apr_pool_destroy(f->pool);
    free(f);
}

static void destroy_campaign(kuji_held_t *held)
{
    campaign_held_t *c = (campaign_held_t *)held;

    kuji_held_drop(&c->fixed->held);
    free(c);
}

static fixed_t *make_fixed(void)
{
    fixed_t *f = calloc(1, sizeof(*f));

    if (f && apr_pool_create_unmanaged_ex(&f->pool, NULL, NULL)) {
        free(f);
        f = NULL;
    }
    if (f) {
        f->held.holders = 1;
        f->held.destroy = destroy_fixed;
        f->secret = sodium_malloc(2 * KUJI_KEY_LEN);
    }
    return f;
}

static kuji_status_e status_of(const char *word)
{
    return strcmp(word, "published") == 0 ? KUJI_STATUS_PUBLISHED
           : strcmp(word, "paused") == 0  ? KUJI_STATUS_PAUSED
                                          : KUJI_STATUS_CLOSED;
}

typedef struct campaign_work_t {
    const kuji_campaign_ask_t *ask;
    fixed_t *fixed; /* in: what was held before, or NULL; out: kept */
    kuji_status_e status;
    int64_t clock;
    int codes_checked;
} campaign_work_t;

static apr_status_t ask_by_slug(PGresult **res, kuji_conn_t *conn,
                                kuji_query_e query, const char *slug,
                                apr_pool_t *pool)
{
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_text(&args, slug);
    rv = kuji_pg_query(res, conn, query, &args, pool);
    if (rv == APR_SUCCESS && PQntuples(*res) != 1) {
        rv = KUJI_ENOTFOUND;
    }
    return rv;
}

/* K is unsealed only while draws need it. */
static apr_status_t open_secret(fixed_t *f, const kuji_tenant_held_t *tenant,
                                const PGresult *res, apr_pool_t *pool)
{
    const unsigned char *blob;
    apr_size_t len;
    apr_status_t rv;

    kuji_seal_derive(f->secret + KUJI_KEY_LEN, tenant->data_key, "lookup",
                     f->manifest->uuid, KUJI_UUID_LEN);
    if (f->closed) {
        return APR_SUCCESS;
    }
    rv = kuji_pg_bytes(&blob, &len, res, 0, 7, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (len != KUJI_KEY_LEN + KUJI_SEAL_OVERHEAD) {
        return KUJI_ECRYPT;
    }
    rv = kuji_unseal(f->secret, tenant->data_key,
                     apr_pstrcat(pool, "K:", f->uuid, NULL), blob, len);
    if (rv == APR_SUCCESS && f->manifest->method == KUJI_MOMENT) {
        rv = kuji_moments_make(&f->moments, f->manifest, f->secret);
    }
    return rv;
}

static void fill_picture(kuji_picture_t *p, fixed_t *f, const PGresult *res,
                         int col)
{
    p->name = apr_pstrdup(f->pool, kuji_pg_text(res, 0, col));
    p->width = (int)kuji_pg_int(res, 0, col + 1);
    p->height = (int)kuji_pg_int(res, 0, col + 2);
}

static void fill_looks(fixed_t *f, const PGresult *res)
{
    f->looks.version = (int)kuji_pg_int(res, 0, 8);
    f->looks.base = apr_pstrdup(f->pool, kuji_pg_text(res, 0, 9));
    fill_picture(&f->looks.logo, f, res, 10);
    fill_picture(&f->looks.visual, f, res, 13);
}

/* Days joined by commas, digests without anything between them. */
static apr_status_t fill_phrases(fixed_t *f, const PGresult *res)
{
    const char *at = kuji_pg_text(res, 0, 19);
    const unsigned char *digests = NULL;
    apr_size_t len = 0;
    apr_status_t rv = APR_SUCCESS;
    int *days, i;

    f->phrases.version = (int)kuji_pg_int(res, 0, 18);
    if (!PQgetisnull(res, 0, 20)) {
        rv = kuji_pg_bytes(&digests, &len, res, 0, 20, f->pool);
    }
    f->phrases.count = (int)(len / KUJI_DIGEST_LEN);
    f->phrases.digests = (const unsigned char(*)[KUJI_DIGEST_LEN])digests;
    days = apr_palloc(f->pool, sizeof(*days) * (f->phrases.count + 1));
    for (i = 0; i < f->phrases.count; i++) {
        days[i] = atoi(at);
        at += strcspn(at, ",");
        at += *at == ',';
    }
    f->phrases.days = days;
    return rv;
}

/* What is read anew each time. */
static void read_fresh(campaign_work_t *w, const PGresult *res, int col)
{
    w->clock = kuji_pg_int(res, 0, col) - apr_time_as_msec(apr_time_now());
    w->codes_checked =
        !PQgetisnull(res, 0, col + 1) && kuji_pg_bool(res, 0, col + 1);
}

static apr_status_t fill(fixed_t *f, const kuji_tenant_held_t *tenant,
                         const PGresult *res, apr_pool_t *pool)
{
    const char *bytes = apr_pstrdup(f->pool, kuji_pg_text(res, 0, 5));
    apr_status_t rv;

    f->id = kuji_pg_int(res, 0, 0);
    f->closed = status_of(kuji_pg_text(res, 0, 1)) == KUJI_STATUS_CLOSED;
    f->version = kuji_pg_int(res, 0, 2);
    f->uuid = apr_pstrdup(f->pool, kuji_pg_text(res, 0, 3));
    f->slug = apr_pstrdup(f->pool, kuji_pg_text(res, 0, 4));
    f->tenant_id = apr_pstrdup(f->pool, tenant->tenant.id);
    rv = kuji_manifest_parse(&f->manifest, NULL, bytes, strlen(bytes), f->pool);
    if (rv != APR_SUCCESS) {
        return KUJI_EDATABASE;
    }
    f->config = json_loads(kuji_pg_text(res, 0, 6), 0, NULL);
    f->gates = kuji_gates_of(f->config);
    fill_looks(f, res);
    rv = fill_phrases(f, res);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    return f->config ? open_secret(f, tenant, res, pool) : KUJI_EDATABASE;
}

static apr_status_t read_campaign(void *baton, kuji_conn_t *conn,
                                  apr_pool_t *pool)
{
    campaign_work_t *w = baton;
    PGresult *res;
    apr_status_t rv;

    if (w->fixed) {
        rv = ask_by_slug(&res, conn, KUJI_Q_CACHE_CAMPAIGN_LIGHT, w->ask->slug,
                         pool);
        if (rv != APR_SUCCESS) {
            return rv;
        }
        w->status = status_of(kuji_pg_text(res, 0, 1));
        read_fresh(w, res, 4);
        if (kuji_pg_int(res, 0, 0) == w->fixed->id &&
            kuji_pg_int(res, 0, 2) == w->fixed->version &&
            kuji_pg_int(res, 0, 3) == w->fixed->looks.version &&
            kuji_pg_int(res, 0, 6) == w->fixed->phrases.version &&
            (w->status == KUJI_STATUS_CLOSED) == w->fixed->closed) {
            return APR_SUCCESS;
        }
        kuji_held_drop(&w->fixed->held);
        w->fixed = NULL;
    }
    rv = ask_by_slug(&res, conn, KUJI_Q_CACHE_CAMPAIGN, w->ask->slug, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    w->status = status_of(kuji_pg_text(res, 0, 1));
    read_fresh(w, res, 16);
    w->fixed = make_fixed();
    return w->fixed && w->fixed->secret
               ? fill(w->fixed, w->ask->tenant, res, pool)
               : APR_ENOMEM;
}

static void show(kuji_campaign_t *c, const campaign_work_t *w)
{
    const fixed_t *f = w->fixed;

    c->id = f->id;
    c->uuid = f->uuid;
    c->tenant_id = f->tenant_id;
    c->slug = f->slug;
    c->status = w->status;
    c->clock = w->clock;
    c->codes_checked = w->codes_checked;
    c->phrases = &f->phrases;
    c->gates = f->gates;
    c->manifest = f->manifest;
    c->config = f->config;
    c->looks = &f->looks;
    c->time_zone = f->manifest->timezone;
    c->k = f->closed ? NULL : f->secret;
    c->digest_key = f->secret + KUJI_KEY_LEN;
    c->moments = f->moments.list ? &f->moments : NULL;
}

apr_status_t kuji_cache__load_campaign(kuji_held_t **held, kuji_cache_t *cache,
                                       kuji_held_t *stale, void *baton,
                                       apr_pool_t *pool)
{
    campaign_work_t w = {.ask = baton, .status = KUJI_STATUS_CLOSED};
    campaign_held_t *c = calloc(1, sizeof(*c));
    apr_status_t rv;

    if (!c) {
        return APR_ENOMEM;
    }
    if (stale) {
        w.fixed = ((campaign_held_t *)stale)->fixed;
        kuji_held_keep(&w.fixed->held);
    }
    rv = kuji_pg_transact(cache->pg, w.ask->tenant->tenant.id, read_campaign,
                          &w, pool);
    if (rv != APR_SUCCESS) {
        kuji_held_drop(w.fixed ? &w.fixed->held : NULL);
        free(c);
        return rv;
    }
    c->held.holders = 1;
    c->held.destroy = destroy_campaign;
    c->fixed = w.fixed;
    show(&c->campaign, &w);
    *held = &c->held;
    return APR_SUCCESS;
}
