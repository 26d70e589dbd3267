/* SPDX-License-Identifier: Apache-2.0 */
#include "core/qr.h"

#include <apr_strings.h>
#include <errno.h>
#include <qrencode.h>
#include <stdio.h>
#include <string.h>

#define QUIET 4
/* "M123 123h123v1h-123z" */
#define RUN_MAX 24

static int is_dark(const QRcode *code, int x, int y)
{
    return code->data[y * code->width + x] & 1;
}

/* Modules that touch in a row are one rectangle: no hairline between them. */
static const char *path_of(const QRcode *code, apr_pool_t *pool)
{
    int width = code->width, x, y, from;
    char *path = apr_palloc(
        pool, (apr_size_t)width * (apr_size_t)(width / 2 + 1) * RUN_MAX + 1);
    char *at = path;

    for (y = 0; y < width; y++) {
        for (x = 0; x < width; x++) {
            from = x;
            while (x < width && is_dark(code, x, y)) {
                x++;
            }
            if (x > from) {
                at += sprintf(at, "M%d %dh%dv1h-%dz", from + QUIET, y + QUIET,
                              x - from, x - from);
            }
        }
    }
    *at = '\0';
    return path;
}

apr_status_t kuji_qr_make(kuji_qr_t *qr, const char *text, apr_pool_t *pool)
{
    apr_size_t len = strlen(text);
    QRcode *code;

    if (len == 0 || len > KUJI_QR_TEXT_MAX) {
        return len ? KUJI_ETOOBIG : KUJI_EINVAL;
    }
    code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (!code) {
        return errno == ERANGE ? KUJI_ETOOBIG : APR_ENOMEM;
    }
    qr->size = code->width + 2 * QUIET;
    qr->path = path_of(code, pool);
    QRcode_free(code);
    return APR_SUCCESS;
}

const char *kuji_qr_svg(const kuji_qr_t *qr, apr_pool_t *pool)
{
    return apr_psprintf(
        pool,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" "
        "width=\"%d\" height=\"%d\" shape-rendering=\"crispEdges\">"
        "<path fill=\"#fff\" d=\"M0 0h%dv%dH0z\"/>"
        "<path fill=\"#000\" d=\"%s\"/></svg>\n",
        qr->size, qr->size, 8 * qr->size, 8 * qr->size, qr->size, qr->size,
        qr->path);
}
