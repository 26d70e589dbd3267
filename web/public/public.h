/* Handlers without log-in: machines' pages and the public ledger.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PUBLIC_PUBLIC_H
#define KUJI_WEB_PUBLIC_PUBLIC_H

#include "store/act.h"
#include "web/route.h"

kuji_handler_fn kuji_public_healthz, kuji_public_readyz; /* health.c */
kuji_handler_fn kuji_public_metrics;                     /* metrics.c */
/* proof.c */
kuji_handler_fn kuji_public_manifest, kuji_public_key, kuji_public_checkpoint;
kuji_handler_fn kuji_public_inclusion, kuji_public_consistency;
kuji_handler_fn kuji_public_ledger; /* ledger.c */

/** Reads of the tenant, by nobody in particular. */
void kuji_public_act(kuji_act_t *act, kuji_web_t *web);

#endif
