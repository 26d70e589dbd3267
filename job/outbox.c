/* A round: tenant by tenant, a handful of mails is taken, sent one by one, and
 * each one's fate committed before the next is begun.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "job/outbox.h"

#include "core/mail_message.h"

#include <apr_strings.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <time.h>

#define INTERVAL apr_time_from_sec(1)
/** After a round without a mail server. */
#define PAUSE apr_time_from_sec(10)
/** Mails that are taken at once, and for how long: ten that take a minute each,
 * and some more. */
#define TAKE 10
#define LEASE_MS (15 * 60 * 1000)
/** Between two tries of one mail: a minute, two, four, … four hours. */
#define WAIT_MS INT64_C(60000)
#define WAIT_MAX_MS (4 * 60 * WAIT_MS)

/** Levels of kuji_pg_log_fn. */
enum { LOG_WARNING = 4 };

struct kuji_outbox_t {
    kuji_outbox_config_t config;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    int stop;                        /* atomic */
    kuji_outbox_counters_t counters; /* atomic */
    int away;                        /* the last round found no server */
};

static void count(uint64_t *counter)
{
    __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

static int stopping(const kuji_outbox_t *o)
{
    return __atomic_load_n(&o->stop, __ATOMIC_ACQUIRE);
}

static int64_t wait_after(int tries)
{
    int64_t wait = WAIT_MS;

    while (--tries > 0 && wait < WAIT_MAX_MS) {
        wait *= 2;
    }
    return wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS;
}

/* One line when the server goes away, not one a second. */
static void tell_away(kuji_outbox_t *o, const kuji_mail_reply_t *reply,
                      apr_pool_t *pool)
{
    count(&o->counters.away);
    if (!o->away && !stopping(o) && o->config.log) {
        o->config.log(o->config.log_baton, LOG_WARNING, APR_SUCCESS,
                      apr_pstrcat(pool, "the mail server takes nothing: ",
                                  reply->text, NULL));
    }
    o->away = 1;
}

/* The transaction may fail where the database is away: then the mail is taken
 * once more when its lease is over, under the same Message-ID. A few tries
 * bridge a restart. */
static void end(const kuji_outbox_t *o, const kuji_act_t *act,
                const kuji_outbox_mail_t *mail, kuji_outbox_end_e what,
                const char *reason, int64_t wait, apr_pool_t *pool)
{
    int i;

    for (i = 0; i < (stopping(o) ? 2 : 20); i++) {
        if (kuji_outbox_end(act, mail->id, what, reason, wait, pool) ==
            APR_SUCCESS) {
            return;
        }
        apr_sleep(apr_time_from_msec(250));
    }
}

static apr_status_t compose(const char **text, apr_size_t *len,
                            const kuji_outbox_t *o,
                            const kuji_outbox_mail_t *mail, apr_pool_t *pool)
{
    const kuji_mail_server_t *server = o->config.server;
    kuji_mail_t m = {.from = server->from,
                     .from_name = server->from_name ? server->from_name
                                                    : mail->tenant_title,
                     .to = mail->address,
                     .language = mail->language,
                     .id = mail->id,
                     .date = mail->now};
    apr_status_t rv =
        o->config.words(o->config.words_baton, &m.subject, &m.body, mail, pool);

    return rv == APR_SUCCESS ? kuji_mail_message(text, len, &m, pool) : rv;
}

static void judged(kuji_outbox_t *o, const kuji_act_t *act,
                   const kuji_outbox_mail_t *mail, kuji_mail_sent_e sent,
                   const kuji_mail_reply_t *reply, apr_pool_t *pool)
{
    const char *reason = reply->text;
    int64_t wait = wait_after(mail->tries);

    switch (sent) {
    case KUJI_MAIL_SENT:
        count(&o->counters.sent);
        end(o, act, mail, KUJI_OUTBOX_SENT, NULL, 0, pool);
        break;
    case KUJI_MAIL_REFUSED:
        count(&o->counters.bounced);
        end(o, act, mail, KUJI_OUTBOX_BOUNCED, reason, 0, pool);
        break;
    case KUJI_MAIL_LATER:
        count(&o->counters.later);
        end(o, act, mail, KUJI_OUTBOX_LATER, reason, wait, pool);
        break;
    case KUJI_MAIL_AWAY:
        tell_away(o, reply, pool);
        /* A code is of use for minutes, and the server may be back in one. */
        end(o, act, mail, stopping(o) ? KUJI_OUTBOX_BACK : KUJI_OUTBOX_LATER,
            reason,
            mail->kind == KUJI_MAIL_CODE ? apr_time_as_msec(PAUSE) : wait,
            pool);
        break;
    }
}

/* 0: there is no use in going on. */
static int send_one(kuji_outbox_t *o, const kuji_act_t *act,
                    kuji_mailer_t *mailer, const kuji_outbox_mail_t *mail,
                    apr_pool_t *pool)
{
    kuji_mail_reply_t reply = {0};
    kuji_mail_sent_e sent;
    const char *text;
    apr_size_t len;

    if (mail->skip || compose(&text, &len, o, mail, pool) != APR_SUCCESS) {
        count(&o->counters.gave_up);
        end(o, act, mail, KUJI_OUTBOX_GAVE_UP, mail->skip ? mail->skip : "text",
            0, pool);
        return 1;
    }
    sent = kuji_mailer_send(&reply, mailer, mail->address, text, len);
    judged(o, act, mail, sent, &reply, pool);
    if (sent != KUJI_MAIL_AWAY) {
        o->away = 0;
    }
    return sent != KUJI_MAIL_AWAY;
}

/* Mails of one tenant that were taken; what is left over goes back. */
static int send_taken(kuji_outbox_t *o, const kuji_act_t *act,
                      kuji_mailer_t *mailer, const kuji_outbox_mail_t *mails,
                      int n, apr_pool_t *pool)
{
    apr_pool_t *one;
    int i, go_on = 1;

    if (apr_pool_create(&one, pool) != APR_SUCCESS) {
        return 0;
    }
    for (i = 0; i < n; i++) {
        if (go_on && !stopping(o)) {
            go_on = send_one(o, act, mailer, &mails[i], one);
        }
        else {
            end(o, act, &mails[i], KUJI_OUTBOX_BACK, NULL, 0, one);
            go_on = 0;
        }
        apr_pool_clear(one);
    }
    return go_on;
}

/* Everything of a tenant that is due, but the others' turn comes after a few
 * handfuls. 0: there is no use in going on; *more: there may be more. */
static int send_tenant(kuji_outbox_t *o, const char *tenant,
                       kuji_mailer_t *mailer, int *more, apr_pool_t *pool)
{
    kuji_act_t act = {.pg = o->config.pg,
                      .keys = o->config.keys,
                      .tenant = tenant,
                      .actor = "job"};
    const kuji_outbox_mail_t *mails;
    int n = TAKE, turns, go_on = 1;

    for (turns = 0; turns < 5 && n == TAKE && go_on && !stopping(o); turns++) {
        if (kuji_outbox_take(&mails, &n, &act, TAKE, LEASE_MS, pool)) {
            return 0;
        }
        go_on = send_taken(o, &act, mailer, mails, n, pool);
        apr_pool_clear(pool);
    }
    *more |= n == TAKE;
    return go_on;
}

/* 0: the mail server or the database is away. */
static int round_of(kuji_outbox_t *o, apr_pool_t *pool)
{
    const char *const *tenants;
    kuji_mailer_t *mailer;
    apr_pool_t *one;
    int n, i, more = 1, go_on = 1;

    if (apr_pool_create(&one, pool) != APR_SUCCESS ||
        kuji_outbox_tenants(&tenants, &n, o->config.pg, pool) || n == 0) {
        return 1;
    }
    if (kuji_mailer_create(&mailer, o->config.server, &o->stop, pool)) {
        return 0;
    }
    while (more && go_on && !stopping(o)) {
        more = 0;
        for (i = 0; i < n && go_on; i++) {
            go_on = send_tenant(o, tenants[i], mailer, &more, one);
        }
    }
    return go_on;
}

static void wait_for(kuji_outbox_t *o, apr_interval_time_t wait)
{
    apr_time_t when = apr_time_now() + wait;
    struct timespec until = {when / APR_USEC_PER_SEC,
                             when % APR_USEC_PER_SEC * 1000};
    int rc = 0;

    pthread_mutex_lock(&o->lock);
    while (!stopping(o) && rc == 0) {
        rc = pthread_cond_timedwait(&o->wake, &o->lock, &until);
    }
    pthread_mutex_unlock(&o->lock);
}

static void *run(void *baton)
{
    kuji_outbox_t *o = baton;
    apr_pool_t *pool;
    sigset_t all;

    /* Signals are for the process's own threads. */
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, NULL);
    /* Without a parent: pools of one parent are not for many threads. */
    if (apr_pool_create_unmanaged_ex(&pool, NULL, NULL) != APR_SUCCESS) {
        return NULL;
    }
    while (!stopping(o)) {
        int went = round_of(o, pool);

        apr_pool_clear(pool);
        wait_for(o, went ? o->config.interval : PAUSE);
    }
    apr_pool_destroy(pool);
    return NULL;
}

static apr_status_t stop(void *baton)
{
    kuji_outbox_t *o = baton;

    pthread_mutex_lock(&o->lock);
    __atomic_store_n(&o->stop, 1, __ATOMIC_RELEASE);
    pthread_cond_signal(&o->wake);
    pthread_mutex_unlock(&o->lock);
    pthread_join(o->thread, NULL);
    pthread_cond_destroy(&o->wake);
    pthread_mutex_destroy(&o->lock);
    return APR_SUCCESS;
}

apr_status_t kuji_outbox_start(kuji_outbox_t **out,
                               const kuji_outbox_config_t *config,
                               apr_pool_t *p)
{
    kuji_outbox_t *o = apr_pcalloc(p, sizeof(*o));
    int rc;

    o->config = *config;
    if (o->config.interval <= 0) {
        o->config.interval = INTERVAL;
    }
    pthread_mutex_init(&o->lock, NULL);
    pthread_cond_init(&o->wake, NULL);
    rc = pthread_create(&o->thread, NULL, run, o);
    if (rc != 0) {
        return APR_FROM_OS_ERROR(rc);
    }
    /* Before the pool of connections goes, which an ordinary cleanup is not. */
    apr_pool_pre_cleanup_register(p, o, stop);
    *out = o;
    return APR_SUCCESS;
}

void kuji_outbox_counters(kuji_outbox_counters_t *out, kuji_outbox_t *o)
{
    const kuji_outbox_counters_t *c = &o->counters;

    out->sent = __atomic_load_n(&c->sent, __ATOMIC_RELAXED);
    out->bounced = __atomic_load_n(&c->bounced, __ATOMIC_RELAXED);
    out->later = __atomic_load_n(&c->later, __ATOMIC_RELAXED);
    out->gave_up = __atomic_load_n(&c->gave_up, __ATOMIC_RELAXED);
    out->away = __atomic_load_n(&c->away, __ATOMIC_RELAXED);
}
