/* SPDX-License-Identifier: Apache-2.0 */
#include "job/sweep.h"

#include "store/claim.h"
#include "store/gift.h"
#include "store/line_hook.h"
#include "store/outbox.h"
#include "store/retention.h"
#include "store/tenant.h"

#include <apr_strings.h>

/** Levels of kuji_pg_log_fn. */
enum { LOG_ERROR = 3, LOG_NOTED = 5 };

static void tell(const kuji_jobs_config_t *config, int level, apr_status_t rv,
                 const char *message)
{
    if (config->log) {
        config->log(config->log_baton, level, rv, message);
    }
}

static apr_status_t sweep_tenant(const kuji_jobs_config_t *config,
                                 const char *tenant, const int *stop,
                                 apr_pool_t *pool)
{
    kuji_act_t act = {.pg = config->pg,
                      .keys = config->keys,
                      .tenant = tenant,
                      .actor = "job"};
    kuji_retention_t erased = {0};
    int64_t expired, served;
    apr_status_t rv = kuji_claim_expire(&expired, &act, stop, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_outbox_remind(&act, stop, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_line_hook_sweep(&act, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_gift_serve(&served, &act, stop, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_retention_run(&erased, &act, stop, pool);
    }
    if (erased.campaigns || erased.draws || erased.claims) {
        tell(config, LOG_NOTED, APR_SUCCESS,
             apr_psprintf(pool,
                          "tenant %s: personal data of %" APR_INT64_T_FMT
                          " draws and %" APR_INT64_T_FMT
                          " claims erased, its time was over",
                          tenant, (apr_int64_t)erased.draws,
                          (apr_int64_t)erased.claims));
    }
    return rv;
}

int kuji_sweep(const kuji_jobs_config_t *config, const int *stop,
               apr_pool_t *pool)
{
    const kuji_tenant_row_t *tenants;
    int count = 0, failed = 0, i;
    apr_pool_t *one;
    apr_status_t rv = kuji_tenant_list(&tenants, &count, config->pg, pool);

    if (rv == APR_SUCCESS) {
        rv = apr_pool_create(&one, pool);
    }
    if (rv != APR_SUCCESS) {
        tell(config, LOG_ERROR, rv, "the tenants cannot be listed");
        return 1;
    }
    for (i = 0; i < count && !__atomic_load_n(stop, __ATOMIC_ACQUIRE); i++) {
        rv = sweep_tenant(config, tenants[i].id, stop, one);
        apr_pool_clear(one);
        if (rv != APR_SUCCESS && rv != KUJI_EBUSY) {
            failed++;
            tell(config, LOG_ERROR, rv,
                 apr_psprintf(pool, "tenant %s was not swept", tenants[i].id));
        }
    }
    return failed;
}
