/* Raffles: run, substitutes, refusals; each ledger replayed with its picks.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/raffle.h"
#include "t/store/house.h"

#include <apr_strings.h>
#include <string.h>

#define PRIZES                                                                 \
    "\"prizes\":["                                                             \
    "{\"code\":\"A\",\"name\":\"一等\",\"kind\":\"parcel\",\"units\":2},"    \
    "{\"code\":\"B\",\"name\":\"二等\",\"kind\":\"parcel\",\"units\":3}]"
#define PLAIN "\"alternates\":3," PRIZES

static uint64_t first_of(house_t *h, const char *path)
{
    const char *n = house_ask(
        h, apr_psprintf(unit_pool,
                        "SELECT leaf::jsonb #>> '%s' FROM kuji.ledger WHERE "
                        "tenant_id = '%s' AND leaf LIKE '{\"alternates\"%%' "
                        "AND i > 0",
                        path, h->act.tenant));

    ck_assert_ptr_nonnull(n);
    return (uint64_t)apr_atoi64(n);
}

/* Ten entries, one void, one unit more, then the raffle. */
START_TEST(test_run)
{
    house_t *h = house_make();
    const kuji_replay_report_t *report;
    const kuji_campaign_view_t *v;
    uint64_t winner, second, alternate;
    kuji_event_t e;

    house_publish(h, "raffle", 2000, PLAIN);
    ck_assert_int_eq(house_draw(h, "raffle", 10), 10);
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "raffle", 4, 0, "duplicate",
                             NULL, unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL,
                  kuji_event_void(&e, &h->why, &h->act, "raffle", 5, 1,
                                  "duplicate", NULL, unit_pool));
    HOUSE_OK(kuji_event_stock(&e, &h->why, &h->act, "raffle", "B", 1, NULL,
                              NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_raffle_run(&e, &h->why, &h->act, "raffle",
                                               NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_event_close(&e, &h->why, &h->act, "raffle",
                                                "early", NULL, unit_pool));
    house_wait(h, house_view(h, "raffle")->closes_at);
    HOUSE_REFUSED(KUJI_ESTATE, kuji_event_close(&e, &h->why, &h->act, "raffle",
                                                NULL, NULL, unit_pool));
    HOUSE_OK(kuji_raffle_run(&e, &h->why, &h->act, "raffle", NULL, unit_pool));
    ck_assert_ptr_null(strstr(e.leaf, "\"n\":4,"));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_raffle_run(&e, &h->why, &h->act, "raffle",
                                               NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_event_stock(&e, &h->why, &h->act, "raffle",
                                                "B", 1, NULL, NULL, unit_pool));
    v = house_view(h, "raffle");
    ck_assert_int_eq(v->prizes[0].awarded, 2);
    ck_assert_int_eq(v->prizes[1].awarded, 4);

    /* the two ways: in one step, and after the void */
    winner = first_of(h, "{winners,0,n}");
    HOUSE_OK(kuji_raffle_substitute(&e, &alternate, &h->why, &h->act, "raffle",
                                    winner, "unreachable", NULL, unit_pool));
    ck_assert_uint_eq(alternate, first_of(h, "{alternates,0}"));
    second = first_of(h, "{winners,2,n}");
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "raffle", second, 1,
                             "declined", NULL, unit_pool));
    HOUSE_OK(kuji_raffle_substitute(&e, &alternate, &h->why, &h->act, "raffle",
                                    second, "declined", NULL, unit_pool));
    ck_assert_uint_eq(alternate, first_of(h, "{alternates,1}"));
    /* the second alternate's own win moves on to the third */
    HOUSE_OK(kuji_raffle_substitute(&e, &alternate, &h->why, &h->act, "raffle",
                                    alternate, "declined", NULL, unit_pool));
    ck_assert_uint_eq(alternate, first_of(h, "{alternates,2}"));
    HOUSE_REFUSED(KUJI_ESTATE,
                  kuji_raffle_substitute(&e, &alternate, &h->why, &h->act,
                                         "raffle", first_of(h, "{winners,1,n}"),
                                         "declined", NULL, unit_pool));
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "raffle", NULL, NULL,
                              unit_pool));
    report = house_replay(h, "raffle");
    ck_assert(report->closed && report->outcomes && report->raffled);
    ck_assert_int_eq(report->state->stock[0].awarded, 2);
    ck_assert_int_eq(report->state->stock[1].awarded, 4);
}
END_TEST

/* Fewer entries than units; a void one leaves its unit; nobody substitutes. */
START_TEST(test_few)
{
    house_t *h = house_make();
    const kuji_replay_report_t *report;
    uint64_t alternate, winner;
    kuji_event_t e;

    house_publish(h, "raffle", 1500, PLAIN);
    ck_assert_int_eq(house_draw(h, "raffle", 3), 3);
    house_wait(h, house_view(h, "raffle")->closes_at);
    HOUSE_OK(kuji_raffle_run(&e, &h->why, &h->act, "raffle", NULL, unit_pool));
    winner = first_of(h, "{winners,2,n}");
    HOUSE_REFUSED(KUJI_ESTATE, kuji_raffle_substitute(
                                   &e, &alternate, &h->why, &h->act, "raffle",
                                   winner, "declined", NULL, unit_pool));
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "raffle", winner, 1,
                             "declined", NULL, unit_pool));
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "raffle", NULL, NULL,
                              unit_pool));
    report = house_replay(h, "raffle");
    ck_assert(report->outcomes);
    ck_assert_int_eq(report->state->stock[0].awarded, 2);
    ck_assert_int_eq(report->state->stock[1].awarded, 0);
}
END_TEST

START_TEST(test_nobody)
{
    house_t *h = house_make();
    kuji_event_t e;

    house_publish(h, "raffle", 1000, PLAIN);
    house_wait(h, house_view(h, "raffle")->closes_at);
    HOUSE_OK(kuji_raffle_run(&e, &h->why, &h->act, "raffle", NULL, unit_pool));
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "raffle", NULL, NULL,
                              unit_pool));
    ck_assert(house_replay(h, "raffle")->outcomes);
}
END_TEST

/* With a beacon: nothing before it, nothing changes after it but the raffle. */
START_TEST(test_beacon)
{
    static const char signature[] = "00ff";
    house_t *h = house_make();
    kuji_beacon_value_t beacon = {{7}, signature};
    const char *config;
    kuji_event_t e;
    int64_t now = house_now(h);

    config = apr_psprintf(
        unit_pool,
        "\"beacon\":{\"chain_hash\":\"52db9ba70e0cc0f6eaf7803dd07447a1f5477735"
        "fd3f661792ba94600c84e971\",\"round\":9,\"time\":%" APR_INT64_T_FMT
        "}," PLAIN,
        (apr_int64_t)now + 4000);
    house_publish(h, "raffle", 2000, config);
    ck_assert_int_eq(house_draw(h, "raffle", 8), 8);
    house_wait(h, house_view(h, "raffle")->closes_at);
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "raffle", 2, 0, "duplicate",
                             NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_raffle_run(&e, &h->why, &h->act, "raffle",
                                               &beacon, unit_pool));
    house_wait(h, now + 4100);
    HOUSE_REFUSED(KUJI_ESTATE,
                  kuji_event_void(&e, &h->why, &h->act, "raffle", 3, 0,
                                  "duplicate", NULL, unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL, kuji_raffle_run(&e, &h->why, &h->act, "raffle",
                                               NULL, unit_pool));
    HOUSE_OK(
        kuji_raffle_run(&e, &h->why, &h->act, "raffle", &beacon, unit_pool));
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "raffle", NULL, NULL,
                              unit_pool));
    ck_assert(house_replay(h, "raffle")->outcomes);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/raffle");

    UNIT_TEST(suite, test_run);
    UNIT_TEST(suite, test_few);
    UNIT_TEST(suite, test_nobody);
    UNIT_TEST(suite, test_beacon);
    return unit_main(suite);
}
