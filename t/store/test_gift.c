/* Gift codes: imported once, handed out once, whoever races.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/seal.h"
#include "store/claim.h"
#include "store/gift.h"
#include "t/store/people.h"

#include <apr_strings.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

static void import(kuji_gift_report_t *r, house_t *h, const char *lines)
{
    HOUSE_OK(kuji_gift_import(r, &h->why, &h->act, "odds", "A", lines,
                              strlen(lines), unit_pool));
}

static const char *open_gift(house_t *h, uint64_t n)
{
    const char *code;

    HOUSE_OK(kuji_gift_open(&code, &h->why, &h->act, "odds", n,
                            people_digest(h, n), unit_pool));
    return code;
}

static const kuji_gift_pool_t *pool(house_t *h)
{
    const kuji_gift_pool_t *pools;
    int count;

    HOUSE_OK(kuji_gift_pools(&pools, &count, &h->act, "odds", unit_pool));
    ck_assert_int_eq(count, 1);
    return &pools[0];
}

START_TEST(test_import)
{
    house_t *h = house_make();
    kuji_gift_report_t r;
    char longest[KUJI_GIFT_CODE_MAX + 2];

    people_publish(h, "gift_code", 10, "");
    ck_assert(!pool(h)->has_pool);
    memset(longest, 'x', sizeof(longest) - 1);
    longest[sizeof(longest) - 1] = '\0';
    import(&r, h,
           apr_pstrcat(unit_pool, "code\nAAAA-1111\n  BBBB-2222 \r\n\n",
                       longest, "\nAAAA-1111\n\"CC\tCC\"\n\"DDDD,4444\",x\n",
                       NULL));
    ck_assert_int_eq(r.counts[KUJI_GIFT_STORED], 3);
    ck_assert_int_eq(r.counts[KUJI_GIFT_KNOWN], 1);
    ck_assert_int_eq(r.counts[KUJI_GIFT_MALFORMED], 2);
    ck_assert_int_eq(r.nlines, 3);
    ck_assert_int_eq(r.lines[0].line, 5);
    ck_assert_int_eq(r.lines[1].line, 6);
    ck_assert_int_eq(r.lines[2].line, 7);
    ck_assert_int_eq(r.lines[1].outcome, KUJI_GIFT_KNOWN);
    import(&r, h, "BBBB-2222\nEEEE-5555\n");
    ck_assert_int_eq(r.counts[KUJI_GIFT_STORED], 1);
    ck_assert_int_eq(r.counts[KUJI_GIFT_KNOWN], 1);
    ck_assert_int_eq(pool(h)->left, 4);
    ck_assert_int_eq(pool(h)->units, 10);
    ck_assert_str_eq(
        house_ask(h, apr_psprintf(unit_pool,
                                  "SELECT count(*) FROM kuji.gift_code WHERE "
                                  "tenant_id = '%s' AND position('AAAA-1111'"
                                  "::bytea IN sealed) > 0",
                                  h->act.tenant)),
        "0");
    HOUSE_OK(kuji_gift_warn(&h->why, &h->act, "odds", "A", 4, unit_pool));
    ck_assert_int_eq(pool(h)->warn_at, 4);
    HOUSE_REFUSED(KUJI_EINVAL,
                  kuji_gift_warn(&h->why, &h->act, "odds", "A", -1, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_gift_warn(&h->why, &h->act, "odds", "B", 1, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND, kuji_gift_import(&r, &h->why, &h->act, "none",
                                                   "A", "x\n", 2, unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL, kuji_gift_import(&r, &h->why, &h->act, "odds",
                                                "A", "\"x", 2, unit_pool));
    ck_assert_str_eq(people_audit(h), "gift.import gift.import gift.warn");
}
END_TEST

static int64_t gift_id(house_t *h, uint64_t n)
{
    const kuji_claim_t *claim;

    HOUSE_OK(kuji_claim_get(&claim, &h->act, "odds", n, 1, unit_pool));
    return claim->gift_id;
}

static apr_status_t replaced(house_t *h, uint64_t n, int64_t id)
{
    return kuji_gift_replace(&h->why, &h->act, "odds", n, id, "used",
                             unit_pool);
}

START_TEST(test_open)
{
    house_t *h = house_make();
    kuji_gift_report_t r;
    const char *code;
    int64_t before;

    people_publish(h, "gift_code", 10, "");
    house_draw(h, "odds", 4);
    import(&r, h, "FIRST\nSECOND\n");
    ck_assert_str_eq(open_gift(h, 2), "FIRST");
    ck_assert_str_eq(open_gift(h, 2), "FIRST");
    ck_assert_str_eq(people_ask(h, 2, "c.state"), "delivered");
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_gift_open(&code, &h->why, &h->act, "odds", 1,
                                 people_digest(h, 2), unit_pool));
    ck_assert_str_eq(open_gift(h, 1), "SECOND");
    ck_assert_ptr_null(open_gift(h, 3));
    ck_assert_ptr_null(open_gift(h, 3));
    ck_assert_ptr_null(open_gift(h, 4));
    ck_assert_str_eq(people_ask(h, 3, "c.state"), "claimed");
    ck_assert_int_eq(pool(h)->owed, 2);
    /* who waited longest is served by the import itself */
    import(&r, h, "THIRD\n");
    ck_assert_int_eq(r.served, 1);
    ck_assert_str_eq(open_gift(h, 3), "THIRD");
    ck_assert_int_eq(pool(h)->owed, 1);
    ck_assert_int_eq(pool(h)->assigned, 3);
    HOUSE_REFUSED(KUJI_ESTATE, replaced(h, 1, gift_id(h, 1)));
    ck_assert_str_eq(open_gift(h, 1), "SECOND");
    HOUSE_REFUSED(KUJI_ENOTFOUND, replaced(h, 4, 1));
    import(&r, h, "FOURTH\nFIFTH\n");
    ck_assert_int_eq(r.served, 1);
    before = gift_id(h, 1);
    HOUSE_OK(replaced(h, 1, before));
    ck_assert_str_eq(open_gift(h, 1), "FIFTH");
    HOUSE_REFUSED(KUJI_ECONFLICT, replaced(h, 1, before));
    ck_assert_str_eq(open_gift(h, 1), "FIFTH");
    HOUSE_REFUSED(KUJI_EINVAL, kuji_gift_replace(&h->why, &h->act, "odds", 1,
                                                 before, "x", unit_pool));
    ck_assert_str_eq(house_ask(h, "SELECT detail ->> 'reason' FROM kuji.audit "
                                  "WHERE action = 'gift.replace' ORDER BY seq "
                                  "DESC LIMIT 1"),
                     "used");
    ck_assert_int_eq(pool(h)->voided, 1);
    ck_assert_int_eq(pool(h)->left, 0);
}
END_TEST

/* What the jobs do where the import could not. */
START_TEST(test_serve)
{
    house_t *h = house_make();
    kuji_gift_report_t r;
    int64_t count;

    people_publish(h, "gift_code", 10, "");
    house_draw(h, "odds", 3);
    import(&r, h, "ONE\nTWO\n");
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.claim SET state = 'claimed' "
                              "WHERE tenant_id = '%s'",
                              h->act.tenant));
    HOUSE_OK(kuji_gift_serve(&count, &h->act, NULL, unit_pool));
    ck_assert_int_eq(count, 2);
    HOUSE_OK(kuji_gift_serve(&count, &h->act, NULL, unit_pool));
    ck_assert_int_eq(count, 0);
    ck_assert_int_eq(pool(h)->owed, 1);
}
END_TEST

#define RACERS 200

typedef struct racer_t {
    const kuji_act_t *act;
    uint64_t n;
    unsigned char digest[KUJI_DIGEST_LEN];
    pthread_barrier_t *start;
    apr_status_t rv;
    char code[32];
} racer_t;

static void *race(void *baton)
{
    racer_t *r = baton;
    const char *code = NULL, *why = NULL;
    apr_pool_t *own;

    apr_pool_create_unmanaged_ex(&own, NULL, NULL);
    pthread_barrier_wait(r->start);
    r->rv = kuji_gift_open(&code, &why, r->act, "odds", r->n, r->digest, own);
    apr_cpystrn(r->code, code ? code : "", sizeof(r->code));
    apr_pool_destroy(own);
    return NULL;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const racer_t *)a)->code, ((const racer_t *)b)->code);
}

/* Everybody at once, `times` times the same winner. */
static void run_race(house_t *h, racer_t *racers, int times)
{
    kuji_pg_config_t config = {.conninfo = getenv("KUJI_STORE_CONNINFO"),
                               .keep = 2,
                               .max = 60,
                               .wait = apr_time_from_sec(60)};
    pthread_t threads[RACERS];
    pthread_barrier_t start;
    kuji_act_t act = h->act;
    int i;

    HOUSE_OK(kuji_pg_create(&act.pg, &config, unit_pool));
    pthread_barrier_init(&start, NULL, RACERS);
    for (i = 0; i < RACERS; i++) {
        racers[i].act = &act;
        racers[i].n = (uint64_t)(i / times + 1);
        memcpy(racers[i].digest, people_digest(h, racers[i].n),
               KUJI_DIGEST_LEN);
        racers[i].start = &start;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, race, &racers[i]),
                         0);
    }
    for (i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
        HOUSE_OK(racers[i].rv);
    }
    pthread_barrier_destroy(&start);
}

static void fill(house_t *h, int codes)
{
    char *lines = apr_palloc(unit_pool, 8 * (apr_size_t)codes + 1);
    kuji_gift_report_t r;
    int i;

    for (i = 0; i < codes; i++) {
        sprintf(lines + 8 * i, "C-%05d\n", i);
    }
    import(&r, h, lines);
    ck_assert_int_eq(r.counts[KUJI_GIFT_STORED], codes);
}

/* 200 winners, 150 codes: 150 different codes, 50 are owed one. */
START_TEST(test_race)
{
    house_t *h = house_make();
    racer_t *racers = apr_pcalloc(unit_pool, sizeof(*racers) * RACERS);
    int i, got = 0;

    people_publish(h, "gift_code", 500, "");
    house_draw(h, "odds", RACERS);
    fill(h, 150);
    run_race(h, racers, 1);
    qsort(racers, RACERS, sizeof(*racers), compare);
    for (i = 0; i < RACERS; i++) {
        if (*racers[i].code) {
            got++;
            ck_assert(i == 0 || strcmp(racers[i].code, racers[i - 1].code));
        }
    }
    ck_assert_int_eq(got + (int)pool(h)->left, 150);
    ck_assert_int_eq(pool(h)->owed, RACERS - got);
    ck_assert_int_eq(pool(h)->assigned, got);
    HOUSE_OK(kuji_gift_serve(&(int64_t){0}, &h->act, NULL, unit_pool));
    ck_assert_int_eq(pool(h)->assigned, 150);
    ck_assert_int_eq(pool(h)->left, 0);
    ck_assert_int_eq(pool(h)->owed, 50);
}
END_TEST

/* 20 winners, each ten times at once: one code each, the same ten times. */
START_TEST(test_race_of_one)
{
    house_t *h = house_make();
    racer_t *racers = apr_pcalloc(unit_pool, sizeof(*racers) * RACERS);
    int i;

    people_publish(h, "gift_code", 500, "");
    house_draw(h, "odds", 20);
    fill(h, 300);
    run_race(h, racers, 10);
    for (i = 0; i < RACERS; i++) {
        ck_assert_str_ne(racers[i].code, "");
        ck_assert(i % 10 == 0 ||
                  strcmp(racers[i].code, racers[i - 1].code) == 0);
    }
    ck_assert_int_eq(pool(h)->assigned, 20);
    ck_assert_int_eq(pool(h)->left, 280);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/gift");

    UNIT_TEST(suite, test_import);
    UNIT_TEST(suite, test_open);
    UNIT_TEST(suite, test_serve);
    UNIT_TEST(suite, test_race);
    UNIT_TEST(suite, test_race_of_one);
    return unit_main(suite);
}
