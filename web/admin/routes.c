/* The table of the console. Which roles a page is for stands here and nowhere
 * else; t/admin/matrix.t asks for every row as every role.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"

#define A "/admin"
#define ANY KUJI_ROUTE_ADMIN(KUJI_ROLE_ANY)
#define OWNER KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER)
#define ONE A "/accounts/{id}"

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
    {0, NULL, 0, 0, NULL},
};
