/* A campaign's figures as its page's template reads them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_FIGURES_DATA_H
#define KUJI_WEB_ADMIN_FIGURES_DATA_H

#include "store/figures.h"
#include "web/admin/page.h"

/** Adds funnel, spans, refusals, prizes, claims and codes to the page's data;
 * each only where there is something to say. */
void kuji_figures_add(kuji_console_page_t *page, const kuji_figures_t *f,
                      kuji_figures_by_e by);

#endif
