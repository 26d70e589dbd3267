/* Gates (design.md 2): what admits a draw. A campaign has one or several; all
 * of them must be passed.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_GATES_H
#define KUJI_CORE_GATES_H

#include <jansson.h>

#define KUJI_GATE_OPEN 1u       /* asks for nothing */
#define KUJI_GATE_CODE 2u       /* a serial code, typed with the draw */
#define KUJI_GATE_API 4u        /* a link that a program asked for */
#define KUJI_GATE_PASSPHRASE 8u /* typed with the draw */
#define KUJI_GATE_EMAIL 16u     /* an address that was confirmed */
#define KUJI_GATE_LINE 32u      /* a log-in on LINE */
#define KUJI_GATE_PURCHASE 64u  /* the right that a purchase of goods gave */

/** Gates that are passed by a link: of a program, or of a purchase. */
#define KUJI_GATES_BY_LINK (KUJI_GATE_API | KUJI_GATE_PURCHASE)

/** Their words in CONFIG, bit by bit from the lowest; ends with NULL. */
extern const char *const kuji_gate_words[];

/** A word's bit; 0: there is no such gate. */
unsigned kuji_gate_parse(const char *word);

/** The bits of a CONFIG's gates; words that are none count nothing. */
unsigned kuji_gates_of(const json_t *config);

#endif
