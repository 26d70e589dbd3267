/* GET /k/{slug}/me: everything that this browser drew, newest first.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/participant/page.h"
#include "web/request.h"

#define ROWS 50

int kuji_page_me(kuji_web_t *web)
{
    int64_t before = kuji_query_int(web, "before", 0);
    kuji_page_t page;
    apr_status_t rv;
    int done;

    if (before < 0) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                            "before is the number of a draw");
    }
    if ((done = kuji_page_open(&page, web)) != DECLINED) {
        return done;
    }
    rv = kuji_page_read(&page);
    if (rv == APR_SUCCESS) {
        rv = kuji_page_add_mine(&page, (uint64_t)before, ROWS);
    }
    if (rv != APR_SUCCESS) {
        return kuji_page_failure(&page, rv, "reading a participant's draws");
    }
    return kuji_page_send(&page, HTTP_OK, KUJI_CACHE_PRIVATE, "me");
}
