/* From httpd's request to ours.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_FRONT_H
#define KUJI_FRONT_H

#include "web/web.h"

/** Hides codes in the_request of a host that is a tenant's. */
int kuji_front_mask(request_rec *r);
/** Takes paths below a mount: no directory, no .htaccess can shadow a page. */
int kuji_front_translate(request_rec *r);
/** Ends httpd's walk through directories and its guesses at types. */
int kuji_front_claim(request_rec *r);
int kuji_front_handle(request_rec *r);
/** Whether the request is for one of our pages. */
int kuji_front_is_ours(const request_rec *r);
/** What we know of a request, ours or not (then its prefix is empty); made at
 * the first call, after translation. process may be NULL. */
kuji_web_t *kuji_front_web(request_rec *r);
/** The section of mod_status. */
int kuji_front_status(request_rec *r, int flags);

#endif
