/* Payments: one order whoever presses at once, one right for it, and what is in
 * doubt is never asked for again.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/flag.h"
#include "store/payment.h"
#include "t/store/people.h"

#include <apr_strings.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define RACERS 64
#define PRICE 1200

static const unsigned char buyer[KUJI_DIGEST_LEN] = "a-buyer's-digest";

static kuji_pay_result_t says(kuji_pay_state_e state)
{
    const kuji_pay_result_t r = {.state = state,
                                 .transaction = "4711",
                                 .captured =
                                     kuji_payment_is_paid(state) * PRICE,
                                 .url = "https://pay.example/1",
                                 .app = "",
                                 .code = "0000",
                                 .reason = ""};

    return r;
}

static kuji_payment_new_t order_of(house_t *h, const char *name)
{
    const kuji_payment_new_t order = {
        .campaign_id = house_view(h, "odds")->id,
        .order_id = apr_pstrcat(unit_pool, h->tenant_name, "-", name, NULL),
        .driver = KUJI_PAY_LINE_ONLINE,
        .amount = PRICE,
        .currency = "TWD",
        .goods = "高山ウーロン茶",
        .draws = 3,
        .capture = 1,
        .seller = ""};

    return order;
}

static const kuji_payment_row_t *make(house_t *h, const char *name)
{
    kuji_payment_new_t order = order_of(h, name);
    const kuji_payment_row_t *row;
    int is_new;

    HOUSE_OK(kuji_payment_create(&row, &is_new, &h->act, &order, unit_pool));
    ck_assert(is_new);
    return row;
}

static const kuji_payment_row_t *get(house_t *h, const char *order)
{
    const kuji_payment_row_t *row;

    HOUSE_OK(kuji_payment_get(&row, &h->act, order, unit_pool));
    return row;
}

/* How the call under way ended. */
static const kuji_payment_row_t *end(house_t *h, const kuji_payment_row_t *row,
                                     kuji_pay_end_e how, kuji_pay_state_e state)
{
    kuji_pay_result_t r = says(state);

    HOUSE_OK(kuji_payment_end(&row, &h->act, row->order_id, row->facts.asked,
                              row->facts.asked_at, how, &r, unit_pool));
    return row;
}

static const kuji_payment_row_t *look(house_t *h, const kuji_payment_row_t *row,
                                      kuji_pay_state_e state)
{
    kuji_pay_result_t r = says(state);

    HOUSE_OK(kuji_payment_end(&row, &h->act, row->order_id, KUJI_PAY_CALL_CHECK,
                              0, KUJI_PAY_DONE, &r, unit_pool));
    return row;
}

static const kuji_payment_row_t *ask(house_t *h, const kuji_payment_row_t *row,
                                     kuji_pay_call_e call)
{
    HOUSE_OK(kuji_payment_ask(&row, &h->why, &h->act, row->order_id, call, 0,
                              "", 0, unit_pool));
    return row;
}

static void refuse(house_t *h, const kuji_payment_row_t *row,
                   kuji_pay_call_e call)
{
    const char *order = row->order_id;

    HOUSE_REFUSED(KUJI_ESTATE, kuji_payment_ask(&row, &h->why, &h->act, order,
                                                call, 0, "", 0, unit_pool));
}

/* A value about the right of an order. */
static const char *right(house_t *h, const char *order, const char *what)
{
    return house_ask(
        h, apr_psprintf(unit_pool,
                        "SELECT %s FROM kuji.link l JOIN kuji.payment p ON "
                        "p.campaign_id = l.campaign_id AND p.entry = l.digest "
                        "WHERE p.order_id = '%s'",
                        what, order));
}

static const char *count(house_t *h, const char *what)
{
    return house_ask(
        h, apr_psprintf(unit_pool,
                        "SELECT count(*) FROM kuji.%s WHERE tenant_id = '%s'",
                        what, h->act.tenant));
}

/* -- many at once ---------------------------------------------------------- */

typedef struct racer_t {
    house_t *h;
    const kuji_act_t *act;
    kuji_payment_new_t order;
    const char *id;   /* of an order that is there */
    int64_t asked_at; /* of its begin */
    kuji_pay_call_e call;
    pthread_barrier_t *start;
    apr_status_t rv;
    int is_new;
    char found[80];
} racer_t;

static void *race_to_make(void *baton)
{
    racer_t *r = baton;
    const kuji_payment_row_t *row = NULL;
    apr_pool_t *own;

    apr_pool_create_unmanaged_ex(&own, NULL, NULL);
    pthread_barrier_wait(r->start);
    r->rv = kuji_payment_create(&row, &r->is_new, r->act, &r->order, own);
    apr_cpystrn(r->found, row && row->order_id ? row->order_id : "",
                sizeof(r->found));
    apr_pool_destroy(own);
    return NULL;
}

static void *race_to_end(void *baton)
{
    racer_t *r = baton;
    const kuji_payment_row_t *row = NULL;
    const kuji_pay_result_t result = says(KUJI_PAY_IS_CAPTURED);
    apr_pool_t *own;

    apr_pool_create_unmanaged_ex(&own, NULL, NULL);
    pthread_barrier_wait(r->start);
    r->rv = kuji_payment_end(&row, r->act, r->id, r->call,
                             r->call == KUJI_PAY_CALL_CHECK ? 0 : r->asked_at,
                             KUJI_PAY_DONE, &result, own);
    apr_pool_destroy(own);
    return NULL;
}

static void *race_to_refund(void *baton)
{
    racer_t *r = baton;
    const kuji_payment_row_t *row = NULL;
    const char *why = NULL;
    apr_pool_t *own;

    apr_pool_create_unmanaged_ex(&own, NULL, NULL);
    pthread_barrier_wait(r->start);
    r->rv = kuji_payment_ask(&row, &why, r->act, r->id, KUJI_PAY_CALL_REFUND, 0,
                             "", 0, own);
    apr_pool_destroy(own);
    return NULL;
}

/* All of them, from one line. */
static void run_race(house_t *h, racer_t *racers, void *(*run)(void *))
{
    kuji_pg_config_t config = {.conninfo = getenv("KUJI_STORE_CONNINFO"),
                               .keep = 2,
                               .max = 24,
                               .wait = apr_time_from_sec(60)};
    kuji_act_t act = h->act;
    pthread_t threads[RACERS];
    pthread_barrier_t start;
    int i;

    HOUSE_OK(kuji_pg_create(&act.pg, &config, unit_pool));
    pthread_barrier_init(&start, NULL, RACERS);
    for (i = 0; i < RACERS; i++) {
        racers[i].act = &act;
        racers[i].start = &start;
        ck_assert_int_eq(pthread_create(&threads[i], NULL, run, &racers[i]), 0);
    }
    for (i = 0; i < RACERS; i++) {
        pthread_join(threads[i], NULL);
    }
    pthread_barrier_destroy(&start);
}

START_TEST(test_one_right)
{
    house_t *h = house_make();
    racer_t *racers = apr_pcalloc(unit_pool, sizeof(*racers) * RACERS);
    const kuji_payment_row_t *row;
    int i, made = 0;

    people_publish(h, "coupon", 100, "");
    for (i = 0; i < RACERS; i++) {
        racers[i].order = order_of(h, "one");
    }
    run_race(h, racers, race_to_make);
    for (i = 0; i < RACERS; i++) {
        HOUSE_OK(racers[i].rv);
        made += racers[i].is_new;
    }
    ck_assert_int_eq(made, 1); /* one alone may call the provider */
    ck_assert_str_eq(count(h, "payment"), "1");
    row = get(h, racers[0].order.order_id);
    for (i = 0; i < RACERS; i++) {
        racers[i].id = row->order_id;
        racers[i].asked_at = row->facts.asked_at;
        racers[i].call = i % 2 ? KUJI_PAY_CALL_CHECK : KUJI_PAY_CALL_BEGIN;
    }
    run_race(h, racers, race_to_end);
    for (i = 0; i < RACERS; i++) {
        HOUSE_OK(racers[i].rv);
    }
    row = get(h, row->order_id);
    ck_assert(row->facts.state == KUJI_PAY_IS_CAPTURED && row->has_entry);
    ck_assert_str_eq(count(h, "link"), "1");
    ck_assert_str_eq(right(h, row->order_id, "l.uses_left"), "3");
    ck_assert_int_eq(row->next_check_at, 0);
}
END_TEST

START_TEST(test_one_order_a_buyer)
{
    house_t *h = house_make();
    racer_t *racers = apr_pcalloc(unit_pool, sizeof(*racers) * RACERS);
    const kuji_payment_row_t *row;
    kuji_payment_new_t order;
    int i, made = 0, is_new;

    people_publish(h, "coupon", 100, "");
    for (i = 0; i < RACERS; i++) {
        racers[i].order = order_of(h, apr_itoa(unit_pool, i));
        racers[i].order.participant = buyer;
    }
    run_race(h, racers, race_to_make);
    for (i = 0; i < RACERS; i++) {
        HOUSE_OK(racers[i].rv);
        made += racers[i].is_new;
        ck_assert_str_eq(racers[i].found, racers[0].found);
    }
    ck_assert_int_eq(made, 1);
    ck_assert_str_eq(count(h, "payment"), "1");
    /* another one only once that one is over */
    row = end(h, get(h, racers[0].found), KUJI_PAY_DONE, KUJI_PAY_IS_WAITING);
    order = order_of(h, "next");
    order.participant = buyer;
    HOUSE_OK(kuji_payment_create(&row, &is_new, &h->act, &order, unit_pool));
    ck_assert(!is_new);
    ck_assert_str_eq(row->order_id, racers[0].found);
    look(h, row, KUJI_PAY_IS_EXPIRED);
    HOUSE_OK(kuji_payment_create(&row, &is_new, &h->act, &order, unit_pool));
    ck_assert(is_new);
    ck_assert_str_eq(row->order_id, order.order_id);
    /* the press of before still means the order of before */
    order.order_id = racers[0].found;
    HOUSE_OK(kuji_payment_create(&row, &is_new, &h->act, &order, unit_pool));
    ck_assert(!is_new);
    ck_assert_str_eq(row->order_id, racers[0].found);
    /* somebody else is not held up */
    order = order_of(h, "other");
    order.participant = (const unsigned char *)"someone-else-16b";
    HOUSE_OK(kuji_payment_create(&row, &is_new, &h->act, &order, unit_pool));
    ck_assert(is_new);
}
END_TEST

START_TEST(test_one_refund)
{
    house_t *h = house_make();
    racer_t *racers = apr_pcalloc(unit_pool, sizeof(*racers) * RACERS);
    const kuji_payment_row_t *row;
    int i, asked = 0;

    people_publish(h, "coupon", 100, "");
    row = end(h, make(h, "one"), KUJI_PAY_DONE, KUJI_PAY_IS_CAPTURED);
    for (i = 0; i < RACERS; i++) {
        racers[i].id = row->order_id;
    }
    run_race(h, racers, race_to_refund);
    for (i = 0; i < RACERS; i++) {
        asked += racers[i].rv == APR_SUCCESS;
        ck_assert(racers[i].rv == APR_SUCCESS || racers[i].rv == KUJI_ESTATE);
    }
    ck_assert_int_eq(asked, 1);
    ck_assert_str_eq(right(h, row->order_id, "l.expires_at"), "0");
}
END_TEST

/* -- one after the other --------------------------------------------------- */

START_TEST(test_in_doubt)
{
    house_t *h = house_make();
    kuji_payment_new_t order;
    const kuji_payment_row_t *row;
    int64_t asked_at;
    int is_new, i;

    people_publish(h, "coupon", 100, "");
    row = make(h, "one");
    asked_at = row->facts.asked_at;
    row = end(h, row, KUJI_PAY_UNKNOWN, KUJI_PAY_IS_UNKNOWN);
    ck_assert_int_eq(row->facts.asked, KUJI_PAY_CALL_BEGIN);
    /* whoever presses again calls nobody */
    order = order_of(h, "one");
    HOUSE_OK(kuji_payment_create(&row, &is_new, &h->act, &order, unit_pool));
    ck_assert(!is_new);
    for (i = KUJI_PAY_CALL_CONFIRM; i <= KUJI_PAY_CALL_REFUND; i++) {
        refuse(h, row, (kuji_pay_call_e)i);
    }
    /* not there yet: it may be on its way */
    row = look(h, row, KUJI_PAY_IS_ABSENT);
    ck_assert_int_eq(row->facts.asked, KUJI_PAY_CALL_BEGIN);
    ck_assert_int_ne(row->next_check_at, 0);
    row = look(h, row, KUJI_PAY_IS_CAPTURED);
    ck_assert(row->facts.state == KUJI_PAY_IS_CAPTURED && row->has_entry);
    ck_assert_int_eq(row->facts.asked, KUJI_PAY_CALL_NONE);
    /* the first call's answer comes late, and undoes nothing */
    HOUSE_OK(kuji_payment_end(&row, &h->act, row->order_id, KUJI_PAY_CALL_BEGIN,
                              asked_at, KUJI_PAY_REFUSED,
                              &(kuji_pay_result_t){.state = KUJI_PAY_IS_UNKNOWN,
                                                   .transaction = "",
                                                   .url = "",
                                                   .app = "",
                                                   .code = "1199",
                                                   .reason = ""},
                              unit_pool));
    ck_assert(row->facts.state == KUJI_PAY_IS_CAPTURED && row->has_entry);
    ck_assert_str_eq(count(h, "link"), "1");
    ck_assert_str_eq(house_ask(h, apr_psprintf(unit_pool,
                                               "SELECT count(*) FROM "
                                               "kuji.payment_event WHERE "
                                               "tenant_id = '%s' AND what "
                                               "LIKE '%%.asked'",
                                               h->act.tenant)),
                     "1");
}
END_TEST

/* Draws made by a right, as a batch leaves them. */
static void use(house_t *h, const char *order, int draws)
{
    house_draw(h, "odds", draws);
    house_sql(
        h, apr_psprintf(unit_pool,
                        "UPDATE kuji.link l SET uses_left = uses_left - %d, "
                        "session = p.entry FROM "
                        "kuji.payment p WHERE p.entry = l.digest AND "
                        "p.campaign_id = l.campaign_id AND p.order_id = '%s'; "
                        "INSERT INTO kuji.link_draw (campaign_id, n, link, "
                        "tenant_id) SELECT d.campaign_id, d.n, p.entry, "
                        "p.tenant_id FROM kuji.payment p JOIN kuji.draw d ON "
                        "d.campaign_id = p.campaign_id WHERE p.order_id = '%s'",
                        draws, order, order));
}

START_TEST(test_refund)
{
    house_t *h = house_make();
    const kuji_payment_row_t *row;

    people_publish(h, "coupon", 100, "");
    row = end(h, make(h, "unused"), KUJI_PAY_DONE, KUJI_PAY_IS_CAPTURED);
    /* taken back before the provider hears of it, renewed where it refuses */
    row = ask(h, row, KUJI_PAY_CALL_REFUND);
    ck_assert(row->withdrawn);
    row = end(h, row, KUJI_PAY_REFUSED, KUJI_PAY_IS_UNKNOWN);
    ck_assert(!row->withdrawn && row->facts.refunded == 0);
    row = end(h, ask(h, row, KUJI_PAY_CALL_REFUND), KUJI_PAY_DONE,
              KUJI_PAY_IS_REFUNDED);
    ck_assert(row->withdrawn && row->facts.refunded == PRICE);
    ck_assert_str_eq(right(h, row->order_id, "l.uses_left"), "3");
    ck_assert_str_eq(count(h, "flag"), "0");
    refuse(h, row, KUJI_PAY_CALL_REFUND);
    /* what was drawn is not undone: it is left alone, and marked */
    row = end(h, make(h, "used"), KUJI_PAY_DONE, KUJI_PAY_IS_CAPTURED);
    use(h, row->order_id, 3);
    row = ask(h, row, KUJI_PAY_CALL_REFUND);
    ck_assert(!row->withdrawn);
    row = end(h, row, KUJI_PAY_DONE, KUJI_PAY_IS_REFUNDED);
    ck_assert(!row->withdrawn && row->used == 3);
    ck_assert_str_eq(count(h, "flag"), "3");
    ck_assert_int_eq(atoi(house_ask(h, "SELECT reasons FROM kuji.flag ORDER BY "
                                       "campaign_id DESC LIMIT 1")),
                     KUJI_FLAG_REFUNDED);
    /* more than was taken is not paid back */
    row = end(h, make(h, "part"), KUJI_PAY_DONE, KUJI_PAY_IS_CAPTURED);
    HOUSE_REFUSED(KUJI_EINVAL,
                  kuji_payment_ask(&row, &h->why, &h->act, row->order_id,
                                   KUJI_PAY_CALL_REFUND, PRICE + 1, "", 0,
                                   unit_pool));
}
END_TEST

START_TEST(test_states)
{
    static const struct {
        kuji_pay_state_e state;
        unsigned may; /* a bit for each call */
    } cases[] = {{KUJI_PAY_IS_WAITING, 1u << KUJI_PAY_CALL_CONFIRM},
                 {KUJI_PAY_IS_AGREED, 1u << KUJI_PAY_CALL_CONFIRM},
                 {KUJI_PAY_IS_AUTHORIZED,
                  1u << KUJI_PAY_CALL_CAPTURE | 1u << KUJI_PAY_CALL_VOID},
                 {KUJI_PAY_IS_CAPTURED, 1u << KUJI_PAY_CALL_REFUND},
                 {KUJI_PAY_IS_VOIDED, 0},
                 {KUJI_PAY_IS_CANCELLED, 0},
                 {KUJI_PAY_IS_EXPIRED, 0},
                 {KUJI_PAY_IS_FAILED, 0}};
    house_t *h = house_make();
    const kuji_payment_row_t *row;
    size_t i;
    int call;

    people_publish(h, "coupon", 100, "");
    for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        row = end(h, make(h, kuji_pay_state_name(cases[i].state)),
                  KUJI_PAY_DONE, cases[i].state);
        ck_assert_int_eq(row->facts.state, cases[i].state);
        ck_assert_int_eq(row->has_entry,
                         cases[i].state == KUJI_PAY_IS_CAPTURED);
        for (call = KUJI_PAY_CALL_CONFIRM; call <= KUJI_PAY_CALL_REFUND;
             call++) {
            if (cases[i].may & 1u << call) {
                end(h, ask(h, row, (kuji_pay_call_e)call), KUJI_PAY_REFUSED,
                    KUJI_PAY_IS_UNKNOWN);
            }
            else {
                refuse(h, row, (kuji_pay_call_e)call);
            }
        }
    }
    /* money that was taken stays taken, whatever a later look says */
    row = look(h, get(h, order_of(h, "captured").order_id),
               KUJI_PAY_IS_CANCELLED);
    ck_assert(row->facts.state == KUJI_PAY_IS_CAPTURED && row->has_entry);
    /* and what was given up comes back where the provider says so */
    row = look(h, get(h, order_of(h, "failed").order_id), KUJI_PAY_IS_CAPTURED);
    ck_assert(row->facts.state == KUJI_PAY_IS_CAPTURED && row->has_entry);
    ck_assert_int_eq(kuji_payment_get(&row, &h->act, "none", unit_pool),
                     KUJI_ENOTFOUND);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("store/payment");

    UNIT_TEST(suite, test_one_right);
    UNIT_TEST(suite, test_one_order_a_buyer);
    UNIT_TEST(suite, test_one_refund);
    UNIT_TEST(suite, test_in_doubt);
    UNIT_TEST(suite, test_refund);
    UNIT_TEST(suite, test_states);
    return unit_main(suite);
}
