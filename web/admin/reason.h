/* Why store refused, for people: its sentences are English and for programs.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_REASON_H
#define KUJI_WEB_ADMIN_REASON_H

#include "web/render.h"

/** The text admin.why.NAME of one of store's sentences, in r->pool; NULL: it is
 * none that an admin meets (or why is NULL). */
const char *kuji_console_reason(kuji_web_t *web, const char *why);

#endif
