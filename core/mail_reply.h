/* What a mail server answered (RFC 5321 4.2), without its words: those may
 * repeat the address.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_MAIL_REPLY_H
#define KUJI_CORE_MAIL_REPLY_H

#include <apr.h>

/** "550 5.1.10" and the zero byte. */
#define KUJI_MAIL_REASON_MAX 16

typedef struct kuji_mail_reply_t {
    int code; /* 200 .. 599; 0: no reply */
    /* The code, and where it is there the enhanced status (RFC 3463). */
    char text[KUJI_MAIL_REASON_MAX];
} kuji_mail_reply_t;

/** Reads one line, its end included or not. What is no reply leaves code 0. */
void kuji_mail_reply_read(kuji_mail_reply_t *out, const char *line,
                          apr_size_t len);

#endif
