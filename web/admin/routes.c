/* The table of the console. Which roles a page is for stands here and nowhere
 * else; t/admin/matrix.t asks for every row as every role.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"

#define A "/admin"
#define ANY KUJI_ROUTE_ADMIN(KUJI_ROLE_ANY)
#define EDITORS KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR)
#define THEME A "/campaigns/{slug}/theme"

const kuji_route_t kuji_routes_admin[] = {
    {KUJI_GET, A, ANY, 0, kuji_console_home},
    {KUJI_GET, A "/login", 0, 0, kuji_console_login_page},
    {KUJI_POST, A "/login", 0, 0, kuji_console_login},
    {KUJI_POST, A "/logout", ANY, 0, kuji_console_logout},
    {KUJI_GET, THEME, EDITORS, 0, kuji_console_theme},
    {KUJI_POST, THEME, EDITORS, 0, kuji_console_theme_post},
    {KUJI_POST, THEME "/show", EDITORS, 0, kuji_console_theme_show},
    {KUJI_GET, THEME "/preview", EDITORS, 0, kuji_console_theme_preview},
    {KUJI_GET, THEME "/preview.css", EDITORS, 0, kuji_console_theme_sheet},
    {KUJI_GET, A "/images", EDITORS, 0, kuji_console_images},
    {KUJI_POST, A "/images", EDITORS, 0, kuji_console_image_add},
    {0, NULL, 0, 0, NULL},
};
