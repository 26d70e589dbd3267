/* QR codes (ISO/IEC 18004): links for posters and printed codes, made by
 * libqrencode.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_QR_H
#define KUJI_CORE_QR_H

#include "core/error.h"

#include <apr_pools.h>

/** Longest text, in bytes. */
#define KUJI_QR_TEXT_MAX 1024

/** One module is one unit, the quiet zone of four is within. Error correction
 * M: a seventh of it may be dirty. */
typedef struct kuji_qr_t {
    int size;         /* modules a side */
    const char *path; /* the dark ones, as data of an SVG path; in pool */
} kuji_qr_t;

/** text: 1 .. KUJI_QR_TEXT_MAX bytes. KUJI_ETOOBIG, KUJI_EINVAL (empty),
 * APR_ENOMEM. */
apr_status_t kuji_qr_make(kuji_qr_t *qr, const char *text, apr_pool_t *pool);

/** As an SVG document of its own, black on white, in pool. */
const char *kuji_qr_svg(const kuji_qr_t *qr, apr_pool_t *pool);

#endif
