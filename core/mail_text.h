/* What participants are mailed, and the organiser's words for it: Mustache
 * templates of a subject and a body, by kind and language.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_MAIL_TEXT_H
#define KUJI_CORE_MAIL_TEXT_H

#include "core/error.h"

#include <apr_pools.h>
#include <jansson.h>

typedef enum kuji_mail_kind_e {
    KUJI_MAIL_CODE,    /* the six digits of the e-mail gate */
    KUJI_MAIL_WIN,     /* a draw has won */
    KUJI_MAIL_REMIND,  /* the time to claim is nearly over */
    KUJI_MAIL_CLAIMED, /* what a winner gave has come */
    KUJI_MAIL_SHIPPED, /* a parcel has left */
    KUJI_MAIL_ERASED,  /* personal data was erased: its receipt */
    KUJI_MAIL_TEST,    /* one of the above, to the admin who wrote it */
    KUJI_MAIL_KEYWORD, /* an answer to a message, by LINE alone */
    KUJI_MAIL_KINDS
} kuji_mail_kind_e;

/** Kinds whose texts organisers write: all but the last two. */
#define KUJI_MAIL_TEXTS KUJI_MAIL_TEST

/** Bytes of an organiser's template. */
#define KUJI_MAIL_SUBJECT_TEXT_MAX 300
#define KUJI_MAIL_BODY_TEXT_MAX 20000

/** "code", "win", "remind", …; also in the database. */
const char *kuji_mail_kind_name(kuji_mail_kind_e kind);
/** KUJI_MAIL_KINDS: there is none of that name. */
kuji_mail_kind_e kuji_mail_kind(const char *name);

/** Names of what a kind's templates can say, NULL-terminated. */
const char *const *kuji_mail_variables(kuji_mail_kind_e kind);

/** Whether both compile and use their kind's variables alone, the subject being
 * one line. KUJI_EINVAL with *why, one English sentence. */
apr_status_t kuji_mail_text_check(const char **why, kuji_mail_kind_e kind,
                                  const char *subject, const char *body,
                                  apr_pool_t *pool);

/** CONFIG's `mail`: {KIND: {LANGUAGE: {"subject", "body"}}}, each of them
 * optional, every template checked. KUJI_EINVAL with *why. */
apr_status_t kuji_mail_texts_check(const char **why, const json_t *mail,
                                   apr_pool_t *pool);

/** The organiser's "subject" or "body", NULL where they left ours. */
const char *kuji_mail_text(const json_t *config, kuji_mail_kind_e kind,
                           const char *language, const char *part);

/** A template over data (borrowed), nothing escaped; in pool. KUJI_EINVAL: it
 * does not compile; KUJI_ETOOBIG. */
apr_status_t kuji_mail_text_render(const char **out, const char *text,
                                   json_t *data, apr_pool_t *pool);

#endif
