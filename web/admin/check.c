/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/check.h"

#include "web/admin/known.h"
#include "web/gate.h"

#include <http_log.h>

APLOG_USE_MODULE(kuji);

apr_status_t kuji_console_check(kuji_check_t *check, kuji_web_t *web)
{
    kuji_act_t act = {.pg = web->process->pg, .tenant = web->tenant->id};
    apr_status_t rv;

    kuji_login_digest(&check->digests, web->tenant->lookup_key, check->name,
                      web->r->useragent_ip);
    rv = kuji_login_try(&check->wait_ms, &act, &check->digests, web->r->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (check->wait_ms > 0) {
        ap_log_rerror(APLOG_MARK, APLOG_NOTICE, 0, web->r,
                      "KJ0502: too many tries to log in");
        return KUJI_ENOTFOUND;
    }
    if ((rv = kuji_gate_enter(web->process->bcrypt)) != APR_SUCCESS) {
        return rv;
    }
    rv = kuji_admin_check(&check->admin, &act, check->name, check->password,
                          web->r->pool);
    kuji_gate_leave(web->process->bcrypt);
    if (rv == KUJI_ENOTFOUND) {
        /* The client's address is in the line's head; the name is not ours to
         * write down. */
        ap_log_rerror(APLOG_MARK, APLOG_NOTICE, 0, web->r,
                      "KJ0501: a log-in failed");
    }
    return rv;
}

apr_status_t kuji_console_check_again(kuji_check_t *check, kuji_web_t *web)
{
    kuji_act_t act = {.pg = web->process->pg, .tenant = web->tenant->id};
    const char *hash;
    apr_status_t rv =
        kuji_admin_hash(&check->admin, &hash, &act, check->name, web->r->pool);

    if (rv == APR_SUCCESS &&
        kuji_known_has(web->process->known, hash, check->password)) {
        return APR_SUCCESS;
    }
    if (rv != APR_SUCCESS && rv != KUJI_ENOTFOUND) {
        return rv;
    }
    rv = kuji_console_check(check, web);
    if (rv == APR_SUCCESS) {
        kuji_known_add(web->process->known, hash, check->password);
        rv = kuji_login_succeeded(&act, &check->digests, check->admin->id,
                                  web->r->pool);
    }
    return rv;
}
