/* Codes as a sheet to be printed: each with a QR code that leads to the page
 * with the code in its field. As with the file, this is the only time that they
 * are seen.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/admin/codes.h"

#include "core/qr.h"

#include <apr_strings.h>

typedef struct sheet_t {
    kuji_desk_t *desk;
    const char *link; /* all but the code */
    json_t *cells;
} sheet_t;

/* In fours, as it is easier to type; the dashes are no part of it. */
static const char *grouped(const char *code, apr_pool_t *pool)
{
    apr_size_t len = strlen(code), i;
    char *out = apr_palloc(pool, len + len / 4 + 1), *at = out;

    for (i = 0; i < len; i++) {
        if (i && i % 4 == 0) {
            *at++ = '-';
        }
        *at++ = code[i];
    }
    *at = '\0';
    return out;
}

static apr_status_t on_code(void *baton, const char *code)
{
    sheet_t *s = baton;
    apr_pool_t *pool = s->desk->page.pool;
    kuji_qr_t qr;
    apr_status_t rv =
        kuji_qr_make(&qr, apr_pstrcat(pool, s->link, code, NULL), pool);

    if (rv == APR_SUCCESS) {
        json_array_append_new(s->cells, json_pack("{s:s, s:i, s:s}", "code",
                                                  grouped(code, pool), "size",
                                                  qr.size, "path", qr.path));
    }
    return rv;
}

int kuji_codes_sheet(kuji_desk_t *desk, kuji_code_batch_t *batch, int64_t count,
                     int symbols)
{
    sheet_t s = {desk, kuji_codes_link(desk), json_array()};
    const char *why = NULL;
    apr_status_t rv = kuji_code_generate(batch, count, symbols, on_code, &s);
    apr_status_t end = kuji_code_batch_finish(batch, NULL);

    json_object_set_new(desk->page.data, "cells", s.cells);
    rv = rv == APR_SUCCESS ? end : rv;
    if (rv != APR_SUCCESS) { /* whatever was made has been seen by nobody */
        if (kuji_code_batch_id(batch)) {
            (void)kuji_code_batch_disable(&why, &desk->act, desk->view->slug,
                                          kuji_code_batch_id(batch), 1,
                                          desk->page.pool);
        }
        return kuji_console_failure(&desk->page, rv, "making codes");
    }
    json_object_update_new(
        desk->page.data,
        json_pack("{s:s, s:s}", "count", kuji_desk_count(desk, count), "batch",
                  kuji_console_get(&desk->page, "make_name")));
    return kuji_console_send(&desk->page, HTTP_OK, "codes-sheet");
}
