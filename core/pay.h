/* A payment as its provider sees it: states and how a call of the provider
 * ended. Who calls is remote/pay.h; who keeps account of it is the store.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef KUJI_CORE_PAY_H
#define KUJI_CORE_PAY_H

#include <apr_pools.h>
#include <stdint.h>

typedef enum kuji_pay_driver_e {
    KUJI_PAY_LINE_OFFLINE, /* LINE Pay: the customer shows a one-time code */
    KUJI_PAY_LINE_ONLINE,  /* LINE Pay: the customer is sent to LINE */
    KUJI_PAY_PAYPAY        /* PayPay: the customer opens a code of ours */
} kuji_pay_driver_e;

/** "line_offline", "line_online", "paypay". */
const char *kuji_pay_driver_name(kuji_pay_driver_e driver);

/** The driver of such a name; -1: none. */
int kuji_pay_driver_read(const char *name);

typedef enum kuji_pay_state_e {
    KUJI_PAY_IS_UNKNOWN,    /* the provider did not say anything usable */
    KUJI_PAY_IS_ABSENT,     /* the provider has no such order (yet: a request
                               may still be under way, see KUJI_PAY_SETTLED) */
    KUJI_PAY_IS_WAITING,    /* for the customer */
    KUJI_PAY_IS_AGREED,     /* online: the customer agreed; kuji_pay_confirm
                               is due, nothing is charged without it */
    KUJI_PAY_IS_AUTHORIZED, /* held, not captured */
    KUJI_PAY_IS_CAPTURED,
    KUJI_PAY_IS_PARTLY_REFUNDED,
    KUJI_PAY_IS_REFUNDED,
    KUJI_PAY_IS_VOIDED,    /* a hold, given up */
    KUJI_PAY_IS_CANCELLED, /* by the customer, or by us before a payment */
    KUJI_PAY_IS_EXPIRED,   /* nobody paid in time, or the hold ran out */
    KUJI_PAY_IS_FAILED
} kuji_pay_state_e;

/** "unknown", "absent", "waiting", "agreed", "authorized", …: the name above
 * in small letters. */
const char *kuji_pay_state_name(kuji_pay_state_e state);

/** The state of such a name; -1: none. */
int kuji_pay_state_read(const char *name);

/** KUJI_PAY_IS_ABSENT is the last word on an order only so many seconds after
 * its begin was called, and after what that said of `expires`: a one-time code
 * lives 5 minutes, a call 60 seconds, and of a code that nobody has paid yet
 * PayPay may say the same. */
#define KUJI_PAY_SETTLED 420

/** How a call ended. */
typedef enum kuji_pay_end_e {
    KUJI_PAY_DONE,    /* done, or looked up: the result's state holds */
    KUJI_PAY_REFUSED, /* a definite no: this call changed nothing */
    KUJI_PAY_UNKNOWN, /* possibly done: check by the order's id until known,
                         never charge again */
    KUJI_PAY_AWAY     /* nothing was sent: the same call may come again */
} kuji_pay_end_e;

/** Longest id of an order or a refund, of A-Z a-z 0-9 and "-". */
#define KUJI_PAY_ID_MAX 64
/** Strings are borrowed for the call. */
typedef struct kuji_pay_order_t {
    const char *id;           /* ours, never of an earlier order */
    int64_t amount;           /* minor units, 1 .. KUJI_MONEY_MAX */
    const char *currency;     /* LINE Pay TWD, THB, USD; PayPay JPY */
    const char *product;      /* what is bought; UTF-8, cut to the provider's
                                 length; NULL after begin */
    const char *one_time_key; /* LINE offline's begin: 12 to 18 digits. The
                                 caller wipes it; no result or log has it */
    int capture;              /* 1: at once; 0: held for kuji_pay_capture */
    const char *confirm_url;  /* where the customer comes back (online) or, of
                                 PayPay, is sent after it; NULL otherwise */
    const char *cancel_url;   /* LINE online only */
    const char *locale;       /* "ja", "en", "zh_TW", "th"; NULL: theirs */
    /* As the last result said. */
    const char *transaction;    /* NULL or "": not known */
    int64_t captured, refunded; /* minor units */
} kuji_pay_order_t;

/** Strings are zero-terminated, in the pool of the call, never NULL. Nothing of
 * it is secret or personal. */
typedef struct kuji_pay_result_t {
    kuji_pay_state_e state;
    const char *transaction;    /* the provider's id; "": not told. Keep the
                                   newest that is not "" */
    int64_t captured, refunded; /* minor units; 0 where not told */
    int mismatch;       /* what was paid is not the order's amount: refund it */
    const char *url;    /* where the customer pays on the web; "" */
    const char *app;    /* the same for the provider's app; "" */
    int64_t expires;    /* of the URL or the hold, seconds of Unix time; 0 */
    const char *code;   /* the provider's code, [A-Za-z0-9_]{1,64}; "" */
    const char *reason; /* a static English sentence for log and admin; "" */
} kuji_pay_result_t;

/** Sets the reason; returns `end`. */
kuji_pay_end_e kuji_pay_end(kuji_pay_result_t *result, kuji_pay_end_e end,
                            const char *reason);

#endif
