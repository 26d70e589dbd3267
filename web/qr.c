/* SPDX-License-Identifier: Apache-2.0 */
#include "web/qr.h"

#include <apr_strings.h>
#include <qrencode.h>
#include <stdio.h>

/** Light modules around it, as the standard wants. */
#define QUIET 4
/** Longest "M177 177h177v1h-177z". */
#define RUN_MAX 24

/* Runs of dark modules, row by row. */
static const char *path_of(const QRcode *qr, apr_pool_t *pool)
{
    int w = qr->width, x, y, end;
    apr_size_t room = (apr_size_t)w * (w / 2 + 1) * RUN_MAX + 1, used = 0;
    char *path = apr_palloc(pool, room);

    path[0] = '\0';
    for (y = 0; y < w; y++) {
        for (x = 0; x < w; x = end + 1) {
            end = x;
            while (end < w && qr->data[y * w + end] & 1) {
                end++;
            }
            if (end > x) {
                used += (apr_size_t)snprintf(path + used, room - used,
                                             "M%d %dh%dv1h-%dz", x + QUIET,
                                             y + QUIET, end - x, end - x);
            }
        }
    }
    return path;
}

json_t *kuji_qr(const char *text, apr_pool_t *pool)
{
    QRcode *qr = QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M);
    json_t *data;

    if (!qr) {
        return NULL;
    }
    data = json_pack("{s:i, s:s}", "size", qr->width + 2 * QUIET, "path",
                     path_of(qr, pool));
    QRcode_free(qr);
    return data;
}
