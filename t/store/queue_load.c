/* Draws straight through the queue, without httpd: what the queue and
 * PostgreSQL do by themselves.
 *
 *   queue_load THREADS SECONDS odds|box [COMMITTERS [BATCH_MAX [CONSENTS]]]
 *
 * Needs KUJI_STORE_CONNINFO (a database with the schema). Makes a tenant and a
 * campaign of its own. CONSENTS (0, 1, 2): how many each draw's new participant
 * gives, as on the campaign's page. Prints draws/s and the mean batch.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/store/queue_fixture.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMITS                                                                 \
    "\"gates\":[\"open\"],\"limits\":{\"draws\":null,"                         \
    "\"draws_per_day\":null,\"draws_per_participant\":1000000,"                \
    "\"draws_per_participant_day\":null,\"wins_per_participant\":null},"

static const char odds[] =
    LIMITS "\"method\":\"odds\",\"odds_total\":1000000,\"sold_out\":\"blank\","
           "\"prizes\":[{\"code\":\"A\",\"name\":\"A\",\"kind\":\"message\","
           "\"units\":1000000,\"weight\":10000}]";
static const char box[] =
    LIMITS "\"method\":\"box\",\"blanks\":100000000,"
           "\"prizes\":[{\"code\":\"A\",\"name\":\"A\",\"kind\":\"message\","
           "\"units\":1000000}]";

static queue_fixture_t fixture;
static apr_time_t end;
static int nconsents;
static unsigned char consents[KUJI_CONSENTS_MAX][KUJI_DIGEST_LEN];

static void keep_consents(void)
{
    kuji_consent_text_t text = {.language = "ja", .wording = "words"};
    kuji_act_t act = {.pg = fixture.pg, .tenant = fixture.tenant->id};
    const kuji_campaign_t *campaign;
    int i;

    if (kuji_cache_campaign(&campaign, fixture.cache, fixture.tenant, "load",
                            fixture.pool) != APR_SUCCESS) {
        abort();
    }
    for (i = 0; i < nconsents; i++) {
        text.kind = (kuji_consent_e)i;
        kuji_consent_digest(consents[i], campaign->uuid, &text);
        if (kuji_consent_keep(&act, campaign->id, consents[i], &text,
                              fixture.pool) != APR_SUCCESS) {
            abort();
        }
    }
}

static void *draw(void *baton)
{
    const kuji_draw_answer_t *answer;
    kuji_draw_ask_t ask;
    apr_pool_t *pool;
    uintptr_t done = 0;
    char id[64];

    apr_pool_create_unmanaged_ex(&pool, NULL, NULL);
    while (apr_time_now() < end) {
        snprintf(id, sizeof(id), "p-%p-%lu", baton, (unsigned long)done);
        queue_fixture_ask(&fixture, &ask, "load", id, id, NULL, 1, pool);
        ask.nconsents = nconsents;
        memcpy(ask.consents, consents, sizeof(consents));
        if (kuji_queue_draw(&answer, fixture.queue, &ask, pool) !=
                APR_SUCCESS ||
            answer->outcome != KUJI_DRAWN) {
            fputs("a draw was not accepted\n", stderr);
            exit(1);
        }
        done++;
        apr_pool_clear(pool);
    }
    apr_pool_destroy(pool);
    return (void *)done;
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
    kuji_queue_config_t config = {512, 200, 2, apr_time_from_sec(2)};
    kuji_queue_counters_t counters;
    uint64_t total;

    if (argc < 4 || atoi(argv[1]) > 512) {
        fputs("usage: queue_load THREADS SECONDS odds|box [COMMITTERS "
              "[BATCH_MAX [CONSENTS]]]\n",
              stderr);
        return 2;
    }
    config.committers = argc > 4 ? atoi(argv[4]) : 2;
    config.batch_max = argc > 5 ? atoi(argv[5]) : 200;
    nconsents = argc > 6 ? atoi(argv[6]) % (KUJI_CONSENTS_MAX + 1) : 0;
    queue_fixture_start(&fixture, &config);
    queue_fixture_campaign(&fixture, "load",
                           strcmp(argv[3], "box") == 0 ? box : odds);
    keep_consents();
    total = run(atoi(argv[1]), atoi(argv[2]));
    kuji_queue_counters(&counters, fixture.queue);
    printf("%llu draws/s, %.1f draws a batch, %.0f us a batch\n",
           (unsigned long long)(total / strtoul(argv[2], NULL, 10)),
           (double)counters.batch_draws / counters.batches,
           (double)counters.commit_us_sum / counters.batches);
    queue_fixture_stop(&fixture);
    return 0;
}
