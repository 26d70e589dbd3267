/* People: found by whatever they give, shown what is held, erased. A person is
 * a participant of one campaign; nothing links campaigns but what winners gave.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_PERSON_H
#define KUJI_STORE_PERSON_H

#include "store/claim.h"
#include "store/consent.h"

#define KUJI_PERSON_MATCHES_MAX 100

typedef struct kuji_person_match_t {
    const char *slug, *title; /* of the campaign */
    uint64_t n;               /* one of the person's draws; 0: there is none */
    const char *who;  /* the participant's digest, as a uuid; NULL: not known */
    const char *name; /* of a claim, where it holds what was looked for; NULL */
} kuji_person_match_t;

/** Claims that are looked through for a part of a name, the newest first. */
#define KUJI_PERSON_NAMES_MAX 200000

/** Whom query may mean: a name or a part of one, a phone number or mail address
 * that a winner gave, however it is written, a mail address that was confirmed
 * at the gate, LINE's user id, or the participant's id of an API caller; with
 * slug (else NULL: all campaigns) also a receipt number. At most
 * KUJI_PERSON_MATCHES_MAX. *is_partial: there are claims beyond
 * KUJI_PERSON_NAMES_MAX, found by whole names and words only. KUJI_EINVAL:
 * nothing to look for, or over 1000 bytes; KUJI_ENOTFOUND: no such campaign.
 * act needs keys. */
apr_status_t kuji_person_find(const kuji_person_match_t **matches, int *count,
                              int *is_partial, const char **why,
                              const kuji_act_t *act, const char *query,
                              const char *slug, apr_pool_t *pool);

typedef struct kuji_person_draw_t {
    uint64_t n;
    const char *state, *prize; /* NULL: no win */
    const kuji_claim_t *claim; /* with personal data; NULL: no win */
} kuji_person_draw_t;

/** A mail, or a message by LINE, about a draw. */
typedef struct kuji_person_mail_t {
    const char *kind, *state; /* store/outbox.h */
    uint64_t n;
    int64_t created_at, ended_at; /* ms; ended_at 0: not yet */
    int by_line;
} kuji_person_mail_t;

/** Who somebody is on LINE. */
typedef struct kuji_person_line_t {
    const char *subject;        /* LINE's user id */
    const char *name, *picture; /* "": not asked for */
    int64_t verified_at;        /* ms */
} kuji_person_line_t;

typedef struct kuji_person_t {
    int is_known; /* 0: the draw's participant was erased */
    int has_salt;
    int64_t draws, wins;            /* as the limits count */
    int count;                      /* of list */
    const kuji_person_draw_t *list; /* newest first, at most
                                       KUJI_PERSON_DRAWS_MAX; n itself where the
                                       participant is not known */
    int is_cut;                     /* there are more draws than list has */
    int nconsents;
    const kuji_consent_t *consents; /* the oldest first */
    const char *address;            /* confirmed at the gate; NULL: none */
    const char *language;           /* of that: "ja", "en" */
    int64_t verified_at;            /* ms */
    const kuji_person_line_t *line; /* NULL: did not come by LINE */
    int nmails;
    const kuji_person_mail_t *mails; /* about the draws of list, the oldest
                                        first */
} kuji_person_t;
#define KUJI_PERSON_DRAWS_MAX 200

/** All that is held of whoever made draw n. KUJI_ENOTFOUND. act needs keys. */
apr_status_t kuji_person_get(const kuji_person_t **person,
                             const kuji_act_t *act, const char *slug,
                             uint64_t n, apr_pool_t *pool);

/** The same of a participant who asks, by the digest; the newest `limit` draws.
 * KUJI_ENOTFOUND: no such campaign, or nothing but counters is held. Who has
 * not drawn is known by what a gate keeps. */
apr_status_t kuji_person_mine(const kuji_person_t **person,
                              const kuji_act_t *act, const char *slug,
                              const unsigned char participant[KUJI_DIGEST_LEN],
                              int limit, apr_pool_t *pool);

/** What an erasure did: the receipt for whoever asked for it. */
typedef struct kuji_erasure_t {
    const char *id;        /* uuid, random */
    int64_t at;            /* ms */
    int64_t draws, claims; /* unlinked; of which data was erased */
} kuji_erasure_t;

/** Erases whoever made draw n, for good: the salt (with it the ledger's `who`
 * says nothing any more), the draws' link to the participant, what was given
 * for every win, its digests, gift codes handed out, consents, the address of
 * the gate and mails. Until the
 * campaign's close a row without salt, found only by a keyed digest, keeps the
 * limits' counters. The ledger is not touched and verifies as before. The audit
 * row names the receipt alone. KUJI_ENOTFOUND; KUJI_ESTATE: nothing is left to
 * erase; KUJI_EBUSY. */
apr_status_t kuji_person_erase(kuji_erasure_t *erasure, const char **why,
                               const kuji_act_t *act, const char *slug,
                               uint64_t n, apr_pool_t *pool);

/** The same for a participant who asks: all of count (1 or more) digests at
 * once, with one receipt and one audit row. KUJI_ESTATE: nothing is held of any
 * of them. */
apr_status_t
kuji_person_erase_mine(kuji_erasure_t *erasure, const char **why,
                       const kuji_act_t *act, const char *slug,
                       const unsigned char (*participants)[KUJI_DIGEST_LEN],
                       int count, apr_pool_t *pool);

/** The receipt of an erasure that a person asked for. KUJI_ENOTFOUND. */
apr_status_t kuji_erasure_get(kuji_erasure_t *erasure, const kuji_act_t *act,
                              int64_t campaign_id, const char *id,
                              apr_pool_t *pool);

#endif
