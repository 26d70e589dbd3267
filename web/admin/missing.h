/* What a draft still lacks, in words that lead to where it is mended.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_MISSING_H
#define KUJI_WEB_ADMIN_MISSING_H

#include "core/hindrance.h"
#include "web/admin/desk.h"

/** Reads what hinders publication (*found, core/hindrance.h) and shows it:
 * data.missing = [{text, href}] refuses, data.warned = [{text, href}] does not,
 * data.ready says whether nothing refuses. href is there for who may go there.
 */
apr_status_t kuji_missing_show(kuji_desk_t *desk, unsigned *found);

/** Where below the mount a page of the campaign is, NULL where its reader may
 * not go there; path may end in "#part". */
const char *kuji_missing_href(const kuji_desk_t *desk, const char *path);

#endif
