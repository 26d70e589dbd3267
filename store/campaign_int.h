/* Shared by store/campaign*.c alone.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_CAMPAIGN_INT_H
#define KUJI_STORE_CAMPAIGN_INT_H

#include "store/campaign.h"

/* Members of a CONFIG that was checked. */
const char *kuji_campaign__text(const json_t *config, const char *name);
int64_t kuji_campaign__int(const json_t *config, const char *name);

/** In pool; NULL: out of memory. */
const char *kuji_campaign__dump(const json_t *config, apr_pool_t *pool);

/** IANA's names are PostgreSQL's to know: it works out the days. KUJI_EINVAL.
 */
apr_status_t kuji_campaign__timezone(const char **why, kuji_conn_t *conn,
                                     const json_t *config, apr_pool_t *pool);

/** kuji_campaign_create; from: the uuid of the campaign it is a copy of, for
 * the audit log, or NULL. */
apr_status_t kuji_campaign__create(const char **uuid, const char **why,
                                   const kuji_act_t *act, const json_t *config,
                                   const char *from, apr_pool_t *pool);

/** Reads the columns that campaign_get and the lists have in common, from the
 * first on. */
void kuji_campaign__read(kuji_campaign_view_t *v, const PGresult *res, int row);
/** How many they are. */
#define KUJI_CAMPAIGN_COLUMNS 18

kuji_phase_e kuji_campaign__phase(const kuji_campaign_view_t *v, int sold_out);

#endif
