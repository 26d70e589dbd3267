/* The job's thread: tenant by tenant, a handful of payments that are due is
 * taken, and each looked at.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "job/payment.h"

#include "job/worker.h"

#include <apr_strings.h>

#define INTERVAL apr_time_from_sec(1)
/** Payments that are taken at once. Each call ends within a minute or so; what
 * is taken and not done by then is taken by another process. */
#define TAKE 4
#define LEASE_MS KUJI_PAYMENT_LEASE_MS

/** Levels of kuji_pg_log_fn. */
enum { LOG_ERROR = 3, LOG_WARNING = 4 };

struct kuji_payments_t {
    kuji_payments_config_t config;
    kuji_worker_t worker;
};

static int stopping(const kuji_payments_t *p)
{
    return kuji_worker_stopping(&p->worker);
}

/* Worth a line: what an owner has to see to. */
static void tell(const kuji_payments_t *p, const kuji_payment_row_t *row,
                 apr_status_t rv, const char *order_id, const char *why,
                 apr_pool_t *pool)
{
    if (!p->config.log || stopping(p)) {
        return;
    }
    if (rv != APR_SUCCESS && rv != KUJI_EBUSY) {
        p->config.log(p->config.log_baton, LOG_ERROR, rv,
                      apr_psprintf(pool, "payment %s was not looked at: %s",
                                   order_id, why ? why : "no answer kept"));
    }
    else if (rv == APR_SUCCESS && row->facts.mismatch &&
             row->facts.refunded < row->facts.captured) {
        p->config.log(
            p->config.log_baton, LOG_WARNING, APR_SUCCESS,
            apr_psprintf(pool,
                         "payment %s: another amount was taken than "
                         "was asked for%s",
                         order_id,
                         row->has_entry ? "" : "; it gives no right"));
    }
}

/* 0: there is no use in going on with this tenant. */
static int look_after(kuji_payments_t *p, const kuji_act_t *act,
                      apr_pool_t *pool)
{
    const kuji_payer_t payer = {p->config.http, act};
    const kuji_payment_row_t *row = NULL;
    const char *const *orders, *why = NULL;
    int n = 0, i;
    apr_status_t rv;

    if (kuji_payment_take(&orders, &n, act, TAKE, LEASE_MS, pool)) {
        return 0;
    }
    for (i = 0; i < n && !stopping(p); i++) {
        rv = kuji_payer_check(&row, &why, &payer, orders[i], pool);
        tell(p, row, rv, orders[i], why, pool);
    }
    return n == TAKE;
}

static apr_interval_time_t round_of(void *baton, apr_pool_t *pool)
{
    kuji_payments_t *p = baton;
    const char *const *tenants;
    apr_pool_t *one;
    int n = 0, i, turns;

    if (apr_pool_create(&one, pool) != APR_SUCCESS ||
        kuji_payment_tenants(&tenants, &n, p->config.pg, pool)) {
        return p->config.interval;
    }
    for (i = 0; i < n && !stopping(p); i++) {
        kuji_act_t act = {.pg = p->config.pg,
                          .keys = p->config.keys,
                          .tenant = tenants[i],
                          .actor = "job"};

        for (turns = 0; turns < 5 && look_after(p, &act, one); turns++) {
            apr_pool_clear(one);
        }
        apr_pool_clear(one);
    }
    return p->config.interval;
}

apr_status_t kuji_payments_start(kuji_payments_t **out,
                                 const kuji_payments_config_t *config,
                                 apr_pool_t *pool)
{
    kuji_payments_t *p = apr_pcalloc(pool, sizeof(*p));
    apr_status_t rv;

    p->config = *config;
    if (p->config.interval <= 0) {
        p->config.interval = INTERVAL;
    }
    p->worker.round = round_of;
    p->worker.baton = p;
    rv = kuji_worker_start(&p->worker, pool);
    *out = rv == APR_SUCCESS ? p : NULL;
    return rv;
}
