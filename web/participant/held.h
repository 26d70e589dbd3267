/* Everything that is held of whoever asks: over all ids that the browser holds
 * (web/identity.h).
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PARTICIPANT_HELD_H
#define KUJI_WEB_PARTICIPANT_HELD_H

#include "store/person.h"
#include "web/identity.h"
#include "web/participant/page.h"

typedef struct kuji_held_t {
    int count;
    const kuji_person_t *people[KUJI_IDENTITY_KINDS];
    unsigned char digests[KUJI_IDENTITY_KINDS][KUJI_DIGEST_LEN];
} kuji_held_t;

/** Who acts: the participant, with the keys of what is sealed. Its audit rows
 * say so and nothing else: no id, no address. */
kuji_act_t kuji_held_act(kuji_web_t *web);

/** Those ids of which something is held; of each the newest `limit` draws.
 * DECLINED, or what was answered: the page's data is released then. */
int kuji_held_read(kuji_held_t *held, kuji_page_t *page, int limit);

/** DECLINED, or 429 was answered: such pages cost more than others. For a
 * request with a session; without one nothing is held. */
int kuji_held_pace(kuji_web_t *web);

/** The address confirmed by person i, or NULL: none, or an earlier one of the
 * people has the same. */
const char *kuji_held_address(const kuji_held_t *held, int i);

/** The win is one that its winner still waits for. */
int kuji_held_is_waiting(const kuji_person_draw_t *draw);

/** A prize's name in the page's language, or its code. */
const char *kuji_held_prize(const kuji_page_t *page, const char *code);

#endif
