/* The table of what participants see.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/page.h"

#define K "/k/{slug}"
#define CAMPAIGN (KUJI_ROUTE_CAMPAIGN | KUJI_ROUTE_SESSION)

const kuji_route_t kuji_routes_participant[] = {
    {KUJI_GET, "/", 0, 0, kuji_page_list},
    {KUJI_GET, "/assets/{name}", KUJI_ROUTE_ANY_HOST, 0, kuji_render_asset},
    {KUJI_GET, "/login/line", KUJI_ROUTE_SESSION, 0, kuji_page_line},
    {KUJI_POST, "/login/line", KUJI_ROUTE_SESSION, 0, kuji_page_line_post},
    {KUJI_GET, "/login/line/callback", KUJI_ROUTE_SESSION, 0,
     kuji_page_line_back},
    {KUJI_GET, "/liff", KUJI_ROUTE_SESSION, 0, kuji_page_liff},
    {KUJI_GET, "/liff/{slug}", KUJI_ROUTE_SESSION, 0, kuji_page_liff},
    {KUJI_POST, "/liff/session", KUJI_ROUTE_SESSION, 0, kuji_page_liff_session},
    {KUJI_POST, "/hooks/line", KUJI_ROUTE_API, 0, kuji_hook_line},
    {KUJI_GET, K, CAMPAIGN, 0, kuji_page_campaign},
    {KUJI_POST, K "/buy", CAMPAIGN, 0, kuji_page_buy},
    {KUJI_GET, K "/pay/{name}", CAMPAIGN, 0, kuji_page_pay},
    {KUJI_POST, K "/draw", CAMPAIGN, 0, kuji_page_draw},
    {KUJI_GET, K "/draws/{n}", CAMPAIGN, 0, kuji_page_result},
    {KUJI_GET, K "/draws/{n}/receipt.json", CAMPAIGN, 0, kuji_page_receipt},
    {KUJI_GET, K "/claims/{n}", CAMPAIGN, 0, kuji_page_claim},
    {KUJI_POST, K "/claims/{n}", CAMPAIGN, 0, kuji_page_claim_post},
    {KUJI_GET, K "/postal",
     KUJI_ROUTE_CAMPAIGN | KUJI_ROUTE_API | KUJI_ROUTE_SESSION, 0,
     kuji_page_postal},
    {KUJI_GET, K "/line", CAMPAIGN, 0, kuji_page_line_prize},
    {KUJI_GET, K "/mail", CAMPAIGN, 0, kuji_page_mail},
    {KUJI_POST, K "/mail", CAMPAIGN, 0, kuji_page_mail_ask},
    {KUJI_POST, K "/mail/code", CAMPAIGN, 0, kuji_page_mail_code},
    {KUJI_POST, K "/mail/link", CAMPAIGN, 0, kuji_page_mail_link},
    {KUJI_GET, K "/me", CAMPAIGN, 0, kuji_page_me},
    {KUJI_GET, K "/me/data", CAMPAIGN, 0, kuji_page_data},
    {KUJI_POST, K "/me/data", CAMPAIGN, 0, kuji_page_data_post},
    {KUJI_GET, K "/me/data.json", CAMPAIGN | KUJI_ROUTE_API, 0,
     kuji_page_data_json},
    {KUJI_GET, K "/me/erase", CAMPAIGN, 0, kuji_page_erase},
    {KUJI_POST, K "/me/erase", CAMPAIGN, 0, kuji_page_erase_post},
    {KUJI_GET, K "/erasures/{id}", KUJI_ROUTE_CAMPAIGN, 0, kuji_page_erasure},
    {KUJI_GET, K "/rules", KUJI_ROUTE_CAMPAIGN, 0, kuji_page_rules},
    {KUJI_GET, K "/fairness", CAMPAIGN, 0, kuji_page_fairness},
    {KUJI_GET, K "/theme.css", KUJI_ROUTE_CAMPAIGN | KUJI_ROUTE_API, 0,
     kuji_page_theme},
    {KUJI_GET, "/i/{name}", KUJI_ROUTE_API, 0, kuji_page_image},
    {0, NULL, 0, 0, NULL},
};
