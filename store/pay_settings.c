/* SPDX-License-Identifier: Apache-2.0 */
#include "store/pay_settings.h"

#include "store/audit.h"
#include "store/vault.h"

#include <apr_strings.h>
#include <stdlib.h>
#include <string.h>

typedef struct work_t {
    const kuji_act_t *act;
    kuji_pay_settings_t *settings;
    int with_secret;
    const kuji_pay_config_t *config; /* to be saved */
    int expected;
    apr_pool_t *out; /* outlives the transaction's */
} work_t;

static const char *purpose(const kuji_act_t *act, apr_pool_t *pool)
{
    return apr_pstrcat(pool, "pay:", act->tenant, NULL);
}

static apr_status_t open_secret(work_t *w, kuji_conn_t *conn,
                                const PGresult *res, apr_pool_t *pool)
{
    kuji_vault_t *vault;
    apr_status_t rv = kuji_vault_open(&vault, w->act, conn, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_vault_secret(&w->settings->config.secret, vault,
                               purpose(w->act, pool), res, 0, 2, w->out, pool);
        kuji_vault_close(vault);
    }
    return rv;
}

static void read_config(kuji_pay_config_t *config, const char *text,
                        apr_pool_t *pool)
{
    json_t *doc = json_loads(text, 0, NULL);

    kuji_pay_config_read(config, doc, pool);
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
    rv = kuji_pg_query(&res, conn, KUJI_Q_PAY_SETTINGS_GET, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    w->settings->version = (int)kuji_pg_int(res, 0, 0);
    w->settings->updated_at = kuji_pg_int(res, 0, 3);
    read_config(&w->settings->config, kuji_pg_text(res, 0, 1), w->out);
    return w->with_secret ? open_secret(w, conn, res, pool) : APR_SUCCESS;
}

apr_status_t kuji_pay_settings(kuji_pay_settings_t *settings,
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
    kuji_pay_config_read(&settings->config, NULL, pool);
    apr_pool_create(&scratch, pool);
    rv = kuji_pg_transact(act->pg, act->tenant, get, &w, scratch);
    apr_pool_destroy(scratch);
    return rv;
}

/* -- saving ---------------------------------------------------------------- */

/* The secret that is given, sealed, or the one that is there. */
static apr_status_t secret_of(const unsigned char **blob, apr_size_t *len,
                              const work_t *w, kuji_conn_t *conn,
                              const PGresult *before, apr_pool_t *pool)
{
    const char *secret = w->config->secret;
    kuji_vault_t *vault;
    apr_status_t rv;

    if (!secret || !*secret) {
        return before ? kuji_pg_bytes(blob, len, before, 0, 2, pool)
                      : KUJI_EINVAL;
    }
    rv = kuji_vault_open(&vault, w->act, conn, pool);
    if (rv == APR_SUCCESS) {
        kuji_vault_seal(blob, len, vault, purpose(w->act, pool), secret,
                        strlen(secret), pool);
        kuji_vault_close(vault);
    }
    return rv;
}

static int same_account(const kuji_pay_config_t *a, const kuji_pay_config_t *b)
{
    return strcmp(a->provider, b->provider) == 0 &&
           strcmp(a->base, b->base) == 0 && strcmp(a->key, b->key) == 0 &&
           strcmp(a->merchant, b->merchant) == 0;
}

/* Whoever began a payment is the only one who can tell how it ended. */
static apr_status_t may_change(const work_t *w, kuji_conn_t *conn,
                               const PGresult *before, apr_pool_t *pool)
{
    kuji_pay_config_t old;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    read_config(&old, kuji_pg_text(before, 0, 1), pool);
    if (same_account(&old, w->config)) {
        return APR_SUCCESS;
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PAY_SETTINGS_OPEN, &args, pool);
    return rv == APR_SUCCESS && kuji_pg_int(res, 0, 0) > 0 ? KUJI_ESTATE : rv;
}

static apr_status_t write_audit(const work_t *w, kuji_conn_t *conn,
                                const PGresult *before, apr_pool_t *pool)
{
    const char *secret = w->config->secret;
    json_t *was =
        before ? json_loads(kuji_pg_text(before, 0, 1), 0, NULL) : json_null();

    return kuji_audit_add(w->act, conn, "pay.settings", "pay",
                          json_pack("{s:o, s:o, s:b}", "before", was, "after",
                                    kuji_pay_config_doc(w->config), "secret",
                                    secret && *secret),
                          pool);
}

static apr_status_t write_row(const work_t *w, kuji_conn_t *conn, int there,
                              const unsigned char *blob, apr_size_t len,
                              apr_pool_t *pool)
{
    json_t *doc = kuji_pay_config_doc(w->config);
    char *text = json_dumps(doc, JSON_COMPACT);
    kuji_args_t args;
    PGresult *changed;
    apr_status_t rv;

    json_decref(doc);
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_json(&args, apr_pstrdup(pool, text ? text : "{}"));
    free(text);
    kuji_args_bytes(&args, blob, len);
    rv = kuji_pg_query(&changed, conn,
                       there ? KUJI_Q_PAY_SETTINGS_CHANGE
                             : KUJI_Q_PAY_SETTINGS_ADD,
                       &args, pool);
    /* Two first ones at once: the second adds nothing. */
    return rv == APR_SUCCESS && kuji_pg_changed(changed) != 1 ? KUJI_ECONFLICT
                                                              : rv;
}

static apr_status_t replace(work_t *w, kuji_conn_t *conn,
                            const PGresult *before, apr_pool_t *pool)
{
    const unsigned char *blob;
    apr_size_t len;
    apr_status_t rv = before ? may_change(w, conn, before, pool) : APR_SUCCESS;

    if (rv == APR_SUCCESS) {
        rv = secret_of(&blob, &len, w, conn, before, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = write_row(w, conn, before != NULL, blob, len, pool);
    }
    return rv == APR_SUCCESS ? write_audit(w, conn, before, pool) : rv;
}

static apr_status_t save(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int there;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, w->act->tenant);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PAY_SETTINGS_LOCK, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    there = PQntuples(res) == 1;
    if (w->expected != (there ? (int)kuji_pg_int(res, 0, 0) : 0)) {
        return KUJI_ECONFLICT;
    }
    return replace(w, conn, there ? res : NULL, pool);
}

apr_status_t kuji_pay_settings_save(const kuji_pay_config_t *config,
                                    int expected, const kuji_act_t *act,
                                    apr_pool_t *pool)
{
    work_t w = {.act = act, .config = config, .expected = expected};

    return kuji_pg_transact(act->pg, act->tenant, save, &w, pool);
}
