/* The campaign's address as a QR code, for the poster.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/admin.h"
#include "web/admin/desk.h"

#include "core/qr.h"
#include "web/letter.h"

#include <apr_strings.h>

const char *kuji_desk_link(const kuji_desk_t *desk)
{
    return apr_pstrcat(desk->page.pool, kuji_letter_base(desk->page.web), "/k/",
                       desk->view->slug, NULL);
}

int kuji_console_qr(kuji_web_t *web)
{
    const char *svg;
    kuji_desk_t desk;
    kuji_qr_t qr;
    apr_status_t rv;
    int done = kuji_desk_open(&desk, web, "overview");

    if (done != DECLINED) {
        return done;
    }
    rv = kuji_qr_make(&qr, kuji_desk_link(&desk), desk.page.pool);
    if (rv != APR_SUCCESS) {
        return kuji_console_failure(&desk.page, rv, "making a QR code");
    }
    json_decref(desk.page.data);
    svg = kuji_qr_svg(&qr, web->r->pool);
    return kuji_send(web, HTTP_OK, "image/svg+xml", KUJI_CACHE_PRIVATE, svg,
                     strlen(svg));
}
