/* One message: is who it is for a friend, then a push under the row's own retry
 * key, with words that stay the same until it has left. An answer to a keyword
 * goes by its reply token, as long as that is fresh.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "job/outbox_line.h"

#include "core/line_text.h"
#include "remote/line_message.h"
#include "store/line.h"

#include <apr_strings.h>
#include <string.h>

/** Rows of a tenant wait so long after one that LINE did not take. */
#define PAUSE apr_time_from_sec(10)
/** A reply token is good for about a minute; ms. */
#define REPLY_MS 45000

/* A tenant's turn. */
typedef struct turn_t {
    apr_pool_t *pool; /* the settings', which hold a secret */
    kuji_line_settings_t settings;
    kuji_line_bot_t bot;
} turn_t;

static int is_paused(const kuji_outbox_line_config_t *config,
                     const char *tenant)
{
    int i;

    for (i = 0; i < KUJI_OUTBOX_PAUSED; i++) {
        if (strcmp(config->paused[i].tenant, tenant) == 0 &&
            apr_time_now() < config->paused[i].until) {
            return 1;
        }
    }
    return 0;
}

/* A full table forgets the oldest: that one is then asked too often. */
static void pause_tenant(kuji_outbox_line_config_t *config, const char *tenant,
                         apr_interval_time_t wait)
{
    int i = config->next_paused++ % KUJI_OUTBOX_PAUSED;

    apr_cpystrn(config->paused[i].tenant, tenant,
                sizeof(config->paused[i].tenant));
    config->paused[i].until = apr_time_now() + wait;
}

static apr_status_t begin(kuji_outbox_trip_t *trip)
{
    turn_t *turn = apr_pcalloc(trip->pool, sizeof(*turn));

    trip->state = turn;
    return apr_pool_create(&turn->pool, trip->pool);
}

static apr_status_t take_turn(kuji_outbox_trip_t *trip, const kuji_act_t *act)
{
    turn_t *turn = trip->state;
    apr_status_t rv;

    if (is_paused(trip->baton, act->tenant)) {
        return KUJI_EBUSY;
    }
    apr_pool_clear(turn->pool);
    rv = kuji_line_settings(&turn->settings, act, 1, turn->pool);
    turn->bot.base = turn->settings.config.api;
    turn->bot.id = turn->settings.config.bot;
    turn->bot.secret = turn->settings.config.bot_secret;
    turn->bot.stop = trip->stop;
    return rv == KUJI_ENOTFOUND ? APR_SUCCESS : rv;
}

static int has_channel(const kuji_line_bot_t *bot)
{
    return bot->id && *bot->id && bot->secret && *bot->secret;
}

static void give_up(kuji_outbox_fate_t *fate, const char *reason)
{
    fate->end = KUJI_OUTBOX_GAVE_UP;
    fate->reason = reason;
}

/* It did not arrive, and will not; unless an earlier try did, which LINE has
 * not told. */
static void fail(kuji_outbox_fate_t *fate, const kuji_outbox_mail_t *mail,
                 kuji_outbox_end_e end, const char *reason)
{
    fate->end = end;
    fate->reason = reason;
    fate->elsewhere = mail->handed_at == 0;
}

/* LINE did not take it, or has not said whether. */
static void put_off(kuji_outbox_fate_t *fate, kuji_outbox_trip_t *trip,
                    const kuji_act_t *act, const kuji_outbox_mail_t *mail,
                    const kuji_line_outcome_t *outcome)
{
    int doubt = outcome->sent == KUJI_LINE_DOUBT;
    int64_t asked = outcome->retry_after * INT64_C(1000);

    fate->reason = outcome->reason;
    fate->in_doubt = doubt || mail->handed_at != 0;
    if (__atomic_load_n(trip->stop, __ATOMIC_ACQUIRE) && !doubt) {
        fate->end = KUJI_OUTBOX_BACK;
        fate->away = KUJI_OUTBOX_TENANT_AWAY;
        return;
    }
    fate->end = KUJI_OUTBOX_LATER;
    fate->wait = kuji_outbox_wait(mail->tries);
    fate->wait = asked > fate->wait ? asked : fate->wait;
    fate->away = KUJI_OUTBOX_TENANT_AWAY;
    pause_tenant(trip->baton, act->tenant,
                 asked ? apr_time_from_msec(asked) : PAUSE);
}

static void judge(kuji_outbox_fate_t *fate, kuji_outbox_trip_t *trip,
                  const kuji_act_t *act, const kuji_outbox_mail_t *mail,
                  const kuji_line_outcome_t *outcome)
{
    switch (outcome->sent) {
    case KUJI_LINE_ACCEPTED:
        fate->end = KUJI_OUTBOX_SENT;
        break;
    case KUJI_LINE_NO:
        fail(fate, mail, KUJI_OUTBOX_BOUNCED, outcome->reason);
        break;
    case KUJI_LINE_MONTH:
        if (mail->kind == KUJI_MAIL_KEYWORD) {
            give_up(fate, outcome->reason);
            break;
        }
        /* All that waits is then put off, this one too. */
        fate->end = KUJI_OUTBOX_BACK;
        fate->reason = outcome->reason;
        fate->in_doubt = mail->handed_at != 0;
        fate->hold = kuji_line_month_left(mail->now);
        fate->away = KUJI_OUTBOX_TENANT_AWAY;
        break;
    case KUJI_LINE_BUSY:
    case KUJI_LINE_NOT_SENT:
    case KUJI_LINE_DOUBT:
        put_off(fate, trip, act, mail, outcome);
        break;
    }
}

static const char *member(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));

    return text ? text : "";
}

/* 1: an answer has gone, or nobody knows; 0: it is to be pushed. Only the very
 * first try: a second one cannot know about the first. */
static int reply(kuji_outbox_fate_t *fate, kuji_outbox_trip_t *trip,
                 const kuji_act_t *act, const kuji_outbox_mail_t *mail,
                 const char *text, apr_pool_t *pool)
{
    const kuji_outbox_line_config_t *config = trip->baton;
    const turn_t *turn = trip->state;
    const char *token = member(mail->data, "reply");
    kuji_line_outcome_t outcome;

    if (mail->kind != KUJI_MAIL_KEYWORD || !*token || mail->tries > 1 ||
        mail->now - mail->created_at > REPLY_MS) {
        return 0;
    }
    kuji_line_reply(&outcome, config->line, &turn->bot, token, text, pool);
    if (outcome.sent == KUJI_LINE_NO) {
        return 0;
    }
    if (outcome.sent == KUJI_LINE_DOUBT) {
        give_up(fate, outcome.reason);
        return 1;
    }
    judge(fate, trip, act, mail, &outcome);
    return 1;
}

/* The words of an earlier try, or new ones, kept before LINE has them. */
static apr_status_t settle_words(const char **text,
                                 const kuji_outbox_line_config_t *config,
                                 const kuji_act_t *act,
                                 const kuji_outbox_mail_t *mail,
                                 apr_pool_t *pool)
{
    const char *subject;
    json_t *data;
    apr_status_t rv = APR_SUCCESS;

    *text = member(mail->data, "text");
    if (!**text) {
        rv = config->words(config->words_baton, &subject, text, mail, pool);
    }
    if (rv != APR_SUCCESS || mail->handed_at) {
        return rv;
    }
    data = json_pack("{s:s, s:s}", "text", *text, "reply",
                     member(mail->data, "reply"));
    rv = data ? kuji_outbox_hand(act, mail->id, data, pool) : KUJI_EINVAL;
    json_decref(data);
    return rv;
}

/* Whether LINE would deliver it: a push to somebody else is taken all the same
 * (200), and never seen. */
static int find_friend(kuji_outbox_fate_t *fate, kuji_outbox_trip_t *trip,
                       const kuji_act_t *act, const kuji_outbox_mail_t *mail,
                       apr_pool_t *pool)
{
    const kuji_outbox_line_config_t *config = trip->baton;
    const turn_t *turn = trip->state;
    kuji_line_outcome_t outcome;
    int is_friend;

    kuji_line_may_write(&is_friend, &outcome, config->line, &turn->bot,
                        mail->address, pool);
    if (outcome.sent != KUJI_LINE_ACCEPTED) {
        judge(fate, trip, act, mail, &outcome);
        return 0;
    }
    if (mail->n && mail->is_friend != is_friend) {
        (void)kuji_outbox_friend(act, mail->id, is_friend, pool);
    }
    if (!is_friend) {
        fail(fate, mail, KUJI_OUTBOX_BOUNCED, "not a friend");
    }
    return is_friend;
}

static void push(kuji_outbox_fate_t *fate, kuji_outbox_trip_t *trip,
                 const kuji_act_t *act, const kuji_outbox_mail_t *mail,
                 const char *text, apr_pool_t *pool)
{
    const kuji_outbox_line_config_t *config = trip->baton;
    const turn_t *turn = trip->state;
    kuji_line_outcome_t outcome;

    kuji_line_push(&outcome, config->line, &turn->bot, mail->address, text,
                   mail->id, pool);
    judge(fate, trip, act, mail, &outcome);
}

static void carry(kuji_outbox_fate_t *fate, kuji_outbox_trip_t *trip,
                  const kuji_act_t *act, const kuji_outbox_mail_t *mail,
                  apr_pool_t *pool)
{
    const turn_t *turn = trip->state;
    const char *text;
    apr_status_t rv;

    if (!has_channel(&turn->bot)) {
        fail(fate, mail, KUJI_OUTBOX_GAVE_UP, "no channel");
        return;
    }
    if (mail->handed_at && mail->now - mail->handed_at > KUJI_LINE_RETRY_MS) {
        give_up(fate, "nobody knows");
        return;
    }
    if (mail->kind != KUJI_MAIL_KEYWORD &&
        !find_friend(fate, trip, act, mail, pool)) {
        return;
    }
    rv = settle_words(&text, trip->baton, act, mail, pool);
    if (rv == KUJI_EINVAL || rv == KUJI_ETOOBIG || rv == KUJI_ENOTFOUND) {
        fail(fate, mail, KUJI_OUTBOX_GAVE_UP, "text");
    }
    else if (rv != APR_SUCCESS) { /* the database is away */
        fate->end = KUJI_OUTBOX_BACK;
        fate->in_doubt = mail->handed_at != 0;
        fate->away = KUJI_OUTBOX_TENANT_AWAY;
    }
    else if (!reply(fate, trip, act, mail, text, pool)) {
        push(fate, trip, act, mail, text, pool);
    }
}

void kuji_outbox_by_line(kuji_outbox_carrier_t *carrier,
                         kuji_outbox_line_config_t *config)
{
    const kuji_outbox_carrier_t by_line = {.channel = KUJI_OUTBOX_LINE,
                                           .name = "LINE",
                                           .begin = begin,
                                           .tenant = take_turn,
                                           .send = carry,
                                           .baton = config};

    *carrier = by_line;
}
