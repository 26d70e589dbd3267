/* A prize's form: what only its kind has.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_ADMIN_PRIZE_KIND_H
#define KUJI_WEB_ADMIN_PRIZE_KIND_H

#include "web/admin/desk.h"

/** Puts the fields into the page. prize: NULL for a new one. */
void kuji_prize_kind_show(kuji_desk_t *desk, const json_t *prize);
/** Reads those of prize's kind, whatever it was before; others go. was: the
 * prize that the form showed, or NULL. */
void kuji_prize_kind_take(kuji_desk_t *desk, json_t *prize, const json_t *was);
/** data.for_coupon, .for_link, .for_message: which parts of the form there are.
 */
void kuji_prize_kind_sections(kuji_desk_t *desk, const char *kind);

#endif
