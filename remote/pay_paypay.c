/* PayPay's payment by a code of ours: create it, ask what became of it, delete
 * it, refund. Signed is the path without its query.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/pay_paypay.h"

#include "core/paysign.h"
#include "remote/pay_int.h"

#include <apr_strings.h>
#include <apr_uuid.h>
#include <string.h>

#define TYPE "application/json"
/** PayPay asks for 30 s and more where a payment is made. */
#define WAIT apr_time_from_sec(30)

/** How often a refund may fail and be asked for once more. */
#define REFUND_TRIES 9

/** orderDescription: 255 characters; here in bytes. */
#define PRODUCT_MAX 255

typedef struct ask_t {
    const char *method, *path;
    const char *query; /* with its "?"; NULL: none. It is not signed */
    const char *body;  /* NULL: none */
    int reads;
} ask_t;

/* The headers of a call at this time; NULL: no MD5 here. */
static const char *authorization(const kuji_pay_task_t *task, const ask_t *ask)
{
    char nonce[APR_UUID_FORMATTED_LENGTH + 1];
    apr_uuid_t uuid;
    const char *sign;

    apr_uuid_get(&uuid);
    apr_uuid_format(nonce, &uuid);
    sign = kuji_paysign_paypay(task->account->key, task->account->secret,
                               ask->method, ask->path, TYPE, ask->body, nonce,
                               apr_time_sec(apr_time_now()), task->pool);
    return sign ? apr_pstrcat(task->pool, "Authorization: ", sign, NULL) : NULL;
}

static kuji_pay_end_e ask_paypay(json_t **data, kuji_pay_task_t *task,
                                 const ask_t *ask)
{
    const char *merchant = task->account->merchant;
    /* libcurl would name a type of its own where there is no body. */
    const char *headers[5] = {"Accept: " TYPE, authorization(task, ask),
                              ask->body ? "Content-Type: " TYPE
                                        : "Content-Type:"};
    const kuji_http_reply_t *reply;
    kuji_pay_end_e end;
    const kuji_http_call_t call = {
        .method = ask->method,
        .url = apr_pstrcat(task->pool, task->account->base, ask->path,
                           ask->query, NULL),
        .headers = headers,
        .body = ask->body,
        .len = ask->body ? strlen(ask->body) : 0,
        .patience = WAIT};

    *data = NULL;
    if (!headers[1]) {
        return kuji_pay_end(task->result, KUJI_PAY_AWAY,
                            "this machine cannot sign for PayPay");
    }
    if (merchant && *merchant) {
        headers[3] =
            apr_pstrcat(task->pool, "X-ASSUME-MERCHANT: ", merchant, NULL);
    }
    end = kuji_pay__call(&reply, task, &call, ask->reads);
    return end == KUJI_PAY_DONE
               ? kuji_pay_paypay_read(data, task->result, ask->reads,
                                      reply->status, reply->body, reply->len,
                                      task->pool)
               : end;
}

/* "amount":{…},"requestedAt":… */
static const char *money(int64_t amount, apr_pool_t *pool)
{
    return apr_psprintf(
        pool,
        "\"amount\":{\"amount\":%" APR_INT64_T_FMT
        ",\"currency\":\"JPY\"},\"requestedAt\":%" APR_TIME_T_FMT,
        amount, apr_time_sec(apr_time_now()));
}

/* A code that was asked for twice cannot be had again; nothing is paid by it,
 * since nobody saw it. */
static kuji_pay_end_e begin(kuji_pay_task_t *task)
{
    const kuji_pay_order_t *order = task->order;
    apr_pool_t *pool = task->pool;
    const char *product = order->product ? order->product : order->id;
    ask_t ask = {.method = "POST", .path = "/v2/codes"};
    kuji_pay_end_e end;
    json_t *data;

    if (!order->capture) {
        return kuji_pay_end(task->result, KUJI_PAY_REFUSED, "unsupported");
    }
    ask.body = apr_pstrcat(
        pool, "{\"merchantPaymentId\":\"", order->id, "\",",
        money(order->amount, pool),
        ",\"codeType\":\"ORDER_QR\",\"orderDescription\":",
        kuji_pay__quote(product, PRODUCT_MAX, pool),
        ",\"isAuthorization\":false",
        order->confirm_url ? ",\"redirectType\":\"WEB_LINK\",\"redirectUrl\":"
                           : "",
        order->confirm_url ? kuji_pay__quote(order->confirm_url, 500, pool)
                           : "",
        "}", NULL);
    end = ask_paypay(&data, task, &ask);
    if (end == KUJI_PAY_DONE &&
        kuji_pay_paypay_code(task->result, data, order, pool) != APR_SUCCESS) {
        return kuji_pay_end(task->result, KUJI_PAY_UNKNOWN,
                            "the answer does not say where to pay");
    }
    return end;
}

static kuji_pay_end_e check(kuji_pay_task_t *task)
{
    const ask_t ask = {.method = "GET",
                       .path = apr_pstrcat(task->pool, "/v2/codes/payments/",
                                           task->order->id, NULL),
                       .reads = 1};
    kuji_pay_end_e end;
    json_t *data;

    end = ask_paypay(&data, task, &ask);
    if (end != KUJI_PAY_DONE || task->result->state == KUJI_PAY_IS_ABSENT) {
        return end;
    }
    return kuji_pay_paypay_payment(task->result, data, task->order,
                                   task->pool) == APR_SUCCESS
               ? KUJI_PAY_DONE
               : kuji_pay_end(task->result, KUJI_PAY_AWAY,
                              "PayPay's state of the order is not known");
}

static int is_code(const char *text)
{
    size_t len = text ? strlen(text) : 0;

    return len >= 1 && len <= 64 &&
           strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
                        "0123456789-_") == len;
}

static kuji_pay_end_e release(kuji_pay_task_t *task)
{
    const char *code = task->order->transaction;
    ask_t ask = {.method = "DELETE"};
    kuji_pay_end_e end;
    json_t *data;

    if (!is_code(code)) {
        return kuji_pay_end(task->result, KUJI_PAY_REFUSED,
                            "the code's id is not known");
    }
    ask.path = apr_pstrcat(task->pool, "/v2/codes/", code, NULL);
    end = ask_paypay(&data, task, &ask);
    if (end == KUJI_PAY_DONE) {
        task->result->state = KUJI_PAY_IS_CANCELLED;
    }
    return end;
}

/* Whether the refund of this id was made: KUJI_PAY_DONE with the state
 * KUJI_PAY_IS_ABSENT where not, *failed where it was tried in vain. */
static kuji_pay_end_e look_up_refund(int *failed, kuji_pay_task_t *task)
{
    const ask_t ask = {
        .method = "GET",
        .path = apr_pstrcat(task->pool, "/v2/refunds/", task->refund_id, NULL),
        .query = apr_pstrcat(task->pool,
                             "?paymentId=", task->order->transaction, NULL),
        .reads = 1};
    kuji_pay_end_e end;
    json_t *data;

    task->result->state = KUJI_PAY_IS_UNKNOWN;
    end = ask_paypay(&data, task, &ask);
    *failed = end == KUJI_PAY_DONE &&
              task->result->state != KUJI_PAY_IS_ABSENT &&
              kuji_pay_paypay_refund_failed(data);
    return end;
}

/* The first of the refund's ids that no earlier try has used up in vain: PayPay
 * never does one of those again. */
static kuji_pay_end_e find_refund(kuji_pay_task_t *task)
{
    const char *own = task->refund_id;
    kuji_pay_end_e end;
    int failed, i;

    for (i = 1; i <= REFUND_TRIES; i++) {
        task->refund_id =
            i == 1 ? own : apr_psprintf(task->pool, "%s-%d", own, i);
        if (strlen(task->refund_id) > KUJI_PAY_ID_MAX) {
            break;
        }
        end = look_up_refund(&failed, task);
        if (!failed) {
            return end;
        }
    }
    return kuji_pay_end(task->result, KUJI_PAY_REFUSED,
                        "PayPay could not refund");
}

static kuji_pay_end_e send_refund(kuji_pay_task_t *task)
{
    const ask_t ask = {
        .method = "POST",
        .path = "/v2/refunds",
        .body =
            apr_pstrcat(task->pool, "{\"merchantRefundId\":\"", task->refund_id,
                        "\",\"paymentId\":\"", task->order->transaction, "\",",
                        money(task->amount, task->pool), "}", NULL)};
    kuji_pay_end_e end;
    json_t *data;

    task->result->state = KUJI_PAY_IS_UNKNOWN;
    end = ask_paypay(&data, task, &ask);
    return end == KUJI_PAY_DONE && kuji_pay_paypay_refund_failed(data)
               ? kuji_pay_end(task->result, KUJI_PAY_REFUSED,
                              "PayPay could not refund")
               : end;
}

/* Asked for first: whether PayPay itself does one id only once is not written
 * down. */
static kuji_pay_end_e refund(kuji_pay_task_t *task)
{
    kuji_pay_end_e end;

    if (!is_code(task->order->transaction)) {
        return kuji_pay_end(task->result, KUJI_PAY_REFUSED,
                            "the transaction is not known");
    }
    end = find_refund(task);
    if (end != KUJI_PAY_DONE) {
        return end;
    }
    if (task->result->state != KUJI_PAY_IS_ABSENT) {
        return check(task); /* done before: how much is refunded in all? */
    }
    end = send_refund(task);
    if (end == KUJI_PAY_DONE) {
        kuji_pay__refunded(task, task->order->refunded + task->amount);
    }
    return end;
}

/* There is no call for many: each order is asked for. */
static kuji_pay_end_e list(kuji_pay_task_t *task)
{
    kuji_pay_task_t one = *task;
    kuji_pay_end_e end = KUJI_PAY_DONE;
    int i;

    one.count = 1;
    for (i = 0; i < task->count && end == KUJI_PAY_DONE; i++) {
        one.result = task->result + i;
        one.order = task->order + i;
        end = check(&one);
        if (end != KUJI_PAY_DONE) {
            task->result->code = one.result->code;
            task->result->reason = one.result->reason;
        }
    }
    return end;
}

const kuji_pay_ops_t kuji_pay__paypay = {.begin = begin,
                                         .check = check,
                                         .release = release,
                                         .refund = refund,
                                         .list = list};
