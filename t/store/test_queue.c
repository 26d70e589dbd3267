/* The draw queue against a real database: what many threads may and may not
 * get. Needs KUJI_STORE_CONNINFO, and rights to make a trigger by
 * KUJI_STORE_OWNER_CONNINFO for the one test of a bad request.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "t/store/queue_fixture.h"

#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NO_LIMITS                                                              \
    "\"limits\":{\"draws\":null,\"draws_per_day\":null,"                       \
    "\"draws_per_participant\":null,\"draws_per_participant_day\":null,"       \
    "\"wins_per_participant\":null},\"gates\":[\"open\"],"
#define BOX(units, blanks)                                                     \
    "\"method\":\"box\",\"blanks\":" #blanks ",\"prizes\":[{\"code\":\"A\","   \
    "\"name\":\"A\",\"kind\":\"message\",\"units\":" #units "}]"

enum { THREADS = 64 };

static queue_fixture_t fixture;
static const char *slug;

/* One thread's request and what it got. */
typedef struct request_t {
    char participant[32], key[32];
    int count;
    apr_status_t rv;
    kuji_outcome_e outcome;
    const char *limit;
    int draws;
    uint64_t n, i; /* of the first draw */
    int64_t t;
    int wins;
    char leaf[KUJI_LEAF_DRAW_MAX];
    unsigned char salt[KUJI_SALT_LEN];
} request_t;

static void *ask_for(void *baton)
{
    request_t *request = baton;
    const kuji_draw_answer_t *answer;
    kuji_draw_ask_t ask;
    apr_pool_t *pool;
    int k;

    apr_pool_create_unmanaged_ex(&pool, NULL, NULL);
    queue_fixture_ask(&fixture, &ask, slug, request->participant, request->key,
                      NULL, request->count, pool);
    request->rv = kuji_queue_draw(&answer, fixture.queue, &ask, pool);
    if (request->rv == APR_SUCCESS) {
        request->outcome = answer->outcome;
        request->limit = answer->limit;
        request->draws = answer->count;
    }
    if (request->rv == APR_SUCCESS && answer->outcome <= KUJI_REPEATED) {
        request->n = answer->draws[0].n;
        request->i = answer->draws[0].i;
        request->t = answer->draws[0].t;
        memcpy(request->leaf, answer->draws[0].leaf, KUJI_LEAF_DRAW_MAX);
        memcpy(request->salt, answer->salt, KUJI_SALT_LEN);
        for (k = 0; k < answer->count; k++) {
            request->wins += answer->draws[k].prize >= 0;
        }
    }
    apr_pool_destroy(pool);
    return NULL;
}

static void run(request_t *requests, int count)
{
    pthread_t threads[256];
    int i;

    for (i = 0; i < count; i++) {
        pthread_create(&threads[i], NULL, ask_for, &requests[i]);
    }
    for (i = 0; i < count; i++) {
        pthread_join(threads[i], NULL);
    }
}

static request_t request_of(const char *participant, const char *key, int count)
{
    request_t request = {.count = count};

    snprintf(request.participant, sizeof(request.participant), "%s",
             participant);
    snprintf(request.key, sizeof(request.key), "%s", key);
    return request;
}

static request_t ask_once(const char *participant, const char *key, int count)
{
    request_t request = request_of(participant, key, count);

    run(&request, 1);
    return request;
}

static void start(void)
{
    kuji_queue_config_t config = {256, 200, 2, apr_time_from_sec(5)};

    queue_fixture_start(&fixture, &config);
}

static void stop(void)
{
    queue_fixture_stop(&fixture);
}

static int count_outcome(const request_t *requests, int count,
                         kuji_outcome_e outcome)
{
    int i, found = 0;

    for (i = 0; i < count; i++) {
        ck_assert_int_eq(requests[i].rv, APR_SUCCESS);
        found += requests[i].outcome == outcome;
    }
    return found;
}

/* However many ask with one key, one draw is made and all see it. */
START_TEST(one_key_is_one_draw)
{
    request_t requests[THREADS], later;
    int i;

    queue_fixture_campaign(&fixture, slug = "key", NO_LIMITS BOX(10, 1000));
    for (i = 0; i < THREADS; i++) {
        requests[i] = request_of("p", "same", 1);
    }
    run(requests, THREADS);
    ck_assert_int_eq(count_outcome(requests, THREADS, KUJI_DRAWN), 1);
    ck_assert_int_eq(count_outcome(requests, THREADS, KUJI_REPEATED),
                     THREADS - 1);
    for (i = 0; i < THREADS; i++) {
        ck_assert_uint_eq(requests[i].n, 1);
        ck_assert_str_eq(requests[i].leaf, requests[0].leaf);
        ck_assert_int_eq(
            memcmp(requests[i].salt, requests[0].salt, KUJI_SALT_LEN), 0);
    }
    later = ask_once("p", "same", 1);
    ck_assert_int_eq(later.outcome, KUJI_REPEATED);
    ck_assert_str_eq(later.leaf, requests[0].leaf);
    ck_assert_int_eq(later.t, requests[0].t);
    ck_assert_int_eq(ask_once("q", "same", 1).outcome, KUJI_KEY_OTHER_BODY);
    ck_assert_int_eq(ask_once("p", "same", 2).outcome, KUJI_KEY_OTHER_BODY);
}
END_TEST

/* Numbers have no gap and no duplicate; the box gives what it holds. */
START_TEST(box_empties_exactly)
{
    request_t requests[3 * THREADS];
    char seen[3 * THREADS + 1] = {0}, name[32];
    int i, wins = 0, drawn = 0;

    queue_fixture_campaign(&fixture, slug = "box", NO_LIMITS BOX(20, 100));
    for (i = 0; i < 3 * THREADS; i++) {
        snprintf(name, sizeof(name), "p%d", i);
        requests[i] = request_of(name, name, 1);
    }
    run(requests, 3 * THREADS);
    for (i = 0; i < 3 * THREADS; i++) {
        if (requests[i].outcome == KUJI_DRAWN) {
            ck_assert_uint_le(requests[i].n, 120);
            ck_assert_int_eq(seen[requests[i].n]++, 0);
            ck_assert_uint_eq(requests[i].i, requests[i].n);
            wins += requests[i].wins;
            drawn++;
        }
    }
    ck_assert_int_eq(drawn, 120);
    ck_assert_int_eq(wins, 20);
    ck_assert_int_eq(
        count_outcome(requests, 3 * THREADS, KUJI_REFUSED_SOLD_OUT),
        3 * THREADS - 120);
}
END_TEST

/* All or nothing: what the box cannot hold is refused whole. */
START_TEST(count_is_all_or_nothing)
{
    request_t first, second, third;

    queue_fixture_campaign(&fixture, slug = "count", NO_LIMITS BOX(2, 8));
    first = ask_once("p", "k1", 7);
    ck_assert_int_eq(first.outcome, KUJI_DRAWN);
    ck_assert_int_eq(first.draws, 7);
    second = ask_once("p", "k2", 4);
    ck_assert_int_eq(second.outcome, KUJI_REFUSED_SOLD_OUT);
    third = ask_once("p", "k2", 3);
    ck_assert_int_eq(third.outcome, KUJI_DRAWN);
    ck_assert_uint_eq(third.n, 8);
    ck_assert_int_eq(first.wins + third.wins, 2);
    first = ask_once("p", "k1", 7);
    ck_assert_int_eq(first.outcome, KUJI_REPEATED);
    ck_assert_int_eq(first.draws, 7);
}
END_TEST

static void race(const char *limits, const char *expected)
{
    request_t requests[THREADS];
    char name[32];
    int i;

    queue_fixture_campaign(&fixture, slug, limits);
    for (i = 0; i < THREADS; i++) {
        snprintf(name, sizeof(name), "k%d", i);
        requests[i] = request_of("p", name, 1);
    }
    run(requests, THREADS);
    ck_assert_int_eq(count_outcome(requests, THREADS, KUJI_DRAWN), 1);
    for (i = 0; i < THREADS; i++) {
        if (requests[i].outcome != KUJI_DRAWN) {
            ck_assert_int_eq(requests[i].outcome, KUJI_REFUSED_LIMIT);
            ck_assert_str_eq(requests[i].limit, expected);
        }
    }
}

#define LIMITS(draws, day, own, own_day, wins)                                 \
    "\"gates\":[\"open\"],\"limits\":{\"draws\":" #draws                       \
    ",\"draws_per_day\":" #day ",\"draws_per_participant\":" #own              \
    ",\"draws_per_participant_day\":" #own_day                                 \
    ",\"wins_per_participant\":" #wins "},"

START_TEST(limits_hold_under_a_race)
{
    slug = "l-draws";
    race(LIMITS(1, null, null, null, null) BOX(10, 10), "draws");
    slug = "l-day";
    race(LIMITS(null, 1, null, null, null) BOX(10, 10), "draws_per_day");
    slug = "l-own";
    race(LIMITS(null, null, 1, null, null) BOX(10, 10),
         "draws_per_participant");
    slug = "l-own-day";
    race(LIMITS(null, null, null, 1, null) BOX(10, 10),
         "draws_per_participant_day");
    slug = "l-wins";
    race(LIMITS(null, null, null, null, 1) BOX(100, 0), "wins_per_participant");
    ck_assert_int_eq(ask_once("q", "two", 2).outcome, KUJI_REFUSED_COUNT);
}
END_TEST

static void owner_sql(const char *sql)
{
    PGconn *conn = PQconnectdb(getenv("KUJI_STORE_OWNER_CONNINFO"));
    PGresult *res = PQexec(conn, sql);

    ck_assert_msg(PQresultStatus(res) == PGRES_COMMAND_OK, "%s",
                  PQerrorMessage(conn));
    PQclear(res);
    PQfinish(conn);
}

/* A request that PostgreSQL refuses fails alone: a trigger stands for whatever
 * could be wrong with one. */
START_TEST(one_bad_request_fails_alone)
{
    request_t requests[THREADS];
    char name[32];
    int i, bad = 0;

    fixture.quiet = 1;
    queue_fixture_campaign(&fixture, slug = "bad", NO_LIMITS BOX(10, 1000));
    owner_sql("CREATE OR REPLACE FUNCTION public.refuse() RETURNS trigger "
              "LANGUAGE plpgsql"
              " AS $$BEGIN IF NEW.count = 3 THEN RAISE EXCEPTION 'refused';"
              " END IF; RETURN NEW; END$$");
    owner_sql("CREATE OR REPLACE TRIGGER refuse BEFORE INSERT ON kuji.draw FOR "
              "EACH ROW"
              " EXECUTE FUNCTION public.refuse()");
    for (i = 0; i < THREADS; i++) {
        snprintf(name, sizeof(name), "p%d", i);
        requests[i] = request_of(name, name, i == 20 ? 3 : 1);
    }
    run(requests, THREADS);
    owner_sql("DROP TRIGGER refuse ON kuji.draw");
    owner_sql("DROP FUNCTION public.refuse()");
    for (i = 0; i < THREADS; i++) {
        bad += requests[i].rv != APR_SUCCESS;
    }
    ck_assert_int_eq(requests[20].rv, KUJI_EDATABASE);
    ck_assert_int_eq(bad, 1);
    /* Nothing of it stayed: the same key draws now. */
    ck_assert_int_eq(ask_once("p20", "p20", 3).outcome, KUJI_DRAWN);
}
END_TEST

/* Entries of a raffle are numbered like draws and decide nothing. */
START_TEST(raffle_takes_entries)
{
    request_t entry;

    queue_fixture_campaign(
        &fixture, slug = "raffle",
        NO_LIMITS "\"method\":\"raffle\",\"alternates\":3,\"beacon\":null,"
                  "\"prizes\":[{\"code\":\"A\",\"name\":\"A\","
                  "\"kind\":\"parcel\",\"units\":2}]");
    entry = ask_once("p", "k", 1);
    ck_assert_int_eq(entry.outcome, KUJI_DRAWN);
    ck_assert_int_eq(entry.wins, 0);
    ck_assert_ptr_nonnull(strstr(entry.leaf, "\"kind\":\"entry\""));
    ck_assert_int_eq(ask_once("p", "k", 1).outcome, KUJI_REPEATED);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("queue");
    TCase *all = tcase_create("queue");
    SRunner *runner;
    int failed;

    if (!getenv("KUJI_STORE_CONNINFO") ||
        !getenv("KUJI_STORE_OWNER_CONNINFO")) {
        fputs("KUJI_STORE_CONNINFO and KUJI_STORE_OWNER_CONNINFO are needed\n",
              stderr);
        return EXIT_FAILURE;
    }
    tcase_add_checked_fixture(all, start, stop);
    tcase_set_timeout(all, 120);
    tcase_add_test(all, one_key_is_one_draw);
    tcase_add_test(all, box_empties_exactly);
    tcase_add_test(all, count_is_all_or_nothing);
    tcase_add_test(all, limits_hold_under_a_race);
    tcase_add_test(all, one_bad_request_fails_alone);
    tcase_add_test(all, raffle_takes_entries);
    suite_add_tcase(suite, all);
    runner = srunner_create(suite);
    srunner_run_all(runner, CK_ENV);
    failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
