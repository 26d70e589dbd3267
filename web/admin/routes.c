/* The table of the console. Which roles a page is for stands here and nowhere
 * else; t/admin/matrix.t asks for every row as every role.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"

#define A "/admin"
#define ANY KUJI_ROUTE_ADMIN(KUJI_ROLE_ANY)
#define OWNER KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER)
#define ONE A "/accounts/{id}"
#define SEERS                                                                  \
    KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR | KUJI_ROLE_VIEWER)
#define DESK KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR)
#define SHOP KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_STAFF)
#define C A "/campaigns/{slug}"
#define DRAW C "/draws/{n}"
#define PERSON A "/people/{slug}/{n}"
#define EDITORS KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR)
#define THEME A "/campaigns/{slug}/theme"

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
    {KUJI_GET, A "/campaigns/{slug}/figures", SEERS, 0, kuji_console_figures},
    {KUJI_GET, C "/winners", DESK, 0, kuji_console_winners},
    {KUJI_POST, C "/winners", DESK, 0, kuji_console_winners_search},
    {KUJI_GET, DRAW, DESK, 0, kuji_console_draw},
    {KUJI_POST, DRAW "/void", DESK, 0, kuji_console_draw_void},
    {KUJI_POST, DRAW "/substitute", DESK, 0, kuji_console_draw_substitute},
    {KUJI_POST, DRAW "/step", OWNER, 0, kuji_console_draw_step},
    {KUJI_POST, DRAW "/gift", OWNER, 0, kuji_console_draw_gift},
    {KUJI_GET, C "/claims", SHOP, 0, kuji_console_claims},
    {KUJI_POST, C "/claims", SHOP, 0, kuji_console_claims_hand},
    {KUJI_POST, C "/claims/shipped", OWNER, 0, kuji_console_claims_ship},
    {KUJI_GET, C "/gifts", DESK, 0, kuji_console_gifts},
    {KUJI_POST, C "/gifts/{name}", DESK, 0, kuji_console_gifts_import},
    {KUJI_POST, C "/gifts/{name}/threshold", DESK, 0, kuji_console_gifts_warn},
    {KUJI_GET, A "/people", OWNER, 0, kuji_console_people},
    {KUJI_POST, A "/people", OWNER, 0, kuji_console_people_search},
    {KUJI_GET, PERSON, OWNER, 0, kuji_console_person},
    {KUJI_POST, PERSON, OWNER, 0, kuji_console_person_correct},
    {KUJI_POST, PERSON "/erase", OWNER, 0, kuji_console_person_erase},
    {KUJI_GET, THEME, EDITORS, 0, kuji_console_theme},
    {KUJI_POST, THEME, EDITORS, 0, kuji_console_theme_post},
    {KUJI_POST, THEME "/show", EDITORS, 0, kuji_console_theme_show},
    {KUJI_GET, THEME "/preview", EDITORS, 0, kuji_console_theme_preview},
    {KUJI_GET, THEME "/preview.css", EDITORS, 0, kuji_console_theme_sheet},
    {KUJI_GET, A "/images", EDITORS, 0, kuji_console_images},
    {KUJI_POST, A "/images", EDITORS, 0, kuji_console_image_add},
    {0, NULL, 0, 0, NULL},
};
