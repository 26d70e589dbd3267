/* Campaigns close by themselves, once, and the thread stops when told.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "job/job.h"
#include "store/event.h"
#include "store/raffle.h"
#include "t/store/house.h"

#include <apr_strings.h>
#include <string.h>

#define ODDS                                                                   \
    "\"odds_total\":2,\"prizes\":[{\"code\":\"A\",\"name\":\"一等\","        \
    "\"kind\":\"parcel\",\"units\":5,\"weight\":1}]"
#define RAFFLE                                                                 \
    "\"alternates\":1,\"prizes\":[{\"code\":\"A\",\"name\":\"一等\","        \
    "\"kind\":\"parcel\",\"units\":2}]"

static void on_log(void *baton, int level, apr_status_t rv, const char *text)
{
    char *lines = baton;

    strncat(lines, text, 4000 - strlen(lines) - 2);
    strcat(lines, "\n");
}

static kuji_jobs_t *start(house_t *h, char *lines, apr_pool_t *p)
{
    kuji_jobs_config_t config = {.pg = h->act.pg,
                                 .keys = h->act.keys,
                                 .interval = apr_time_from_msec(200),
                                 .log = on_log,
                                 .log_baton = lines};
    kuji_jobs_t *jobs;

    HOUSE_OK(kuji_jobs_start(&jobs, &config, p));
    return jobs;
}

/* Whether the campaign is closed, waiting up to 10 s for it. */
static int closes(house_t *h, const char *slug)
{
    int i;

    for (i = 0; i < 100; i++) {
        if (strcmp(house_view(h, slug)->status, "closed") == 0) {
            return 1;
        }
        apr_sleep(apr_time_from_msec(100));
    }
    return 0;
}

/* Two processes' worth of threads: one close leaf, by nobody, in time. */
START_TEST(test_closes_at)
{
    house_t *h = house_make();
    char lines[4000] = "";
    kuji_jobs_counters_t a, b;
    kuji_jobs_t *one, *two;
    const kuji_campaign_view_t *v;
    apr_pool_t *p;

    apr_pool_create(&p, unit_pool);
    house_publish(h, "odds", 3000, ODDS);
    one = start(h, lines, p);
    two = start(h, lines, p);
    ck_assert_int_eq(house_draw(h, "odds", 20), 20);
    apr_sleep(apr_time_from_sec(1));
    ck_assert_str_eq(house_view(h, "odds")->status, "published");
    ck_assert(closes(h, "odds"));
    kuji_jobs_counters(&a, one);
    kuji_jobs_counters(&b, two);
    ck_assert_uint_eq(a.closed + b.closed, 1);
    ck_assert_uint_eq(a.failures + b.failures, 0);
    v = house_view(h, "odds");
    ck_assert_int_ge(v->closed_at, v->closes_at);
    ck_assert_int_lt(v->closed_at, v->closes_at + 8000);
    ck_assert(house_replay(h, "odds")->outcomes);
    apr_pool_destroy(p);
    ck_assert_str_eq(lines,
                     apr_psprintf(unit_pool, "campaign %s closed\n", v->uuid));
}
END_TEST

/* A raffle waits for its admin, before its raffle leaf and after it: there may
 * be substitutes. */
START_TEST(test_raffle_waits)
{
    house_t *h = house_make();
    char lines[4000] = "";
    kuji_event_t e;
    apr_pool_t *p;

    apr_pool_create(&p, unit_pool);
    house_publish(h, "raffle", 1500, RAFFLE);
    house_publish(h, "odds", 1500, ODDS);
    HOUSE_OK(kuji_campaign_pause(&h->why, &h->act, "odds", 1, unit_pool));
    ck_assert_int_eq(house_draw(h, "raffle", 5), 5);
    start(h, lines, p);
    ck_assert(closes(h, "odds"));
    ck_assert_str_eq(house_view(h, "raffle")->status, "published");
    HOUSE_OK(kuji_raffle_run(&e, &h->why, &h->act, "raffle", NULL, unit_pool));
    apr_sleep(apr_time_from_sec(2));
    ck_assert_str_eq(house_view(h, "raffle")->status, "published");
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "raffle", NULL, NULL,
                              unit_pool));
    ck_assert(house_replay(h, "raffle")->outcomes);
    apr_pool_destroy(p);
}
END_TEST

/* A ledger that does not add up is left alone and told of, once. */
START_TEST(test_refused)
{
    house_t *h = house_make();
    char lines[4000] = "";
    kuji_jobs_counters_t c;
    kuji_jobs_t *jobs;
    apr_pool_t *p;

    apr_pool_create(&p, unit_pool);
    house_publish(h, "odds", 1000, ODDS);
    ck_assert_int_eq(house_draw(h, "odds", 3), 3);
    house_sql(
        h, apr_psprintf(unit_pool,
                        "UPDATE kuji.prize SET added = 1, units_left = "
                        "units_left + 1 WHERE campaign_id = %" APR_INT64_T_FMT,
                        (apr_int64_t)house_view(h, "odds")->id));
    jobs = start(h, lines, p);
    house_wait(h, house_view(h, "odds")->closes_at + 2000);
    kuji_jobs_counters(&c, jobs);
    ck_assert_uint_eq(c.failures, 1);
    ck_assert_uint_eq(c.closed, 0);
    ck_assert_str_eq(house_view(h, "odds")->status, "published");
    apr_pool_destroy(p);
    ck_assert_ptr_nonnull(strstr(lines, "stock of prize A differ"));
    ck_assert_ptr_null(strstr(strstr(lines, "differ") + 1, "differ"));
    /* out of the other tests' way */
    house_sql(
        h, apr_psprintf(unit_pool,
                        "UPDATE kuji.prize SET added = 0, units_left = "
                        "units_left - 1 WHERE campaign_id = %" APR_INT64_T_FMT,
                        (apr_int64_t)house_view(h, "odds")->id));
}
END_TEST

START_TEST(test_stops)
{
    house_t *h = house_make();
    char lines[4000] = "";
    apr_time_t begin;
    apr_pool_t *p;
    int i;

    for (i = 0; i < 20; i++) {
        apr_pool_create(&p, unit_pool);
        start(h, lines, p);
        begin = apr_time_now();
        apr_pool_destroy(p);
        ck_assert_int_lt(apr_time_now() - begin, apr_time_from_sec(3));
    }
    ck_assert_str_eq(lines, "");
}
END_TEST

/* Personal data whose time is over goes by itself, and the log says how much.
 */
START_TEST(test_sweeps)
{
    house_t *h = house_make();
    char lines[4000] = "";
    kuji_jobs_config_t config = {.pg = h->act.pg,
                                 .keys = h->act.keys,
                                 .interval = apr_time_from_msec(100),
                                 .sweep = apr_time_from_msec(300),
                                 .log = on_log,
                                 .log_baton = lines};
    kuji_jobs_t *jobs;
    kuji_event_t e;
    apr_pool_t *p;
    int i;

    apr_pool_create(&p, unit_pool);
    house_publish(h, "odds", 3600000,
                  "\"privacy\":{\"purpose\":\"x\",\"retention_days\":0}," ODDS);
    ck_assert_int_eq(house_draw(h, "odds", 3), 3);
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "odds", "early", NULL,
                              unit_pool));
    HOUSE_OK(kuji_jobs_start(&jobs, &config, p));
    for (i = 0; i < 100 && !strstr(lines, h->act.tenant); i++) {
        apr_sleep(apr_time_from_msec(100));
    }
    apr_pool_destroy(p);
    ck_assert_msg(strstr(lines, "not swept") == NULL, "%s", lines);
    ck_assert_ptr_nonnull(
        strstr(lines, apr_psprintf(unit_pool,
                                   "tenant %s: personal data of 3 draws and 0 "
                                   "claims erased, its time was over\n",
                                   h->act.tenant)));
    ck_assert(house_replay(h, "odds")->outcomes);
}
END_TEST

/* Visits and refusals get into the database while it runs and when it stops,
 * whoever is at work. */
START_TEST(test_traffic)
{
    house_t *h = house_make();
    char lines[4000] = "";
    kuji_jobs_config_t config = {.pg = h->act.pg,
                                 .keys = h->act.keys,
                                 .interval = apr_time_from_msec(50)};
    const kuji_campaign_t *campaign;
    const kuji_tenant_t *tenant;
    kuji_jobs_counters_t c;
    kuji_jobs_t *jobs;
    apr_pool_t *p;
    const char *visits =
        apr_pstrcat(unit_pool,
                    "SELECT coalesce(sum(count), 0) FROM kuji.traffic WHERE "
                    "what = 'visit' AND tenant_id = '",
                    h->act.tenant, "'", NULL);
    int i;

    apr_pool_create(&p, unit_pool);
    house_publish(h, "odds", 600000, ODDS);
    HOUSE_OK(kuji_cache_tenant(&tenant, h->cache, h->tenant_name, unit_pool));
    HOUSE_OK(
        kuji_cache_campaign(&campaign, h->cache, tenant, "odds", unit_pool));
    HOUSE_OK(kuji_traffic_create(&config.traffic, unit_pool));
    start(h, lines, p); /* another process, perhaps the one at work */
    HOUSE_OK(kuji_jobs_start(&jobs, &config, p));
    kuji_traffic_visit(config.traffic, campaign);
    for (i = 0; i < 100 && strcmp(house_ask(h, visits), "0") == 0; i++) {
        apr_sleep(apr_time_from_msec(100));
    }
    ck_assert_str_eq(house_ask(h, visits), "1");
    kuji_jobs_counters(&c, jobs);
    ck_assert_uint_ge(c.flushes, 1);
    kuji_traffic_visit(config.traffic, campaign);
    kuji_traffic_visit(config.traffic, campaign);
    apr_pool_destroy(p);
    ck_assert_str_eq(house_ask(h, visits), "3");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("job");

    UNIT_TEST(suite, test_closes_at);
    UNIT_TEST(suite, test_raffle_waits);
    UNIT_TEST(suite, test_refused);
    UNIT_TEST(suite, test_stops);
    UNIT_TEST(suite, test_sweeps);
    UNIT_TEST(suite, test_traffic);
    return unit_main(suite);
}
