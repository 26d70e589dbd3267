/* GET /k/{slug}/postal?code=1000001: the place of a postal code, for the form
 * that fills itself in. Public data: browsers and shared caches keep it, so
 * that a code is looked up once.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/postal.h"
#include "web/participant/page.h"
#include "web/request.h"
#include "web/tries.h"

/* Each look-up asks the database. Whoever fills a form in needs a few; the
 * network's number is for who comes without a cookie, or with many. */
static const kuji_throttle_rule_t person = {"postal", 30, 2000};
static const kuji_throttle_rule_t network = {"postal-network", 600, 100};

int kuji_page_postal(kuji_web_t *web)
{
    const char *text = kuji_query_get(web, "code");
    char code[KUJI_POSTAL_LEN + 1];
    kuji_postal_found_t found;
    apr_status_t rv;
    int wait;

    if (!text || !kuji_postal_code(code, text)) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                            "code is a postal code of seven digits");
    }
    if ((wait = kuji_tries_take(web, &person, &network)) > 0) {
        return kuji_tries_refuse(web, wait);
    }
    rv = kuji_postal_find(&found, web->process->pg, code, web->r->pool);
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "looking a place up");
    }
    return kuji_send_json(web, HTTP_OK, KUJI_CACHE_LONG,
                          json_pack("{s:s, s:b, s:s, s:s, s:s}", "code", code,
                                    "found", found.found > 0, "prefecture",
                                    found.prefecture, "city", found.city,
                                    "street", found.town));
}
