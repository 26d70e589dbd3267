/* SPDX-License-Identifier: Apache-2.0 */
#include "store/tenant.h"

#include "core/note.h"
#include "core/seal.h"
#include "store/audit.h"
#include "store/secret.h"
#include "store/rows.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define SEALED_KEY (KUJI_KEY_LEN + KUJI_SEAL_OVERHEAD)
#define TITLE_MAX 200

typedef struct create_t {
    kuji_act_t act;
    const char *name, *host, *title;
    unsigned char blob[SEALED_KEY];
    const char **why;
} create_t;

static int is_name(const char *name)
{
    apr_size_t len = strlen(name);

    return len >= 1 && len <= 63 &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

/* What an origin may begin with; the slug comes behind it. */
static int is_host(const char *host)
{
    apr_size_t len = strlen(host);

    return len >= 1 && len <= 255 &&
           strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789-.:[]") == len &&
           host[0] != '.' && host[0] != ':' && host[0] != '-';
}

static apr_status_t check(const char **why, const char *name, const char *host,
                          const char *title)
{
    if (!is_name(name)) {
        *why = "the tenant's name must be 1 to 63 of a-z, 0-9 and hyphen";
    }
    else if (!is_host(host)) {
        *why = "the tenant's host must be a host name in lower case, with "
               ":port only where that is not 443";
    }
    else if (!title[strspn(title, " \t\r\n")] || strlen(title) > TITLE_MAX) {
        *why = "the tenant's title must be 1 to 200 bytes";
    }
    else {
        return APR_SUCCESS;
    }
    return KUJI_EINVAL;
}

/* The sealed form of a key made anew, or of the given one. */
static void seal(unsigned char blob[SEALED_KEY], const kuji_act_t *act,
                 const unsigned char key[KUJI_KEY_LEN])
{
    unsigned char nonce[KUJI_NONCE_LEN];

    randombytes_buf(nonce, sizeof(nonce));
    kuji_keyfile_seal_tenant(blob, act->keys, nonce, act->tenant, key);
}

static apr_status_t insert(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    create_t *c = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, c->act.tenant);
    kuji_args_text(&args, c->name);
    kuji_args_text(&args, c->host);
    kuji_args_text(&args, c->title);
    kuji_args_bytes(&args, c->blob, sizeof(c->blob));
    rv = kuji_pg_query(&res, conn, KUJI_Q_TENANT_INSERT, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (kuji_pg_changed(res) != 1) {
        *c->why = "another tenant has this name or host";
        return KUJI_ECONFLICT;
    }
    return kuji_audit_add(&c->act, conn, "tenant.create", c->name,
                          json_pack("{s:s}", "host", c->host), pool);
}

apr_status_t kuji_tenant_create(const char **id, const char **why,
                                const kuji_act_t *act, const char *name,
                                const char *host, const char *title,
                                apr_pool_t *pool)
{
    create_t c = {*act, name, host, title, {0}, why};
    kuji_secret_t *secret;
    apr_status_t rv = check(why, name, host, title);

    if (rv == APR_SUCCESS) {
        rv = kuji_secret_create(&secret, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    *id = c.act.tenant = kuji_uuid_make(pool);
    randombytes_buf(secret->data_key, sizeof(secret->data_key));
    seal(c.blob, &c.act, secret->data_key);
    kuji_secret_wipe(secret);
    return kuji_pg_transact(act->pg, c.act.tenant, insert, &c, pool);
}

static apr_status_t read_name(void *item, const PGresult *res, int i,
                              apr_pool_t *pool)
{
    kuji_tenant_row_t *row = item;

    (void)pool;
    row->id = kuji_pg_text(res, i, 0);
    row->name = kuji_pg_text(res, i, 1);
    return APR_SUCCESS;
}

static apr_status_t read_whole(void *item, const PGresult *res, int i,
                               apr_pool_t *pool)
{
    kuji_tenant_row_t *row = item;

    row->host = kuji_pg_text(res, i, 2);
    row->title = kuji_pg_text(res, i, 3);
    row->status = kuji_pg_text(res, i, 4);
    read_name(item, res, i, pool);
    return kuji_pg_bytes(&row->data_key, &row->data_key_len, res, i, 5, pool);
}

apr_status_t kuji_tenant_find(const kuji_tenant_row_t **tenant, kuji_pg_t *pg,
                              const char *name, apr_pool_t *pool)
{
    kuji_act_t nobody = {.pg = pg};
    kuji_rows_t rows = KUJI_ROWS(kuji_tenant_row_t, read_whole);
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_text(&args, name);
    rv = kuji_rows_list(&rows, &nobody, KUJI_Q_TENANT_BY_NAME, &args, pool);
    *tenant = rows.items;
    return rv == APR_SUCCESS && rows.count != 1 ? KUJI_ENOTFOUND : rv;
}

apr_status_t kuji_tenant_list(const kuji_tenant_row_t **tenants, int *count,
                              kuji_pg_t *pg, apr_pool_t *pool)
{
    kuji_act_t nobody = {.pg = pg};
    kuji_rows_t rows = KUJI_ROWS(kuji_tenant_row_t, read_name);
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    rv = kuji_rows_list(&rows, &nobody, KUJI_Q_TENANT_ALL, &args, pool);
    *tenants = rows.items;
    *count = rows.count;
    return rv;
}

typedef struct reseal_t {
    const kuji_act_t *act;
    kuji_secret_t *secret;
    int changed;
} reseal_t;

static apr_status_t store_resealed(reseal_t *r, kuji_conn_t *conn,
                                   apr_pool_t *pool)
{
    unsigned char *blob = apr_palloc(pool, SEALED_KEY);
    kuji_args_t args;
    apr_status_t rv;

    seal(blob, r->act, r->secret->data_key);
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, r->act->tenant);
    kuji_args_bytes(&args, blob, SEALED_KEY);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_TENANT_RESEAL, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    r->changed = 1;
    return kuji_audit_add(
        r->act, conn, "tenant.reseal", "",
        json_pack("{s:I}", "master", (json_int_t)r->act->keys->masters[0].id),
        pool);
}

static apr_status_t reseal(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    reseal_t *r = baton;
    const unsigned char *blob;
    apr_size_t len;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    r->changed = 0;
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, r->act->tenant);
    rv = kuji_pg_query(&res, conn, KUJI_Q_TENANT_LOCK, &args, pool);
    if (rv == APR_SUCCESS && PQntuples(res) != 1) {
        rv = KUJI_ENOTFOUND;
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_pg_bytes(&blob, &len, res, 0, 0, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_keyfile_open_tenant(r->secret->data_key, r->act->keys,
                                      r->act->tenant, blob, len);
    }
    if (rv != APR_SUCCESS ||
        kuji_seal_key_id(blob, len) == r->act->keys->masters[0].id) {
        return rv;
    }
    return store_resealed(r, conn, pool);
}

apr_status_t kuji_tenant_reseal(int *changed, const kuji_act_t *act,
                                apr_pool_t *pool)
{
    reseal_t r = {act, NULL, 0};
    apr_status_t rv = kuji_secret_create(&r.secret, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_pg_transact(act->pg, act->tenant, reseal, &r, pool);
        kuji_secret_wipe(r.secret);
    }
    *changed = r.changed;
    return rv;
}

apr_status_t kuji_tenant_key_check(const kuji_keyfile_t *keys,
                                   const kuji_tenant_row_t *tenant)
{
    unsigned char key[KUJI_KEY_LEN];
    apr_status_t rv = kuji_keyfile_open_tenant(
        key, keys, tenant->id, tenant->data_key, tenant->data_key_len);

    sodium_memzero(key, sizeof(key));
    return rv;
}
