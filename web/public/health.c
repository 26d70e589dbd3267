/* GET /healthz: this process answers. GET /readyz: it could draw now.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/health.h"
#include "web/guard.h"
#include "web/public/public.h"
#include "web/response.h"

int kuji_public_healthz(kuji_web_t *web)
{
    return kuji_send(web, HTTP_OK, "text/plain", KUJI_CACHE_NO_STORE, "ok\n",
                     3);
}

/* Whether the key file opens this host's tenant. Hosts without one are asked
 * about the database alone. */
static apr_status_t check_key(const char **why, kuji_web_t *web)
{
    apr_status_t rv = APR_SUCCESS;

    if (web->site->tenant) {
        rv = kuji_cache_tenant(&web->tenant, web->process->cache,
                               web->site->tenant, web->r->pool);
    }
    *why = rv == KUJI_ENOTFOUND ? "the tenant does not exist"
           : rv == KUJI_ECRYPT  ? "the key file does not open the tenant's key"
           : rv                 ? "the database cannot be reached"
                                : NULL;
    return rv;
}

int kuji_public_readyz(kuji_web_t *web)
{
    const char *why;
    apr_status_t rv = kuji_health_check(&why, web->process->pg, web->r->pool);

    if (!rv) {
        rv = check_key(&why, web);
    }
    if (rv) {
        return kuji_problem(web, KUJI_PROBLEM_BUSY, why);
    }
    return kuji_send(web, HTTP_OK, "text/plain", KUJI_CACHE_NO_STORE, "ready\n",
                     6);
}
