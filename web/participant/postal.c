/* GET /k/{slug}/postal?code=1000001: the place of a postal code, for the form
 * that fills itself in. Public data: browsers and shared caches keep it, so
 * that a code is looked up once.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/postal.h"
#include "web/participant/page.h"
#include "web/request.h"
#include "web/session.h"
#include "web/throttle.h"
#include "web/tries.h"

/* Each look-up asks the database. Whoever fills a form in needs a few; the
 * network's number is for who comes without a cookie, or with many. */
static const kuji_throttle_rule_t person = {"postal", 30, 2000};
static const kuji_throttle_rule_t network = {"postal-network", 600, 100};

/* Charges one and returns 0, or the seconds until it may be. */
static int take(const kuji_web_t *web, const kuji_throttle_rule_t *rule,
                const char *who)
{
    const char *texts[] = {who, NULL};
    kuji_throttle_t *throttle = web->process->throttle;
    kuji_throttle_key_t key = kuji_throttle_key(throttle, rule, 0, texts);
    int64_t now = apr_time_as_msec(web->r->request_time);
    int64_t wait = kuji_throttle_wait(throttle, rule, key, now);

    if (wait == 0) {
        kuji_throttle_charge(throttle, rule, key, now);
    }
    return (int)((wait + 999) / 1000);
}

static int seconds_to_wait(const kuji_web_t *web)
{
    int wait = 0;

    if (!web->process->throttle) {
        return 0;
    }
    if (web->session && !web->session->is_new) {
        wait = take(web, &person, web->session->id);
    }
    return wait ? wait : take(web, &network, kuji_tries_network(web));
}

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
    if ((wait = seconds_to_wait(web)) > 0) {
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
