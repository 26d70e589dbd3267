/* What prizes add up to, for each method in its own terms.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_SUMS_H
#define KUJI_WEB_ADMIN_SUMS_H

#include "web/admin/desk.h"

/** {units, METHOD: true, win, blank, …} of config's prizes, the caller's; a
 * published campaign's with the stock that was added. */
json_t *kuji_sums_of(const kuji_desk_t *desk, const json_t *config);

#endif
