/* What stands between a draft and its publication: one list for the console,
 * the API and kujictl.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_HINDRANCE_H
#define KUJI_CORE_HINDRANCE_H

#include "core/error.h"

#include <jansson.h>

/* The bits, the gravest first: of several, that is the one to be told where
 * there is room for one. */
#define KUJI_HINDER_PUBLISHED 1u
#define KUJI_HINDER_ARCHIVED 2u
#define KUJI_HINDER_OVER 4u /* closes_at has passed */
#define KUJI_HINDER_NO_PRIZES 8u
#define KUJI_HINDER_NO_PURPOSE 16u
#define KUJI_HINDER_NO_RETENTION 32u
#define KUJI_HINDER_NO_PASSPHRASE 64u /* the gate passphrase without any */
#define KUJI_HINDER_NO_MAIL 128u      /* the gate email, no mail server */
#define KUJI_HINDER_NO_GOODS 256u     /* the gate purchase, nothing to buy */
#define KUJI_HINDER_FEE 512u          /* a chance is sold: core/purchase.h */
#define KUJI_HINDER_TIED 1024u        /* goods that only a draw comes with */
#define KUJI_HINDER_NO_PROVIDER 2048u /* nobody takes the payments */
/** Worth a warning, no more: codes may come after publication. */
#define KUJI_HINDER_NO_CODES 4096u
/** And LINE's channel may be set up afterwards. */
#define KUJI_HINDER_NO_LINE 8192u

/** What refuses. */
#define KUJI_HINDER_REFUSES (KUJI_HINDER_NO_CODES - 1)

/** What CONFIG does not say. */
typedef struct kuji_hindrance_facts_t {
    int published, archived, over;
    int has_passphrase;   /* one or more */
    int has_codes;        /* in a batch that is not disabled */
    int can_mail;         /* the installation has a mail server */
    int has_line;         /* LINE's channel is set up */
    const char *provider; /* of payments (core/pay_config.h); NULL: none */
} kuji_hindrance_facts_t;

/** The bits for a checked CONFIG. */
unsigned kuji_hindrances(const json_t *config,
                         const kuji_hindrance_facts_t *facts);

/** One English sentence for the gravest, a static text; NULL for none. */
const char *kuji_hindrance_why(unsigned hindrances);

/** What refuses as a status: KUJI_ESTATE where the campaign's state or the
 * installation's is in the way, KUJI_EINVAL where the organiser has to add
 * something, APR_SUCCESS for none or a warning. */
apr_status_t kuji_hindrance_status(unsigned hindrances);

#endif
