/* What payment servers want a request signed with, and what LINE signs its
 * webhooks with. Keys are zero-terminated text, as the consoles of the
 * services give them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_PAYSIGN_H
#define KUJI_CORE_PAYSIGN_H

#include "core/error.h"

#include <apr_pools.h>
#include <stdint.h>

/** LINE Pay's X-LINE-Authorization, in pool: base64 of HMAC-SHA256(secret,
 * secret || path || text || nonce), text being a POST's exact body or a GET's
 * query without "?" (LINE Pay API, "Authentication"). */
const char *kuji_paysign_line(const char *secret, const char *path,
                              const char *text, const char *nonce,
                              apr_pool_t *pool);

/** PayPay's Authorization, in pool: "hmac OPA-Auth:" key ":" mac ":" nonce ":"
 * epoch ":" hash. body NULL: there is none, and no content type either. */
const char *kuji_paysign_paypay(const char *key, const char *secret,
                                const char *method, const char *path,
                                const char *type, const char *body,
                                const char *nonce, int64_t epoch,
                                apr_pool_t *pool);

/** Whether a webhook's x-line-signature fits the exact bytes of its body;
 * compared in constant time (Messaging API, "Verify webhook signature").
 * KUJI_EVERIFY. */
apr_status_t kuji_webhook_verify(const char *secret, const void *body,
                                 apr_size_t len, const char *signature);

#endif
