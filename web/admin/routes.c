/* The table of the console. Which roles a page is for stands here and nowhere
 * else; t/admin/matrix.t asks for every row as every role.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"

#define A "/admin"
#define C A "/campaigns/{slug}"
#define ANY KUJI_ROUTE_ADMIN(KUJI_ROLE_ANY)
#define OWNER KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER)
#define ONE A "/accounts/{id}"
#define EDITORS KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR)
#define EXPORT C "/exports/"

const kuji_route_t kuji_routes_admin[] = {
    {KUJI_GET, A, ANY, 0, kuji_console_home},
    {KUJI_GET, A "/login", 0, 0, kuji_console_login_page},
    {KUJI_POST, A "/login", 0, 0, kuji_console_login},
    {KUJI_GET, A "/invitation", 0, 0, kuji_console_invitation},
    {KUJI_POST, A "/invitation", 0, 0, kuji_console_accept},
    {KUJI_POST, A "/logout", ANY, 0, kuji_console_logout},
    {KUJI_GET, A "/account", ANY, 0, kuji_console_account},
    {KUJI_POST, A "/account/password", ANY, 0, kuji_console_account_password},
    {KUJI_GET, A "/accounts", OWNER, 0, kuji_console_accounts},
    {KUJI_POST, A "/accounts", OWNER, 0, kuji_console_invite},
    {KUJI_GET, ONE, OWNER, 0, kuji_console_account_one},
    {KUJI_POST, ONE "/role", OWNER, 0, kuji_console_account_role},
    {KUJI_POST, ONE "/disable", OWNER, 0, kuji_console_account_disable},
    {KUJI_POST, ONE "/enable", OWNER, 0, kuji_console_account_enable},
    {KUJI_POST, ONE "/remove", OWNER, 0, kuji_console_account_remove},
    {KUJI_POST, ONE "/invite", OWNER, 0, kuji_console_account_invite},
    {KUJI_POST, A "/invitations/{id}/revoke", OWNER, 0, kuji_console_uninvite},
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
