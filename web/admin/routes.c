/* The table of the console. Which roles a page is for stands here and nowhere
 * else; t/admin/matrix.t asks for every row as every role.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"

#define A "/admin"
#define ANY KUJI_ROUTE_ADMIN(KUJI_ROLE_ANY)
#define C A "/campaigns"
#define ONE C "/{slug}"
#define WRITE KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR)
#define READ                                                                   \
    KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR | KUJI_ROLE_VIEWER)

const kuji_route_t kuji_routes_admin[] = {
    {KUJI_GET, A, ANY, 0, kuji_console_home},
    {KUJI_GET, A "/login", 0, 0, kuji_console_login_page},
    {KUJI_POST, A "/login", 0, 0, kuji_console_login},
    {KUJI_POST, A "/logout", ANY, 0, kuji_console_logout},
    {KUJI_GET, C, READ, 0, kuji_console_campaigns},
    {KUJI_POST, C, WRITE, 0, kuji_console_new},
    /* No slug is a hyphen. */
    {KUJI_GET, C "/-/new", WRITE, 0, kuji_console_new_page},
    {KUJI_GET, ONE, READ, 0, kuji_console_overview},
    {KUJI_GET, ONE "/edit", WRITE, 0, kuji_console_edit_page},
    {KUJI_POST, ONE "/edit", WRITE, 0, kuji_console_edit},
    {KUJI_GET, ONE "/texts", WRITE, 0, kuji_console_texts_page},
    {KUJI_POST, ONE "/texts", WRITE, 0, kuji_console_texts},
    {KUJI_GET, ONE "/prizes", READ, 0, kuji_console_prizes},
    {KUJI_POST, ONE "/prizes", WRITE, 0, kuji_console_prize},
    {KUJI_GET, ONE "/new-prize", WRITE, 0, kuji_console_prize_page},
    {KUJI_GET, ONE "/prizes/{name}", WRITE, 0, kuji_console_prize_page},
    {KUJI_POST, ONE "/prizes/{name}", WRITE, 0, kuji_console_prize},
    {KUJI_POST, ONE "/prizes/{name}/move", WRITE, 0, kuji_console_prize_move},
    {KUJI_POST, ONE "/prizes/{name}/remove", WRITE, 0,
     kuji_console_prize_remove},
    {KUJI_POST, ONE "/stock", WRITE, 0, kuji_console_stock},
    {KUJI_GET, ONE "/forecast", READ, 0, kuji_console_forecast},
    {KUJI_GET, ONE "/preview", WRITE, 0, kuji_console_preview},
    {KUJI_GET, ONE "/publish", WRITE, 0, kuji_console_publish_page},
    {KUJI_POST, ONE "/publish", WRITE, 0, kuji_console_publish},
    {KUJI_POST, ONE "/pause", WRITE, 0, kuji_console_pause},
    {KUJI_POST, ONE "/resume", WRITE, 0, kuji_console_resume},
    {KUJI_GET, ONE "/close", WRITE, 0, kuji_console_close_page},
    {KUJI_POST, ONE "/close", WRITE, 0, kuji_console_close},
    {KUJI_POST, ONE "/archive", WRITE, 0, kuji_console_archive},
    {KUJI_GET, ONE "/duplicate", WRITE, 0, kuji_console_duplicate_page},
    {KUJI_POST, ONE "/duplicate", WRITE, 0, kuji_console_duplicate},
    {KUJI_GET, ONE "/codes", READ, 0, kuji_console_codes},
    {KUJI_POST, ONE "/codes/make", WRITE, 0, kuji_console_codes_make},
    {KUJI_POST, ONE "/codes/import", WRITE, 0, kuji_console_codes_import},
    {KUJI_POST, ONE "/codes/{n}/disable", WRITE, 0, kuji_console_codes_disable},
    {KUJI_POST, ONE "/codes/{n}/enable", WRITE, 0, kuji_console_codes_enable},
    {KUJI_GET, ONE "/raffle", WRITE, 0, kuji_console_raffle},
    {KUJI_POST, ONE "/raffle/run", WRITE, 0, kuji_console_raffle_run},
    {KUJI_POST, ONE "/raffle/void", WRITE, 0, kuji_console_raffle_void},
    {KUJI_POST, ONE "/raffle/substitute", WRITE, 0, kuji_console_substitute},
    {0, NULL, 0, 0, NULL},
};
