/* The participants' page of a campaign as an admin is writing it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_PREVIEW_H
#define KUJI_WEB_ADMIN_PREVIEW_H

#include "web/admin/desk.h"

/** Answers with the page that config would have, in a frame of ours too;
 * releases the desk's data. 409 where it is not complete enough. */
int kuji_console_preview_of(kuji_desk_t *desk, const json_t *config);

/** The looks that the campaign of the path has, or those that were tried last;
 * *css is the address of their stylesheet below the mount, or NULL. */
apr_status_t kuji_console_looks(const kuji_looks_t **looks, const char **css,
                                kuji_web_t *web, int tried);

#endif
