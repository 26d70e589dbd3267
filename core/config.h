/* CONFIG: what an organiser writes about a campaign, in JSON; the manifest is
 * made from it when the campaign is published.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CONFIG_H
#define KUJI_CORE_CONFIG_H

#include "core/manifest.h"

/** Checks everything that can be wrong with a CONFIG, the manifest's rules
 * included, unknown fields too. KUJI_EINVAL with *why: one English sentence
 * that names the field. The time zone's existence is the database's to say. */
apr_status_t kuji_config_check(const char **why, const json_t *config,
                               apr_pool_t *pool);

/** What a manifest says beyond its CONFIG. */
typedef struct kuji_config_facts_t {
    const char *campaign; /* uuid as text */
    const char *tenant;   /* name */
    const char *host;     /* the tenant's */
    unsigned char commitment[KUJI_HASH_LEN];
} kuji_config_facts_t;

/** The manifest's document, a new reference. Left out, sold_out is "blank",
 * alternates 0, beacon and limits null. NULL: out of memory or a config
 * that was not checked. */
json_t *kuji_config_manifest(const json_t *config,
                             const kuji_config_facts_t *facts);

#endif
