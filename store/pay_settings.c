/* SPDX-License-Identifier: Apache-2.0 */
#include "store/pay_settings.h"

#include "store/settings.h"

#include <string.h>

static int is_elsewhere(const json_t *was, const json_t *now, apr_pool_t *pool)
{
    kuji_pay_config_t a, b;

    kuji_pay_config_read(&a, was, pool);
    kuji_pay_config_read(&b, now, pool);
    return strcmp(a.base, b.base) != 0;
}

/* Whoever began a payment is the only one who can tell how it ended. */
static apr_status_t may(const json_t *was, const json_t *now,
                        const kuji_act_t *act, kuji_conn_t *conn,
                        apr_pool_t *pool)
{
    kuji_pay_config_t a, b;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_pay_config_read(&a, was, pool);
    kuji_pay_config_read(&b, now, pool);
    if (strcmp(a.provider, b.provider) == 0 && strcmp(a.base, b.base) == 0 &&
        strcmp(a.key, b.key) == 0 && strcmp(a.merchant, b.merchant) == 0) {
        return APR_SUCCESS;
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PAY_SETTINGS_OPEN, &args, pool);
    return rv == APR_SUCCESS && kuji_pg_int(res, 0, 0) > 0 ? KUJI_ESTATE : rv;
}

static const kuji_settings_kind_t kind = {.get = KUJI_Q_PAY_SETTINGS_GET,
                                          .lock = KUJI_Q_PAY_SETTINGS_LOCK,
                                          .add = KUJI_Q_PAY_SETTINGS_ADD,
                                          .change = KUJI_Q_PAY_SETTINGS_CHANGE,
                                          .action = "pay.settings",
                                          .object = "pay",
                                          .nsecrets = 1,
                                          .secrets = {{"pay:", "secret"}},
                                          .is_elsewhere = is_elsewhere,
                                          .may = may};

apr_status_t kuji_pay_settings(kuji_pay_settings_t *settings,
                               const kuji_act_t *act, int with_secret,
                               apr_pool_t *pool)
{
    kuji_settings_row_t row;
    apr_status_t rv = kuji_settings_read(&row, &kind, act, with_secret, pool);

    memset(settings, 0, sizeof(*settings));
    kuji_pay_config_read(&settings->config, row.config, pool);
    settings->config.secret = row.secrets[0];
    settings->version = row.version;
    settings->updated_at = row.updated_at;
    return rv;
}

apr_status_t kuji_pay_settings_save(const kuji_pay_config_t *config,
                                    int expected, const kuji_act_t *act,
                                    apr_pool_t *pool)
{
    const kuji_settings_secret_t secrets[KUJI_SETTINGS_SECRETS] = {
        {config->secret, 0}};
    json_t *doc = kuji_pay_config_doc(config);
    apr_status_t rv =
        kuji_settings_save(&kind, doc, secrets, expected, act, pool);

    json_decref(doc);
    return rv;
}
