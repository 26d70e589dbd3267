/* QR codes as SVG, for a page that shows one to a phone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_QR_H
#define KUJI_WEB_QR_H

#include <apr_pools.h>
#include <jansson.h>

/** {"size", "path"}: the side of the view box with the quiet zone, in modules,
 * and the dark modules as an SVG path. NULL: the text is too long (about 2,900
 * bytes). Error correction M (ISO/IEC 18004). */
json_t *kuji_qr(const char *text, apr_pool_t *pool);

#endif
