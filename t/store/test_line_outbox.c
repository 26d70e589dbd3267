/* Messages by LINE in the outbox: what a killed sender had comes back as it
 * was, what is of no more use is given up, what was kept back may be let go;
 * and which of LINE's events are still known.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/claim.h"
#include "store/line.h"
#include "store/line_hook.h"
#include "store/outbox.h"
#include "t/store/people.h"

#include <apr_strings.h>
#include <string.h>

#define USER "U0123456789abcdef0123456789abcdef"
/** Long enough for what is to be found out meanwhile. */
#define LEASE INT64_C(60000)

/* One value of the tenant's outbox. */
static const char *ask(house_t *h, const char *what)
{
    const char *value =
        house_ask(h, apr_psprintf(unit_pool,
                                  "SELECT %s FROM kuji.outbox WHERE tenant_id "
                                  "= '%s'",
                                  what, h->act.tenant));

    return value ? value : "";
}

static void change(house_t *h, const char *what)
{
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.outbox SET %s WHERE tenant_id = "
                              "'%s'",
                              what, h->act.tenant));
}

/* A house in which the winner of each draw is known by LINE, and is to be told
 * that the claim has come. */
static house_t *told(int count)
{
    house_t *h = house_make();
    const kuji_line_person_t person = {.subject = USER,
                                       .name = "",
                                       .picture = "",
                                       .is_friend = 1,
                                       .language = "ja",
                                       .base = "https://h.test"};
    int n;

    people_publish(h, "parcel", 100, "");
    ck_assert_int_eq(house_draw(h, "odds", count), count);
    for (n = 1; n <= count; n++) {
        HOUSE_OK(kuji_line_person_put(
            &person, house_view(h, "odds")->id, house_view(h, "odds")->uuid,
            people_digest(h, n), NULL, &h->act, unit_pool));
        HOUSE_OK(kuji_claim_submit(
            &h->why, &h->act, "odds", n, people_digest(h, n),
            people_data(
                "{'name':'山田 太郎','postal':'060-0001','address':'札幌市'}"),
            KUJI_BY_WINNER, unit_pool));
    }
    return h;
}

static int take(const kuji_outbox_mail_t **mails, house_t *h)
{
    int count;

    HOUSE_OK(kuji_outbox_take(mails, &count, &h->act, KUJI_OUTBOX_LINE, 10,
                              LEASE, unit_pool));
    return count;
}

/* What the killed one had told LINE is told again: the row's id, which is the
 * retry key, in the same words, and since when LINE may have it. */
START_TEST(test_killed)
{
    house_t *h = told(1);
    const json_t *words =
        people_data("{'text':'おめでとうございます','reply':''}");
    const kuji_outbox_mail_t *one, *two, *three;
    const char *since;

    ck_assert_int_eq(take(&one, h), 1);
    ck_assert_str_eq(one->address, USER);
    ck_assert_int_eq(one->handed_at, 0);
    ck_assert_ptr_null(one->data);
    HOUSE_OK(kuji_outbox_hand(&h->act, one->id, words, unit_pool));
    since = ask(h, "handed_at");
    ck_assert_str_ne(since, "");
    ck_assert_int_eq(take(&two, h), 0);
    change(h, "due_at = kuji_api.now_ms()"); /* its lease is over */
    ck_assert_int_eq(take(&two, h), 1);
    ck_assert_str_eq(two->id, one->id);
    ck_assert_int_eq(two->tries, 2);
    ck_assert_str_eq(apr_psprintf(unit_pool, "%" APR_INT64_T_FMT,
                                  (apr_int64_t)two->handed_at),
                     since);
    ck_assert(json_equal((json_t *)two->data, (json_t *)words));
    /* Not tried, and still in doubt; handed over once more, as long ago. */
    HOUSE_OK(kuji_outbox_end(&h->act, two->id, KUJI_OUTBOX_BACK, NULL, 0, 1,
                             unit_pool));
    ck_assert_int_eq(take(&three, h), 1);
    ck_assert_int_eq(three->tries, 2);
    HOUSE_OK(kuji_outbox_hand(&h->act, three->id, words, unit_pool));
    ck_assert_str_eq(ask(h, "handed_at"), since);
    /* LINE has said that it did not take it: the next try begins anew. */
    HOUSE_OK(kuji_outbox_end(&h->act, three->id, KUJI_OUTBOX_LATER, "line 429",
                             0, 0, unit_pool));
    ck_assert_str_eq(ask(h, "handed_at"), "");
    ck_assert_int_eq(take(&three, h), 1);
    HOUSE_OK(kuji_outbox_end(&h->act, three->id, KUJI_OUTBOX_SENT, NULL, 0, 0,
                             unit_pool));
    ck_assert_str_eq(ask(h, "data"), "");
    /* Whoever had it before comes too late. */
    ck_assert_int_eq(kuji_outbox_hand(&h->act, one->id, words, unit_pool),
                     KUJI_ENOTFOUND);
    HOUSE_OK(kuji_outbox_end(&h->act, one->id, KUJI_OUTBOX_LATER, "late", 0, 1,
                             unit_pool));
    ck_assert_str_eq(ask(h, "state || coalesce(reason, '')"), "sent");
}
END_TEST

/* The last try is the one before the row is of no more use. */
START_TEST(test_gives_up)
{
    house_t *h = told(2);
    const kuji_outbox_mail_t *one, *two;
    const char *why;

    ck_assert_int_eq(take(&one, h), 2);
    HOUSE_OK(kuji_outbox_hand(
        &h->act, one[0].id, people_data("{'text':'x','reply':''}"), unit_pool));
    HOUSE_OK(kuji_outbox_end(&h->act, one[0].id, KUJI_OUTBOX_LATER, "line 500",
                             0, 1, unit_pool));
    change(h, "expires_at = created_at + 1, due_at = 0");
    ck_assert_int_eq(take(&two, h), 0);
    ck_assert_str_eq(
        ask(h, "string_agg(state || ' ' || reason, ', ' ORDER BY n)"),
        "gave_up line 500, gave_up too late");
    ck_assert_str_eq(ask(h, "count(*) FILTER (WHERE data IS NULL AND ended_at "
                            "IS NOT NULL)"),
                     "2");
    change(h, "due_at = 0");
    ck_assert_int_eq(take(&two, h), 0);
    /* An admin may want it all the same: as if it had never been tried, for
     * another week. */
    HOUSE_OK(kuji_outbox_again(&why, &h->act, house_view(h, "odds")->id,
                               house_view(h, "odds")->uuid, one[0].id,
                               unit_pool));
    ck_assert_int_eq(take(&two, h), 1);
    ck_assert_str_eq(two->id, one[0].id);
    ck_assert_int_eq(two->tries, 1);
    ck_assert_int_eq(two->handed_at, 0);
    ck_assert_str_eq(ask(h, "count(*) FILTER (WHERE state = 'sending' AND "
                            "expires_at > kuji_api.now_ms() + 600000000)"),
                     "1");
}
END_TEST

/* What waits for the next month may be let go, by its own tenant alone. */
START_TEST(test_released)
{
    house_t *h = told(3), *other = told(1);
    const kuji_outbox_mail_t *mails;
    int64_t count, until, now;

    HOUSE_OK(kuji_outbox_held(&count, &until, &h->act, unit_pool));
    ck_assert_int_eq(count, 0);
    ck_assert_int_eq(until, 0);
    ck_assert_int_eq(take(&mails, h), 3);
    HOUSE_OK(kuji_outbox_end(&h->act, mails[0].id, KUJI_OUTBOX_BACK,
                             KUJI_OUTBOX_MONTH, 0, 0, unit_pool));
    HOUSE_OK(kuji_outbox_end(&h->act, mails[1].id, KUJI_OUTBOX_BACK, NULL, 0, 0,
                             unit_pool));
    now = house_now(h);
    HOUSE_OK(kuji_outbox_hold(&h->act, KUJI_OUTBOX_LINE, HOUR,
                              KUJI_OUTBOX_MONTH, unit_pool));
    HOUSE_OK(kuji_outbox_hold(&other->act, KUJI_OUTBOX_LINE, HOUR,
                              KUJI_OUTBOX_MONTH, unit_pool));
    HOUSE_OK(kuji_outbox_held(&count, &until, &h->act, unit_pool));
    ck_assert_int_eq(count, 2); /* the third is being sent */
    ck_assert_int_ge(until, now + HOUR);
    ck_assert_int_eq(take(&mails, h), 0);
    HOUSE_OK(kuji_outbox_release(&count, &h->act, unit_pool));
    ck_assert_int_eq(count, 2);
    ck_assert_str_eq(ask(h, "count(*) FILTER (WHERE reason IS NOT NULL)"), "0");
    ck_assert_int_eq(take(&mails, h), 2);
    HOUSE_OK(kuji_outbox_release(&count, &h->act, unit_pool));
    ck_assert_int_eq(count, 0);
    ck_assert_str_eq(
        house_ask(h, apr_psprintf(unit_pool,
                                  "SELECT string_agg(object || detail::text, "
                                  "' ') FROM kuji.audit WHERE tenant_id = '%s' "
                                  "AND action = 'line.again'",
                                  h->act.tenant)),
        "line{\"count\": 2}");
    HOUSE_OK(kuji_outbox_held(&count, &until, &other->act, unit_pool));
    ck_assert_int_eq(count, 1);
}
END_TEST

/* Events that somebody has sent; how many of them were new. */
static int events(house_t *h, const char *const *ids, int count)
{
    kuji_line_event_t *list = apr_pcalloc(unit_pool, count * sizeof(*list));
    kuji_line_hook_t hook = {.events = list,
                             .count = count,
                             .keyword = "",
                             .campaign = "",
                             .base = "https://h.test"};
    int done, i;

    for (i = 0; i < count; i++) {
        list[i].kind = KUJI_LINE_FOLLOW;
        list[i].id = ids[i];
        list[i].user = USER;
        list[i].reply = list[i].text = "";
        list[i].at = 1000 + i;
    }
    HOUSE_OK(kuji_line_hook(&done, &hook, &h->act, unit_pool));
    return done;
}

static const char *known(house_t *h)
{
    const char *list =
        house_ask(h, apr_psprintf(unit_pool,
                                  "SELECT string_agg(id, ' ' ORDER BY id) FROM "
                                  "kuji.line_event WHERE tenant_id = '%s'",
                                  h->act.tenant));

    return list ? list : "";
}

static void grow_old(house_t *h, const char *id, int64_t ms)
{
    house_sql(h, apr_psprintf(unit_pool,
                              "UPDATE kuji.line_event SET at = "
                              "kuji_api.now_ms() - %" APR_INT64_T_FMT
                              " WHERE tenant_id = '%s' AND id = '%s'",
                              (apr_int64_t)ms, h->act.tenant, id));
}

/* LINE brings an event again within minutes; it is known for days. */
START_TEST(test_events_swept)
{
    house_t *h = house_make(), *other = house_make();
    const char *const ids[] = {"e1", "e2", "e3"};

    ck_assert_int_eq(events(h, ids, 3), 3);
    ck_assert_int_eq(events(other, ids, 1), 1);
    grow_old(h, "e1", KUJI_LINE_EVENT_MS + 1000);
    grow_old(h, "e2", KUJI_LINE_EVENT_MS - 60000);
    grow_old(other, "e1", KUJI_LINE_EVENT_MS + 1000);
    HOUSE_OK(kuji_line_hook_sweep(&h->act, unit_pool));
    ck_assert_str_eq(known(h), "e2 e3");
    ck_assert_str_eq(known(other), "e1");
    ck_assert_int_eq(events(h, ids + 1, 2), 0);
    ck_assert_int_eq(events(h, ids, 3), 1);
    ck_assert_str_eq(known(h), "e1 e2 e3");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("line_outbox");

    UNIT_TEST(suite, test_killed);
    UNIT_TEST(suite, test_gives_up);
    UNIT_TEST(suite, test_released);
    UNIT_TEST(suite, test_events_swept);
    return unit_main(suite);
}
