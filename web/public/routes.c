/* The table of what anybody may read.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/public/public.h"

#define K "/k/{slug}/"
#define LEDGER (KUJI_ROUTE_API | KUJI_ROUTE_CAMPAIGN)
#define MACHINE (KUJI_ROUTE_API | KUJI_ROUTE_ANY_HOST)

const kuji_route_t kuji_routes_public[] = {
    {KUJI_GET, K "manifest.json", LEDGER, 0, kuji_public_manifest},
    {KUJI_GET, K "checkpoint", LEDGER, 0, kuji_public_checkpoint},
    {KUJI_GET, K "ledger.jsonl", LEDGER, 0, kuji_public_ledger},
    {KUJI_GET, K "key", LEDGER, 0, kuji_public_key},
    {KUJI_GET, K "proof", LEDGER, 0, kuji_public_inclusion},
    {KUJI_GET, K "consistency", LEDGER, 0, kuji_public_consistency},
    {KUJI_GET, "/healthz", MACHINE, 0, kuji_public_healthz},
    {KUJI_GET, "/readyz", MACHINE, 0, kuji_public_readyz},
    {KUJI_GET, "/metrics", MACHINE, 0, kuji_public_metrics},
    {0, NULL, 0, 0, NULL},
};
