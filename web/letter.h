/* What a mail says: the organiser's words or ours, over what it is about.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_WEB_LETTER_H
#define KUJI_WEB_LETTER_H

#include "job/outbox.h"
#include "web/web.h"

/** For the outbox: baton is the process's const kuji_render_t. */
kuji_outbox_words_fn kuji_letter_words;

/** For the outbox of LINE: *body alone, short enough for one message. Our own
 * texts are shorter than a mail's; the organiser's are the same. */
kuji_outbox_words_fn kuji_letter_line;

/** The same with a draft of the words (NULL: as kuji_letter_words). KUJI_EINVAL
 * where they do not compile. */
apr_status_t kuji_letter_write(const char **subject, const char **body,
                               const kuji_render_t *render,
                               const kuji_outbox_mail_t *mail,
                               const char *draft_subject,
                               const char *draft_body, apr_pool_t *pool);

/** The words that are in force: "subject" or "body". own (may be NULL): whether
 * they are the organiser's. */
const char *kuji_letter_text(int *own, const kuji_render_t *render,
                             const json_t *config, kuji_mail_kind_e kind,
                             const char *language, const char *part,
                             apr_pool_t *pool);

/** Whether mail can be sent: KujiMailServer is set. */
int kuji_can_mail(const kuji_web_t *web);

/** Where this request's links begin: "https://host/mount". The host is the
 * tenant's, whatever the client has called it. */
const char *kuji_letter_base(const kuji_web_t *web);

#endif
