/* Any bytes as an address, a mail server's reply, and the parts of a message:
 * what comes out can break no header and no SMTP command.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/mail_address.h"
#include "core/mail_message.h"
#include "core/mail_reply.h"

#include <apr_general.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_printable(const char *text, size_t max)
{
    size_t i;

    for (i = 0; text[i]; i++) {
        if (text[i] <= ' ' || text[i] > '~' || strchr("<>", text[i])) {
            abort();
        }
    }
    if (i == 0 || i > max) {
        abort();
    }
}

static void check_address(const uint8_t *data, size_t size, unsigned fold)
{
    kuji_mail_address_t a, again;

    if (kuji_mail_address_read(&a, (const char *)data, size, fold)) {
        return;
    }
    check_printable(a.text, KUJI_MAIL_ADDRESS_MAX + 2);
    check_printable(a.identity, KUJI_MAIL_ADDRESS_MAX + 2);
    /* Who it is does not change by being read once more. */
    if (kuji_mail_address_read(&again, a.identity, strlen(a.identity), fold) ==
            APR_SUCCESS &&
        strcmp(a.identity, again.identity) != 0) {
        abort();
    }
}

static void check_message(const char *text, apr_pool_t *pool)
{
    kuji_mail_t mail = {.from = "a@b.example",
                        .from_name = text,
                        .to = "c@d.example",
                        .subject = text,
                        .body = text,
                        .language = "ja",
                        .id = "x"};
    const char *out, *at;
    apr_size_t len;

    if (kuji_mail_message(&out, &len, &mail, pool)) {
        return;
    }
    for (at = out; *at; at++) {
        if ((*at == '\r') != (at[1] == '\n') || (signed char)*at < 0) {
            abort();
        }
    }
    if (strlen(out) != len || strstr(strstr(out, "\r\n\r\n") + 2, "\r\n.")) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kuji_mail_reply_t reply;
    apr_pool_t *pool;
    char *text;

    check_address(data, size, 0);
    check_address(data, size, KUJI_MAIL_FOLD);
    kuji_mail_reply_read(&reply, (const char *)data, size);
    if (reply.code &&
        (reply.code < 200 || reply.code > 599 ||
         strlen(reply.text) >= KUJI_MAIL_REASON_MAX ||
         strspn(reply.text, "0123456789 .") != strlen(reply.text))) {
        abort();
    }
    apr_initialize();
    apr_pool_create(&pool, NULL);
    text = apr_palloc(pool, size + 1);
    memcpy(text, data, size);
    text[size] = '\0';
    check_message(text, pool);
    apr_pool_destroy(pool);
    return 0;
}
