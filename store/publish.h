/* Publishing: the seed is made, the manifest fixed, the ledger begun.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_PUBLISH_H
#define KUJI_STORE_PUBLISH_H

#include "store/act.h"

/** Publishes a draft, in one transaction: seed (random), commitment, manifest,
 * K; seed and K sealed; prizes; leaf 0. *manifest may be NULL. can_mail:
 * whether the installation has a mail server. KUJI_ESTATE or KUJI_EINVAL as
 * kuji_hindrance_status (core/hindrance.h) or where the manifest is refused;
 * KUJI_ECRYPT. Where it is published *why is a warning or NULL. */
apr_status_t kuji_publish(const kuji_manifest_t **manifest, const char **why,
                          const kuji_act_t *act, const char *slug, int can_mail,
                          apr_pool_t *pool);

#endif
