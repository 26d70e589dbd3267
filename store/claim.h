/* Wins: listing them, what their winners gave, and the steps of their claims
 * (core/claim.h). Nothing here touches the ledger; voiding is store/event.h's,
 * substitutes are store/raffle.h's.
 *
 * Personal data is opened only where a call says so.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_CLAIM_H
#define KUJI_STORE_CLAIM_H

#include "core/claim.h"
#include "store/act.h"
#include "store/consent.h"

#include <jansson.h>

/** One page looks at this many rows at most, whatever its filter finds. */
#define KUJI_CLAIM_WINDOW 100000

typedef struct kuji_claim_filter_t {
    int flagged;              /* draws with a flag, wins or not */
    int blanks;               /* 1: all draws; else wins only */
    const char *prize;        /* code; wins only; NULL: any */
    const char *state;        /* name; wins only; NULL: any */
    const char *from, *until; /* days "2026-11-22", both inclusive; NULL */
    int64_t batch;            /* of the code it used; 0: any */
    uint64_t before;          /* n below this; 0: from the newest */
    int limit;                /* rows, 1 .. 1000 */
} kuji_claim_filter_t;

typedef struct kuji_claim_row_t {
    uint64_t n;
    int64_t t;                        /* ms, of the draw */
    const char *state, *prize, *kind; /* NULL: no win */
    int64_t updated_at;               /* ms */
    int is_void, has_data;
} kuji_claim_row_t;

typedef struct kuji_claim_page_t {
    const kuji_claim_row_t *rows;
    int count;
    uint64_t next; /* filter.before of the page after this; 0: this is the last.
                      It may be set though few rows, or none, were found */
} kuji_claim_page_t;

/** The newest first. KUJI_EINVAL (a day, a state, a prize's form),
 * KUJI_ENOTFOUND (no such campaign, a draft). */
apr_status_t kuji_claim_list(kuji_claim_page_t *page, const char **why,
                             const kuji_act_t *act, const char *slug,
                             const kuji_claim_filter_t *filter,
                             apr_pool_t *pool);

typedef struct kuji_claim_batch_t {
    int64_t id, size;
    const char *name;
} kuji_claim_batch_t;
/** A campaign's code batches for the filter, the newest 200. */
apr_status_t kuji_claim_batches(const kuji_claim_batch_t **batches, int *count,
                                const kuji_act_t *act, int64_t campaign_id,
                                apr_pool_t *pool);

typedef struct kuji_claim_count_t {
    const char *prize, *kind, *state;
    int64_t count;
    int64_t returned; /* of them, units that a void gave back */
} kuji_claim_count_t;
/** How many claims of each prize are in each state but won, in the manifest's
 * order. What is awarded and in no other state is won: awarded less the sum of
 * count, plus that of returned. */
apr_status_t kuji_claim_counts(const kuji_claim_count_t **counts, int *count,
                               const kuji_act_t *act, int64_t campaign_id,
                               apr_pool_t *pool);

typedef struct kuji_claim_step_t {
    const char *state;
    int64_t at;       /* ms */
    const char *back; /* the parcel came back: why (kuji_claim_backs); NULL */
} kuji_claim_step_t;

typedef struct kuji_claim_t {
    const char *state, *prize, *kind;
    int64_t updated_at; /* ms */
    int64_t due_at;     /* ms: won until then; 0: no end, or not won */
    int64_t edit_until; /* ms: what was given may be changed until then; 0: no
                           end, or nothing was given */
    const char *shop;   /* that redeemed the coupon by its passcode; NULL */
    int nsteps;
    const kuji_claim_step_t *steps; /* after won */
    int has_data, has_tracking;
    int version;       /* of data, tracking; 0: nothing yet */
    int64_t erased_at; /* ms; 0: not */
    /* with personal only */
    const json_t *data;   /* NULL: none; released with pool */
    const char *tracking; /* NULL: none */
    const char *gift;     /* the code that was handed out, NULL: none */
    int64_t gift_id;      /* which it is (store/gift.h) */
} kuji_claim_t;

/** The claim of win n; *claim NULL where n is no win. act needs keys if
 * personal. KUJI_ENOTFOUND: no such campaign. */
apr_status_t kuji_claim_get(const kuji_claim_t **claim, const kuji_act_t *act,
                            const char *slug, uint64_t n, int personal,
                            apr_pool_t *pool);

/** Takes win n to another state. KUJI_ENOTFOUND: no such win; KUJI_ESTATE: `by`
 * may not, or not from where it is; KUJI_EINVAL: to is void, won or claimed
 * (kuji_claim_submit). */
apr_status_t kuji_claim_step(const char **why, const kuji_act_t *act,
                             const char *slug, uint64_t n, kuji_claim_e to,
                             kuji_claim_by_e by, apr_pool_t *pool);

/** A shipped parcel came back: the claim is claimed again, to be corrected and
 * shipped once more; nobody is mailed. reason: of kuji_claim_backs.
 * KUJI_ENOTFOUND, KUJI_ESTATE, KUJI_EINVAL (another reason). */
apr_status_t kuji_claim_came_back(const char **why, const kuji_act_t *act,
                                  const char *slug, uint64_t n,
                                  const char *reason, kuji_claim_by_e by,
                                  apr_pool_t *pool);

/** What the winner of a parcel gives (kuji_person_check): won becomes claimed;
 * claimed and given again replaces it, up to the shipping. participant: whose
 * draw it must be (else KUJI_ENOTFOUND); NULL: an owner enters it. Refused
 * (KUJI_ESTATE) once the time to claim is over or personal data was erased. The
 * same data again changes nothing. */
apr_status_t kuji_claim_submit(const char **why, const kuji_act_t *act,
                               const char *slug, uint64_t n,
                               const unsigned char participant[16],
                               const json_t *data, kuji_claim_by_e by,
                               apr_pool_t *pool);

/** What comes with the data of a winner's own form. */
typedef struct kuji_claim_sent_t {
    int version; /* of the data that the form showed; -1: none */
    kuji_consents_given_t consents;
    /* Of a mail to the address in the data: "ja" or "en", and where its links
     * begin ("https://host/mount"); NULL: none is sent. */
    const char *language, *base;
} kuji_claim_sent_t;

/** The same for the winner's form: KUJI_ECONFLICT where there is another
 * version of the data by now, unless what is sent is what is there. The
 * consents are recorded with it, and a winner whose mail address was not known
 * is told of the win where the data has one (store/outbox.h). */
apr_status_t kuji_claim_send(const char **why, const kuji_act_t *act,
                             const char *slug, uint64_t n,
                             const unsigned char participant[16],
                             const json_t *data, const kuji_claim_sent_t *sent,
                             apr_pool_t *pool);

/** An owner's correction of what was given, in any state. version: what was
 * shown, else KUJI_ECONFLICT. The audit row names the fields, not their values.
 */
apr_status_t kuji_claim_correct(const char **why, const kuji_act_t *act,
                                const char *slug, uint64_t n, int version,
                                const json_t *data, apr_pool_t *pool);

/** What a line of a shipping list came to. */
typedef enum kuji_ship_e {
    KUJI_SHIP_DONE,
    KUJI_SHIP_UPDATED,   /* shipped before: its tracking number is replaced */
    KUJI_SHIP_MALFORMED, /* no number of a draw, or no tracking number's form */
    KUJI_SHIP_UNKNOWN,   /* no such win */
    KUJI_SHIP_KIND,      /* nothing to ship */
    KUJI_SHIP_STATE,     /* not claimed, or delivered, expired, void */
    KUJI_SHIP_TWICE,     /* a line before says the same n */
    KUJI_SHIP_LAST
} kuji_ship_e;

typedef struct kuji_ship_line_t {
    int64_t line; /* from 1 */
    uint64_t n;   /* 0: malformed */
    kuji_ship_e outcome;
} kuji_ship_line_t;

typedef struct kuji_ship_report_t {
    int64_t counts[KUJI_SHIP_LAST];
    int nlines; /* of those that were refused, at most KUJI_SHIP_LINES_MAX */
    const kuji_ship_line_t *lines;
} kuji_ship_report_t;
#define KUJI_SHIP_LINES_MAX 500

/** Marks parcels as shipped from CSV (core/csv.h): n, tracking number (may be
 * empty); a first record that is no number is a heading. Lines that do not fit
 * are reported and left out, the others are done, 1000 a transaction. report
 * holds what was done also after an error. KUJI_EINVAL: no CSV; KUJI_ETOOBIG.
 */
apr_status_t kuji_claim_ship(kuji_ship_report_t *report, const char **why,
                             const kuji_act_t *act, const char *slug,
                             const char *csv, apr_size_t len, apr_pool_t *pool);

/** Lets wins expire whose time to claim (CONFIG claim_days after the win) is
 * over, in all of the tenant's campaigns; *count of them. KUJI_EBUSY soon after
 * *stop is set (atomically). For the jobs' thread. */
apr_status_t kuji_claim_expire(int64_t *count, const kuji_act_t *act,
                               const int *stop, apr_pool_t *pool);

/** An expired win whose unit is still awarded. */
typedef struct kuji_claim_expired_t {
    uint64_t n;
    const char *prize; /* code */
} kuji_claim_expired_t;
/** The first limit of them by n. */
apr_status_t kuji_claim_expired(const kuji_claim_expired_t **claims, int *count,
                                const kuji_act_t *act, int64_t campaign_id,
                                int limit, apr_pool_t *pool);

/** Voids up to limit expired wins of odds or box with the reason "expired", so
 * that their units can be won again; *count of them, also after an error.
 * KUJI_ENOTFOUND, KUJI_ESTATE (another method, closed). */
apr_status_t kuji_claim_return(int64_t *count, const char **why,
                               const kuji_act_t *act, const char *slug,
                               int limit, apr_pool_t *pool);

#endif
