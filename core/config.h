/* CONFIG: what an organiser writes about a campaign, in JSON; the manifest is
 * made from it when the campaign is published.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CONFIG_H
#define KUJI_CORE_CONFIG_H

#include "core/manifest.h"

/** Longest time that personal data may be kept for, in days from the close; 0:
 * it goes with the close. */
#define KUJI_RETENTION_MAX 36500
/** Longest time to claim a win, in days from it. */
#define KUJI_CLAIM_DAYS_MAX 3650

/** Checks everything that can be wrong with a CONFIG, the manifest's rules
 * included, unknown fields too; only prizes may still be none. KUJI_EINVAL with
 * *why: one English sentence that names the field. The time zone's existence is
 * the database's to say. */
apr_status_t kuji_config_check(const char **why, const json_t *config,
                               apr_pool_t *pool);

/** Whether a text may be the address of a prize of the kind link: https, no
 * name or password in it. */
int kuji_config_is_link(const char *url);

/** The values of the member reveal, ending with NULL; the first is what a
 * campaign without the member has. */
extern const char *const kuji_config_reveals[];

/** Most draws that one press asks for, and most choices of the member counts
 * (how many at once), which without the member is one draw. */
#define KUJI_CONFIG_COUNT_MAX 100
#define KUJI_CONFIG_COUNTS_MAX 4

/* What a draft can be without, but no published campaign. */
#define KUJI_CONFIG_NO_PRIZES 1u
#define KUJI_CONFIG_NO_PURPOSE 2u   /* privacy.purpose */
#define KUJI_CONFIG_NO_RETENTION 4u /* privacy.retention_days */

/** Those of the above that stand between a checked CONFIG and publication. */
unsigned kuji_config_missing(const json_t *config);

/** Whether two CONFIGs promise the same: the manifests made from them,
 * the gates and the prizes' kinds. What else they say may change while a
 * campaign runs. */
int kuji_config_same_promise(const json_t *a, const json_t *b);

/** Takes away what another method would have and adds what config's own cannot
 * do without: odds_total 10000, blanks 0, weight 0, moments over the whole
 * period. config is changed; what is wrong in it stays so. */
void kuji_config_fit(json_t *config);

/** The merge patch (RFC 7396) that makes `to` of `from`, a new reference; both
 * are objects. A null that is no removal reads as one, which in a CONFIG says
 * the same. */
json_t *kuji_config_diff(const json_t *from, const json_t *to);

/** As kuji_config_diff, without what says the same in other words: a default
 * that `from` leaves out, gates in another order, line ends, nothing for an
 * empty text. For forms, which name each setting. */
json_t *kuji_config_edit(const json_t *from, const json_t *to);

/** Applies a merge patch (RFC 7396) to target in place. */
void kuji_config_merge(json_t *target, const json_t *patch);

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
