/* The table of the console. Which roles a page is for stands here and nowhere
 * else; t/admin/matrix.t asks for every row as every role.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"

#define A "/admin"
#define C A "/campaigns/{slug}"
#define ANY KUJI_ROUTE_ADMIN(KUJI_ROLE_ANY)
#define OWNER KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER)
#define EDITORS KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR)
#define EXPORT C "/exports/"

const kuji_route_t kuji_routes_admin[] = {
    {KUJI_GET, A, ANY, 0, kuji_console_home},
    {KUJI_GET, A "/login", 0, 0, kuji_console_login_page},
    {KUJI_POST, A "/login", 0, 0, kuji_console_login},
    {KUJI_POST, A "/logout", ANY, 0, kuji_console_logout},
    /* Winners go by their numbers there; only claims say who they are. */
    {KUJI_GET, C "/exports", EDITORS, 0, kuji_console_exports},
    {KUJI_GET, EXPORT "draws.csv", EDITORS, 0, kuji_console_export},
    {KUJI_GET, EXPORT "draws.jsonl", EDITORS, 0, kuji_console_export},
    {KUJI_GET, EXPORT "winners.csv", EDITORS, 0, kuji_console_export},
    {KUJI_GET, EXPORT "winners.jsonl", EDITORS, 0, kuji_console_export},
    {KUJI_GET, EXPORT "claims.csv", OWNER, 0, kuji_console_export},
    {KUJI_GET, EXPORT "claims.jsonl", OWNER, 0, kuji_console_export},
    {KUJI_GET, EXPORT "codes.csv", EDITORS, 0, kuji_console_export},
    {KUJI_GET, EXPORT "codes.jsonl", EDITORS, 0, kuji_console_export},
    {KUJI_GET, A "/exports", EDITORS, 0, kuji_console_downloads},
    {KUJI_GET, A "/audit", OWNER, 0, kuji_console_audit},
    {KUJI_GET, A "/audit.csv", OWNER, 0, kuji_console_export},
    {KUJI_GET, A "/audit.jsonl", OWNER, 0, kuji_console_export},
    {0, NULL, 0, 0, NULL},
};
