/* GET /api/v1/openapi.json, compiled in from web/api/openapi.json.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/api/api.h"
#include "web/api/openapi.h"

int kuji_api_openapi(kuji_web_t *web)
{
    int done;

    kuji_headers_caching(web, KUJI_CACHE_LONG);
    if ((done = kuji_is_fresh(web, "\"" KUJI_VERSION "\"", 0))) {
        return done;
    }
    return kuji_send(web, HTTP_OK, "application/json", KUJI_CACHE_LONG,
                     kuji_openapi, strlen(kuji_openapi));
}
