/* The table of /api/v1.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/api/api.h"

#define C "/api/v1/campaigns"
#define ONE C "/{slug}"

const kuji_route_t kuji_routes_api[] = {
    /* The hot path first. */
    {KUJI_POST, ONE "/draws", KUJI_ROUTE_API | KUJI_ROUTE_CAMPAIGN,
     KUJI_SCOPE_DRAW, kuji_api_draws},
    {KUJI_GET, ONE "/draws/{n}", KUJI_ROUTE_API | KUJI_ROUTE_CAMPAIGN,
     KUJI_SCOPE_READ, kuji_api_draw},
    {KUJI_GET, C, KUJI_ROUTE_API, KUJI_SCOPE_READ, kuji_api_list},
    {KUJI_POST, C, KUJI_ROUTE_API, KUJI_SCOPE_WRITE, kuji_api_create},
    {KUJI_GET, ONE, KUJI_ROUTE_API, KUJI_SCOPE_READ, kuji_api_state},
    {KUJI_PATCH, ONE, KUJI_ROUTE_API, KUJI_SCOPE_WRITE, kuji_api_patch},
    {KUJI_POST, ONE "/publish", KUJI_ROUTE_API, KUJI_SCOPE_WRITE,
     kuji_api_publish},
    {KUJI_POST, ONE "/pause", KUJI_ROUTE_API, KUJI_SCOPE_WRITE, kuji_api_pause},
    {KUJI_POST, ONE "/resume", KUJI_ROUTE_API, KUJI_SCOPE_WRITE,
     kuji_api_resume},
    {KUJI_POST, ONE "/close", KUJI_ROUTE_API, KUJI_SCOPE_WRITE, kuji_api_close},
    {KUJI_POST, ONE "/stock", KUJI_ROUTE_API, KUJI_SCOPE_WRITE, kuji_api_stock},
    {KUJI_POST, ONE "/codes", KUJI_ROUTE_API, KUJI_SCOPE_WRITE, kuji_api_codes},
    {KUJI_POST, ONE "/links", KUJI_ROUTE_API, KUJI_SCOPE_DRAW, kuji_api_links},
    {KUJI_POST, ONE "/void", KUJI_ROUTE_API, KUJI_SCOPE_WRITE, kuji_api_void},
    {KUJI_POST, ONE "/raffle", KUJI_ROUTE_API, KUJI_SCOPE_WRITE,
     kuji_api_raffle},
    {KUJI_POST, ONE "/substitute", KUJI_ROUTE_API, KUJI_SCOPE_WRITE,
     kuji_api_substitute},
    {KUJI_GET, "/api/v1/openapi.json", KUJI_ROUTE_API, 0, kuji_api_openapi},
    {0, NULL, 0, 0, NULL},
};
