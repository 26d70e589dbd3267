/* Mail addresses: what somebody typed becomes what a mail server is told and
 * what stands for the person.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_MAIL_ADDRESS_H
#define KUJI_CORE_MAIL_ADDRESS_H

#include "core/error.h"

#include <apr_pools.h>

/** RFC 5321 4.5.3.1, bytes; two more where the local part is quoted. */
#define KUJI_MAIL_LOCAL_MAX 64
#define KUJI_MAIL_DOMAIN_MAX 255
#define KUJI_MAIL_ADDRESS_MAX 254

/** For a campaign that counts an owner's variants as one person: what follows
 * a plus sign is left out, and the dots of a gmail.com address, whose server
 * does not see them. Other servers see dots: there they stay. */
#define KUJI_MAIL_FOLD 1u

typedef struct kuji_mail_address_t {
    /* As a server is told: the local part as typed, in quotes where it is no
     * dot-atom; the domain in lower case, as A-labels (RFC 5891). ASCII without
     * spaces or control characters. */
    char text[KUJI_MAIL_ADDRESS_MAX + 3];
    /* Who that is: lower case, folded if asked. */
    char identity[KUJI_MAIL_ADDRESS_MAX + 3];
    const char *domain; /* in identity, behind the @ */
} kuji_mail_address_t;

/** Blanks around it are left out, full-width ASCII is read as ASCII, domains
 * may be in any script (UTS 46). Two dots in a row and a dot at the end of the
 * local part are taken, as Japanese carriers once handed out. KUJI_EINVAL: it
 * is none that mail can be sent to (quoted, with a comment, with an address
 * literal, of a domain without a dot, with a local part beyond ASCII);
 * KUJI_ETOOBIG. fold: 0 or KUJI_MAIL_FOLD. */
apr_status_t kuji_mail_address_read(kuji_mail_address_t *out, const char *text,
                                    apr_size_t len, unsigned fold);

#endif
