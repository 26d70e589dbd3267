/* What is mailed, about what, and how often.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/claim.h"
#include "store/mail_gate.h"
#include "store/outbox.h"
#include "store/person.h"
#include "store/raffle.h"
#include "t/store/people.h"

#include <apr_strings.h>
#include <string.h>

#define TARO "{'name':'山田 太郎','postal':'060-0001','address':'札幌市'}"

/* Everybody who has drawn reads mail; nobody could open these addresses. */
static void all_read_mail(house_t *h)
{
    house_sql(h, apr_psprintf(
                     unit_pool,
                     "INSERT INTO kuji.participant_mail (campaign_id, digest, "
                     "tenant_id, verified_at, language, base, address) "
                     "SELECT campaign_id, digest, tenant_id, 1, 'ja', "
                     "'https://h.test', sha256('a') || sha256('b') "
                     "FROM kuji.participant WHERE tenant_id = '%s'",
                     h->act.tenant));
}

/* "1 2 3": the draws that mails of a kind are about. */
static const char *mails(house_t *h, const char *kind)
{
    const char *list = house_ask(
        h, apr_psprintf(unit_pool,
                        "SELECT coalesce(string_agg(n::text, ' ' ORDER BY n), "
                        "'') FROM kuji.outbox WHERE kind = '%s' AND tenant_id "
                        "= '%s'",
                        kind, h->act.tenant));

    return list ? list : "";
}

START_TEST(test_steps)
{
    house_t *h = house_make();
    kuji_ship_report_t report;

    people_publish(h, "parcel", 100, "");
    ck_assert_int_eq(house_draw(h, "odds", 4), 4);
    HOUSE_OK(kuji_claim_submit(&h->why, &h->act, "odds", 1, people_digest(h, 1),
                               people_data(TARO), KUJI_BY_WINNER, unit_pool));
    ck_assert_str_eq(mails(h, "claimed"), ""); /* no address is known */
    all_read_mail(h);
    HOUSE_OK(kuji_claim_submit(&h->why, &h->act, "odds", 2, people_digest(h, 2),
                               people_data(TARO), KUJI_BY_WINNER, unit_pool));
    ck_assert_str_eq(mails(h, "claimed"), "2");
    HOUSE_OK(kuji_claim_submit(&h->why, &h->act, "odds", 2, people_digest(h, 2),
                               people_data(TARO), KUJI_BY_WINNER, unit_pool));
    ck_assert_str_eq(mails(h, "claimed"), "2"); /* put right: told once */
    HOUSE_OK(kuji_claim_ship(&report, &h->why, &h->act, "odds",
                             "1,a-1\n2,a-2\n", 12, unit_pool));
    ck_assert_str_eq(mails(h, "shipped"), "1 2");
    HOUSE_OK(kuji_claim_ship(&report, &h->why, &h->act, "odds", "2,a-3\n", 6,
                             unit_pool));
    ck_assert_str_eq(mails(h, "shipped"), "1 2");
    ck_assert_str_eq(mails(h, "win"),
                     ""); /* by the batch, for the gate alone */
}
END_TEST

#define DAYS_AGO(n) "(kuji_api.now_ms() - " #n "::int8 * 86400000)"

START_TEST(test_reminders)
{
    house_t *h = house_make();

    people_publish(h, "parcel", 100, "\"claim_days\":10,");
    ck_assert_int_eq(house_draw(h, "odds", 6), 6);
    all_read_mail(h);
    house_sql(
        h,
        apr_psprintf(
            unit_pool,
            "UPDATE kuji.claim SET updated_at = CASE n "
            "WHEN 1 THEN " DAYS_AGO(6) " WHEN 2 THEN " DAYS_AGO(
                8) " WHEN 3 THEN " DAYS_AGO(9) " WHEN 4 THEN " DAYS_AGO(11) " E"
                                                                            "LS"
                                                                            "E "
                                                                            "up"
                                                                            "da"
                                                                            "te"
                                                                            "d_"
                                                                            "at"
                                                                            " E"
                                                                            "ND"
                                                                            " W"
                                                                            "HE"
                                                                            "RE"
                                                                            " t"
                                                                            "en"
                                                                            "an"
                                                                            "t_"
                                                                            "id"
                                                                            " ="
                                                                            " '"
                                                                            "%s"
                                                                            "'",
            h->act.tenant));
    HOUSE_OK(kuji_claim_submit(&h->why, &h->act, "odds", 3, people_digest(h, 3),
                               people_data(TARO), KUJI_BY_WINNER, unit_pool));
    HOUSE_OK(kuji_outbox_remind(&h->act, NULL, unit_pool));
    ck_assert_str_eq(mails(h, "remind"), "2");
    HOUSE_OK(kuji_outbox_remind(&h->act, NULL, unit_pool));
    ck_assert_str_eq(mails(h, "remind"), "2");
}
END_TEST

START_TEST(test_raffle)
{
    house_t *h = house_make();
    kuji_event_t e;
    const char *won;

    house_publish(h, "raffle", 1500,
                  "\"alternates\":1,\"prizes\":[{\"code\":\"A\",\"name\":"
                  "\"x\",\"kind\":\"parcel\",\"units\":2}]");
    ck_assert_int_eq(house_draw(h, "raffle", 5), 5);
    all_read_mail(h);
    house_wait(h, house_view(h, "raffle")->closes_at + 10);
    HOUSE_OK(kuji_raffle_run(&e, &h->why, &h->act, "raffle", NULL, unit_pool));
    won = house_ask(h, apr_psprintf(unit_pool,
                                    "SELECT string_agg(n::text, ' ' ORDER BY "
                                    "n) FROM kuji.claim WHERE tenant_id = '%s'",
                                    h->act.tenant));
    ck_assert_str_eq(mails(h, "win"), won);
}
END_TEST

/* An erasure leaves neither the address nor what was to be sent there. */
START_TEST(test_erasure)
{
    house_t *h = house_make();
    kuji_erasure_t erasure = {0};
    const char *left;

    people_publish(h, "parcel", 100, "");
    ck_assert_int_eq(house_draw(h, "odds", 2), 2);
    all_read_mail(h);
    HOUSE_OK(kuji_claim_submit(&h->why, &h->act, "odds", 1, people_digest(h, 1),
                               people_data(TARO), KUJI_BY_WINNER, unit_pool));
    ck_assert_str_eq(mails(h, "claimed"), "1");
    HOUSE_OK(
        kuji_person_erase(&erasure, &h->why, &h->act, "odds", 1, unit_pool));
    ck_assert_str_eq(mails(h, "claimed"), "");
    left = house_ask(
        h, apr_psprintf(unit_pool,
                        "SELECT count(*) FROM kuji.participant_mail WHERE "
                        "tenant_id = '%s'",
                        h->act.tenant));
    ck_assert_str_eq(left, "1");
}
END_TEST

/* Who takes a mail has it until the lease is over, and no longer. */
START_TEST(test_leases)
{
    house_t *h = house_make();
    kuji_outbox_letter_t letter = {.kind = KUJI_MAIL_ERASED,
                                   .address = "taro@example.com",
                                   .language = "ja",
                                   .base = "https://h.test",
                                   .useful = KUJI_MAIL_WEEK_MS};
    const kuji_outbox_mail_t *one, *two;
    const char *why;
    int count;

    people_publish(h, "parcel", 100, "");
    letter.campaign_id = house_view(h, "odds")->id;
    HOUSE_OK(kuji_outbox_test(&why, &h->act, house_view(h, "odds")->uuid,
                              &letter, unit_pool));
    HOUSE_OK(kuji_outbox_take(&one, &count, &h->act, KUJI_OUTBOX_MAIL, 10, 700,
                              unit_pool));
    ck_assert_int_eq(count, 1);
    ck_assert_str_eq(one->address, "taro@example.com");
    ck_assert_int_eq(one->tries, 1);
    ck_assert_ptr_null(one->skip);
    HOUSE_OK(kuji_outbox_take(&two, &count, &h->act, KUJI_OUTBOX_MAIL, 10, 700,
                              unit_pool));
    ck_assert_int_eq(count, 0);
    apr_sleep(apr_time_from_msec(900));
    HOUSE_OK(kuji_outbox_take(&two, &count, &h->act, KUJI_OUTBOX_MAIL, 10,
                              60000, unit_pool));
    ck_assert_int_eq(count, 1);
    ck_assert_str_eq(two->id, one->id);
    ck_assert_int_eq(two->tries, 2);
    HOUSE_OK(kuji_outbox_end(&h->act, two->id, KUJI_OUTBOX_SENT, NULL, 0, 0,
                             unit_pool));
    HOUSE_OK(kuji_outbox_end(&h->act, two->id, KUJI_OUTBOX_LATER, NULL, 0, 0,
                             unit_pool)); /* too late */
    HOUSE_OK(kuji_outbox_take(&two, &count, &h->act, KUJI_OUTBOX_MAIL, 10, 700,
                              unit_pool));
    ck_assert_int_eq(count, 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("mail");

    UNIT_TEST(suite, test_steps);
    UNIT_TEST(suite, test_reminders);
    UNIT_TEST(suite, test_raffle);
    UNIT_TEST(suite, test_erasure);
    UNIT_TEST(suite, test_leases);
    return unit_main(suite);
}
