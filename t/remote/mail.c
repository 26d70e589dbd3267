/* kuji-remote-mail URL TO [WORD]: one message by remote/mail.h; KUJI_USER and
 * KUJI_PASSWORD log in, KUJI_CA is trusted. Says what came of it and why.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/mail.h"

#include <apr_general.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char message[] = "From: <kuji@mail.test>\r\n"
                              "Subject: Hello\r\n"
                              "\r\n"
                              "Hi\r\n";

int main(int argc, char **argv)
{
    static const char *const words[] = {"sent", "refused", "later", "away"};
    kuji_mail_server_t server = {.from = "kuji@mail.test",
                                 .user = getenv("KUJI_USER"),
                                 .password = getenv("KUJI_PASSWORD"),
                                 .ca_file = getenv("KUJI_CA")};
    kuji_mail_reply_t reply;
    kuji_mailer_t *mailer;
    kuji_mail_sent_e sent;
    const char *wrong;
    apr_pool_t *pool;

    apr_initialize();
    apr_pool_create(&pool, NULL);
    wrong = argc < 3 ? "URL TO [WORD]"
                     : kuji_mail_server_read(&server, argv[1], argv[3], pool);
    if (wrong) {
        fprintf(stderr, "%s\n", wrong);
        return 2;
    }
    if (kuji_mailer_init() ||
        kuji_mailer_create(&mailer, &server, NULL, pool)) {
        return 1;
    }
    sent = kuji_mailer_send(&reply, mailer, argv[2], message, strlen(message));
    printf("%s %s\n", words[sent], reply.text);
    apr_pool_destroy(pool);
    return 0;
}
