/* What a provider's answer makes of a payment. Pure: the store keeps what is
 * decided here, in the transaction that reads the payment.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_PAYMENT_H
#define KUJI_CORE_PAYMENT_H

#include "core/pay.h"

/** What a provider is asked for. */
typedef enum kuji_pay_call_e {
    KUJI_PAY_CALL_NONE, /* nothing is under way */
    KUJI_PAY_CALL_BEGIN,
    KUJI_PAY_CALL_CONFIRM,
    KUJI_PAY_CALL_CAPTURE,
    KUJI_PAY_CALL_VOID,
    KUJI_PAY_CALL_REFUND,
    KUJI_PAY_CALL_CHECK /* only looks; never under way */
} kuji_pay_call_e;

/** "", "begin", "confirm", …, "check". */
const char *kuji_pay_call_name(kuji_pay_call_e call);
/** The call of such a name; KUJI_PAY_CALL_NONE: none. */
kuji_pay_call_e kuji_pay_call_read(const char *name);

/** How long after it was asked for a call may still be on its way, ms: longer
 * than any is waited for (60 s) and than a provider works on one. */
#define KUJI_PAYMENT_FLIGHT_MS 90000
/** As long as a request may look after its own call before the job does. */
#define KUJI_PAYMENT_LEASE_MS 120000

/** What is known of a payment. Amounts in minor units, times in ms. */
typedef struct kuji_payment_facts_t {
    kuji_pay_driver_e driver;
    kuji_pay_state_e state; /* never KUJI_PAY_IS_ABSENT */
    kuji_pay_call_e asked;  /* under way, or nobody knows how it ended */
    int64_t asked_at;       /* 0: nothing is */
    int64_t asked_amount;   /* of a refund; 0: all */
    int64_t created_at;
    int64_t expires_at; /* of the code, the page or the hold that it waits
                           with, as the provider said; 0: it did not */
    int64_t amount, captured, refunded;
    int mismatch;
    int tries; /* looks since something changed */
} kuji_payment_facts_t;

/** What it becomes. */
typedef struct kuji_payment_next_t {
    kuji_pay_state_e state;
    kuji_pay_call_e asked;
    int64_t captured, refunded;
    int mismatch;
    int64_t next_check_at; /* ms; 0: all is known */
    int64_t expires_at;    /* ms; 0: not told, or over */
    int tries;
    int give_back; /* a refund did not come about: the right holds again */
} kuji_payment_next_t;

/** Whether a call may be made now: not while another is under way, and only
 * from a state that has it. NULL, or an English sentence. */
const char *kuji_payment_refuses(const kuji_payment_facts_t *facts,
                                 kuji_pay_call_e call);

/** How the call ended. asked_at: of that very call (0: a check); what comes of
 * an older one than is under way only adds what is certain. */
void kuji_payment_judge(kuji_payment_next_t *next,
                        const kuji_payment_facts_t *facts, kuji_pay_call_e call,
                        int64_t asked_at, kuji_pay_end_e end,
                        const kuji_pay_result_t *result, int64_t now);

/** Whether money was taken, whatever of it came back. */
int kuji_payment_is_paid(kuji_pay_state_e state);
/** Whether nothing more can come of it by itself. */
int kuji_payment_is_over(kuji_pay_state_e state);
/** Whether the customer may be sent to pay: it waits for that, and what it
 * waits with has not run out. What has run out may have been paid all the same.
 */
int kuji_payment_is_payable(const kuji_payment_facts_t *facts, int64_t now);

#endif
