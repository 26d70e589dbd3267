/* SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/missing.h"

#include "store/hindrance.h"
#include "web/letter.h"
#include "web/route.h"

#include <apr_strings.h>

typedef struct lack_t {
    unsigned bit;
    const char *text; /* admin.… */
    const char *path; /* below the campaign */
} lack_t;

static const lack_t lacks[] = {
    {KUJI_HINDER_ARCHIVED, "archive.is", "#o-more"},
    {KUJI_HINDER_NO_PRIZES, "life.need_prizes", "/prizes"},
    {KUJI_HINDER_NO_PURPOSE, "life.need_purpose", "/texts#f-purpose"},
    {KUJI_HINDER_NO_RETENTION, "life.need_retention",
     "/texts#f-retention_days"},
    {KUJI_HINDER_OVER, "life.need_period", "/edit#f-closes_at"},
    {KUJI_HINDER_NO_PASSPHRASE, "life.need_passphrase", "/passphrases"},
    {KUJI_HINDER_NO_MAIL, "life.need_mail", "/edit#g-gate"},
    {KUJI_HINDER_NO_GOODS, "life.need_goods", "/edit#f-goods"},
    {KUJI_HINDER_FEE, "life.need_no_fee", "/edit#f-goods"},
    {KUJI_HINDER_TIED, "life.need_sold_alone", "/edit#sold_alone"},
    {KUJI_HINDER_NO_PROVIDER, "life.need_provider", "/edit#f-currency"},
    {KUJI_HINDER_NO_CODES, "life.warn_codes", "/codes"},
    {KUJI_HINDER_NO_LINE, "life.warn_line", "/edit#g-gate"},
};

const char *kuji_missing_href(const kuji_desk_t *desk, const char *path)
{
    const char *below = kuji_desk_path(desk, path);
    const char *page =
        apr_pstrmemdup(desk->page.pool, below, strcspn(below, "#"));

    return kuji_route_roles(page) & desk->page.web->admin->role_bit
               ? apr_pstrcat(desk->page.pool, desk->page.web->prefix, below,
                             NULL)
               : NULL;
}

apr_status_t kuji_missing_show(kuji_desk_t *desk, unsigned *found)
{
    kuji_web_t *web = desk->page.web;
    json_t *missing = json_array(), *warned = json_array();
    const char *why;
    unsigned i;
    apr_status_t rv =
        kuji_hindrances_get(found, &why, &desk->act, desk->view->slug,
                            kuji_can_mail(web), desk->page.pool);

    for (i = 0; rv == APR_SUCCESS && i < sizeof lacks / sizeof *lacks; i++) {
        const char *text =
            apr_pstrcat(desk->page.pool, "admin.", lacks[i].text, NULL);

        if (*found & lacks[i].bit) {
            json_array_append_new(
                lacks[i].bit & KUJI_HINDER_REFUSES ? missing : warned,
                json_pack("{s:s, s:s*}", "text",
                          kuji_render_text(web, text, NULL), "href",
                          kuji_missing_href(desk, lacks[i].path)));
        }
    }
    json_object_update_new(
        desk->page.data,
        json_pack("{s:o, s:o, s:b}", "missing", missing, "warned", warned,
                  "ready",
                  rv == APR_SUCCESS && !(*found & KUJI_HINDER_REFUSES)));
    return rv;
}
