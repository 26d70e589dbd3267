/* What may become of a win: won -> claimed -> shipped, redeemed or delivered;
 * or expired; or void. A parcel that comes back is claimed again. Which step is
 * open goes by the prize's kind and by who takes it. The database holds the
 * same once more (sql/deploy/people.sql), but for who.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_CLAIM_H
#define KUJI_CORE_CLAIM_H

typedef enum kuji_claim_e {
    KUJI_CLAIM_WON,
    KUJI_CLAIM_CLAIMED,   /* the winner did their part; a gift code: is owed */
    KUJI_CLAIM_SHIPPED,   /* parcel */
    KUJI_CLAIM_REDEEMED,  /* coupon */
    KUJI_CLAIM_DELIVERED, /* handed over, shown, arrived */
    KUJI_CLAIM_EXPIRED,   /* not claimed in time */
    KUJI_CLAIM_VOID,
    KUJI_CLAIM_LAST
} kuji_claim_e;

typedef enum kuji_kind_e {
    KUJI_KIND_PARCEL,
    KUJI_KIND_GIFT_CODE,
    KUJI_KIND_COUPON,
    KUJI_KIND_LINK,
    KUJI_KIND_MESSAGE,
    KUJI_KIND_LAST
} kuji_kind_e;

/* Who takes a step. */
typedef enum kuji_claim_by_e {
    KUJI_BY_NOBODY = 0, /* viewers */
    KUJI_BY_WINNER = 1,
    KUJI_BY_JOB = 2,
    KUJI_BY_STAFF = 4,
    KUJI_BY_EDITOR = 8,
    KUJI_BY_OWNER = 16,
    KUJI_BY_SHOP = 32 /* the winner, with a shop's passcode */
} kuji_claim_by_e;

/** "won", … as in the database. */
const char *kuji_claim_name(kuji_claim_e state);
/** The state of that name; KUJI_CLAIM_LAST: none. */
kuji_claim_e kuji_claim_state(const char *name);
/** The kind of that name ("parcel", …); KUJI_KIND_LAST: none. */
kuji_kind_e kuji_claim_kind(const char *name);
/** An admin's role as an actor; KUJI_BY_NOBODY for any other word. */
kuji_claim_by_e kuji_claim_role(const char *role);

/** Why a parcel came back ("absent", …), and why a gift code is replaced
 * ("used", …); each ends with NULL. */
extern const char *const kuji_claim_backs[];
extern const char *const kuji_claim_faults[];
/** Whether it is one of such a list. */
int kuji_claim_is_reason(const char *const *reasons, const char *reason);

/** Whether `by` may take a claim of that kind from one state to another. */
int kuji_claim_may(kuji_kind_e kind, kuji_claim_e from, kuji_claim_e to,
                   kuji_claim_by_e by);

#endif
