/* POST …/links: a link for one participant. Its token is told once, here.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/link.h"
#include "web/api/api.h"
#include "web/request.h"

#include <apr_strings.h>

static const char *url_of(kuji_web_t *web, const char *token)
{
    return apr_pstrcat(web->r->pool,
                       kuji_is_https(web->r) ? "https://" : "http://",
                       web->tenant->host, web->prefix, "/k/", web->slug,
                       "?token=", token, NULL);
}

int kuji_api_links(kuji_web_t *web)
{
    char token[KUJI_LINK_TOKEN_LEN + 1];
    json_int_t draws = 1, expires_at = 0;
    kuji_link_new_t link = {.data = NULL};
    const char *why = NULL;
    kuji_act_t act;
    int64_t until;
    apr_status_t rv;
    int done = kuji_api_unpack(web, "{s:s, s?I, s?I, s?o}", "participant",
                               &link.participant, "draws", &draws, "expires_at",
                               &expires_at, "data", &link.data);

    if (done != DECLINED) {
        return done;
    }
    link.draws = draws >= 1 && draws <= KUJI_LINK_DRAWS_MAX ? (int)draws : 0;
    link.expires_at = expires_at;
    kuji_api_act(&act, web);
    rv = kuji_link_issue(token, &until, &why, &act, web->slug, &link,
                         web->r->pool);
    if (rv) {
        return kuji_api_failure(web, rv, why, "making a link");
    }
    return kuji_send_json(
        web, HTTP_CREATED, KUJI_CACHE_NO_STORE,
        json_pack("{s:s, s:s, s:s, s:I, s:I}", "campaign", web->slug, "url",
                  url_of(web, token), "participant", link.participant, "draws",
                  (json_int_t)link.draws, "expires_at", (json_int_t)until));
}
