/* Who may: same origin for state changes, bearer tokens for programs.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_GUARD_H
#define KUJI_WEB_GUARD_H

#include "web/web.h"

/** Whether a state change comes from our own pages, or from no browser:
 * Sec-Fetch-Site where sent, else Origin against Host. */
int kuji_guard_same_origin(const request_rec *r);

/** Sets web->token from Authorization. DECLINED: go on; otherwise the problem
 * has been sent and this is what the handler returns: no or
 * unknown token, another tenant's (401), a scope that it lacks (403). */
int kuji_guard_token(kuji_web_t *web, unsigned scope);

/** Sets web->tenant. KUJI_ENOTFOUND: the host has none, or it is suspended. */
apr_status_t kuji_guard_tenant(kuji_web_t *web);

/** Whether the Host header names this virtual host; the first one is also given
 * requests for hosts that nobody configured. */
int kuji_guard_host(const request_rec *r);

#endif
