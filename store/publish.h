/* Publishing: the seed is made, the manifest fixed, the ledger begun.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_PUBLISH_H
#define KUJI_STORE_PUBLISH_H

#include "store/act.h"

/** Publishes a draft, in one transaction: seed (random), commitment, manifest,
 * K; seed and K sealed; prizes; leaf 0. *manifest may be NULL. KUJI_ESTATE (no
 * draft; archived), KUJI_EINVAL (the manifest is refused; closes_at has passed;
 * something is missing: kuji_config_missing),
 * KUJI_ECRYPT. */
apr_status_t kuji_publish(const kuji_manifest_t **manifest, const char **why,
                          const kuji_act_t *act, const char *slug,
                          apr_pool_t *pool);

#endif
