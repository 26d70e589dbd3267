/* A mail as bytes: RFC 5322 with RFC 2047 words and a base64 body, so that no
 * relay has anything to change, and no text can become a header.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_MAIL_MESSAGE_H
#define KUJI_CORE_MAIL_MESSAGE_H

#include "core/error.h"

#include <apr_pools.h>
#include <stdint.h>

/** Bytes of a subject or a name, which is cut there, and of a body, UTF-8. */
#define KUJI_MAIL_SUBJECT_MAX 500
#define KUJI_MAIL_BODY_MAX 100000

typedef struct kuji_mail_t {
    const char *from;      /* checked address (core/mail_address.h) */
    const char *from_name; /* any UTF-8; NULL: none */
    const char *to;        /* checked address */
    const char *subject;   /* any UTF-8 */
    const char *body;      /* any UTF-8, lines end with a line feed */
    const char *language;  /* "ja" or "en" */
    const char *id; /* of the mail, [A-Za-z0-9-]: a repeat has the same */
    int64_t date;   /* ms */
    /* An https address where whoever reads this asks for no more of it: for
     * advertising only, else NULL. */
    const char *unsubscribe;
} kuji_mail_t;

/** *text in pool, lines end with CR LF; its Message-ID is <id@domain of from>.
 * Control characters of names and subjects become blanks; what is no UTF-8
 * becomes U+FFFD. KUJI_EINVAL: an address, id or unsubscribe that could break a
 * header; KUJI_ETOOBIG: the body. */
apr_status_t kuji_mail_message(const char **text, apr_size_t *len,
                               const kuji_mail_t *mail, apr_pool_t *pool);

#endif
