/* What happens at a campaign's door and leaves no draw: visits and refusals,
 * counted in memory, since no visit is worth a write. The jobs' thread adds the
 * counts to the database every few seconds and when the process ends; one that
 * is killed loses those seconds.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_TRAFFIC_H
#define KUJI_STORE_TRAFFIC_H

#include "store/batch.h"

/** Names of outcomes that refuse, by kuji_outcome_e, as in metrics and in
 * kuji.traffic; NULL: no refusal. */
extern const char *const kuji_traffic_refusals[KUJI_OUTCOME_COUNT];
/** The name of a visit there. */
#define KUJI_TRAFFIC_VISIT "visit"

/** Campaigns between two flushes at most; further ones are not counted. */
#define KUJI_TRAFFIC_CAMPAIGNS 768

typedef struct kuji_traffic_t kuji_traffic_t;

/** One per process, in p. */
apr_status_t kuji_traffic_create(kuji_traffic_t **traffic, apr_pool_t *p);

/** By any thread; neither waits for the database. */
void kuji_traffic_visit(kuji_traffic_t *traffic,
                        const kuji_campaign_t *campaign);
/** An outcome that is no refusal counts nothing. */
void kuji_traffic_refusal(kuji_traffic_t *traffic,
                          const kuji_campaign_t *campaign,
                          kuji_outcome_e outcome);

/** Adds what was counted since the last time to the database's quarter of an
 * hour, one transaction a tenant. What could not be added is counted again the
 * next time, except where nobody knows (KUJI_EUNKNOWN). By one thread at a
 * time. */
apr_status_t kuji_traffic_flush(kuji_traffic_t *traffic, kuji_pg_t *pg,
                                apr_pool_t *pool);

#endif
