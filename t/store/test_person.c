/* People: found however they write what they gave, shown, erased; the ledger
 * stays as it was. Retention does the same to a whole campaign.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/seal.h"
#include "store/draw.h"
#include "store/gift.h"
#include "store/person.h"
#include "store/proof.h"
#include "store/retention.h"
#include "t/store/people.h"

#include <apr_strings.h>
#include <string.h>

#define TARO                                                                        \
    "{'name':'山田 太郎','kana':'ヤマダ タロウ','phone':'090-1234-5678'," \
    "'mail':'taro@example.jp','address':'札幌市中央区1-2'}"

static void give(house_t *h, uint64_t n, const char *data)
{
    HOUSE_OK(kuji_claim_submit(&h->why, &h->act, "odds", n, people_digest(h, n),
                               people_data(data), KUJI_BY_WINNER, unit_pool));
}

/* "odds/3 odds/1": whom the query finds. */
static const char *found(house_t *h, const char *query, const char *slug)
{
    const kuji_person_match_t *matches;
    const char *text = "";
    int count, i, is_partial;

    HOUSE_OK(kuji_person_find(&matches, &count, &is_partial, &h->why, &h->act,
                              query, slug, unit_pool));
    ck_assert(!is_partial);
    for (i = 0; i < count; i++) {
        text = apr_psprintf(unit_pool, "%s%s%s/%d", text, i ? " " : "",
                            matches[i].slug, (int)matches[i].n);
    }
    return text;
}

START_TEST(test_find)
{
    static const char *const queries[] = {"山田太郎",
                                          "山田　太郎",
                                          "山田",
                                          "やまだたろう",
                                          "ﾔﾏﾀﾞ",
                                          "太郎",
                                          "09012345678",
                                          "+81 90 1234 5678",
                                          "０９０－１２３４－５６７８",
                                          "TARO@EXAMPLE.JP",
                                          NULL};
    house_t *h = house_make();
    const kuji_person_match_t *matches;
    int i, count, is_partial;

    people_publish(h, "parcel", 100, "");
    house_draw(h, "odds", 5);
    give(h, 3, TARO);
    give(h, 4, "{'name':'鈴木 花子'}");
    for (i = 0; queries[i]; i++) {
        ck_assert_str_eq(found(h, queries[i], NULL), "odds/3");
        ck_assert_str_eq(found(h, queries[i], "odds"), "odds/3");
    }
    ck_assert_str_eq(found(h, "鈴木", NULL), "odds/4");
    ck_assert_str_eq(found(h, "佐藤", NULL), "");
    ck_assert_str_eq(found(h, "札幌市中央区1-2", NULL), "");
    /* a receipt's number needs its campaign; an id of a program's does not */
    ck_assert_str_eq(found(h, "2", "odds"), "odds/2");
    ck_assert_str_eq(found(h, "2", NULL), "");
    ck_assert_str_eq(found(h, "6", "odds"), "");
    ck_assert_str_eq(found(h, "0", "odds"), "");
    ck_assert_str_eq(found(h, "p1", NULL), "odds/2");
    ck_assert_str_eq(found(h, "p9", NULL), "");
    HOUSE_REFUSED(KUJI_EINVAL,
                  kuji_person_find(&matches, &count, &is_partial, &h->why,
                                   &h->act, "  ", NULL, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND,
                  kuji_person_find(&matches, &count, &is_partial, &h->why,
                                   &h->act, "x", "none", unit_pool));
    /* corrected: found by what is right, no longer by what was wrong */
    HOUSE_OK(kuji_claim_correct(&h->why, &h->act, "odds", 4, 1,
                                people_data("{'name':'鈴木 葉名子'}"),
                                unit_pool));
    ck_assert_str_eq(found(h, "鈴木花子", NULL), "");
    ck_assert_str_eq(found(h, "鈴木葉名子", NULL), "odds/4");
}
END_TEST

/* A part of a name, however it was written, also where there is no digest of
 * it: nobody puts a space into every name. Whole words come first. */
START_TEST(test_find_part)
{
    static const struct {
        const char *query, *found;
    } cases[] = {
        {"山田", "odds/3 odds/5"},
        {"山", "odds/5 odds/3"},
        {"太郎", "odds/3 odds/5"},
        {"田太", "odds/5 odds/3"},
        {"やまだ", "odds/3 odds/5"},
        {"ﾔﾏﾀﾞ", "odds/3 odds/5"},
        {"やま", "odds/5 odds/3"},
        {"山田太", "odds/5 odds/3"},
        {"太郎　山田", "odds/5 odds/3"},
        {"田", ""},
        {"林", "odds/4"},
        {"はなこ", "odds/4"},
        {"ＳＡＴＯ", "odds/2"},
        {"kenji", "odds/2"},
        {"山田 花子", ""},
        {"北一条", ""},
        {"1234", ""},
        {"odds", ""},
    };
    house_t *h = house_make();
    unsigned i;

    people_publish(h, "parcel", 100, "");
    house_draw(h, "odds", 5);
    give(h, 2, "{'name':'Kenji Sato'}");
    give(h, 3, TARO);
    give(h, 4, "{'name':'林花子','kana':'はやしはなこ','address':'北一条'}");
    give(h, 5, "{'name':'山田太郎','kana':'やまだたろう'}");
    for (i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        ck_assert_msg(
            !strcmp(found(h, cases[i].query, NULL), cases[i].found) &&
                !strcmp(found(h, cases[i].query, "odds"), cases[i].found),
            "%s: %s", cases[i].query, found(h, cases[i].query, NULL));
    }
    /* who is erased is found by no part either */
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.claim_detail SET data = NULL, "
                              "erased_at = 1 WHERE n = 4 AND tenant_id = '%s'",
                              h->act.tenant));
    ck_assert_str_eq(found(h, "花子", NULL), "");
}
END_TEST

/* More than a stretch of them, in two campaigns: every one is looked at. */
START_TEST(test_find_among_many)
{
    house_t *h = house_make();
    int i;

    people_publish(h, "parcel", 2500, "");
    for (i = 0; i < 25; i++) {
        house_draw(h, "odds", 100);
    }
    for (i = 1; i <= 2100; i++) {
        give(h, (uint64_t)i,
             i == 7 ? "{'name':'山田太郎'}" : "{'name':'鈴木花子'}");
    }
    ck_assert_str_eq(found(h, "太郎", NULL), "odds/7");
}
END_TEST

/* Another tenant finds nobody. */
START_TEST(test_find_elsewhere)
{
    house_t *h = house_make();
    house_t *other = house_make();

    people_publish(h, "parcel", 100, "");
    people_publish(other, "parcel", 100, "");
    house_draw(h, "odds", 1);
    give(h, 1, TARO);
    ck_assert_str_eq(found(h, "山田", NULL), "odds/1");
    ck_assert_str_eq(found(other, "山田", NULL), "");
    ck_assert_str_eq(found(other, "田太", NULL), "");
    ck_assert_str_eq(found(other, "p0", NULL), "");
}
END_TEST

static const kuji_person_t *person(house_t *h, uint64_t n)
{
    const kuji_person_t *p;

    HOUSE_OK(kuji_person_get(&p, &h->act, "odds", n, unit_pool));
    return p;
}

START_TEST(test_show)
{
    house_t *h = house_make();
    const kuji_person_t *p;

    people_publish(h, "parcel", 100, "");
    house_draw(h, "odds", 3);
    h->drawn = 0; /* the same three once more */
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.draw SET key = NULL WHERE "
                              "tenant_id = '%s'",
                              h->act.tenant));
    house_draw(h, "odds", 3);
    give(h, 5, TARO);
    p = person(h, 2);
    ck_assert(p->is_known && p->has_salt && !p->is_cut);
    ck_assert_int_eq(p->draws, 2);
    ck_assert_int_eq(p->wins, 2);
    ck_assert_int_eq(p->count, 2);
    ck_assert_uint_eq(p->list[0].n, 5);
    ck_assert_uint_eq(p->list[1].n, 2);
    ck_assert_str_eq(p->list[0].state, "claimed");
    ck_assert(json_equal(p->list[0].claim->data, people_data(TARO)));
    ck_assert_str_eq(p->list[1].state, "won");
    ck_assert_ptr_null(p->list[1].claim->data);
    ck_assert_int_eq(kuji_person_get(&p, &h->act, "odds", 7, unit_pool),
                     KUJI_ENOTFOUND);
}
END_TEST

static const char *count(house_t *h, const char *table, const char *where)
{
    return house_ask(h, apr_psprintf(unit_pool,
                                     "SELECT count(*) FROM kuji.%s WHERE "
                                     "tenant_id = '%s' AND %s",
                                     table, h->act.tenant, where));
}

/* Nothing of draw 3's participant is left. */
static void check_erased(house_t *h, int64_t id)
{
    const kuji_draw_row_t *draw;
    const kuji_person_t *p = person(h, 3);

    ck_assert_str_eq(found(h, "山田", NULL), "");
    ck_assert_str_eq(found(h, "p2", NULL), "");
    ck_assert_str_eq(count(h, "identifier", "true"), "0");
    ck_assert_str_eq(count(h, "claim_detail", "data IS NOT NULL"), "0");
    ck_assert_str_eq(count(h, "draw", "participant IS NULL"), "1");
    ck_assert_str_eq(count(h, "participant", "salt IS NULL AND last_n IS NULL"),
                     "1");
    HOUSE_OK(kuji_draw_get(&draw, &h->act, id, 3, unit_pool));
    ck_assert(!draw->has_participant && !draw->has_salt);
    ck_assert(!p->is_known);
    ck_assert_int_eq(p->count, 1);
    ck_assert_ptr_null(p->list[0].claim->data);
    ck_assert_int_gt(p->list[0].claim->erased_at, 0);
}

START_TEST(test_erase)
{
    house_t *h = house_make();
    unsigned char before[KUJI_HASH_LEN], after[KUJI_HASH_LEN];
    const unsigned char *digest;
    kuji_erasure_t receipt;
    const kuji_draw_row_t *draw;
    int64_t id;
    uint64_t size;
    kuji_event_t e;

    people_publish(h, "parcel", 100,
                   "\"limits\":{\"draws_per_participant\":2},");
    house_draw(h, "odds", 5);
    give(h, 3, TARO);
    digest = people_digest(h, 3);
    id = house_view(h, "odds")->id;
    HOUSE_OK(kuji_proof_head(&size, before, &h->act, id, unit_pool));
    HOUSE_OK(
        kuji_person_erase(&receipt, &h->why, &h->act, "odds", 3, unit_pool));
    ck_assert_int_eq(receipt.draws, 1);
    ck_assert_int_eq(receipt.claims, 1);
    ck_assert_int_eq((int)strlen(receipt.id), 36);
    check_erased(h, id);
    HOUSE_REFUSED(KUJI_ESTATE, kuji_person_erase(&receipt, &h->why, &h->act,
                                                 "odds", 3, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND, kuji_person_erase(&receipt, &h->why, &h->act,
                                                    "odds", 99, unit_pool));
    HOUSE_REFUSED(KUJI_ENOTFOUND, kuji_claim_submit(&h->why, &h->act, "odds", 3,
                                                    digest, people_data(TARO),
                                                    KUJI_BY_WINNER, unit_pool));
    HOUSE_REFUSED(KUJI_ESTATE, kuji_claim_submit(&h->why, &h->act, "odds", 3,
                                                 NULL, people_data(TARO),
                                                 KUJI_BY_OWNER, unit_pool));
    /* the ledger is the same, and what others drew is still theirs */
    HOUSE_OK(kuji_proof_head(&size, after, &h->act, id, unit_pool));
    ck_assert_mem_eq(before, after, sizeof(before));
    HOUSE_OK(kuji_draw_get(&draw, &h->act, id, 4, unit_pool));
    ck_assert(draw->has_salt);
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "odds", "early", NULL,
                              unit_pool));
    ck_assert(house_replay(h, "odds")->outcomes);
    ck_assert_str_eq(people_audit(h),
                     "claim.claimed person.erase campaign.close");
    ck_assert_str_eq(
        house_ask(h, apr_psprintf(unit_pool,
                                  "SELECT detail - 'receipt' FROM kuji.audit "
                                  "WHERE tenant_id = '%s' AND action = "
                                  "'person.erase'",
                                  h->act.tenant)),
        "{\"draws\": 1, \"claims\": 1}");
}
END_TEST

/* The limit counts on across an erasure, until the close takes the rest. */
START_TEST(test_tombstone)
{
    house_t *h = house_make();
    kuji_erasure_t receipt;
    kuji_retention_t done;
    kuji_event_t e;

    people_publish(h, "parcel", 100,
                   "\"limits\":{\"draws_per_participant\":1},");
    ck_assert_int_eq(house_draw(h, "odds", 3), 3);
    HOUSE_OK(
        kuji_person_erase(&receipt, &h->why, &h->act, "odds", 2, unit_pool));
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.draw SET key = NULL WHERE "
                              "tenant_id = '%s'",
                              h->act.tenant));
    h->drawn = 0;
    ck_assert_int_eq(house_draw(h, "odds", 3), 0);
    HOUSE_OK(kuji_retention_run(&done, &h->act, NULL, unit_pool));
    ck_assert_str_eq(count(h, "participant", "true"), "3");
    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "odds", "early", NULL,
                              unit_pool));
    HOUSE_OK(kuji_retention_run(&done, &h->act, NULL, unit_pool));
    ck_assert_int_eq(done.campaigns, 0);
    ck_assert_str_eq(count(h, "participant", "true"), "2");
    ck_assert_str_eq(count(h, "erasure", "tombstone IS NULL"), "1");
    /* after the close nothing of a person is kept for limits */
    HOUSE_OK(
        kuji_person_erase(&receipt, &h->why, &h->act, "odds", 1, unit_pool));
    ck_assert_str_eq(count(h, "participant", "true"), "1");
    ck_assert_str_eq(count(h, "erasure", "tombstone IS NULL"), "2");
}
END_TEST

/* Who comes back after an erasure is somebody new, with the old counters. */
START_TEST(test_back_again)
{
    house_t *h = house_make();
    kuji_erasure_t receipt;
    const kuji_draw_row_t *draw;
    int64_t id;

    people_publish(h, "parcel", 100, "");
    house_draw(h, "odds", 1);
    HOUSE_OK(
        kuji_person_erase(&receipt, &h->why, &h->act, "odds", 1, unit_pool));
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.draw SET key = NULL WHERE "
                              "tenant_id = '%s'",
                              h->act.tenant));
    h->drawn = 0;
    ck_assert_int_eq(house_draw(h, "odds", 1), 1);
    id = house_view(h, "odds")->id;
    HOUSE_OK(kuji_draw_get(&draw, &h->act, id, 2, unit_pool));
    ck_assert(draw->has_salt);
    ck_assert_uint_eq(draw->prev_n, 0);
    ck_assert_int_eq(person(h, 2)->draws, 2);
    ck_assert_int_eq(person(h, 2)->count, 1);
    HOUSE_OK(kuji_draw_get(&draw, &h->act, id, 1, unit_pool));
    ck_assert(!draw->has_participant);
}
END_TEST

/* The request's key stays taken, and no body fits it any more. */
START_TEST(test_key_after_erasure)
{
    house_t *h = house_make();
    kuji_erasure_t receipt;
    const char *before;

    people_publish(h, "parcel", 100, "");
    house_draw(h, "odds", 1);
    before = house_ask(h, apr_psprintf(unit_pool,
                                       "SELECT encode(body, 'hex') FROM "
                                       "kuji.draw WHERE tenant_id = '%s'",
                                       h->act.tenant));
    HOUSE_OK(
        kuji_person_erase(&receipt, &h->why, &h->act, "odds", 1, unit_pool));
    ck_assert_str_eq(count(h, "draw", "length(body) = 16"), "1");
    ck_assert_str_eq(
        count(h, "draw", apr_psprintf(unit_pool, "body = '\\x%s'", before)),
        "0");
    h->drawn = 0;
    ck_assert_int_eq(house_draw(h, "odds", 1), 0);
    ck_assert_int_eq(house_view(h, "odds")->draws, 1);
}
END_TEST

static void close_days_ago(house_t *h, int days)
{
    kuji_event_t e;

    HOUSE_OK(kuji_event_close(&e, &h->why, &h->act, "odds", "early", NULL,
                              unit_pool));
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.campaign SET closed_at = closed_at "
                              "- %d * 86400000::bigint WHERE tenant_id = '%s'",
                              days, h->act.tenant));
}

START_TEST(test_retention)
{
    house_t *h = house_make();
    kuji_retention_t done;

    people_publish(h, "parcel", 100,
                   "\"privacy\":{\"purpose\":\"発送\","
                   "\"retention_days\":30},");
    house_draw(h, "odds", 50);
    give(h, 3, TARO);
    give(h, 7, TARO);
    HOUSE_OK(kuji_retention_run(&done, &h->act, NULL, unit_pool));
    ck_assert_int_eq(done.draws, 0);
    close_days_ago(h, 29);
    HOUSE_OK(kuji_retention_run(&done, &h->act, NULL, unit_pool));
    ck_assert_int_eq(done.campaigns, 0);
    ck_assert_str_eq(found(h, "山田", NULL), "odds/7 odds/3");
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.campaign SET closed_at = closed_at "
                              "- 86400000::bigint WHERE tenant_id = '%s'",
                              h->act.tenant));
    HOUSE_OK(kuji_retention_run(&done, &h->act, NULL, unit_pool));
    ck_assert_int_eq(done.campaigns, 1);
    ck_assert_int_eq(done.draws, 50);
    ck_assert_int_eq(done.claims, 2);
    ck_assert_str_eq(found(h, "山田", NULL), "");
    ck_assert_str_eq(count(h, "participant", "true"), "0");
    ck_assert_str_eq(count(h, "identifier", "true"), "0");
    ck_assert_str_eq(count(h, "claim_detail", "data IS NOT NULL"), "0");
    ck_assert_str_eq(count(h, "draw", "participant IS NOT NULL"), "0");
    ck_assert(house_replay(h, "odds")->outcomes);
    HOUSE_OK(kuji_retention_run(&done, &h->act, NULL, unit_pool));
    ck_assert_int_eq(done.campaigns, 0);
    HOUSE_REFUSED(KUJI_ESTATE, kuji_claim_submit(&h->why, &h->act, "odds", 9,
                                                 NULL, people_data(TARO),
                                                 KUJI_BY_OWNER, unit_pool));
    ck_assert_str_eq(
        house_ask(h, apr_psprintf(unit_pool,
                                  "SELECT detail - 'receipt' FROM kuji.audit "
                                  "WHERE tenant_id = '%s' AND action = "
                                  "'retention.erase'",
                                  h->act.tenant)),
        "{\"days\": 30, \"draws\": 50, \"claims\": 2}");
}
END_TEST

START_TEST(test_retention_stops)
{
    house_t *h = house_make();
    kuji_retention_t done;
    int stop = 1;

    people_publish(h, "parcel", 100,
                   "\"privacy\":{\"purpose\":\"x\",\"retention_days\":0},");
    house_draw(h, "odds", 5);
    close_days_ago(h, 0);
    ck_assert_int_eq(kuji_retention_run(&done, &h->act, &stop, unit_pool),
                     KUJI_EBUSY);
    ck_assert_str_eq(count(h, "participant", "true"), "5");
    stop = 0;
    HOUSE_OK(kuji_retention_run(&done, &h->act, &stop, unit_pool));
    ck_assert_str_eq(count(h, "participant", "true"), "0");
}
END_TEST

/* One that was broken off is gone on with, and its receipt counts all of it. */
START_TEST(test_retention_goes_on)
{
    house_t *h = house_make();
    kuji_retention_t done;

    people_publish(h, "parcel", 100,
                   "\"privacy\":{\"purpose\":\"x\",\"retention_days\":0},");
    house_draw(h, "odds", 5);
    close_days_ago(h, 0);
    house_sql(h, apr_psprintf(unit_pool,
                              "WITH done AS (UPDATE kuji.draw SET "
                              "participant = NULL WHERE tenant_id = '%s' AND "
                              "n < 3 RETURNING campaign_id, tenant_id) INSERT "
                              "INTO kuji.retention SELECT campaign_id, "
                              "tenant_id, 3, count(*), 1 FROM done GROUP BY 1, "
                              "2",
                              h->act.tenant));
    HOUSE_OK(kuji_retention_run(&done, &h->act, NULL, unit_pool));
    ck_assert_int_eq(done.draws, 5);
    ck_assert_int_eq(done.claims, 1);
    ck_assert_str_eq(
        count(h, "erasure", "cause = 'retention' AND draws = 5 AND claims = 1"),
        "1");
    ck_assert_str_eq(count(h, "retention", "true"), "0");
    ck_assert_str_eq(count(h, "draw", "participant IS NOT NULL"), "0");
}
END_TEST

/* Whoever asks under several ids has one receipt of all. */
START_TEST(test_erase_mine)
{
    static const kuji_consent_text_t text = {KUJI_CONSENT_TERMS, "ja", "words",
                                             NULL};
    unsigned char who[3][KUJI_DIGEST_LEN] = {{0}}, digest[1][KUJI_DIGEST_LEN];
    const kuji_claim_sent_t sent = {
        .version = -1, .consents = {1, digest, "/k/odds/claims/1"}};
    house_t *h = house_make();
    kuji_erasure_t receipt, again;
    int i;
    const kuji_person_t *person;
    const kuji_campaign_view_t *view;
    int64_t id;

    people_publish(h, "parcel", 100, "");
    house_draw(h, "odds", 4);
    memcpy(who[0], people_digest(h, 1), KUJI_DIGEST_LEN);
    memcpy(who[2], people_digest(h, 3), KUJI_DIGEST_LEN);
    HOUSE_OK(kuji_campaign_get(&view, &h->act, "odds", unit_pool));
    id = view->id;
    kuji_consent_digest(digest[0], view->uuid, &text);
    HOUSE_OK(kuji_consent_keep(&h->act, id, digest[0], &text, unit_pool));
    for (i = 0; i < 2; i++) {
        HOUSE_OK(kuji_claim_send(&h->why, &h->act, "odds", 1, who[0],
                                 people_data("{'name':'山田 太郎'}"), &sent,
                                 unit_pool));
    }
    HOUSE_OK(kuji_person_mine(&person, &h->act, "odds", who[0], 10, unit_pool));
    ck_assert_int_eq(person->nconsents, 1);
    ck_assert_str_eq(person->consents[0].wording, "words");
    ck_assert_int_eq(person->count, 1);
    ck_assert_int_eq(person->list[0].n, 1);
    ck_assert_int_eq(
        kuji_person_mine(&person, &h->act, "odds", who[1], 10, unit_pool),
        KUJI_ENOTFOUND);
    HOUSE_OK(kuji_person_erase_mine(&receipt, &h->why, &h->act, "odds", who, 3,
                                    unit_pool));
    ck_assert_int_eq(receipt.draws, 2);
    ck_assert_str_eq(count(h, "draw", "participant IS NULL"), "2");
    ck_assert_str_eq(count(h, "consent", "true"), "0");
    ck_assert_str_eq(count(h, "consent_text", "true"), "1");
    ck_assert_str_eq(count(h, "audit", "action = 'person.erase'"), "1");
    HOUSE_OK(kuji_erasure_get(&again, &h->act, id, receipt.id, unit_pool));
    ck_assert_int_eq(again.draws, 2);
    ck_assert_int_eq(again.at, receipt.at);
    ck_assert_int_eq(kuji_person_erase_mine(&again, &h->why, &h->act, "odds",
                                            who, 3, unit_pool),
                     KUJI_ESTATE);
}
END_TEST

/* A code that was handed out goes with its winner, and stays used. */
START_TEST(test_erase_gift)
{
    house_t *h = house_make();
    kuji_gift_report_t r;
    kuji_erasure_t receipt;
    const char *code;

    people_publish(h, "gift_code", 100, "");
    house_draw(h, "odds", 2);
    HOUSE_OK(kuji_gift_import(&r, &h->why, &h->act, "odds", "A", "ONE\nTWO\n",
                              8, unit_pool));
    HOUSE_OK(kuji_gift_open(&code, &h->why, &h->act, "odds", 1,
                            people_digest(h, 1), unit_pool));
    ck_assert_str_eq(code, "ONE");
    HOUSE_OK(
        kuji_person_erase(&receipt, &h->why, &h->act, "odds", 1, unit_pool));
    ck_assert_str_eq(count(h, "gift_code",
                           "state = 'assigned' AND sealed IS "
                           "NULL"),
                     "1");
    HOUSE_OK(kuji_gift_import(&r, &h->why, &h->act, "odds", "A", "ONE\n", 4,
                              unit_pool));
    ck_assert_int_eq(r.counts[KUJI_GIFT_KNOWN], 1);
    HOUSE_OK(kuji_gift_open(&code, &h->why, &h->act, "odds", 2,
                            people_digest(h, 2), unit_pool));
    ck_assert_str_eq(code, "TWO");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/person");

    UNIT_TEST(suite, test_find);
    UNIT_TEST(suite, test_find_part);
    UNIT_TEST(suite, test_find_among_many);
    UNIT_TEST(suite, test_find_elsewhere);
    UNIT_TEST(suite, test_show);
    UNIT_TEST(suite, test_erase);
    UNIT_TEST(suite, test_tombstone);
    UNIT_TEST(suite, test_back_again);
    UNIT_TEST(suite, test_key_after_erasure);
    UNIT_TEST(suite, test_retention);
    UNIT_TEST(suite, test_retention_stops);
    UNIT_TEST(suite, test_retention_goes_on);
    UNIT_TEST(suite, test_erase_mine);
    UNIT_TEST(suite, test_erase_gift);
    return unit_main(suite);
}
