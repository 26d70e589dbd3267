/* SPDX-License-Identifier: Apache-2.0 */
#include "store/line.h"

#include "store/audit.h"
#include "store/settings.h"

#include <string.h>

/* The two secrets, each sealed under a purpose of its own. */
enum { LOGIN, BOT };

/* A secret goes to the address it was entered for, and to no other that
 * somebody puts there later. */
static int is_elsewhere(const json_t *was, const json_t *now, apr_pool_t *pool)
{
    kuji_line_config_t a, b;

    kuji_line_config_read(&a, was, pool);
    kuji_line_config_read(&b, now, pool);
    return strcmp(a.api, b.api) != 0;
}

static const kuji_settings_kind_t kind = {
    .get = KUJI_Q_LINE_GET,
    .lock = KUJI_Q_LINE_LOCK,
    .add = KUJI_Q_LINE_ADD,
    .change = KUJI_Q_LINE_CHANGE,
    .action = "line.change",
    .object = "line",
    .nsecrets = 2,
    .secrets =
        {[LOGIN] = {"line:", "secret"}, [BOT] = {"line bot:", "bot_secret"}},
    .is_elsewhere = is_elsewhere};

apr_status_t kuji_line_settings(kuji_line_settings_t *settings,
                                const kuji_act_t *act, int with_secret,
                                apr_pool_t *pool)
{
    kuji_settings_row_t row;
    apr_status_t rv = kuji_settings_read(&row, &kind, act, with_secret, pool);

    memset(settings, 0, sizeof(*settings));
    kuji_line_config_read(&settings->config, row.config, pool);
    settings->config.secret = row.secrets[LOGIN];
    settings->config.bot_secret = row.secrets[BOT];
    settings->has_bot_secret = row.has[BOT];
    settings->version = row.version;
    settings->updated_at = row.updated_at;
    return rv;
}

apr_status_t kuji_line_save(const kuji_line_config_t *config, int expected,
                            const kuji_act_t *act, apr_pool_t *pool)
{
    const kuji_settings_secret_t secrets[KUJI_SETTINGS_SECRETS] = {
        [LOGIN] = {config->secret, 0},
        [BOT] = {config->bot_secret, !*config->bot}};
    json_t *doc = kuji_line_config_doc(config);
    apr_status_t rv =
        kuji_settings_save(&kind, doc, secrets, expected, act, pool);

    json_decref(doc);
    return rv;
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
