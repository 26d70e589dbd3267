/* One draw's page, for those who answer a form on it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_DRAW_H
#define KUJI_WEB_ADMIN_DRAW_H

#include "web/admin/claim_page.h"

/** Sends the page of draw web->n; the errors of a form that was sent are in
 * the page already. */
int kuji_draw_show(kuji_claims_page_t *p, int status);

/** What a winner gave, for templates: [{name, label, value}], the usual fields
 * first. (person.c) */
json_t *kuji_persons_fields(const kuji_console_page_t *page,
                            const json_t *data);

#endif
