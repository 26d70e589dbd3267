/* Draws straight through the queue, without httpd: for measuring what the
 * queue and PostgreSQL do by themselves, and for tests of races.
 *
 *   queue_load THREADS SECONDS METHOD [COMMITTERS [BATCH_MAX]]
 *
 * Needs KUJI_STORE_CONNINFO (an empty or used database with the schema). Makes
 * a tenant and a campaign of its own. Prints draws/s and the mean batch.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "queue/queue.h"
#include "store/campaign.h"
#include "store/publish.h"
#include "store/tenant.h"

#include <apr_dbd.h>
#include <apr_general.h>
#include <apr_strings.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static kuji_queue_t *queue;
static kuji_cache_t *cache;
static const kuji_tenant_t *tenant;
static apr_time_t end;

static void die(const char *what, apr_status_t rv, const char *why)
{
    char buf[120];

    fprintf(stderr, "%s: %s %s\n", what, kuji_strerror(rv, buf, sizeof(buf)),
            why ? why : "");
    exit(1);
}

static void on_log(void *baton, int level, apr_status_t rv, const char *text)
{
    fprintf(stderr, "%d %s\n", level, text);
}

static void *draw(void *baton)
{
    kuji_draw_ask_t ask = {.count = 1};
    const kuji_draw_answer_t *answer;
    apr_pool_t *pool;
    uint64_t done = 0;
    char id[64];

    apr_pool_create_unmanaged_ex(&pool, NULL, NULL);
    while (apr_time_now() < end) {
        apr_status_t rv =
            kuji_cache_campaign(&ask.campaign, cache, tenant, "load", pool);

        if (rv != APR_SUCCESS) {
            die("campaign", rv, NULL);
        }
        ask.participant_len = (apr_size_t)snprintf(
            id, sizeof(id), "p-%p-%llu", baton, (unsigned long long)done);
        ask.participant = id;
        kuji_seal_digest(ask.participant_digest, ask.campaign->digest_key,
                         "participant", id, ask.participant_len);
        kuji_seal_digest(ask.key_digest, ask.campaign->digest_key, "key", id,
                         ask.participant_len);
        kuji_seal_digest(ask.body_digest, ask.campaign->digest_key, "body", id,
                         ask.participant_len);
        rv = kuji_queue_draw(&answer, queue, &ask, pool);
        if (rv != APR_SUCCESS || answer->outcome != KUJI_DRAWN) {
            die("draw", rv, NULL);
        }
        done++;
        apr_pool_clear(pool);
    }
    apr_pool_destroy(pool);
    return (void *)(uintptr_t)done;
}

static const char *config_of(const char *method, apr_pool_t *p)
{
    apr_time_t now = apr_time_now() / 1000;
    int odds = strcmp(method, "odds") == 0;

    return apr_psprintf(
        p,
        "{\"slug\":\"load\",\"title\":\"load\",\"method\":\"%s\","
        "\"opens_at\":%" APR_TIME_T_FMT ",\"closes_at\":%" APR_TIME_T_FMT
        ",\"timezone\":\"Asia/Tokyo\",\"gates\":[\"open\"],"
        "\"prizes\":[{\"code\":\"A\",\"name\":\"A\",\"kind\":\"message\","
        "\"units\":1000000%s}],%s"
        "\"limits\":{\"draws\":null,\"draws_per_day\":null,"
        "\"draws_per_participant\":1000000,"
        "\"draws_per_participant_day\":null,\"wins_per_participant\":null},"
        "\"texts\":{\"ja\":{}},\"privacy\":{\"purpose\":\"x\","
        "\"retention_days\":30},\"show_left\":true,\"theme\":\"ennichi\"}",
        method, now - 1000, now + 3600000, odds ? ",\"weight\":10000" : "",
        odds ? "\"odds_total\":1000000,\"sold_out\":\"blank\","
             : "\"blanks\":100000000,");
}

static void make_campaign(kuji_pg_t *pg, const kuji_keyfile_t *keys,
                          const char *method, apr_pool_t *p)
{
    const char *name = apr_psprintf(p, "load-%" APR_TIME_T_FMT, apr_time_now());
    const char *why = "", *uuid;
    kuji_act_t act = {pg, keys, NULL, "load"};
    const kuji_manifest_t *manifest;
    json_t *config = json_loads(config_of(method, p), 0, NULL);
    const char *id = NULL;
    apr_status_t rv = kuji_tenant_create(
        &id, &why, &act, name, apr_pstrcat(p, name, ".test", NULL), "load", p);

    act.tenant = id;
    if (rv == APR_SUCCESS) {
        rv = kuji_campaign_create(&uuid, &why, &act, config, p);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_publish(&manifest, &why, &act, "load", p);
    }
    if (rv != APR_SUCCESS) {
        die("campaign", rv, why);
    }
    json_decref(config);
    rv = kuji_cache_tenant(&tenant, cache, name, p);
    if (rv != APR_SUCCESS) {
        die("tenant", rv, NULL);
    }
}

static uint64_t run(int nthreads, int seconds)
{
    pthread_t threads[512];
    uint64_t total = 0;
    void *done;
    int i;

    end = apr_time_now() + apr_time_from_sec(seconds);
    for (i = 0; i < nthreads; i++) {
        pthread_create(&threads[i], NULL, draw, (void *)(uintptr_t)i);
    }
    for (i = 0; i < nthreads; i++) {
        pthread_join(threads[i], &done);
        total += (uintptr_t)done;
    }
    return total;
}

int main(int argc, char **argv)
{
    kuji_pg_config_t pg_config = {
        getenv("KUJI_STORE_CONNINFO"), 0,      4,   16,
        apr_time_from_sec(1),          on_log, NULL};
    kuji_queue_config_t config = {512, 200, 2, apr_time_from_sec(2)};
    static kuji_keyfile_t keys;
    kuji_queue_counters_t counters;
    uint64_t total;
    apr_pool_t *p, *serving;
    kuji_pg_t *pg;

    if (argc < 4 || !pg_config.conninfo || atoi(argv[1]) > 512) {
        fputs("usage: queue_load THREADS SECONDS odds|box [COMMITTERS "
              "[BATCH_MAX]]\n",
              stderr);
        return 2;
    }
    config.committers = argc > 4 ? atoi(argv[4]) : 2;
    config.batch_max = argc > 5 ? atoi(argv[5]) : 200;
    apr_initialize();
    apr_pool_create(&p, NULL);
    apr_dbd_init(p);
    keys.nmasters = keys.ncookies = 1;
    keys.masters[0].id = keys.cookies[0].id = 1;
    kuji_signer_init(&keys.signer, keys.masters[0].key);
    if (sodium_init() < 0 || kuji_pg_create(&pg, &pg_config, p)) {
        return 1;
    }
    kuji_cache_create(&cache, pg, &keys, p);
    make_campaign(pg, &keys, argv[3], p);
    apr_pool_create(&serving, p);
    kuji_queue_create(&queue, &config, pg, &keys, serving);
    total = run(atoi(argv[1]), atoi(argv[2]));
    kuji_queue_counters(&counters, queue);
    printf("%llu draws/s, %.1f draws a batch, %.0f us a batch\n",
           (unsigned long long)(total / strtoul(argv[2], NULL, 10)),
           (double)counters.batch_draws / counters.batches,
           (double)counters.commit_us_sum / counters.batches);
    apr_pool_destroy(p);
    apr_terminate();
    return 0;
}
