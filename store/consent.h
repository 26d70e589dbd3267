/* What participants agreed to: the exact words, when, and on which page. The
 * words are kept once a campaign; a consent names them by their digest.
 *
 * A draw's consents are written by its batch (store/batch.h), in the draw's own
 * transaction. A participant withdraws marketing and what concerns LINE; an
 * erasure takes all of them.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_STORE_CONSENT_H
#define KUJI_STORE_CONSENT_H

#include "core/seal.h"
#include "store/act.h"

/** Boxes of one form. */
#define KUJI_CONSENTS_MAX 2

typedef enum kuji_consent_e {
    KUJI_CONSENT_TERMS, /* the rules, and how personal data is handled */
    KUJI_CONSENT_MARKETING,
    KUJI_CONSENT_PROFILE, /* name and picture from LINE are kept */
    KUJI_CONSENT_KINDS
} kuji_consent_e;

/** "terms", "marketing", "profile": static. */
const char *kuji_consent_name(kuji_consent_e kind);

/** A sentence beside a box, as people read it: plain UTF-8. */
typedef struct kuji_consent_text_t {
    kuji_consent_e kind;
    const char *language; /* "ja", "en" */
    const char *wording;
    const char *purpose; /* of the use of personal data, beside it; NULL */
} kuji_consent_text_t;

/** The first 16 bytes of SHA-256 over campaign uuid, kind, language, wording
 * and purpose, each ended by a zero byte. */
void kuji_consent_digest(unsigned char out[KUJI_DIGEST_LEN],
                         const char *campaign_uuid,
                         const kuji_consent_text_t *text);

/** Keeps the text, if it is not there yet. Its digest is given, so that who has
 * it at hand does not compute it twice. */
apr_status_t kuji_consent_keep(const kuji_act_t *act, int64_t campaign_id,
                               const unsigned char digest[KUJI_DIGEST_LEN],
                               const kuji_consent_text_t *text,
                               apr_pool_t *pool);

/** Consents of one form, apart from a draw's. */
typedef struct kuji_consents_given_t {
    int count;
    const unsigned char (*digests)[KUJI_DIGEST_LEN]; /* of kept texts */
    const char *page; /* with the form: the path below the mount, "/k/…" or
                         "/liff/…" */
} kuji_consents_given_t;

/** Inside a transaction: one participant's consents, given now. One that holds
 * already, given on the same page, is not written again. */
apr_status_t
kuji_consent__give(const kuji_act_t *act, kuji_conn_t *conn,
                   int64_t campaign_id,
                   const unsigned char participant[KUJI_DIGEST_LEN],
                   const kuji_consents_given_t *given, apr_pool_t *pool);

/** Ends every consent of the participant to marketing; *count of them. */
apr_status_t kuji_consent_withdraw(
    int64_t *count, const kuji_act_t *act, int64_t campaign_id,
    const unsigned char participant[KUJI_DIGEST_LEN], apr_pool_t *pool);

/** Inside a transaction: the same of any kind. */
apr_status_t kuji_consent__end(int64_t *count, kuji_conn_t *conn,
                               int64_t campaign_id,
                               const unsigned char participant[KUJI_DIGEST_LEN],
                               kuji_consent_e kind, apr_pool_t *pool);

typedef struct kuji_consent_t {
    const char *kind, *language, *wording;
    const char *purpose;      /* NULL: none was shown */
    int64_t at, withdrawn_at; /* ms; withdrawn_at 0: it holds */
    const char *page;
} kuji_consent_t;

/** Inside a transaction: all of a participant's, the oldest first. */
apr_status_t
kuji_consent__list(const kuji_consent_t **list, int *count, kuji_conn_t *conn,
                   int64_t campaign_id,
                   const unsigned char participant[KUJI_DIGEST_LEN],
                   apr_pool_t *pool);

#endif
