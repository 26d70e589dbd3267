/* SPDX-License-Identifier: Apache-2.0 */
#include "store/line.h"

#include "store/audit.h"
#include "store/vault.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

typedef struct work_t {
    const kuji_act_t *act;
    kuji_line_settings_t *settings;
    int with_secret;
    const kuji_line_config_t *config; /* to be saved */
    int expected;
    apr_pool_t *out; /* outlives the transaction's */
} work_t;

/* The two secrets, each sealed under a purpose of its own; of a row their
 * columns. */
enum { LOGIN, BOT, SECRETS };
static const char *const purposes[SECRETS] = {"line:", "line bot:"};
static const int columns[SECRETS] = {2, 3};

static const char *purpose(int which, const kuji_act_t *act, apr_pool_t *pool)
{
    return apr_pstrcat(pool, purposes[which], act->tenant, NULL);
}

/* NULL where there is none. */
static apr_status_t open_secret(const char **out, int which, const work_t *w,
                                const kuji_vault_t *vault, const PGresult *res,
                                apr_pool_t *pool)
{
    return kuji_vault_secret(out, vault, purpose(which, w->act, pool), res, 0,
                             columns[which], w->out, pool);
}

static apr_status_t open_secrets(work_t *w, kuji_conn_t *conn,
                                 const PGresult *res, apr_pool_t *pool)
{
    kuji_line_config_t *config = &w->settings->config;
    kuji_vault_t *vault;
    apr_status_t rv = kuji_vault_open(&vault, w->act, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = open_secret(&config->secret, LOGIN, w, vault, res, pool);
    if (rv == APR_SUCCESS) {
        rv = open_secret(&config->bot_secret, BOT, w, vault, res, pool);
    }
    kuji_vault_close(vault);
    return rv;
}

static void read_config(kuji_line_config_t *config, const char *text,
                        apr_pool_t *pool)
{
    json_t *doc = json_loads(text, 0, NULL);

    kuji_line_config_read(config, doc, pool);
    json_decref(doc);
}

static apr_status_t get(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    rv = kuji_pg_query(&res, conn, KUJI_Q_LINE_GET, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    w->settings->version = (int)kuji_pg_int(res, 0, 0);
    w->settings->updated_at = kuji_pg_int(res, 0, 4);
    w->settings->has_bot_secret = !PQgetisnull(res, 0, columns[BOT]);
    read_config(&w->settings->config, kuji_pg_text(res, 0, 1), w->out);
    return w->with_secret ? open_secrets(w, conn, res, pool) : APR_SUCCESS;
}

apr_status_t kuji_line_settings(kuji_line_settings_t *settings,
                                const kuji_act_t *act, int with_secret,
                                apr_pool_t *pool)
{
    work_t w = {.act = act,
                .settings = settings,
                .with_secret = with_secret,
                .out = pool};
    apr_pool_t *scratch;
    apr_status_t rv;

    memset(settings, 0, sizeof(*settings));
    kuji_line_config_read(&settings->config, NULL, pool);
    apr_pool_create(&scratch, pool);
    rv = kuji_pg_transact(act->pg, act->tenant, get, &w, scratch);
    apr_pool_destroy(scratch);
    return rv;
}

typedef struct blob_t {
    const unsigned char *bytes; /* NULL: none */
    apr_size_t len;
} blob_t;

/* A secret goes to the address it was entered for, and to no other that
 * somebody puts there later. */
static int is_elsewhere(const work_t *w, const PGresult *before,
                        apr_pool_t *pool)
{
    kuji_line_config_t was;

    read_config(&was, kuji_pg_text(before, 0, 1), pool);
    return strcmp(was.api, w->config->api) != 0;
}

/* The secret that is given, sealed, or the one that is there. */
static apr_status_t secret_of(blob_t *blob, int which, const char *secret,
                              const work_t *w, const kuji_vault_t *vault,
                              const PGresult *before, apr_pool_t *pool)
{
    if (secret && *secret) {
        kuji_vault_seal(&blob->bytes, &blob->len, vault,
                        purpose(which, w->act, pool), secret, strlen(secret),
                        pool);
        return APR_SUCCESS;
    }
    if (!before || PQgetisnull(before, 0, columns[which]) ||
        is_elsewhere(w, before, pool)) {
        return KUJI_EINVAL;
    }
    return kuji_pg_bytes(&blob->bytes, &blob->len, before, 0, columns[which],
                         pool);
}

static apr_status_t secrets_of(blob_t blobs[SECRETS], const work_t *w,
                               kuji_conn_t *conn, const PGresult *before,
                               apr_pool_t *pool)
{
    kuji_vault_t *vault;
    apr_status_t rv = kuji_vault_open(&vault, w->act, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    rv = secret_of(&blobs[LOGIN], LOGIN, w->config->secret, w, vault, before,
                   pool);
    if (rv == APR_SUCCESS && *w->config->bot) {
        rv = secret_of(&blobs[BOT], BOT, w->config->bot_secret, w, vault,
                       before, pool);
    }
    kuji_vault_close(vault);
    return rv;
}

static int is_given(const char *secret)
{
    return secret && *secret;
}

static apr_status_t write_audit(const work_t *w, kuji_conn_t *conn,
                                const PGresult *before, apr_pool_t *pool)
{
    json_t *was =
        before ? json_loads(kuji_pg_text(before, 0, 1), 0, NULL) : json_null();

    return kuji_audit_add(
        w->act, conn, "line.change", "line",
        json_pack("{s:o, s:o, s:b, s:b}", "before", was, "after",
                  kuji_line_config_doc(w->config), "secret",
                  is_given(w->config->secret), "bot_secret",
                  *w->config->bot && is_given(w->config->bot_secret)),
        pool);
}

/* The row, added or changed. */
static apr_status_t write_row(const work_t *w, kuji_conn_t *conn, int there,
                              const blob_t blobs[SECRETS], apr_pool_t *pool)
{
    json_t *doc = kuji_line_config_doc(w->config);
    char *text = json_dumps(doc, JSON_COMPACT);
    kuji_args_t args;
    PGresult *changed;
    apr_status_t rv;
    int i;

    json_decref(doc);
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_json(&args, apr_pstrdup(pool, text ? text : "{}"));
    free(text);
    for (i = 0; i < SECRETS; i++) {
        kuji_args_bytes(&args, blobs[i].bytes, blobs[i].len);
    }
    rv = kuji_pg_query(&changed, conn,
                       there ? KUJI_Q_LINE_CHANGE : KUJI_Q_LINE_ADD, &args,
                       pool);
    /* Two first ones at once: the second adds nothing. */
    return rv == APR_SUCCESS && kuji_pg_changed(changed) != 1 ? KUJI_ECONFLICT
                                                              : rv;
}

static apr_status_t save(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    blob_t blobs[SECRETS] = {{NULL, 0}, {NULL, 0}};
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int there;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    rv = kuji_pg_query(&res, conn, KUJI_Q_LINE_LOCK, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    there = PQntuples(res) == 1;
    if (w->expected != (there ? (int)kuji_pg_int(res, 0, 0) : 0)) {
        return KUJI_ECONFLICT;
    }
    rv = secrets_of(blobs, w, conn, there ? res : NULL, pool);
    if (rv == APR_SUCCESS) {
        rv = write_row(w, conn, there, blobs, pool);
    }
    return rv == APR_SUCCESS ? write_audit(w, conn, there ? res : NULL, pool)
                             : rv;
}

apr_status_t kuji_line_save(const kuji_line_config_t *config, int expected,
                            const kuji_act_t *act, apr_pool_t *pool)
{
    work_t w = {.act = act, .config = config, .expected = expected};

    return kuji_pg_transact(act->pg, act->tenant, save, &w, pool);
}

typedef struct tested_t {
    const kuji_act_t *act;
    json_t *found;
} tested_t;

static apr_status_t add_tested(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    tested_t *t = baton;

    return kuji_audit_add(t->act, conn, "line.test", "line",
                          json_incref(t->found), pool);
}

apr_status_t kuji_line_tested(json_t *found, const kuji_act_t *act,
                              apr_pool_t *pool)
{
    tested_t t = {act, found};

    return kuji_pg_transact(act->pg, act->tenant, add_tested, &t, pool);
}
