/* The boxes of a form that ask for consent: what they say, what was ticked, and
 * keeping the words before a draw names them.
 *
 * A box sends the digest of its words, so that what is recorded is what was
 * read, in whichever language and however old the page.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_CONSENT_H
#define KUJI_WEB_CONSENT_H

#include "store/consent.h"
#include "web/form.h"
#include "web/web.h"

#include <jansson.h>

typedef struct kuji_consents_t {
    int count;
    unsigned char digests[KUJI_CONSENTS_MAX][KUJI_DIGEST_LEN];
    kuji_consent_text_t texts[KUJI_CONSENTS_MAX];
} kuji_consents_t;

/** Which texts this process has seen in the database; for many threads. */
apr_status_t kuji_kept_create(kuji_kept_t **kept, apr_pool_t *p);

/** Adds `consents` of web->campaign to a page's data: {"terms": {"value"},
 * "marketing": {"value", "text", "own_lang"}}, each where there is such a box.
 */
void kuji_consents_add(json_t *data, kuji_web_t *web);

/** What the fields consent and marketing say. NULL, or the name of the sentence
 * that refuses the form (problem.bad-request.*): "consent", a box that must be
 * ticked is not; "consent_changed", its words are others by now. Any value but
 * a digest means the words of today in the request's language. */
const char *kuji_consents_read(kuji_consents_t *out, kuji_web_t *web,
                               const kuji_form_t *form);

/** The box beside LINE's log-in, of a form of its own: {"value", "text",
 * "purpose", "text_lang"?, "purpose_lang"?}, a new reference. */
json_t *kuji_consents_profile(kuji_web_t *web);
/** What its field says; NULL: it was not ticked. NULL, or "consent_changed", as
 * kuji_consents_read. */
const char *kuji_consents_read_profile(kuji_consents_t *out, kuji_web_t *web,
                                       const char *value);

/** Sees to it that the texts are in the database; asks it once a process for
 * each. */
apr_status_t kuji_consents_keep(kuji_web_t *web,
                                const kuji_consents_t *consents);

#endif
