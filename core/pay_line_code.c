/* Return codes and what they say (developers.line.biz, "LINE Pay", result
 * codes). Which of them are certain to have charged nothing is known from
 * trials against the sandbox; all others may have.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/pay_line.h"

#include <stdlib.h>
#include <string.h>

typedef struct row_t {
    int first, last;
    const char *reason;
} row_t;

/* A table's end. */
#define NO_MORE                                                                \
    {                                                                          \
        0, 0, NULL                                                             \
    }

static const row_t refusals[] = {
    {1101, 1101, "the customer is not a member of LINE Pay"},
    {1102, 1102, "the customer cannot pay now"},
    {1104, 1104, "LINE Pay does not know the merchant"},
    {1105, 1105, "the merchant's account is suspended"},
    {1106, 1106, "LINE Pay does not accept the header or its signature"},
    {1110, 1110, "the customer's card cannot be used"},
    {1124, 1124, "the amount cannot be"},
    {1133, 1133, "the one-time code is wrong, used or too old"},
    {1141, 1141, "the customer's account does not allow it"},
    {1142, 1142, "the customer's balance is too low"},
    {1153, 1153, "the amount differs from the request's"},
    {1169, 1169, "the customer has not agreed"},
    {1170, 1170, "the customer's balance has changed"},
    {1177, 1177, "too many orders at once"},
    {1178, 1178, "the merchant cannot use this currency"},
    {1180, 1180, "the request has expired"},
    {1183, 1184, "the amount is outside the limits"},
    {2020, 2024, "a limit of the customer's is reached"},
    {2101, 2104, "LINE Pay does not accept the request"},
    NO_MORE};

/* 1159 and 1179 refuse, but may do so because an earlier call was done. */
static const row_t doubts[] = {
    {1145, 1145, "the payment is in progress"},
    {1152, 1152, "a payment of this order exists"},
    {1159, 1159, "LINE Pay has no such request any more"},
    {1172, 1172, "the order's id was used before"},
    {1179, 1179, "the payment's state does not allow it"},
    {1198, 1198, "the same call is being made"},
    {1199, 1199, "an error inside LINE Pay"},
    {1280, 1298, "the card's issuer did not complete it"},
    {1900, 1909, "LINE Pay asks to come again later"},
    {1999, 1999, "LINE Pay asks to come again later"},
    {9000, 9000, "an error inside LINE Pay"},
    NO_MORE};

/* Of what follows a payment: capture, void, refund. */
static const row_t afterwards[] = {
    {1115, 1115, "only the whole payment can be refunded"},
    {1150, 1150, "LINE Pay has no such payment"},
    {1155, 1155, "LINE Pay has no such payment"},
    {1163, 1163, "the time for refunds is over"},
    {1164, 1164, "more than what was paid"},
    {2042, 2042, "the merchant's reserve is too low"},
    NO_MORE};

/* 0000: done; 0110 to 0123: of an online request's check, see there; 1150: no
 * such order, which is an answer to a question. */
static const row_t answers[] = {
    {110, 110, ""}, {121, 123, ""}, {1150, 1150, ""}, NO_MORE};

static const char *find(const row_t *row, int code)
{
    for (; row->reason; row++) {
        if (code >= row->first && code <= row->last) {
            return row->reason;
        }
    }
    return NULL;
}

/* -1: no code. */
static int number_of(const char *code)
{
    size_t len = strlen(code);

    return len >= 1 && len <= 4 && strspn(code, "0123456789") == len
               ? atoi(code)
               : -1;
}

static int is_later(int code)
{
    return (code >= 1900 && code <= 1909) || code == 1999;
}

static kuji_pay_end_e read_code(const char **reason, int code)
{
    if ((*reason = find(answers, code))) {
        return KUJI_PAY_DONE;
    }
    if ((*reason = find(refusals, code))) {
        return KUJI_PAY_REFUSED;
    }
    *reason = "LINE Pay does not tell now";
    return KUJI_PAY_AWAY;
}

kuji_pay_end_e kuji_pay_line_code(const char **reason, kuji_pay_act_e act,
                                  const char *code)
{
    int n = number_of(code);
    int gives_back = act == KUJI_PAY_ACT_VOID || act == KUJI_PAY_ACT_REFUND;

    *reason = "";
    if (n == 0 || (n == 1165 && gives_back)) {
        return KUJI_PAY_DONE;
    }
    if (act == KUJI_PAY_ACT_READ) {
        return read_code(reason, n);
    }
    if ((*reason = find(refusals, n)) ||
        (act != KUJI_PAY_ACT_CHARGE && (*reason = find(afterwards, n)))) {
        return KUJI_PAY_REFUSED;
    }
    *reason = find(doubts, n);
    if (!*reason) {
        *reason = "LINE Pay's return code is not known";
    }
    /* A hold that is given up twice is given up. */
    return act == KUJI_PAY_ACT_VOID && is_later(n) ? KUJI_PAY_AWAY
                                                   : KUJI_PAY_UNKNOWN;
}
