/* What the pages of one win share: whose it is, what was won, where it stands.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_PARTICIPANT_WINNER_H
#define KUJI_WEB_PARTICIPANT_WINNER_H

#include "store/claim.h"
#include "web/participant/page.h"
#include "web/request.h"

typedef struct kuji_winner_t {
    kuji_page_t page;
    kuji_act_t act;
    const kuji_draw_row_t *row;
    const kuji_claim_t *claim;
    kuji_kind_e kind;
    const json_t *prize; /* of CONFIG */
    unsigned char digest[KUJI_DIGEST_LEN];
    const kuji_form_t *form; /* NULL: nothing was sent */
} kuji_winner_t;

/** A text of the page: claim.GROUP.NAME. */
const char *kuji_winner_text(const kuji_winner_t *w, const char *group,
                             const char *name);
/** A prize's own text in the reader's language, else in Japanese; NULL. */
const char *kuji_winner_prize_text(const kuji_winner_t *w, const char *name);

/** Adds until as data.NAME: {iso, text, left}, left being how long that is from
 * now, in words; 0 adds nothing. now: ms. */
void kuji_winner_add_end(kuji_winner_t *w, const char *name, int64_t until,
                         int64_t now);

/** Sends the page of the win; template NULL: the usual one. refused: the text
 * claim.refused.NAME, or NULL. */
int kuji_winner_show(kuji_winner_t *w, int status, const char *page,
                     const char *refused);
/** Of the page, below the mount. */
const char *kuji_winner_path(const kuji_winner_t *w);
/** 303 to it. */
int kuji_winner_done(kuji_winner_t *w);

/* Parcels (parcel.c): the form as it is shown, and what was sent. */
int kuji_parcel_show(kuji_winner_t *w);
int kuji_parcel_post(kuji_winner_t *w);
/* Coupons (coupon.c). */
int kuji_coupon_show(kuji_winner_t *w);
int kuji_coupon_post(kuji_winner_t *w);

#endif
