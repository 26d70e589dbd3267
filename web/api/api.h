/* Handlers of /api/v1 and what they share.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_API_API_H
#define KUJI_WEB_API_API_H

#include "store/act.h"
#include "web/response.h"
#include "web/route.h"

kuji_handler_fn kuji_api_list, kuji_api_state; /* state.c */
kuji_handler_fn kuji_api_draws;                /* draws.c */
kuji_handler_fn kuji_api_draw;                 /* draw.c */
/* campaign.c */
kuji_handler_fn kuji_api_create, kuji_api_patch, kuji_api_publish;
kuji_handler_fn kuji_api_pause, kuji_api_resume;
/* event.c */
kuji_handler_fn kuji_api_close, kuji_api_stock, kuji_api_void;
kuji_handler_fn kuji_api_raffle, kuji_api_substitute;
kuji_handler_fn kuji_api_codes;   /* codes.c */
kuji_handler_fn kuji_api_links;   /* links.c */
kuji_handler_fn kuji_api_openapi; /* openapi.c */

/** Who acts: the tenant, by its token ("token-<id>"). */
void kuji_api_act(kuji_act_t *act, kuji_web_t *web);

/** Reads a small JSON body and unpacks it strictly (json_unpack's format, no
 * other field). DECLINED: go on; otherwise the problem was sent. */
int kuji_api_unpack(kuji_web_t *web, const char *format, ...);

/** Answers a refused or failed action; why (NULL: nothing to say) is told. */
int kuji_api_failure(kuji_web_t *web, apr_status_t rv, const char *why,
                     const char *what);

#endif
