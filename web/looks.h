/* A campaign's looks as data of a page: theme, theme_css, logo, visual.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_LOOKS_H
#define KUJI_WEB_LOOKS_H

#include "web/web.h"

#include <jansson.h>

/** For web->campaign. */
void kuji_looks_add(json_t *data, kuji_web_t *web);

/** {"src"} and, where they are known, {"width", "height"} of an image, a new
 * reference; NULL where there is none. */
json_t *kuji_looks_picture(const kuji_picture_t *picture, kuji_web_t *web);

#endif
