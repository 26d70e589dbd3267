/* Start of the server and of each child.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "start.h"
#include "config.h"
#include "job/job.h"
#include "keys.h"
#include "web/consent.h"
#include "mail.h"
#include "web/gate.h"
#include "web/render.h"
#include "web/stats.h"
#include "web/throttle.h"

#include <ap_mpm.h>
#include <apr_dbd.h>
#include <apr_strings.h>
#include <http_core.h>
#include <http_log.h>
#include <sched.h>
#include <sodium.h>
#include <sys/prctl.h>

APLOG_USE_MODULE(kuji);

#define BOARD_KEY "kuji-stats-board"
#define THROTTLE_KEY "kuji-throttle"

static kuji_keyfile_t *keys;                  /* sodium_malloc'ed, with pconf */
static const kuji_mail_server_t *mail_server; /* NULL: none */
static kuji_stats_board_t *board;
static kuji_throttle_t *throttle;
static const kuji_render_t *render;
static kuji_process_t *process;

kuji_process_t *kuji_process(void)
{
    return process;
}

static const kuji_installation_t *installation_of(const server_rec *s)
{
    kuji_server_config_t *config =
        ap_get_module_config(s->module_config, &kuji_module);

    return &config->installation;
}

/* Kept over restarts: children of the old generation still count. Twice the
 * processes that the MPM allows, since two generations overlap. */
static apr_status_t make_board(server_rec *s)
{
    apr_pool_t *p = s->process->pool;
    void *kept = NULL;
    int children = 0;
    apr_status_t rv;

    apr_pool_userdata_get(&kept, BOARD_KEY, p);
    if ((board = kept)) {
        return APR_SUCCESS;
    }
    ap_mpm_query(AP_MPMQ_HARD_LIMIT_DAEMONS, &children);
    rv = kuji_stats_board(&board, children > 0 ? 2 * children : 64, p);
    if (rv) {
        return rv;
    }
    return apr_pool_userdata_setn(board, BOARD_KEY, NULL, p);
}

/* Kept too: a reload lets nobody guess anew. */
static apr_status_t make_throttle(server_rec *s)
{
    apr_pool_t *p = s->process->pool;
    void *kept = NULL;
    apr_status_t rv;

    apr_pool_userdata_get(&kept, THROTTLE_KEY, p);
    if ((throttle = kept)) {
        return APR_SUCCESS;
    }
    rv = kuji_throttle_create(&throttle, p);
    return rv ? rv : apr_pool_userdata_setn(throttle, THROTTLE_KEY, NULL, p);
}

static apr_status_t make_render(const char **why, const server_rec *s,
                                apr_pool_t *p)
{
    const kuji_installation_t *in = installation_of(s);

    return kuji_render_create(&render, why, in->template_dir,
                              in->template_override, p);
}

static int fail(server_rec *s, apr_status_t rv, const char *what)
{
    ap_log_error(APLOG_MARK, APLOG_EMERG, rv, s, "KJ0201: %s", what);
    return HTTP_INTERNAL_SERVER_ERROR;
}

int kuji_start_server(apr_pool_t *pconf, apr_pool_t *plog, apr_pool_t *ptemp,
                      server_rec *s)
{
    const char *error;
    apr_status_t rv;

    process = NULL;
    if (ap_state_query(AP_SQ_MAIN_STATE) == AP_SQ_MS_CREATE_PRE_CONFIG ||
        !kuji_config_is_used(s)) {
        return OK;
    }
    if ((error = kuji_config_prepare(s))) {
        return fail(s, 0, error);
    }
    if (sodium_init() < 0) {
        return fail(s, 0, "libsodium does not start");
    }
    if ((rv = apr_dbd_init(s->process->pool))) {
        return fail(s, rv, "APR DBD does not start");
    }
    if ((error = kuji_keys_read(&keys, installation_of(s)->key_file, pconf))) {
        return fail(s, 0, error);
    }
    if ((error = kuji_mail_prepare(&mail_server, installation_of(s), pconf))) {
        return fail(s, 0, error);
    }
    if (make_render(&error, s, pconf)) {
        return fail(s, 0, error);
    }
    if ((rv = make_board(s)) || (rv = make_throttle(s))) {
        return fail(s, rv, "no shared memory for the counters");
    }
    return OK;
}

static void log_pg(void *baton, int level, apr_status_t rv, const char *message)
{
    ap_log_error(APLOG_MARK, level, 0, baton, "KJ0401: %s", message);
}

static int at_most(int value, int limit)
{
    return value < limit ? value : limit;
}

/* Pools out of one number: readers, however many wait, never keep a
 * committer from its connection. */
static apr_status_t make_store(kuji_process_t *pr, const server_rec *s)
{
    const kuji_installation_t *in = installation_of(s);
    int rest = in->pool_max - in->committers;
    kuji_pg_config_t pg = {.conninfo = in->database,
                           .min = at_most(in->pool_min, rest),
                           .keep = at_most(in->pool_keep, rest),
                           .max = rest,
                           .wait = in->pool_wait,
                           .waiters = in->queue_length,
                           .log = log_pg,
                           .log_baton = (void *)s};
    apr_status_t rv = kuji_pg_create(&pr->pg, &pg, pr->pool);

    pg.min = 0;
    pg.keep = pg.max = in->committers;
    if (!rv) {
        rv = kuji_pg_create(&pr->queue_pg, &pg, pr->pool);
    }
    pg.keep = 1;
    pg.max = KUJI_EXPORTS_MAX;
    pg.waiters = 0;
    if (!rv) {
        rv = kuji_pg_create(&pr->reader, &pg, pr->pool);
    }
    /* With a full queue, three quarters of the threads; the rest is for what
     * asks no database. */
    return rv ? rv
              : kuji_cache_create(&pr->cache, pr->pg, pr->keys,
                                  in->queue_length / 2 + 1, pr->pool);
}

static apr_status_t make_queue(kuji_process_t *pr, const server_rec *s)
{
    const kuji_installation_t *in = installation_of(s);
    kuji_queue_config_t config = {.length = in->queue_length,
                                  .batch_max = in->batch_max,
                                  .committers = in->committers,
                                  .timeout = in->draw_timeout};

    return kuji_queue_create(&pr->queue, &config, pr->queue_pg, pr->keys,
                             pr->pool);
}

static void log_jobs(void *baton, int level, apr_status_t rv,
                     const char *message)
{
    ap_log_error(APLOG_MARK, level, 0, baton, "KJ0402: %s", message);
}

/* After the queue: what the jobs flush last is all there when they stop. */
static apr_status_t start_jobs(kuji_process_t *pr, const server_rec *s)
{
    kuji_jobs_config_t config = {.pg = pr->pg,
                                 .keys = pr->keys,
                                 .traffic = pr->traffic,
                                 .flags = pr->flags,
                                 .log = log_jobs,
                                 .log_baton = (void *)s};
    kuji_jobs_t *jobs;

    return kuji_jobs_start(&jobs, &config, pr->pool);
}

/* Threads that are woken by the dozen would each push aside the one that wakes
 * them, and the committer and PostgreSQL, for whom all of them wait. As batch
 * threads they take their turn instead, for a few per cent more draws a second.
 * Those that are started from here on inherit it. */
static void take_turns(const server_rec *s)
{
    const struct sched_param none = {0};

    if (!installation_of(s)->scheduling_normal &&
        sched_setscheduler(0, SCHED_BATCH, &none) != 0) {
        ap_log_error(APLOG_MARK, APLOG_INFO, errno, s,
                     "KJ0203: the scheduling stays normal");
    }
}

/* A password takes a processor for a tenth of a second. Two at once; what
 * waits holds a thread that draws may want, so few wait, and not for long. */
static apr_status_t make_gate(kuji_process_t *pr)
{
    apr_status_t rv = kuji_known_create(&pr->known, pr->pool);

    return rv ? rv
              : kuji_gate_create(&pr->bcrypt, 2, 8, apr_time_from_sec(3),
                                 pr->pool);
}

/* A server that hangs holds its callers' threads: a quarter of those that draws
 * may hold, at most. */
static apr_status_t make_remote(kuji_process_t *pr, const server_rec *s)
{
    int quarter = installation_of(s)->queue_length / 4;
    const kuji_http_config_t config = {
        .most = quarter < 2 ? 2 : at_most(quarter, KUJI_HTTP_MOST),
        .connect = apr_time_from_sec(3),
        .public_only = installation_of(s)->remote_public};
    apr_status_t rv = kuji_http_create(&pr->http, &config, pr->pool);

    return rv ? rv : kuji_line_create(&pr->line, pr->http, pr->pool);
}

/* What a process remembers of its requests. */
static apr_status_t make_memories(kuji_process_t *pr)
{
    apr_status_t rv = kuji_kept_create(&pr->kept, pr->pool);

    if (!rv) {
        rv = kuji_pace_create(&pr->pace, KUJI_OWN_DATA_MOST, 60, pr->pool);
    }
    if (!rv) {
        rv = kuji_pace_create(&pr->pay_pace, KUJI_PAY_LOOKS_MOST, 60, pr->pool);
    }
    return rv ? rv
              : kuji_damp_create(&pr->unsigned_hooks, KUJI_UNSIGNED_SECONDS,
                                 pr->pool);
}

static void log_payments(void *baton, int level, apr_status_t rv,
                         const char *message)
{
    ap_log_error(APLOG_MARK, level, 0, baton, "KJ0404: %s", message);
}

static apr_status_t start_payments(kuji_process_t *pr, const server_rec *s)
{
    kuji_payments_config_t config = {.pg = pr->pg,
                                     .keys = pr->keys,
                                     .http = pr->http,
                                     .log = log_payments,
                                     .log_baton = (void *)s};

    return kuji_payments_start(&pr->payments, &config, pr->pool);
}

void kuji_start_child(apr_pool_t *pchild, server_rec *s)
{
    kuji_process_t *pr;
    apr_status_t rv;

    if (!keys) {
        return;
    }
    /* No core file, no ptrace: K and the keys are in memory. */
    prctl(PR_SET_DUMPABLE, 0);
    take_turns(s);
    pr = apr_pcalloc(pchild, sizeof(*pr));
    pr->pool = pchild;
    pr->keys = keys;
    pr->render = render;
    pr->throttle = throttle;
    if ((rv = make_store(pr, s)) || (rv = make_gate(pr)) ||
        (rv = make_memories(pr)) ||
        (rv = kuji_stats_create(&pr->stats, board, pr, pchild)) ||
        (rv = kuji_traffic_create(&pr->traffic, pchild)) ||
        (rv = make_remote(pr, s)) ||
        (rv = kuji_mail_start(pr, mail_server, s)) ||
        (rv = start_payments(pr, s)) ||
        (rv = kuji_flags_create(&pr->flags, pchild)) ||
        (rv = make_queue(pr, s)) || (rv = start_jobs(pr, s))) {
        ap_log_error(APLOG_MARK, APLOG_CRIT, rv, s,
                     "KJ0202: this child cannot draw");
        return;
    }
    process = pr;
}
