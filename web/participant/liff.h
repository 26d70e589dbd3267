/* LIFF: a page inside the LINE app that hands us LINE's word on who reads it.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PARTICIPANT_LIFF_H
#define KUJI_WEB_PARTICIPANT_LIFF_H

#include "core/seal.h"
#include "web/participant/page.h"

/* A page of LIFF cannot give LINE a nonce, so its ID token says nothing about
 * the browser that shows it to us. Instead each page carries a value of ours
 * that is good once, for a while, in the browser and for the campaign that it
 * was made for; and a token, once shown, is that browser's (store/liff.h). */

/** Seconds from the page to its answer: LIFF's consent lies in between. */
#define KUJI_LIFF_ONCE_SECONDS 3600

/** The box for name and picture was there before this browser came in. */
#define KUJI_LIFF_ASKED_COOKIE "kuji-asked"

/** A new value, in r->pool: base64url. Starts a session if there is none. */
const char *kuji_liff_once(kuji_web_t *web);

/** Whether a value is one of ours, for web->campaign, for this browser, and not
 * yet over; *expires, ms since 1970. Whether it was used before, the store
 * knows. */
int kuji_liff_once_fits(int64_t *expires, const char *once, kuji_web_t *web);

#endif
