/* From publication to the close, for every method, replayed by core: what the
 * store writes is what a verifier accepts, and what it refuses it says.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/proof.h"
#include "store/publish.h"
#include "t/store/house.h"

#include <apr_strings.h>
#include <string.h>

#define HOUR 3600000

#define ODDS                                                                   \
    "\"odds_total\":100,\"sold_out\":\"C\",\"prizes\":["                       \
    "{\"code\":\"A\",\"name\":\"一等\",\"kind\":\"parcel\",\"units\":3,"     \
    "\"weight\":20},"                                                          \
    "{\"code\":\"C\",\"name\":\"残念賞\",\"kind\":\"coupon\",\"units\":20," \
    "\"weight\":30}]"
#define BOX                                                                    \
    "\"blanks\":10,\"prizes\":["                                               \
    "{\"code\":\"A\",\"name\":\"一等\",\"kind\":\"parcel\",\"units\":2},"    \
    "{\"code\":\"B\",\"name\":\"二等\",\"kind\":\"gift_code\",\"units\":8}]"

/* n of a draw whose leaf holds (or not) a prize. */
static uint64_t find_draw(house_t *h, const char *slug, int wins)
{
    const char *n = house_ask(
        h, apr_psprintf(unit_pool,
                        "SELECT d.n FROM kuji.draw d JOIN kuji.ledger l "
                        "ON l.campaign_id = d.campaign_id AND l.i = d.i "
                        "JOIN kuji.campaign c ON c.id = d.campaign_id "
                        "WHERE c.tenant_id = '%s' AND c.slug = '%s' "
                        "AND (l.leaf::jsonb ->> 'prize' IS NOT NULL) = %s "
                        "AND NOT EXISTS (SELECT FROM kuji.voided v WHERE "
                        "v.campaign_id = c.id AND v.n = d.n) "
                        "ORDER BY d.n LIMIT 1",
                        h->act.tenant, slug, wins ? "true" : "false"));

    ck_assert_msg(n, "no such draw");
    return (uint64_t)apr_atoi64(n);
}

static const kuji_prize_view_t *prize(const kuji_campaign_view_t *v,
                                      const char *code)
{
    int i;

    for (i = 0; i < v->nprizes; i++) {
        if (strcmp(v->prizes[i].code, code) == 0) {
            return &v->prizes[i];
        }
    }
    ck_abort_msg("no prize %s", code);
    return NULL;
}

START_TEST(test_odds)
{
    house_t *h = house_make();
    const kuji_replay_report_t *report;
    const kuji_campaign_view_t *v;
    kuji_event_t e;
    uint64_t won;

    house_publish(h, "odds", HOUR, ODDS);
    ck_assert_int_eq(house_draw(h, "odds", 40), 40);
    HOUSE_OK(kuji_event_stock(&e, &h->why, &h->act, "odds", "A", 5, NULL,
                              "追加仕入れ", unit_pool));
    HOUSE_REFUSED(KUJI_ETOOBIG,
                  kuji_event_stock(&e, &h->why, &h->act, "odds", "A",
                                   KUJI_INT_MAX - 1, NULL, NULL, unit_pool));
    ck_assert_uint_eq(e.i, 41);
    ck_assert_int_eq(house_draw(h, "odds", 40), 40);
    won = find_draw(h, "odds", 1);
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "odds", won, 1, "declined",
                             NULL, unit_pool));
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "odds",
                             find_draw(h, "odds", 1), 0, "disqualified", NULL,
                             unit_pool));
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "odds",
                             find_draw(h, "odds", 0), 0, "duplicate", NULL,
                             unit_pool));
    ck_assert_int_eq(house_draw(h, "odds", 20), 20);
    v = house_view(h, "odds");
    ck_assert_int_eq(prize(v, "A")->planned, 8);
    ck_assert_int_eq(prize(v, "A")->planned,
                     prize(v, "A")->awarded + prize(v, "A")->left);
    ck_assert_int_eq(v->draws, 100);
    HOUSE_REFUSED(KUJI_ESTATE, kuji_event_close(&e, &h->why, &h->act, "odds",
                                                NULL, NULL, unit_pool));
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "odds", "early", NULL,
                              unit_pool));
    report = house_replay(h, "odds");
    ck_assert(report->closed);
    ck_assert(report->outcomes);
    ck_assert_uint_eq(report->draws, 100);
    ck_assert_uint_eq(report->voids, 3);
    v = house_view(h, "odds");
    ck_assert_int_eq(v->phase, KUJI_PHASE_CLOSED);
    ck_assert_int_eq(v->size, (int64_t)report->tree->size);
    ck_assert_int_eq(v->closed_at, e.t);
}
END_TEST

START_TEST(test_box)
{
    house_t *h = house_make();
    const kuji_replay_report_t *report;
    kuji_event_t e;

    house_publish(h, "box", HOUR, BOX);
    ck_assert_int_eq(house_draw(h, "box", 30), 20);
    ck_assert_int_eq(house_view(h, "box")->phase, KUJI_PHASE_SOLD_OUT);
    HOUSE_OK(kuji_event_stock(&e, &h->why, &h->act, "box", "A", 1, "added",
                              NULL, unit_pool));
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "box",
                             find_draw(h, "box", 1), 1, "error", NULL,
                             unit_pool));
    ck_assert_int_eq(house_view(h, "box")->phase, KUJI_PHASE_OPEN);
    ck_assert_int_eq(house_draw(h, "box", 5), 2);
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "box", "early", NULL,
                              unit_pool));
    report = house_replay(h, "box");
    ck_assert(report->outcomes);
    ck_assert_uint_eq(report->draws, 22);
    ck_assert_int_eq(report->state->blanks_left, 0);
    ck_assert_int_eq(
        report->state->stock[0].awarded + report->state->stock[1].awarded, 11);
}
END_TEST

START_TEST(test_moment)
{
    house_t *h = house_make();
    apr_int64_t now = house_now(h);
    const kuji_replay_report_t *report;
    kuji_event_t e;
    uint64_t won;

    house_publish(
        h, "moment", HOUR,
        apr_psprintf(
            unit_pool,
            "\"prizes\":[{\"code\":\"A\",\"name\":\"一等\","
            "\"kind\":\"parcel\",\"units\":4,\"from\":%" APR_INT64_T_FMT
            ",\"until\":%" APR_INT64_T_FMT "}]",
            now - 50000, now - 40000));
    ck_assert_int_eq(house_draw(h, "moment", 10), 10);
    ck_assert_int_eq(house_view(h, "moment")->prizes[0].awarded, 4);
    won = find_draw(h, "moment", 1);
    HOUSE_REFUSED(KUJI_EINVAL,
                  kuji_event_void(&e, &h->why, &h->act, "moment", won, 1,
                                  "declined", NULL, unit_pool));
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "moment", won, 0, "declined",
                             NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_event_stock(&e, &h->why, &h->act, "moment",
                                                "A", 1, NULL, NULL, unit_pool));
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "moment", "early", NULL,
                              unit_pool));
    report = house_replay(h, "moment");
    ck_assert(report->outcomes);
    ck_assert_int_eq(report->state->stock[0].awarded, 4);
}
END_TEST

/* Every refusal says why, and leaves the ledger as it was. */
START_TEST(test_refusals)
{
    house_t *h = house_make();
    kuji_event_t e;
    uint64_t won;

    house_publish(h, "box", HOUR, BOX);
    ck_assert_int_eq(house_draw(h, "box", 19), 19);
    won = find_draw(h, "box", 1);
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_event_stock(&e, &h->why, &h->act, "box", "Z", 1, NULL,
                                   NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_event_stock(&e, &h->why, &h->act, "xob", "A", 1, NULL,
                                   NULL, unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL, kuji_event_stock(&e, &h->why, &h->act, "box",
                                                "A", 0, NULL, NULL, unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL,
                  kuji_event_stock(&e, &h->why, &h->act, "box", "A", 1,
                                   "present", NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ETOOBIG,
                  kuji_event_stock(&e, &h->why, &h->act, "box", "A",
                                   KUJI_INT_MAX, NULL, NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_event_void(&e, &h->why, &h->act, "box", 21, 0, "error",
                                  NULL, unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL, kuji_event_void(&e, &h->why, &h->act, "box", won,
                                               0, NULL, NULL, unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL, kuji_event_void(&e, &h->why, &h->act, "box",
                                               find_draw(h, "box", 0), 1,
                                               "error", NULL, unit_pool));
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "box", won, 1, "error", NULL,
                             unit_pool));
    HOUSE_REFUSED(KUJI_ECONFLICT,
                  kuji_event_void(&e, &h->why, &h->act, "box", won, 0, "error",
                                  NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE,
                  kuji_publish(NULL, &h->why, &h->act, "box", 1, unit_pool));
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "box", "early", NULL,
                              unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_event_close(&e, &h->why, &h->act, "box",
                                                "early", NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_event_void(&e, &h->why, &h->act, "box", 2,
                                               0, "error", NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_event_stock(&e, &h->why, &h->act, "box",
                                                "A", 1, NULL, NULL, unit_pool));
    ck_assert(house_replay(h, "box")->closed);
}
END_TEST

/* A counter that lies stops the close, and the seed stays sealed. */
START_TEST(test_close_counts)
{
    static const char *const lies[] = {
        "UPDATE kuji.prize SET awarded = awarded + 1, added = added + 1 WHERE "
        "pos = 0 AND campaign_id = ",
        "UPDATE kuji.campaign SET next_n = next_n - 1 WHERE id = ",
        "UPDATE kuji.campaign SET blanks_left = blanks_left + 1 WHERE id = ",
        "UPDATE kuji.ledger SET leaf = replace(leaf, '\"prize\":\"B\"', "
        "'\"prize\":null') WHERE campaign_id = ",
        "DELETE FROM kuji.ledger WHERE i = 3 AND campaign_id = ",
    };
    house_t *h;
    kuji_event_t e;
    unsigned i;

    for (i = 0; i < sizeof(lies) / sizeof(*lies); i++) {
        h = house_make();
        house_publish(h, "box", HOUR, BOX);
        ck_assert_int_eq(house_draw(h, "box", 20), 20);
        house_sql(h, apr_psprintf(unit_pool, "%s%" APR_INT64_T_FMT, lies[i],
                                  (apr_int64_t)house_view(h, "box")->id));
        HOUSE_REFUSED(KUJI_EVERIFY,
                      kuji_event_close(&e, &h->why, &h->act, "box", "early",
                                       NULL, unit_pool));
        ck_assert_str_eq(house_view(h, "box")->status, "published");
        ck_assert_ptr_null(house_ask(
            h, apr_psprintf(unit_pool,
                            "SELECT i FROM kuji.ledger WHERE leaf LIKE "
                            "'{\"awarded\"%%' AND tenant_id = '%s'",
                            h->act.tenant)));
    }
}
END_TEST

/* Nothing of seed and K is in the database in the clear before the close; the
 * revealed seed is nowhere before it. */
START_TEST(test_sealed)
{
    house_t *h = house_make();
    kuji_event_t e;
    json_t *leaf;
    const char *seed, *text;

    house_publish(h, "odds", HOUR, ODDS);
    ck_assert_int_eq(house_draw(h, "odds", 3), 3);
    text = house_ask(
        h, apr_psprintf(unit_pool,
                        "SELECT string_agg(s::text, ' ') || (SELECT "
                        "string_agg(l::text, ' ') FROM kuji.ledger l WHERE "
                        "tenant_id = '%s') || (SELECT string_agg(a::text, ' ') "
                        "FROM kuji.audit a WHERE tenant_id = '%s') FROM "
                        "kuji.campaign_secret s WHERE tenant_id = '%s'",
                        h->act.tenant, h->act.tenant, h->act.tenant));
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "odds", "early", NULL,
                              unit_pool));
    leaf = json_loads(e.leaf, 0, NULL);
    seed = json_string_value(json_object_get(leaf, "seed"));
    ck_assert_uint_eq(strlen(seed), 64);
    ck_assert_ptr_null(strstr(text, seed));
    json_decref(leaf);
}
END_TEST

/* closes_at comes: no reason, no name; draws are refused from then on. */
START_TEST(test_due_close)
{
    house_t *h = house_make();
    const kuji_replay_report_t *report;
    kuji_event_t e;

    house_publish(h, "odds", 1500, ODDS);
    ck_assert_int_eq(house_draw(h, "odds", 5), 5);
    house_wait(h, house_view(h, "odds")->closes_at);
    ck_assert_int_eq(house_draw(h, "odds", 5), 0);
    ck_assert_int_eq(house_view(h, "odds")->phase, KUJI_PHASE_CLOSED);
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "odds", "early", NULL,
                              unit_pool));
    ck_assert_ptr_null(strstr(e.leaf, "reason"));
    report = house_replay(h, "odds");
    ck_assert(report->closed && report->outcomes);
}
END_TEST

/* Each event and each refusal is seen through the audit log's chain. */
START_TEST(test_audit)
{
    house_t *h = house_make();
    kuji_event_t e;

    house_publish(h, "box", HOUR, BOX);
    HOUSE_OK(kuji_event_stock(&e, &h->why, &h->act, "box", "A", 1, NULL, NULL,
                              unit_pool));
    HOUSE_OK(kuji_campaign_pause(&h->why, &h->act, "box", 1, unit_pool));
    HOUSE_OK(kuji_campaign_pause(&h->why, &h->act, "box", 0, unit_pool));
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "box", "early", NULL,
                              unit_pool));
    ck_assert_str_eq(
        house_ask(h, apr_psprintf(unit_pool,
                                  "SELECT string_agg(action, ' ' ORDER BY seq) "
                                  "FROM kuji.audit WHERE tenant_id = '%s'",
                                  h->act.tenant)),
        "tenant.create campaign.create campaign.publish campaign.stock "
        "campaign.pause campaign.resume campaign.close");
    ck_assert_str_eq(
        house_ask(h, apr_psprintf(unit_pool,
                                  "SELECT entries || ' ' || coalesce("
                                  "broken::text, 'whole') FROM "
                                  "kuji_api.audit_check('%s')",
                                  h->act.tenant)),
        "7 whole");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/event");

    UNIT_TEST(suite, test_odds);
    UNIT_TEST(suite, test_box);
    UNIT_TEST(suite, test_moment);
    UNIT_TEST(suite, test_refusals);
    UNIT_TEST(suite, test_close_counts);
    UNIT_TEST(suite, test_sealed);
    UNIT_TEST(suite, test_due_close);
    UNIT_TEST(suite, test_audit);
    return unit_main(suite);
}
