/* GET /i/{name} and /k/{slug}/theme.css: what organisers brought along. Images
 * are called by their content and stylesheets by their version, so neither
 * ever changes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/image.h"
#include "store/theme.h"
#include "web/participant/page.h"
#include "web/request.h"

#include <apr_strings.h>

int kuji_page_image(kuji_web_t *web)
{
    kuji_image_type_e type;
    const char *bytes;
    apr_size_t len;
    kuji_act_t act;
    apr_status_t rv;
    int done;

    kuji_page_act(&act, web);
    rv = kuji_image_get(&bytes, &len, &act, web->name, web->r->pool);
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "reading an image");
    }
    kuji_image_name_read(NULL, &type, web->name, strlen(web->name));
    web->policy = KUJI_POLICY_INERT;
    kuji_headers(web, 0);
    kuji_headers_caching(web, KUJI_CACHE_FOREVER);
    done = kuji_is_fresh(
        web, apr_pstrcat(web->r->pool, "\"", web->name, "\"", NULL), 0);
    return done ? done
                : kuji_send(web, HTTP_OK, kuji_image_mime(type),
                            KUJI_CACHE_FOREVER, bytes, len);
}

/* ?v= names a version; without it the one that is shown. */
int kuji_page_theme(kuji_web_t *web)
{
    int64_t shown = web->campaign->looks->version;
    int64_t version = kuji_query_int(web, "v", shown);
    kuji_caching_e caching =
        kuji_query_get(web, "v") ? KUJI_CACHE_FOREVER : KUJI_CACHE_SHORT;
    const char *sheet;
    kuji_act_t act;
    apr_status_t rv;
    int done;

    if (version < 1 || version > INT32_MAX) {
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    kuji_page_act(&act, web);
    rv = kuji_theme_sheet_get(&sheet, &act, web->campaign->id, (int)version,
                              web->r->pool);
    if (rv != APR_SUCCESS) {
        return kuji_failure(web, rv, "reading a stylesheet");
    }
    kuji_headers(web, 0);
    kuji_headers_caching(web, caching);
    done = kuji_is_fresh(
        web, apr_psprintf(web->r->pool, "\"theme-%d\"", (int)version), 0);
    return done ? done
                : kuji_send(web, HTTP_OK, "text/css; charset=utf-8", caching,
                            sheet, strlen(sheet));
}
