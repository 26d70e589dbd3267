/* GET /metrics: Prometheus text, summed over the child processes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "web/public/public.h"
#include "web/response.h"
#include "web/stats.h"

#include <apr_strings.h>

#define CONTENT_TYPE "text/plain; version=0.0.4; charset=utf-8"
#define U64 APR_UINT64_T_FMT

static void head(apr_bucket_brigade *bb, const char *name, const char *type,
                 const char *help)
{
    apr_brigade_printf(bb, NULL, NULL, "# HELP %s %s\n# TYPE %s %s\n", name,
                       help, name, type);
}

static void plain(apr_bucket_brigade *bb, const char *name, const char *type,
                  const char *help, uint64_t value)
{
    head(bb, name, type, help);
    apr_brigade_printf(bb, NULL, NULL, "%s %" U64 "\n", name,
                       (apr_uint64_t)value);
}

static void labelled(apr_bucket_brigade *bb, const char *name,
                     const char *label, const char *value, uint64_t count)
{
    apr_brigade_printf(bb, NULL, NULL, "%s{%s=\"%s\"} %" U64 "\n", name, label,
                       value, (apr_uint64_t)count);
}

/* Bucket i holds what is at most 2^i units; scale turns units into the
 * metric's. The last bucket also holds everything above it. */
static void histogram(apr_bucket_brigade *bb, const char *name,
                      const char *help, const uint64_t *buckets, int count,
                      uint64_t sum, double scale)
{
    uint64_t total = 0;
    int i;

    head(bb, name, "histogram", help);
    for (i = 0; i < count; i++) {
        total += buckets[i];
        if (i < count - 1) {
            apr_brigade_printf(
                bb, NULL, NULL, "%s_bucket{le=\"%s\"} %" U64 "\n", name,
                apr_psprintf(bb->p, "%g", (double)(1u << i) * scale),
                (apr_uint64_t)total);
        }
    }
    apr_brigade_printf(bb, NULL, NULL,
                       "%s_bucket{le=\"+Inf\"} %" U64 "\n%s_sum %.6f\n"
                       "%s_count %" U64 "\n",
                       name, (apr_uint64_t)total, name, (double)sum * scale,
                       name, (apr_uint64_t)total);
}

static void draws(apr_bucket_brigade *bb, const kuji_queue_counters_t *q)
{
    static const char name[] = "kuji_draws_total";
    int i;

    head(bb, name, "counter", "Accepted draws by outcome.");
    labelled(bb, name, "outcome", "prize", q->draws_prize);
    labelled(bb, name, "outcome", "blank", q->draws_blank);
    labelled(bb, name, "outcome", "entry", q->draws_entry);
    plain(bb, "kuji_repeated_total", "counter",
          "Requests answered with the draws their key already had.",
          q->repeated);
    head(bb, "kuji_refusals_total", "counter", "Refused draws by reason.");
    for (i = 0; i < KUJI_OUTCOME_COUNT; i++) {
        if (kuji_traffic_refusals[i]) {
            labelled(bb, "kuji_refusals_total", "reason",
                     kuji_traffic_refusals[i], q->refused[i]);
        }
    }
    head(bb, "kuji_busy_total", "counter", "Draws answered busy by reason.");
    labelled(bb, "kuji_busy_total", "reason", "queue-full", q->busy_full);
    labelled(bb, "kuji_busy_total", "reason", "timeout", q->busy_timeout);
    labelled(bb, "kuji_busy_total", "reason", "database", q->busy_database);
    labelled(bb, "kuji_busy_total", "reason", "unknown", q->unknown_commits);
}

static void queue(apr_bucket_brigade *bb, const kuji_queue_counters_t *q)
{
    plain(bb, "kuji_queue_depth", "gauge", "Draws that wait now.", q->waiting);
    histogram(bb, "kuji_batch_size", "Draws in one transaction.", q->batch_size,
              16, q->batch_draws, 1);
    histogram(bb, "kuji_commit_seconds", "Time of a batch's transaction.",
              q->commit_us, 24, q->commit_us_sum, 1e-6);
}

static void database(apr_bucket_brigade *bb, const kuji_pg_counters_t *pg)
{
    plain(bb, "kuji_database_connects_total", "counter",
          "Connections made to PostgreSQL.", pg->connects);
    plain(bb, "kuji_database_connection_errors_total", "counter",
          "Connections that failed.", pg->connect_errors);
    plain(bb, "kuji_database_statement_errors_total", "counter",
          "Statements that PostgreSQL refused.", pg->statement_errors);
    plain(bb, "kuji_database_unknown_commits_total", "counter",
          "Commits whose fate is not known.", pg->unknown_commits);
    plain(bb, "kuji_database_connections", "gauge", "Connections in use.",
          pg->in_use);
}

static void problems(apr_bucket_brigade *bb, const kuji_stats_values_t *v)
{
    int i;

    plain(bb, "kuji_requests_total", "counter", "Requests of the module.",
          v->requests);
    head(bb, "kuji_problems_total", "counter", "Answers that are problems.");
    for (i = 0; i < KUJI_PROBLEM_LAST; i++) {
        labelled(bb, "kuji_problems_total", "problem", kuji_problems[i].name,
                 v->problems[i]);
    }
}

/* The gauge is the database's, so every process shows the same. */
static void mails(apr_bucket_brigade *bb, kuji_web_t *web,
                  const kuji_outbox_counters_t *m)
{
    static const char name[] = "kuji_mails_total";
    int64_t ms = 0;

    if (!web->process->outbox) {
        return;
    }
    head(bb, name, "counter", "Mails by what became of them.");
    labelled(bb, name, "outcome", "sent", m->sent);
    labelled(bb, name, "outcome", "bounced", m->bounced);
    labelled(bb, name, "outcome", "later", m->later);
    labelled(bb, name, "outcome", "gave_up", m->gave_up);
    plain(bb, "kuji_mail_server_away_total", "counter",
          "Rounds without a mail server.", m->away);
    if (kuji_outbox_waits(&ms, web->process->pg, KUJI_OUTBOX_MAIL,
                          web->r->pool) == APR_SUCCESS) {
        plain(bb, "kuji_mail_waiting_seconds", "gauge",
              "Age of the mail that waits longest.", (uint64_t)(ms / 1000));
    }
}

static int is_loopback(const request_rec *r)
{
    const char *ip = r->useragent_ip;

    return !strncmp(ip, "127.", 4) || !strcmp(ip, "::1") ||
           !strncmp(ip, "::ffff:127.", 11);
}

int kuji_public_metrics(kuji_web_t *web)
{
    request_rec *r = web->r;
    apr_bucket_brigade *bb;
    kuji_stats_values_t v;
    apr_size_t len;
    char *text;

    if (web->site->metrics == KUJI_METRICS_OFF ||
        (web->site->metrics == KUJI_METRICS_LOCAL && !is_loopback(r))) {
        return kuji_problem(web, KUJI_PROBLEM_NOT_FOUND, NULL);
    }
    kuji_stats_sum(&v, web->process->stats);
    bb = apr_brigade_create(r->pool, r->connection->bucket_alloc);
    draws(bb, &v.queue);
    queue(bb, &v.queue);
    database(bb, &v.pg);
    problems(bb, &v);
    mails(bb, web, &v.mail);
    apr_brigade_pflatten(bb, &text, &len, r->pool);
    return kuji_send(web, HTTP_OK, CONTENT_TYPE, KUJI_CACHE_NO_STORE, text,
                     len);
}
