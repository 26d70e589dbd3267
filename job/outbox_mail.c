/* SPDX-License-Identifier: Apache-2.0 */
#include "job/outbox_mail.h"

#include "core/mail_message.h"

#include <apr_strings.h>

/** A code is of use for minutes, and the server may be back in one; ms. */
#define CODE_WAIT_MS 10000

static apr_status_t begin(kuji_outbox_trip_t *trip)
{
    const kuji_outbox_mail_config_t *config = trip->baton;
    kuji_mailer_t *mailer;
    apr_status_t rv =
        kuji_mailer_create(&mailer, config->server, trip->stop, trip->pool);

    trip->state = mailer;
    return rv;
}

static apr_status_t compose(const char **text, apr_size_t *len,
                            const kuji_outbox_mail_config_t *config,
                            const kuji_outbox_mail_t *mail, apr_pool_t *pool)
{
    const kuji_mail_server_t *server = config->server;
    kuji_mail_t m = {.from = server->from,
                     .from_name = server->from_name ? server->from_name
                                                    : mail->tenant_title,
                     .to = mail->address,
                     .language = mail->language,
                     .id = mail->id,
                     .date = mail->now};
    apr_status_t rv =
        config->words(config->words_baton, &m.subject, &m.body, mail, pool);

    return rv == APR_SUCCESS ? kuji_mail_message(text, len, &m, pool) : rv;
}

static void judge(kuji_outbox_fate_t *fate, const kuji_outbox_trip_t *trip,
                  const kuji_outbox_mail_t *mail, kuji_mail_sent_e sent,
                  const kuji_mail_reply_t *reply, apr_pool_t *pool)
{
    fate->reason = reply->code ? apr_pstrdup(pool, reply->text) : "no answer";
    switch (sent) {
    case KUJI_MAIL_SENT:
        fate->end = KUJI_OUTBOX_SENT;
        fate->reason = NULL;
        break;
    case KUJI_MAIL_REFUSED:
        fate->end = KUJI_OUTBOX_BOUNCED;
        break;
    case KUJI_MAIL_LATER:
        fate->end = KUJI_OUTBOX_LATER;
        break;
    case KUJI_MAIL_AWAY:
        fate->away = KUJI_OUTBOX_ALL_AWAY;
        fate->end = __atomic_load_n(trip->stop, __ATOMIC_ACQUIRE)
                        ? KUJI_OUTBOX_BACK
                        : KUJI_OUTBOX_LATER;
        fate->wait = mail->kind == KUJI_MAIL_CODE ? CODE_WAIT_MS : 0;
        break;
    }
}

static void carry(kuji_outbox_fate_t *fate, kuji_outbox_trip_t *trip,
                  const kuji_act_t *act, const kuji_outbox_mail_t *mail,
                  apr_pool_t *pool)
{
    kuji_mail_reply_t reply = {0};
    kuji_mail_sent_e sent;
    const char *text;
    apr_size_t len;

    (void)act;
    if (compose(&text, &len, trip->baton, mail, pool) != APR_SUCCESS) {
        fate->end = KUJI_OUTBOX_GAVE_UP;
        fate->reason = "text";
        return;
    }
    sent = kuji_mailer_send(&reply, trip->state, mail->address, text, len);
    judge(fate, trip, mail, sent, &reply, pool);
}

void kuji_outbox_by_mail(kuji_outbox_carrier_t *carrier,
                         kuji_outbox_mail_config_t *config)
{
    const kuji_outbox_carrier_t by_mail = {.channel = KUJI_OUTBOX_MAIL,
                                           .name = "the mail server",
                                           .begin = begin,
                                           .send = carry,
                                           .baton = config};

    *carrier = by_mail;
}
