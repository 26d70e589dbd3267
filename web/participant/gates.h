/* The gates of the draw's form, in the order in which they are looked at:
 * passes, tries, code, passphrase.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PARTICIPANT_GATES_H
#define KUJI_WEB_PARTICIPANT_GATES_H

#include "web/entry.h"
#include "web/form.h"
#include "web/participant/page.h"
#include "web/response.h"

/** DECLINED: on to the queue. Otherwise what was answered: the gate's problem
 * on a page with all that was typed, or the result of a draw that was made with
 * the same key before. */
int kuji_gates_check(kuji_web_t *web, const kuji_form_t *form,
                     const kuji_entry_t *entry);

/** Answers with the problem: the form again with all that was typed, the
 * problem's title at `field`; the key is still good, since nothing was drawn.
 * field NULL: at none. */
int kuji_gates_again(kuji_web_t *web, const kuji_form_t *form,
                     const char *field, kuji_problem_e problem);

/** The form's count: 1 where it says nothing; 0: it is none (1 to
 * KUJI_COUNT_MAX). */
int kuji_gates_count(const kuji_form_t *form);

/** Puts the newest of the browser's own results, if there is any, into the
 * problem's page (web->page). */
void kuji_gates_result(kuji_web_t *web);

/** What somebody must not try for ever was wrong after all: the database did
 * not know the code. */
void kuji_gates_wrong(kuji_web_t *web);

/** GET /k/{slug}?code=… and ?token=…: keeps what came by the link and answers
 * 303 to the page without it. DECLINED: there is none. */
int kuji_gates_arrive(kuji_web_t *web);

/** The code that a link brought, for the form; "" where there is none. */
const char *kuji_gates_carried(kuji_web_t *web);
/** It was used. */
void kuji_gates_used(kuji_web_t *web);

#endif
