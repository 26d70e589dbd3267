/* What a provider's answer makes of a payment, and what the law lets a
 * purchase admit to.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/payment.h"
#include "core/purchase.h"
#include "t/unit/unit.h"

#include <string.h>

#define NOW INT64_C(1000000000)
#define NO KUJI_PAY_CALL_NONE

/* A payment of 100 in a state, a call under way since `age` ms. */
static kuji_payment_facts_t payment(kuji_pay_state_e state,
                                    kuji_pay_call_e asked, int64_t age)
{
    kuji_payment_facts_t f = {.driver = KUJI_PAY_LINE_ONLINE,
                              .state = state,
                              .asked = asked,
                              .asked_at = asked ? NOW - age : 0,
                              .created_at = NOW - age - 1,
                              .amount = 100};

    f.captured = kuji_payment_is_paid(state) ? 100 : 0;
    return f;
}

static kuji_payment_next_t judged(const kuji_payment_facts_t *f,
                                  kuji_pay_call_e call, kuji_pay_end_e end,
                                  kuji_pay_state_e says)
{
    const kuji_pay_result_t r = {.state = says};
    kuji_payment_next_t next;

    kuji_payment_judge(&next, f, call,
                       call == KUJI_PAY_CALL_CHECK ? 0 : f->asked_at, end, &r,
                       NOW);
    return next;
}

static const struct {
    kuji_pay_state_e state;
    kuji_pay_call_e asked;
    int64_t age;
    kuji_pay_call_e call;
    kuji_pay_end_e end;
    kuji_pay_state_e says, becomes;
    kuji_pay_call_e stays;
} verdicts[] = {
    /* begin */
    {KUJI_PAY_IS_UNKNOWN, KUJI_PAY_CALL_BEGIN, 10, KUJI_PAY_CALL_BEGIN,
     KUJI_PAY_DONE, KUJI_PAY_IS_WAITING, KUJI_PAY_IS_WAITING, NO},
    {KUJI_PAY_IS_UNKNOWN, KUJI_PAY_CALL_BEGIN, 10, KUJI_PAY_CALL_BEGIN,
     KUJI_PAY_REFUSED, KUJI_PAY_IS_UNKNOWN, KUJI_PAY_IS_FAILED, NO},
    {KUJI_PAY_IS_UNKNOWN, KUJI_PAY_CALL_BEGIN, 10, KUJI_PAY_CALL_BEGIN,
     KUJI_PAY_UNKNOWN, KUJI_PAY_IS_UNKNOWN, KUJI_PAY_IS_UNKNOWN,
     KUJI_PAY_CALL_BEGIN},
    {KUJI_PAY_IS_UNKNOWN, KUJI_PAY_CALL_BEGIN, 10, KUJI_PAY_CALL_CHECK,
     KUJI_PAY_DONE, KUJI_PAY_IS_CAPTURED, KUJI_PAY_IS_CAPTURED, NO},
    /* not there yet is not there only once nothing can be on its way */
    {KUJI_PAY_IS_UNKNOWN, KUJI_PAY_CALL_BEGIN, 419000, KUJI_PAY_CALL_CHECK,
     KUJI_PAY_DONE, KUJI_PAY_IS_ABSENT, KUJI_PAY_IS_UNKNOWN,
     KUJI_PAY_CALL_BEGIN},
    {KUJI_PAY_IS_UNKNOWN, KUJI_PAY_CALL_BEGIN, 420000, KUJI_PAY_CALL_CHECK,
     KUJI_PAY_DONE, KUJI_PAY_IS_ABSENT, KUJI_PAY_IS_FAILED, NO},
    {KUJI_PAY_IS_UNKNOWN, KUJI_PAY_CALL_BEGIN, 420000, KUJI_PAY_CALL_CHECK,
     KUJI_PAY_REFUSED, KUJI_PAY_IS_UNKNOWN, KUJI_PAY_IS_UNKNOWN,
     KUJI_PAY_CALL_BEGIN},
    /* confirm */
    {KUJI_PAY_IS_AGREED, KUJI_PAY_CALL_CONFIRM, 10, KUJI_PAY_CALL_CONFIRM,
     KUJI_PAY_DONE, KUJI_PAY_IS_CAPTURED, KUJI_PAY_IS_CAPTURED, NO},
    {KUJI_PAY_IS_AGREED, KUJI_PAY_CALL_CONFIRM, 80000, KUJI_PAY_CALL_CHECK,
     KUJI_PAY_DONE, KUJI_PAY_IS_AGREED, KUJI_PAY_IS_AGREED,
     KUJI_PAY_CALL_CONFIRM},
    {KUJI_PAY_IS_AGREED, KUJI_PAY_CALL_CONFIRM, 90000, KUJI_PAY_CALL_CHECK,
     KUJI_PAY_DONE, KUJI_PAY_IS_AGREED, KUJI_PAY_IS_AGREED, NO},
    /* what was taken is never given up for a later word */
    {KUJI_PAY_IS_CAPTURED, NO, 10, KUJI_PAY_CALL_CHECK, KUJI_PAY_DONE,
     KUJI_PAY_IS_WAITING, KUJI_PAY_IS_CAPTURED, NO},
    {KUJI_PAY_IS_CAPTURED, NO, 10, KUJI_PAY_CALL_CHECK, KUJI_PAY_DONE,
     KUJI_PAY_IS_FAILED, KUJI_PAY_IS_CAPTURED, NO},
    /* the provider knows better than we feared */
    {KUJI_PAY_IS_FAILED, NO, 10, KUJI_PAY_CALL_CHECK, KUJI_PAY_DONE,
     KUJI_PAY_IS_CAPTURED, KUJI_PAY_IS_CAPTURED, NO},
    /* refund */
    {KUJI_PAY_IS_CAPTURED, KUJI_PAY_CALL_REFUND, 10, KUJI_PAY_CALL_REFUND,
     KUJI_PAY_DONE, KUJI_PAY_IS_REFUNDED, KUJI_PAY_IS_REFUNDED, NO},
    {KUJI_PAY_IS_CAPTURED, KUJI_PAY_CALL_REFUND, 10, KUJI_PAY_CALL_CHECK,
     KUJI_PAY_DONE, KUJI_PAY_IS_CAPTURED, KUJI_PAY_IS_CAPTURED,
     KUJI_PAY_CALL_REFUND},
    {KUJI_PAY_IS_AUTHORIZED, KUJI_PAY_CALL_VOID, 10, KUJI_PAY_CALL_VOID,
     KUJI_PAY_DONE, KUJI_PAY_IS_VOIDED, KUJI_PAY_IS_VOIDED, NO},
};

START_TEST(test_judge)
{
    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        kuji_payment_facts_t f =
            payment(verdicts[i].state, verdicts[i].asked, verdicts[i].age);
        kuji_payment_next_t n =
            judged(&f, verdicts[i].call, verdicts[i].end, verdicts[i].says);

        ck_assert_msg(n.state == verdicts[i].becomes &&
                          n.asked == verdicts[i].stays,
                      "case %zu: %d %d", i, n.state, n.asked);
        ck_assert(!n.asked || n.next_check_at > NOW);
        ck_assert((n.next_check_at == 0) ==
                  (!n.asked && kuji_payment_is_over(n.state)));
    }
}
END_TEST

START_TEST(test_sums)
{
    kuji_payment_facts_t f =
        payment(KUJI_PAY_IS_CAPTURED, KUJI_PAY_CALL_REFUND, 10);
    kuji_pay_result_t r = {.state = KUJI_PAY_IS_CAPTURED, .captured = 90};
    kuji_payment_next_t n;

    /* a refund that did not come about gives the right back */
    n = judged(&f, KUJI_PAY_CALL_REFUND, KUJI_PAY_REFUSED, KUJI_PAY_IS_UNKNOWN);
    ck_assert(n.give_back && n.state == KUJI_PAY_IS_CAPTURED);
    f.asked_amount = 40;
    n = judged(&f, KUJI_PAY_CALL_REFUND, KUJI_PAY_DONE,
               KUJI_PAY_IS_PARTLY_REFUNDED);
    ck_assert(n.refunded == 40 && n.state == KUJI_PAY_IS_PARTLY_REFUNDED);
    /* another amount than was asked for */
    f = payment(KUJI_PAY_IS_UNKNOWN, KUJI_PAY_CALL_BEGIN, 10);
    kuji_payment_judge(&n, &f, KUJI_PAY_CALL_BEGIN, f.asked_at, KUJI_PAY_DONE,
                       &r, NOW);
    ck_assert(n.mismatch && n.captured == 90);
    /* the answer of an older call refuses nothing */
    kuji_payment_judge(&n, &f, KUJI_PAY_CALL_BEGIN, f.asked_at - 1,
                       KUJI_PAY_REFUSED, &r, NOW);
    ck_assert(n.state == KUJI_PAY_IS_UNKNOWN && n.asked);
}
END_TEST

#define SETTLED (KUJI_PAY_SETTLED * INT64_C(1000))
#define DAY INT64_C(86400000)

/* What became of a waiting order that its provider does not have, made `age` ms
 * ago, with a code that ran out `late` ms ago (0: none). */
static kuji_payment_next_t absent(int64_t age, int64_t late)
{
    kuji_payment_facts_t f = payment(KUJI_PAY_IS_WAITING, NO, age - 1);

    f.expires_at = late ? NOW - late : 0;
    return judged(&f, KUJI_PAY_CALL_CHECK, KUJI_PAY_DONE, KUJI_PAY_IS_ABSENT);
}

START_TEST(test_gives_up)
{
    /* in doubt for a day */
    ck_assert(absent(DAY - 1, 0).state == KUJI_PAY_IS_WAITING);
    ck_assert(absent(DAY - 1, 0).next_check_at > NOW);
    ck_assert(absent(DAY, 0).state == KUJI_PAY_IS_EXPIRED);
    ck_assert(absent(DAY, 0).next_check_at == 0);
    /* or until some time after its code ran out */
    ck_assert(absent(DAY + 1, SETTLED - 1).state == KUJI_PAY_IS_WAITING);
    ck_assert(absent(SETTLED, SETTLED).state == KUJI_PAY_IS_EXPIRED);
    ck_assert(absent(DAY, -1000).state == KUJI_PAY_IS_WAITING);
}
END_TEST

START_TEST(test_expiry)
{
    kuji_payment_facts_t f =
        payment(KUJI_PAY_IS_UNKNOWN, KUJI_PAY_CALL_BEGIN, 10);
    kuji_pay_result_t r = {.state = KUJI_PAY_IS_WAITING,
                           .expires = NOW / 1000 + 1};
    kuji_payment_next_t n;

    kuji_payment_judge(&n, &f, KUJI_PAY_CALL_BEGIN, f.asked_at, KUJI_PAY_DONE,
                       &r, NOW);
    ck_assert(n.expires_at == NOW + 1000);
    /* it is looked at when it ends, not later */
    ck_assert(n.next_check_at == NOW + 1000);
    f.state = n.state;
    f.asked = KUJI_PAY_CALL_NONE;
    f.expires_at = n.expires_at;
    ck_assert(kuji_payment_is_payable(&f, NOW + 999));
    ck_assert(!kuji_payment_is_payable(&f, NOW + 1000));
    /* a look that says nothing of it changes nothing */
    n = judged(&f, KUJI_PAY_CALL_CHECK, KUJI_PAY_DONE, KUJI_PAY_IS_WAITING);
    ck_assert(n.expires_at == f.expires_at);
    n = judged(&f, KUJI_PAY_CALL_CHECK, KUJI_PAY_AWAY, KUJI_PAY_IS_UNKNOWN);
    ck_assert(n.expires_at == f.expires_at);
    n = judged(&f, KUJI_PAY_CALL_CHECK, KUJI_PAY_DONE, KUJI_PAY_IS_CAPTURED);
    ck_assert(n.expires_at == 0 && n.next_check_at == 0);
    r.expires = INT64_MAX;
    kuji_payment_judge(&n, &f, KUJI_PAY_CALL_CHECK, 0, KUJI_PAY_DONE, &r, NOW);
    ck_assert(n.expires_at == INT64_C(9999999999000));
    f.expires_at = 0;
    ck_assert(kuji_payment_is_payable(&f, INT64_MAX));
    f.state = KUJI_PAY_IS_AGREED;
    ck_assert(!kuji_payment_is_payable(&f, NOW));
}
END_TEST

START_TEST(test_law)
{
    static const struct {
        const char *purchase;
        kuji_purchase_law_e law;
    } cases[] = {
        {"{}", KUJI_PURCHASE_NO_GOODS},
        {"{\"goods\":\" \",\"price\":1}", KUJI_PURCHASE_NO_GOODS},
        {"{\"goods\":\"tea\",\"price\":0}", KUJI_PURCHASE_NO_GOODS},
        {"{\"goods\":\"tea\",\"price\":1}", KUJI_PURCHASE_TIED},
        {"{\"goods\":\"tea\",\"price\":1,\"sold_alone\":true}",
         KUJI_PURCHASE_LAWFUL},
        {"{\"goods\":\"Raffle  TICKET\",\"price\":1,\"sold_alone\":true}",
         KUJI_PURCHASE_FEE},
        {"{\"goods\":\"\\u62bd\\u9078\\u3000\\u5238\",\"price\":1,"
         "\"sold_alone\":true}",
         KUJI_PURCHASE_FEE},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        json_t *config =
            json_pack("{s:[s], s:o}", "gates", "purchase", "purchase",
                      json_loads(cases[i].purchase, 0, NULL));

        ck_assert_msg(kuji_purchase_law(config) == cases[i].law, "case %zu", i);
        json_decref(config);
    }
    ck_assert(kuji_purchase_prize_max(4999, "JPY") == 99980);
    ck_assert(kuji_purchase_prize_max(5000, "JPY") == 100000);
    ck_assert(kuji_purchase_prize_max(5000, "TWD") == 0);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("payment");

    UNIT_TEST(suite, test_judge);
    UNIT_TEST(suite, test_sums);
    UNIT_TEST(suite, test_gives_up);
    UNIT_TEST(suite, test_expiry);
    UNIT_TEST(suite, test_law);
    return unit_main(suite);
}
