/* SPDX-License-Identifier: Apache-2.0 */
#include "store/settings.h"

#include "store/audit.h"
#include "store/vault.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

/* Columns of a row. */
enum { COL_VERSION, COL_CONFIG, COL_SECRET };

typedef struct work_t {
    const kuji_settings_kind_t *kind;
    const kuji_act_t *act;
    /* reading */
    kuji_settings_row_t *row;
    int with_secrets;
    apr_pool_t *out; /* outlives the transaction's */
    /* saving */
    const json_t *config;
    const kuji_settings_secret_t *secrets;
    int expected;
} work_t;

static const char *purpose(const work_t *w, int i, apr_pool_t *pool)
{
    return apr_pstrcat(pool, w->kind->secrets[i].purpose, w->act->tenant, NULL);
}

static apr_status_t drop(void *doc)
{
    json_decref(doc);
    return APR_SUCCESS;
}

/* Released with pool. */
static json_t *document(const PGresult *res, apr_pool_t *pool)
{
    json_t *doc = json_loads(kuji_pg_text(res, 0, COL_CONFIG), 0, NULL);

    apr_pool_cleanup_register(pool, doc, drop, apr_pool_cleanup_null);
    return doc;
}

/* -- reading --------------------------------------------------------------- */

static apr_status_t open_secrets(const work_t *w, kuji_conn_t *conn,
                                 const PGresult *res, apr_pool_t *pool)
{
    kuji_vault_t *vault;
    apr_status_t rv = kuji_vault_open(&vault, w->act, conn, pool);
    int i;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (i = 0; i < w->kind->nsecrets && rv == APR_SUCCESS; i++) {
        rv = kuji_vault_secret(&w->row->secrets[i], vault, purpose(w, i, pool),
                               res, 0, COL_SECRET + i, w->out, pool);
    }
    kuji_vault_close(vault);
    return rv;
}

static apr_status_t get(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    rv = kuji_pg_query(&res, conn, w->kind->get, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    w->row->version = (int)kuji_pg_int(res, 0, COL_VERSION);
    w->row->updated_at = kuji_pg_int(res, 0, COL_SECRET + w->kind->nsecrets);
    w->row->config = document(res, w->out);
    for (i = 0; i < w->kind->nsecrets; i++) {
        w->row->has[i] = !PQgetisnull(res, 0, COL_SECRET + i);
    }
    return w->with_secrets ? open_secrets(w, conn, res, pool) : APR_SUCCESS;
}

apr_status_t kuji_settings_read(kuji_settings_row_t *row,
                                const kuji_settings_kind_t *kind,
                                const kuji_act_t *act, int with_secrets,
                                apr_pool_t *pool)
{
    work_t w = {.kind = kind,
                .act = act,
                .row = row,
                .with_secrets = with_secrets,
                .out = pool};
    apr_pool_t *scratch;
    apr_status_t rv;

    memset(row, 0, sizeof(*row));
    apr_pool_create(&scratch, pool);
    rv = kuji_pg_transact(act->pg, act->tenant, get, &w, scratch);
    apr_pool_destroy(scratch);
    return rv;
}

/* -- saving ---------------------------------------------------------------- */

/* What is there of the row. */
typedef struct before_t {
    const PGresult *res; /* NULL: none yet */
    const json_t *config;
} before_t;

typedef struct blob_t {
    const unsigned char *bytes; /* NULL: none */
    apr_size_t len;
} blob_t;

/* The secret that is given, sealed, or the one that is there. */
static apr_status_t secret_of(blob_t *blob, int i, const work_t *w,
                              const kuji_vault_t *vault, const before_t *before,
                              apr_pool_t *pool)
{
    const kuji_settings_secret_t *given = &w->secrets[i];

    if (given->is_unused) {
        return APR_SUCCESS;
    }
    if (given->text && *given->text) {
        kuji_vault_seal(&blob->bytes, &blob->len, vault, purpose(w, i, pool),
                        given->text, strlen(given->text), pool);
        return APR_SUCCESS;
    }
    if (!before->res || PQgetisnull(before->res, 0, COL_SECRET + i) ||
        w->kind->is_elsewhere(before->config, w->config, pool)) {
        return KUJI_EINVAL;
    }
    return kuji_pg_bytes(&blob->bytes, &blob->len, before->res, 0,
                         COL_SECRET + i, pool);
}

static apr_status_t secrets_of(blob_t *blobs, const work_t *w,
                               kuji_conn_t *conn, const before_t *before,
                               apr_pool_t *pool)
{
    kuji_vault_t *vault;
    apr_status_t rv = kuji_vault_open(&vault, w->act, conn, pool);
    int i;

    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (i = 0; i < w->kind->nsecrets && rv == APR_SUCCESS; i++) {
        rv = secret_of(&blobs[i], i, w, vault, before, pool);
    }
    kuji_vault_close(vault);
    return rv;
}

static apr_status_t write_row(const work_t *w, const blob_t *blobs, int there,
                              kuji_conn_t *conn, apr_pool_t *pool)
{
    char *text = json_dumps(w->config, JSON_COMPACT);
    kuji_args_t args;
    PGresult *changed;
    apr_status_t rv;
    int i;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_json(&args, apr_pstrdup(pool, text ? text : "{}"));
    free(text);
    for (i = 0; i < w->kind->nsecrets; i++) {
        kuji_args_bytes(&args, blobs[i].bytes, blobs[i].len);
    }
    rv = kuji_pg_query(&changed, conn, there ? w->kind->change : w->kind->add,
                       &args, pool);
    /* Two first ones at once: the second adds nothing. */
    return rv == APR_SUCCESS && kuji_pg_changed(changed) != 1 ? KUJI_ECONFLICT
                                                              : rv;
}

static apr_status_t write_audit(const work_t *w, const before_t *before,
                                kuji_conn_t *conn, apr_pool_t *pool)
{
    json_t *was = before->config ? json_deep_copy(before->config) : json_null();
    json_t *detail = json_pack("{s:o, s:o}", "before", was, "after",
                               json_deep_copy(w->config));
    int i;

    for (i = 0; i < w->kind->nsecrets; i++) {
        const kuji_settings_secret_t *given = &w->secrets[i];
        int is_new = !given->is_unused && given->text && *given->text;

        json_object_set_new(detail, w->kind->secrets[i].name,
                            json_boolean(is_new));
    }
    return kuji_audit_add(w->act, conn, w->kind->action, w->kind->object,
                          detail, pool);
}

static apr_status_t replace(const work_t *w, const before_t *before,
                            kuji_conn_t *conn, apr_pool_t *pool)
{
    blob_t blobs[KUJI_SETTINGS_SECRETS] = {{NULL, 0}, {NULL, 0}};
    apr_status_t rv = APR_SUCCESS;

    if (before->res && w->kind->may) {
        rv = w->kind->may(before->config, w->config, w->act, conn, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = secrets_of(blobs, w, conn, before, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = write_row(w, blobs, before->res != NULL, conn, pool);
    }
    return rv == APR_SUCCESS ? write_audit(w, before, conn, pool) : rv;
}

static apr_status_t save(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const work_t *w = baton;
    before_t before = {NULL, NULL};
    int version = 0;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    rv = kuji_pg_query(&res, conn, w->kind->lock, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) == 1) {
        before.res = res;
        before.config = document(res, pool);
        version = (int)kuji_pg_int(res, 0, COL_VERSION);
    }
    return version == w->expected ? replace(w, &before, conn, pool)
                                  : KUJI_ECONFLICT;
}

apr_status_t
kuji_settings_save(const kuji_settings_kind_t *kind, const json_t *config,
                   const kuji_settings_secret_t secrets[KUJI_SETTINGS_SECRETS],
                   int expected, const kuji_act_t *act, apr_pool_t *pool)
{
    work_t w = {.kind = kind,
                .act = act,
                .config = config,
                .secrets = secrets,
                .expected = expected};

    return kuji_pg_transact(act->pg, act->tenant, save, &w, pool);
}
