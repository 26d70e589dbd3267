/* Choosing one of the tenant's images in a form, by looking at them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_PICKS_H
#define KUJI_WEB_ADMIN_PICKS_H

#include "web/admin/page.h"

typedef struct kuji_pick_field_t {
    const char *name;  /* of the form's field; data.NAMEs is for {{>picks}} */
    const char *value; /* the image chosen before; NULL or "": none */
} kuji_pick_field_t;

/** Adds the newest images, and the chosen one however old, for each of `count`
 * fields. What the form sent goes before the value. */
apr_status_t kuji_console_picks(kuji_console_page_t *page,
                                const kuji_pick_field_t *fields, int count);

#endif
