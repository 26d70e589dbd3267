/* Why a message was not sent, or not yet, in words.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_LINE_REASON_H
#define KUJI_WEB_ADMIN_LINE_REASON_H

#include "web/web.h"

/** The text of a reason of the outbox; itself where there is none (a server's
 * own status); NULL for NULL. In r->pool. */
const char *kuji_line_reason(kuji_web_t *web, const char *reason);

#endif
