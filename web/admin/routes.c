/* The table of the console. Which roles a page is for stands here and nowhere
 * else; t/admin/matrix.t asks for every row as every role.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"

#define A "/admin"
#define C A "/campaigns/{slug}"
#define ANY KUJI_ROUTE_ADMIN(KUJI_ROLE_ANY)
#define CAMPAIGNS A "/campaigns"
#define CAMPAIGN CAMPAIGNS "/{slug}"
#define WRITE KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR)
#define READ                                                                   \
    KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR | KUJI_ROLE_VIEWER)
#define OWNER KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER)
#define ONE A "/accounts/{id}"
#define SEERS                                                                  \
    KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR | KUJI_ROLE_VIEWER)
#define DESK KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR)
#define SHOP KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_STAFF)
#define C A "/campaigns/{slug}"
#define DRAW C "/draws/{n}"
#define PERSON A "/people/{slug}/{n}"
#define VISITOR A "/people/{slug}/gate/{id}"
#define EDITORS KUJI_ROUTE_ADMIN(KUJI_ROLE_OWNER | KUJI_ROLE_EDITOR)
#define THEME A "/campaigns/{slug}/theme"
#define EXPORT C "/exports/"
#define PAYMENT A "/payments/{name}"

const kuji_route_t kuji_routes_admin[] = {
    {KUJI_GET, A, ANY, 0, kuji_console_home},
    {KUJI_GET, A "/login", 0, 0, kuji_console_login_page},
    {KUJI_POST, A "/login", 0, 0, kuji_console_login},
    {KUJI_GET, A "/invitation", 0, 0, kuji_console_invitation},
    {KUJI_POST, A "/invitation", 0, 0, kuji_console_accept},
    {KUJI_POST, A "/logout", ANY, 0, kuji_console_logout},
    {KUJI_GET, CAMPAIGNS, READ, 0, kuji_console_campaigns},
    {KUJI_POST, CAMPAIGNS, WRITE, 0, kuji_console_new},
    /* No slug is a hyphen. */
    {KUJI_GET, CAMPAIGNS "/-/new", WRITE, 0, kuji_console_new_page},
    {KUJI_GET, CAMPAIGN, READ, 0, kuji_console_overview},
    {KUJI_GET, CAMPAIGN "/qr.svg", READ, 0, kuji_console_qr},
    {KUJI_GET, CAMPAIGN "/edit", WRITE, 0, kuji_console_edit_page},
    {KUJI_POST, CAMPAIGN "/edit", WRITE, 0, kuji_console_edit},
    {KUJI_GET, CAMPAIGN "/texts", WRITE, 0, kuji_console_texts_page},
    {KUJI_POST, CAMPAIGN "/texts", WRITE, 0, kuji_console_texts},
    {KUJI_GET, CAMPAIGN "/prizes", READ, 0, kuji_console_prizes},
    {KUJI_POST, CAMPAIGN "/prizes", WRITE, 0, kuji_console_prize},
    {KUJI_GET, CAMPAIGN "/new-prize", WRITE, 0, kuji_console_prize_page},
    {KUJI_GET, CAMPAIGN "/prizes/{name}", WRITE, 0, kuji_console_prize_page},
    {KUJI_POST, CAMPAIGN "/prizes/{name}", WRITE, 0, kuji_console_prize},
    {KUJI_POST, CAMPAIGN "/prizes/{name}/move", WRITE, 0,
     kuji_console_prize_move},
    {KUJI_POST, CAMPAIGN "/prizes/{name}/remove", WRITE, 0,
     kuji_console_prize_remove},
    {KUJI_POST, CAMPAIGN "/stock", WRITE, 0, kuji_console_stock},
    {KUJI_GET, CAMPAIGN "/forecast", READ, 0, kuji_console_forecast},
    {KUJI_GET, CAMPAIGN "/preview", WRITE, 0, kuji_console_preview},
    {KUJI_GET, CAMPAIGN "/publish", WRITE, 0, kuji_console_publish_page},
    {KUJI_POST, CAMPAIGN "/publish", WRITE, 0, kuji_console_publish},
    {KUJI_POST, CAMPAIGN "/undo", WRITE, 0, kuji_console_undo},
    {KUJI_POST, CAMPAIGN "/pause", WRITE, 0, kuji_console_pause},
    {KUJI_POST, CAMPAIGN "/resume", WRITE, 0, kuji_console_resume},
    {KUJI_GET, CAMPAIGN "/close", WRITE, 0, kuji_console_close_page},
    {KUJI_POST, CAMPAIGN "/close", WRITE, 0, kuji_console_close},
    {KUJI_POST, CAMPAIGN "/archive", WRITE, 0, kuji_console_archive},
    {KUJI_GET, CAMPAIGN "/duplicate", WRITE, 0, kuji_console_duplicate_page},
    {KUJI_POST, CAMPAIGN "/duplicate", WRITE, 0, kuji_console_duplicate},
    {KUJI_GET, CAMPAIGN "/codes", READ, 0, kuji_console_codes},
    {KUJI_POST, CAMPAIGN "/codes/make", WRITE, 0, kuji_console_codes_make},
    {KUJI_POST, CAMPAIGN "/codes/import", WRITE, 0, kuji_console_codes_import},
    {KUJI_POST, CAMPAIGN "/codes/{n}/disable", WRITE, 0,
     kuji_console_codes_disable},
    {KUJI_POST, CAMPAIGN "/codes/{n}/enable", WRITE, 0,
     kuji_console_codes_enable},
    {KUJI_GET, CAMPAIGN "/passphrases", WRITE, 0,
     kuji_console_passphrases_page},
    {KUJI_POST, CAMPAIGN "/passphrases", WRITE, 0, kuji_console_passphrases},
    {KUJI_GET, CAMPAIGN "/raffle", WRITE, 0, kuji_console_raffle},
    {KUJI_POST, CAMPAIGN "/raffle/run", WRITE, 0, kuji_console_raffle_run},
    {KUJI_POST, CAMPAIGN "/raffle/void", WRITE, 0, kuji_console_raffle_void},
    {KUJI_POST, CAMPAIGN "/raffle/substitute", WRITE, 0,
     kuji_console_substitute},
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
    {KUJI_POST, DRAW "/back", OWNER, 0, kuji_console_draw_back},
    {KUJI_GET, C "/claims", SHOP, 0, kuji_console_claims},
    {KUJI_POST, C "/claims", SHOP, 0, kuji_console_claims_hand},
    {KUJI_POST, C "/claims/back", SHOP, 0, kuji_console_claims_back},
    {KUJI_POST, C "/claims/shipped", OWNER, 0, kuji_console_claims_ship},
    {KUJI_POST, C "/claims/returned", OWNER, 0, kuji_console_claims_return},
    {KUJI_GET, C "/claim-form", DESK, 0, kuji_console_claim_form_page},
    {KUJI_POST, C "/claim-form", DESK, 0, kuji_console_claim_form},
    {KUJI_GET, C "/shops", DESK, 0, kuji_console_shops},
    {KUJI_POST, C "/shops", DESK, 0, kuji_console_shop_add},
    {KUJI_POST, C "/shops/{n}/passcode", DESK, 0, kuji_console_shop_passcode},
    {KUJI_POST, C "/shops/{n}/disable", DESK, 0, kuji_console_shop_disable},
    {KUJI_POST, C "/shops/{n}/enable", DESK, 0, kuji_console_shop_enable},
    {KUJI_GET, C "/gifts", DESK, 0, kuji_console_gifts},
    {KUJI_POST, C "/gifts/{name}", DESK, 0, kuji_console_gifts_import},
    {KUJI_POST, C "/gifts/{name}/threshold", DESK, 0, kuji_console_gifts_warn},
    {KUJI_GET, A "/line", OWNER, 0, kuji_console_line},
    {KUJI_GET, A "/line/messages", OWNER, 0, kuji_console_line_messages},
    {KUJI_POST, A "/line/messages/again", OWNER, 0, kuji_console_line_again},
    {KUJI_POST, A "/line", OWNER, 0, kuji_console_line_post},
    {KUJI_POST, A "/line/test", OWNER, 0, kuji_console_line_test},
    {KUJI_GET, A "/payments", SHOP, 0, kuji_console_payments},
    /* No order's id is that short. */
    {KUJI_GET, A "/payments/settings", OWNER, 0, kuji_console_pay_settings},
    {KUJI_POST, A "/payments/settings", OWNER, 0,
     kuji_console_pay_settings_post},
    {KUJI_POST, A "/payments/settings/test", OWNER, 0, kuji_console_pay_test},
    {KUJI_GET, PAYMENT, SHOP, 0, kuji_console_payment},
    {KUJI_POST, PAYMENT "/check", SHOP, 0, kuji_console_payment_check},
    {KUJI_POST, PAYMENT "/right", SHOP, 0, kuji_console_payment_right},
    {KUJI_POST, PAYMENT "/capture", OWNER, 0, kuji_console_payment_capture},
    {KUJI_POST, PAYMENT "/void", OWNER, 0, kuji_console_payment_void},
    {KUJI_POST, PAYMENT "/refund", OWNER, 0, kuji_console_payment_refund},
    {KUJI_GET, C "/pay", SHOP, 0, kuji_console_pay},
    {KUJI_POST, C "/pay", SHOP, 0, kuji_console_pay_post},
    {KUJI_GET, A "/people", OWNER, 0, kuji_console_people},
    {KUJI_POST, A "/people", OWNER, 0, kuji_console_people_search},
    {KUJI_GET, PERSON, OWNER, 0, kuji_console_person},
    {KUJI_POST, PERSON, OWNER, 0, kuji_console_person_correct},
    {KUJI_POST, PERSON "/erase", OWNER, 0, kuji_console_person_erase},
    {KUJI_GET, VISITOR, OWNER, 0, kuji_console_person},
    {KUJI_POST, VISITOR "/erase", OWNER, 0, kuji_console_person_gate_erase},
    {KUJI_GET, THEME, EDITORS, 0, kuji_console_theme},
    {KUJI_POST, THEME, EDITORS, 0, kuji_console_theme_post},
    {KUJI_POST, THEME "/show", EDITORS, 0, kuji_console_theme_show},
    {KUJI_GET, THEME "/preview", EDITORS, 0, kuji_console_theme_preview},
    {KUJI_GET, THEME "/preview.css", EDITORS, 0, kuji_console_theme_sheet},
    {KUJI_GET, C "/mail", READ, 0, kuji_console_mail},
    {KUJI_GET, C "/mail/{name}", WRITE, 0, kuji_console_mail_text},
    {KUJI_POST, C "/mail/{name}", WRITE, 0, kuji_console_mail_save},
    {KUJI_POST, C "/outbox/{id}/again", WRITE, 0, kuji_console_mail_again},
    {KUJI_GET, A "/images", EDITORS, 0, kuji_console_images},
    {KUJI_POST, A "/images", EDITORS, 0, kuji_console_image_add},
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
    {KUJI_GET, EXPORT "payments.csv", OWNER, 0, kuji_console_export},
    {KUJI_GET, EXPORT "payments.jsonl", OWNER, 0, kuji_console_export},
    {KUJI_GET, A "/exports", EDITORS, 0, kuji_console_downloads},
    {KUJI_GET, A "/audit", OWNER, 0, kuji_console_audit},
    {KUJI_GET, A "/audit.csv", OWNER, 0, kuji_console_export},
    {KUJI_GET, A "/audit.jsonl", OWNER, 0, kuji_console_export},
    {0, NULL, 0, 0, NULL},
};
