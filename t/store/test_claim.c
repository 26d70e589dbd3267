/* Claims: lists and their filters, what winners give, the steps, shipping by a
 * list, expiry.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/claim.h"
#include "store/code.h"
#include "t/store/people.h"

#include <apr_strings.h>
#include <string.h>

#define TARO                                                                   \
    "{'name':'山田 太郎','kana':'ヤマダ "                               \
    "タロウ','postal':'060-0001','address':"                                \
    "'札幌市中央区1-2','phone':'090-1234-5678','mail':'taro@example.jp'}"

static void list(kuji_claim_page_t *page, house_t *h,
                 const kuji_claim_filter_t *filter)
{
    HOUSE_OK(
        kuji_claim_list(page, &h->why, &h->act, "odds", filter, unit_pool));
}

START_TEST(test_list)
{
    house_t *h = house_make();
    kuji_claim_filter_t f = {.limit = 7};
    kuji_claim_page_t page;
    uint64_t expected = 30;
    int i, pages = 0;

    people_publish(h, "parcel", 100, "");
    ck_assert_int_eq(house_draw(h, "odds", 30), 30);
    do {
        list(&page, h, &f);
        for (i = 0; i < page.count; i++) {
            ck_assert_uint_eq(page.rows[i].n, expected--);
            ck_assert_str_eq(page.rows[i].state, "won");
            ck_assert_str_eq(page.rows[i].prize, "A");
            ck_assert_str_eq(page.rows[i].kind, "parcel");
            ck_assert_int_gt(page.rows[i].t, 0);
            ck_assert(!page.rows[i].is_void && !page.rows[i].has_data);
        }
        pages++;
        f.before = page.next;
    } while (page.next);
    ck_assert_uint_eq(expected, 0);
    ck_assert_int_eq(pages, 5);
}
END_TEST

START_TEST(test_filters)
{
    house_t *h = house_make();
    kuji_claim_filter_t f = {.limit = 100};
    kuji_claim_page_t page;
    const char *today, *tomorrow;
    kuji_event_t e;

    people_publish(h, "parcel", 100, "");
    house_draw(h, "odds", 10);
    HOUSE_OK(kuji_claim_submit(&h->why, &h->act, "odds", 4, people_digest(h, 4),
                               people_data(TARO), KUJI_BY_WINNER, unit_pool));
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "odds", 7, 1, "declined",
                             NULL, unit_pool));
    f.state = "claimed";
    list(&page, h, &f);
    ck_assert_int_eq(page.count, 1);
    ck_assert_uint_eq(page.rows[0].n, 4);
    ck_assert(page.rows[0].has_data);
    f.state = "void";
    list(&page, h, &f);
    ck_assert_int_eq(page.count, 1);
    ck_assert(page.rows[0].is_void);
    f.state = "won";
    list(&page, h, &f);
    ck_assert_int_eq(page.count, 8);
    f.state = NULL;
    f.prize = "A";
    list(&page, h, &f);
    ck_assert_int_eq(page.count, 10);
    f.prize = "B";
    list(&page, h, &f);
    ck_assert_int_eq(page.count, 0);
    f.prize = NULL;
    f.blanks = 1;
    list(&page, h, &f);
    ck_assert_int_eq(page.count, 10);
    ck_assert_str_eq(page.rows[6].state, "claimed");
    f.batch = 1;
    list(&page, h, &f);
    ck_assert_int_eq(page.count, 0);
    f.batch = 0;
    today =
        house_ask(h, "SELECT (now() AT TIME ZONE 'Asia/Tokyo')::date::text");
    tomorrow = house_ask(
        h, "SELECT ((now() AT TIME ZONE 'Asia/Tokyo')::date + 1)::text");
    f.from = f.until = today;
    list(&page, h, &f);
    ck_assert_int_eq(page.count, 10);
    f.from = f.until = tomorrow;
    list(&page, h, &f);
    ck_assert_int_eq(page.count, 0);
    ck_assert_uint_eq(page.next, 0);
}
END_TEST

START_TEST(test_filter_refusals)
{
    house_t *h = house_make();
    static const char *const days[] = {"2026-02-29", "2026-13-01",  "20261122",
                                       "2026-11-2x", "2026-11-22 ", ""};
    kuji_claim_filter_t f = {.limit = 10};
    kuji_claim_page_t page;
    unsigned i;

    people_publish(h, "parcel", 1, "");
    for (i = 0; i < 6; i++) {
        f.from = days[i];
        HOUSE_REFUSED(KUJI_EINVAL, kuji_claim_list(&page, &h->why, &h->act,
                                                   "odds", &f, unit_pool));
    }
    f.from = "2024-02-29";
    list(&page, h, &f);
    f.state = "lost";
    HOUSE_REFUSED(KUJI_EINVAL, kuji_claim_list(&page, &h->why, &h->act, "odds",
                                               &f, unit_pool));
    f.state = NULL;
    f.limit = 1001;
    HOUSE_REFUSED(KUJI_EINVAL, kuji_claim_list(&page, &h->why, &h->act, "odds",
                                               &f, unit_pool));
    f.limit = 1;
    HOUSE_REFUSED(KUJI_ENOTFOUND, kuji_claim_list(&page, &h->why, &h->act,
                                                  "none", &f, unit_pool));
}
END_TEST

START_TEST(test_submit)
{
    house_t *h = house_make();
    const kuji_claim_t *claim;

    people_publish(h, "parcel", 100, "");
    house_draw(h, "odds", 3);
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_claim_submit(&h->why, &h->act, "odds", 2,
                                    people_digest(h, 3), people_data(TARO),
                                    KUJI_BY_WINNER, unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL,
                  kuji_claim_submit(&h->why, &h->act, "odds", 2,
                                    people_digest(h, 2), people_data("{}"),
                                    KUJI_BY_WINNER, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_claim_submit(&h->why, &h->act, "odds", 2,
                                                 NULL, people_data(TARO),
                                                 KUJI_BY_STAFF, unit_pool));
    HOUSE_OK(kuji_claim_submit(&h->why, &h->act, "odds", 2, people_digest(h, 2),
                               people_data(TARO), KUJI_BY_WINNER, unit_pool));
    ck_assert_str_eq(people_ask(h, 2, "c.state"), "claimed");
    ck_assert_ptr_null(
        strstr(people_ask(h, 2, "encode(d.data, 'escape')"), "example.jp"));
    HOUSE_OK(kuji_claim_get(&claim, &h->act, "odds", 2, 1, unit_pool));
    ck_assert(json_equal(claim->data, people_data(TARO)));
    ck_assert_int_eq(claim->version, 1);
    ck_assert_int_eq(claim->nsteps, 1);
    ck_assert_str_eq(claim->steps[0].state, "claimed");
    HOUSE_OK(kuji_claim_get(&claim, &h->act, "odds", 2, 0, unit_pool));
    ck_assert(claim->has_data && !claim->data);
    /* given again, and put right by the owner */
    HOUSE_OK(kuji_claim_submit(&h->why, &h->act, "odds", 2, people_digest(h, 2),
                               people_data("{'name':'山田 花子'}"),
                               KUJI_BY_WINNER, unit_pool));
    HOUSE_REFUSED(KUJI_ECONFLICT,
                  kuji_claim_correct(&h->why, &h->act, "odds", 2, 1,
                                     people_data("{'name':'山田'}"),
                                     unit_pool));
    HOUSE_OK(kuji_claim_correct(
        &h->why, &h->act, "odds", 2, 2,
        people_data("{'name':'山田 花子','phone':'09011112222'}"), unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE,
                  kuji_claim_correct(&h->why, &h->act, "odds", 1, 0,
                                     people_data(TARO), unit_pool));
    ck_assert_str_eq(people_audit(h),
                     "claim.claimed claim.again claim.correct");
    ck_assert_str_eq(
        house_ask(h, apr_psprintf(unit_pool,
                                  "SELECT detail ->> 'fields' FROM kuji.audit "
                                  "WHERE tenant_id = '%s' ORDER BY seq DESC "
                                  "LIMIT 1",
                                  h->act.tenant)),
        "[\"phone\"]");
}
END_TEST

START_TEST(test_steps)
{
    house_t *h = house_make();
    const kuji_claim_t *claim;

    people_publish(h, "coupon", 100, "");
    house_draw(h, "odds", 3);
    HOUSE_REFUSED(KUJI_ESTATE, kuji_claim_step(&h->why, &h->act, "odds", 1,
                                               KUJI_CLAIM_REDEEMED,
                                               KUJI_BY_EDITOR, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_claim_step(&h->why, &h->act, "odds", 1,
                                               KUJI_CLAIM_SHIPPED,
                                               KUJI_BY_OWNER, unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL,
                  kuji_claim_step(&h->why, &h->act, "odds", 1, KUJI_CLAIM_VOID,
                                  KUJI_BY_OWNER, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND, kuji_claim_step(&h->why, &h->act, "odds", 9,
                                                  KUJI_CLAIM_REDEEMED,
                                                  KUJI_BY_STAFF, unit_pool));
    HOUSE_OK(kuji_claim_step(&h->why, &h->act, "odds", 1, KUJI_CLAIM_REDEEMED,
                             KUJI_BY_STAFF, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_claim_step(&h->why, &h->act, "odds", 1,
                                               KUJI_CLAIM_REDEEMED,
                                               KUJI_BY_STAFF, unit_pool));
    ck_assert_str_eq(h->why, "somebody else has done it already");
    HOUSE_OK(kuji_claim_get(&claim, &h->act, "odds", 1, 0, unit_pool));
    ck_assert_str_eq(claim->state, "redeemed");
    HOUSE_OK(kuji_claim_get(&claim, &h->act, "odds", 99, 0, unit_pool));
    ck_assert_ptr_null(claim);
    ck_assert_str_eq(people_audit(h), "claim.redeemed");
}
END_TEST

static void claim_all(house_t *h, int from, int to)
{
    for (; from <= to; from++) {
        HOUSE_OK(kuji_claim_submit(&h->why, &h->act, "odds", (uint64_t)from,
                                   NULL, people_data(TARO), KUJI_BY_OWNER,
                                   unit_pool));
    }
}

static apr_status_t came_back(house_t *h, uint64_t n, const char *reason,
                              kuji_claim_by_e by)
{
    return kuji_claim_came_back(&h->why, &h->act, "odds", n, reason, by,
                                unit_pool);
}

START_TEST(test_ship)
{
    static const char csv[] = "受付番号,追跡番号\r\n"
                              "1,1234-5678-9012\r\n"
                              "2,\r\n"
                              "1,5555\r\n"
                              "99,1234\r\n"
                              "abc,1\r\n"
                              "3,=1+1\r\n"
                              "\"4\",\"１２３４－５６７８\"\r\n"
                              "6,1111\r\n"
                              "0,1\r\n";
    house_t *h = house_make();
    static const struct {
        int line, n;
        kuji_ship_e outcome;
    } refused[] = {{4, 1, KUJI_SHIP_TWICE},     {5, 99, KUJI_SHIP_UNKNOWN},
                   {6, 0, KUJI_SHIP_MALFORMED}, {7, 3, KUJI_SHIP_MALFORMED},
                   {9, 6, KUJI_SHIP_STATE},     {10, 0, KUJI_SHIP_MALFORMED}};
    kuji_ship_report_t r;
    const kuji_claim_t *claim;
    int i;

    people_publish(h, "parcel", 100, "");
    house_draw(h, "odds", 6);
    claim_all(h, 1, 5);
    HOUSE_OK(kuji_claim_ship(&r, &h->why, &h->act, "odds", csv, strlen(csv),
                             unit_pool));
    ck_assert_int_eq(r.counts[KUJI_SHIP_DONE], 3);
    ck_assert_int_eq(r.nlines, 6);
    for (i = 0; i < 6; i++) {
        ck_assert_int_eq(r.lines[i].line, refused[i].line);
        ck_assert_uint_eq(r.lines[i].n, (uint64_t)refused[i].n);
        ck_assert_int_eq(r.lines[i].outcome, refused[i].outcome);
    }
    HOUSE_OK(kuji_claim_get(&claim, &h->act, "odds", 4, 1, unit_pool));
    ck_assert_str_eq(claim->state, "shipped");
    ck_assert_str_eq(claim->tracking, "1234-5678");
    HOUSE_OK(kuji_claim_get(&claim, &h->act, "odds", 2, 1, unit_pool));
    ck_assert_str_eq(claim->state, "shipped");
    ck_assert_ptr_null(claim->tracking);
    HOUSE_OK(
        kuji_claim_ship(&r, &h->why, &h->act, "odds", "2,777\n", 6, unit_pool));
    ck_assert_int_eq(r.counts[KUJI_SHIP_UPDATED], 1);
    HOUSE_OK(kuji_claim_get(&claim, &h->act, "odds", 2, 1, unit_pool));
    ck_assert_str_eq(claim->tracking, "777");
    HOUSE_OK(kuji_claim_step(&h->why, &h->act, "odds", 2, KUJI_CLAIM_DELIVERED,
                             KUJI_BY_OWNER, unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL, kuji_claim_ship(&r, &h->why, &h->act, "odds",
                                               "5,\"x", 4, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND, kuji_claim_ship(&r, &h->why, &h->act, "none",
                                                  "5,1\n", 4, unit_pool));
}
END_TEST

/* 2,500 parcels by one list: three transactions, three audit rows. */
/* Back and shipped again, each time with its reason; the counts follow. */
START_TEST(test_came_back)
{
    house_t *h = house_make();
    const kuji_claim_t *claim;
    kuji_ship_report_t r;

    people_publish(h, "parcel", 100, "");
    house_draw(h, "odds", 2);
    HOUSE_OK(kuji_claim_submit(&h->why, &h->act, "odds", 1, people_digest(h, 1),
                               people_data(TARO), KUJI_BY_WINNER, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, came_back(h, 1, "absent", KUJI_BY_OWNER));
    HOUSE_OK(
        kuji_claim_ship(&r, &h->why, &h->act, "odds", "1,9\n", 4, unit_pool));
    HOUSE_REFUSED(KUJI_EINVAL, came_back(h, 1, "bored", KUJI_BY_OWNER));
    HOUSE_REFUSED(KUJI_ESTATE, came_back(h, 1, "absent", KUJI_BY_EDITOR));
    HOUSE_REFUSED(KUJI_ESTATE, came_back(h, 1, "absent", KUJI_BY_WINNER));
    HOUSE_REFUSED(KUJI_ESTATE, came_back(h, 2, "absent", KUJI_BY_OWNER));
    HOUSE_REFUSED(KUJI_ENOTFOUND, came_back(h, 3, "absent", KUJI_BY_OWNER));
    HOUSE_OK(came_back(h, 1, "absent", KUJI_BY_STAFF));
    HOUSE_OK(
        kuji_claim_ship(&r, &h->why, &h->act, "odds", "1,8\n", 4, unit_pool));
    ck_assert_int_eq((int)r.counts[KUJI_SHIP_DONE], 1);
    HOUSE_OK(came_back(h, 1, "address", KUJI_BY_OWNER));
    HOUSE_OK(kuji_claim_get(&claim, &h->act, "odds", 1, 1, unit_pool));
    ck_assert_str_eq(claim->state, "claimed");
    ck_assert(claim->has_data);
    ck_assert_int_eq(claim->nsteps, 5);
    ck_assert_ptr_null(claim->steps[1].back);
    ck_assert_str_eq(claim->steps[2].back, "absent");
    ck_assert_str_eq(claim->steps[4].back, "address");
    ck_assert_str_eq(people_audit(h),
                     "claim.claimed claim.shipped claim.came_back "
                     "claim.shipped claim.came_back");
}
END_TEST

START_TEST(test_ship_many)
{
    house_t *h = house_make();
    char *csv = apr_palloc(unit_pool, 100000);
    apr_size_t len = 0;
    kuji_ship_report_t r;
    int i;

    people_publish(h, "parcel", 3000, "");
    house_draw(h, "odds", 2500);
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.claim SET state = 'claimed' "
                              "WHERE tenant_id = '%s'",
                              h->act.tenant));
    for (i = 1; i <= 2500; i++) {
        len += (apr_size_t)sprintf(csv + len, "%d,T-%d\n", i, i);
    }
    HOUSE_OK(
        kuji_claim_ship(&r, &h->why, &h->act, "odds", csv, len, unit_pool));
    ck_assert_int_eq(r.counts[KUJI_SHIP_DONE], 2500);
    ck_assert_int_eq(r.nlines, 0);
    ck_assert_str_eq(people_audit(h),
                     "claim.shipped claim.shipped claim.shipped");
    ck_assert_str_eq(people_ask(h, 2500, "c.state"), "shipped");
}
END_TEST

START_TEST(test_expire)
{
    house_t *h = house_make();
    int64_t count;

    people_publish(h, "parcel", 3000, "\"claim_days\":2,");
    house_draw(h, "odds", 1500);
    claim_all(h, 3, 3);
    HOUSE_OK(kuji_claim_expire(&count, &h->act, NULL, unit_pool));
    ck_assert_int_eq(count, 0);
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.claim SET updated_at = updated_at "
                              "- 2 * 86400000::bigint WHERE tenant_id = '%s' "
                              "AND n <> 5",
                              h->act.tenant));
    HOUSE_REFUSED(KUJI_ESTATE,
                  kuji_claim_submit(&h->why, &h->act, "odds", 4,
                                    people_digest(h, 4), people_data(TARO),
                                    KUJI_BY_WINNER, unit_pool));
    HOUSE_OK(kuji_claim_expire(&count, &h->act, NULL, unit_pool));
    ck_assert_int_eq(count, 1498);
    ck_assert_str_eq(people_ask(h, 3, "c.state"), "claimed");
    ck_assert_str_eq(people_ask(h, 4, "c.state"), "expired");
    ck_assert_str_eq(people_ask(h, 5, "c.state"), "won");
    ck_assert_str_eq(people_audit(h),
                     "claim.claimed claim.expired claim.expired");
}
END_TEST

START_TEST(test_counts)
{
    house_t *h = house_make();
    const kuji_claim_count_t *counts;
    const kuji_claim_batch_t *batches;
    kuji_code_batch_t *batch;
    kuji_event_t e;
    int count;

    people_publish(h, "parcel", 100, "");
    house_draw(h, "odds", 5);
    claim_all(h, 2, 4);
    HOUSE_OK(kuji_claim_counts(&counts, &count, &h->act,
                               house_view(h, "odds")->id, unit_pool));
    ck_assert_int_eq(count, 1);
    ck_assert_str_eq(counts[0].state, "claimed");
    ck_assert_int_eq(counts[0].count, 3);
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "odds", 2, 1, "declined",
                             NULL, unit_pool));
    HOUSE_OK(kuji_event_void(&e, &h->why, &h->act, "odds", 5, 0, "error", NULL,
                             unit_pool));
    HOUSE_OK(kuji_claim_counts(&counts, &count, &h->act,
                               house_view(h, "odds")->id, unit_pool));
    ck_assert_int_eq(count, 2);
    ck_assert_str_eq(counts[1].state, "void");
    ck_assert_int_eq(counts[1].count, 2);
    ck_assert_int_eq(counts[1].returned, 1);
    HOUSE_OK(kuji_code_batch_open(&batch, &h->why, &h->act, "odds", "春", 1,
                                  unit_pool));
    HOUSE_OK(kuji_code_import(batch, 1, "ABCD1234", 8));
    HOUSE_OK(kuji_code_batch_finish(batch, NULL));
    HOUSE_OK(kuji_claim_batches(&batches, &count, &h->act,
                                house_view(h, "odds")->id, unit_pool));
    ck_assert_int_eq(count, 1);
    ck_assert_str_eq(batches[0].name, "春");
    ck_assert_int_eq(batches[0].size, 1);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/claim");

    UNIT_TEST(suite, test_list);
    UNIT_TEST(suite, test_filters);
    UNIT_TEST(suite, test_filter_refusals);
    UNIT_TEST(suite, test_submit);
    UNIT_TEST(suite, test_steps);
    UNIT_TEST(suite, test_ship);
    UNIT_TEST(suite, test_came_back);
    UNIT_TEST(suite, test_ship_many);
    UNIT_TEST(suite, test_expire);
    UNIT_TEST(suite, test_counts);
    return unit_main(suite);
}
