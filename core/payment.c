/* SPDX-License-Identifier: Apache-2.0 */
#include "core/payment.h"

#include <stddef.h>
#include <string.h>

/* Between two looks: 2 s, 4 s, 8 s … ten minutes; of what waits for its
 * customer longer than a day, an hour. */
#define WAIT_MS INT64_C(2000)
#define WAIT_MAX_MS INT64_C(600000)
#define DAY_MS INT64_C(86400000)
#define HOUR_MS INT64_C(3600000)
#define SETTLED_MS (KUJI_PAY_SETTLED * INT64_C(1000))
/** The year 2286: whatever a provider says, it fits, in ms too. */
#define LAST_SECOND INT64_C(9999999999)

static const char *const calls[] = {"",     "begin",  "confirm", "capture",
                                    "void", "refund", "check"};

const char *kuji_pay_call_name(kuji_pay_call_e call)
{
    return calls[call];
}

kuji_pay_call_e kuji_pay_call_read(const char *name)
{
    int i;

    for (i = KUJI_PAY_CALL_BEGIN; i <= KUJI_PAY_CALL_CHECK; i++) {
        if (strcmp(calls[i], name) == 0) {
            return (kuji_pay_call_e)i;
        }
    }
    return KUJI_PAY_CALL_NONE;
}

int kuji_payment_is_paid(kuji_pay_state_e state)
{
    return state == KUJI_PAY_IS_CAPTURED ||
           state == KUJI_PAY_IS_PARTLY_REFUNDED ||
           state == KUJI_PAY_IS_REFUNDED;
}

static int is_ended(kuji_pay_state_e state)
{
    return state >= KUJI_PAY_IS_VOIDED;
}

int kuji_payment_is_over(kuji_pay_state_e state)
{
    return is_ended(state) || kuji_payment_is_paid(state);
}

int kuji_payment_is_payable(const kuji_payment_facts_t *f, int64_t now)
{
    return f->state == KUJI_PAY_IS_WAITING &&
           (f->expires_at == 0 || now < f->expires_at);
}

/* -- what may be asked for ------------------------------------------------- */

static int has_call(const kuji_payment_facts_t *f, kuji_pay_call_e call)
{
    switch (call) {
    case KUJI_PAY_CALL_CONFIRM:
        return f->driver == KUJI_PAY_LINE_ONLINE &&
               (f->state == KUJI_PAY_IS_WAITING ||
                f->state == KUJI_PAY_IS_AGREED);
    case KUJI_PAY_CALL_CAPTURE:
        return f->state == KUJI_PAY_IS_AUTHORIZED;
    case KUJI_PAY_CALL_VOID:
        return f->state == KUJI_PAY_IS_AUTHORIZED ||
               (f->driver == KUJI_PAY_PAYPAY &&
                f->state == KUJI_PAY_IS_WAITING);
    case KUJI_PAY_CALL_REFUND:
        return f->state == KUJI_PAY_IS_CAPTURED ||
               f->state == KUJI_PAY_IS_PARTLY_REFUNDED;
    case KUJI_PAY_CALL_CHECK:
        return 1;
    case KUJI_PAY_CALL_BEGIN: /* with its making, once and never again */
    case KUJI_PAY_CALL_NONE:
        break;
    }
    return 0;
}

const char *kuji_payment_refuses(const kuji_payment_facts_t *f,
                                 kuji_pay_call_e call)
{
    if (call != KUJI_PAY_CALL_CHECK && f->asked != KUJI_PAY_CALL_NONE) {
        return "a call about this payment is still under way";
    }
    return has_call(f, call) ? NULL : "the payment is not in a state for that";
}

/* -- what an answer says --------------------------------------------------- */

/* As kuji_api.payment_guard has it. */
static int may_become(kuji_pay_state_e from, kuji_pay_state_e to)
{
    if (from == to || from == KUJI_PAY_IS_UNKNOWN) {
        return 1;
    }
    if (kuji_payment_is_paid(from)) {
        return kuji_payment_is_paid(to) && to >= from;
    }
    if (from == KUJI_PAY_IS_VOIDED) {
        return kuji_payment_is_paid(to);
    }
    return is_ended(from) || from == KUJI_PAY_IS_AUTHORIZED
               ? kuji_payment_is_paid(to) || to == KUJI_PAY_IS_AUTHORIZED ||
                     (!is_ended(from) && is_ended(to))
               : 1;
}

static int64_t largest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Sums that are told; where only the state is, what it implies. */
static void take_sums(kuji_payment_next_t *n, const kuji_payment_facts_t *f,
                      const kuji_pay_result_t *r)
{
    if (!kuji_payment_is_paid(r->state)) {
        return;
    }
    n->captured =
        largest(f->captured, r->captured > 0 ? r->captured : f->amount);
    n->mismatch = f->mismatch || r->mismatch || n->captured != f->amount;
    n->refunded = largest(f->refunded, r->refunded);
    if (r->state == KUJI_PAY_IS_REFUNDED || n->refunded > n->captured) {
        n->refunded = n->captured;
    }
    n->state = n->refunded == 0            ? KUJI_PAY_IS_CAPTURED
               : n->refunded < n->captured ? KUJI_PAY_IS_PARTLY_REFUNDED
                                           : KUJI_PAY_IS_REFUNDED;
}

static void take_state(kuji_payment_next_t *n, const kuji_payment_facts_t *f,
                       const kuji_pay_result_t *r)
{
    if (r->state == KUJI_PAY_IS_UNKNOWN || r->state == KUJI_PAY_IS_ABSENT ||
        !may_become(f->state, r->state)) {
        return;
    }
    n->state = r->state;
    take_sums(n, f, r);
}

/* Whether the call under way can be told done from what is known now. */
static int came_about(const kuji_payment_next_t *n,
                      const kuji_payment_facts_t *f)
{
    switch (f->asked) {
    case KUJI_PAY_CALL_BEGIN:
        return n->state != KUJI_PAY_IS_UNKNOWN;
    case KUJI_PAY_CALL_CONFIRM:
        return n->state != KUJI_PAY_IS_WAITING &&
               n->state != KUJI_PAY_IS_AGREED;
    case KUJI_PAY_CALL_CAPTURE:
    case KUJI_PAY_CALL_VOID:
        return n->state != f->state;
    case KUJI_PAY_CALL_REFUND:
        return n->refunded > f->refunded;
    case KUJI_PAY_CALL_CHECK:
    case KUJI_PAY_CALL_NONE:
        break;
    }
    return 1;
}

static void drop_call(kuji_payment_next_t *n, const kuji_payment_facts_t *f)
{
    n->give_back =
        f->asked == KUJI_PAY_CALL_REFUND && n->state != KUJI_PAY_IS_REFUNDED;
    n->asked = KUJI_PAY_CALL_NONE;
}

/* A look found the order as it was before the call under way. That is the last
 * word only once the call cannot be on its way any more. */
static void not_yet(kuji_payment_next_t *n, const kuji_payment_facts_t *f,
                    const kuji_pay_result_t *r, int64_t now)
{
    int64_t age = now - f->asked_at;

    if (f->asked == KUJI_PAY_CALL_BEGIN) {
        if (r->state == KUJI_PAY_IS_ABSENT && age >= SETTLED_MS) {
            n->state = KUJI_PAY_IS_FAILED;
            drop_call(n, f);
        }
    }
    else if (age >= KUJI_PAYMENT_FLIGHT_MS) {
        drop_call(n, f);
    }
}

/* Whether an order that its provider does not have will not come any more: some
 * time after its code ran out, or a day after it was made. */
static int is_gone(const kuji_payment_facts_t *f, int64_t now)
{
    return now >= (f->expires_at ? f->expires_at + SETTLED_MS
                                 : f->created_at + DAY_MS);
}

static void looked(kuji_payment_next_t *n, const kuji_payment_facts_t *f,
                   const kuji_pay_result_t *r, int64_t now)
{
    take_state(n, f, r);
    if (f->asked == KUJI_PAY_CALL_NONE) {
        if (r->state == KUJI_PAY_IS_ABSENT && !kuji_payment_is_over(n->state) &&
            is_gone(f, now)) {
            n->state = KUJI_PAY_IS_EXPIRED;
        }
        return;
    }
    if (r->state == KUJI_PAY_IS_UNKNOWN) {
        return;
    }
    if (came_about(n, f)) {
        drop_call(n, f);
    }
    else {
        not_yet(n, f, r, now);
    }
}

/* A definite no: nothing was charged, held or paid back by this call. */
static void refused(kuji_payment_next_t *n, const kuji_payment_facts_t *f)
{
    drop_call(n, f);
    if (f->asked == KUJI_PAY_CALL_BEGIN && n->state == KUJI_PAY_IS_UNKNOWN) {
        n->state = KUJI_PAY_IS_FAILED;
    }
}

static int64_t wait_after(const kuji_payment_next_t *n,
                          const kuji_payment_facts_t *f, int64_t now)
{
    int64_t wait = WAIT_MS;
    int i;

    if (n->asked == KUJI_PAY_CALL_NONE &&
        (n->state == KUJI_PAY_IS_AUTHORIZED || now - f->created_at > DAY_MS)) {
        return HOUR_MS;
    }
    for (i = 0; i < n->tries && wait < WAIT_MAX_MS; i++) {
        wait *= 2;
    }
    return wait < WAIT_MAX_MS ? wait : WAIT_MAX_MS;
}

/* As the provider said last, of the state that it is in. */
static void take_expiry(kuji_payment_next_t *n, const kuji_payment_facts_t *f,
                        const kuji_pay_result_t *r)
{
    int is_same = n->state == f->state || f->state == KUJI_PAY_IS_UNKNOWN;

    if (kuji_payment_is_over(n->state)) {
        n->expires_at = 0;
    }
    else if (r->expires > 0) {
        n->expires_at =
            (r->expires < LAST_SECOND ? r->expires : LAST_SECOND) * 1000;
    }
    else {
        n->expires_at = is_same ? f->expires_at : 0;
    }
}

static void plan(kuji_payment_next_t *n, const kuji_payment_facts_t *f,
                 int64_t now)
{
    int same = n->state == f->state && n->refunded == f->refunded;

    n->tries = same ? f->tries + 1 : 0;
    n->next_check_at =
        n->asked == KUJI_PAY_CALL_NONE && kuji_payment_is_over(n->state)
            ? 0
            : now + wait_after(n, f, now);
    /* What ends by itself is looked at when it does. */
    if (n->expires_at > now && n->expires_at < n->next_check_at) {
        n->next_check_at = n->expires_at;
    }
}

/* A refund that was done without a word about sums. */
static void add_refund(kuji_payment_next_t *n, const kuji_payment_facts_t *f)
{
    if (n->refunded > f->refunded || !kuji_payment_is_paid(f->state)) {
        return;
    }
    n->refunded = f->asked_amount ? f->refunded + f->asked_amount : f->captured;
    n->refunded = n->refunded < n->captured ? n->refunded : n->captured;
    n->state = n->refunded < n->captured ? KUJI_PAY_IS_PARTLY_REFUNDED
                                         : KUJI_PAY_IS_REFUNDED;
}

void kuji_payment_judge(kuji_payment_next_t *n, const kuji_payment_facts_t *f,
                        kuji_pay_call_e call, int64_t asked_at,
                        kuji_pay_end_e end, const kuji_pay_result_t *r,
                        int64_t now)
{
    int mine = call == f->asked && asked_at == f->asked_at;

    memset(n, 0, sizeof(*n));
    n->state = f->state;
    n->asked = f->asked;
    n->captured = f->captured;
    n->refunded = f->refunded;
    n->mismatch = f->mismatch;
    if (call == KUJI_PAY_CALL_CHECK) {
        if (end == KUJI_PAY_DONE) {
            looked(n, f, r, now);
        }
    }
    else if (end == KUJI_PAY_DONE) {
        take_state(n, f, r);
        if (mine && call == KUJI_PAY_CALL_REFUND) {
            add_refund(n, f);
        }
        if (mine) {
            drop_call(n, f);
        }
    }
    else if (mine && end != KUJI_PAY_UNKNOWN) {
        refused(n, f);
    }
    take_expiry(n, f, r);
    plan(n, f, now);
}
