/* LINE Pay, Offline v4 and Online v3 and v4: the same headers, envelope and
 * details, other paths. Sources differ on whether an empty POST is signed as
 * "" or as "null": none is sent.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/pay_line_int.h"

#include "core/paysign.h"

#include <apr_strings.h>
#include <apr_uuid.h>
#include <string.h>

static kuji_pay_end_e by_status(kuji_pay_task_t *task,
                                const kuji_pay_ask_t *ask, int status)
{
    if (status == 429) {
        return kuji_pay_end(task->result, KUJI_PAY_AWAY,
                            "LINE Pay has too many requests");
    }
    if (status >= 400 && status < 500 && status != 408 && status != 409 &&
        status != 425) {
        return kuji_pay_end(task->result, KUJI_PAY_REFUSED,
                            "LINE Pay's server does not take the request");
    }
    return kuji_pay_end(task->result,
                        ask->act == KUJI_PAY_ACT_READ ? KUJI_PAY_AWAY
                                                      : KUJI_PAY_UNKNOWN,
                        "LINE Pay's server is in trouble");
}

/** Offline of before v4 knows other headers and wants our address listed. */
#define OFFLINE_VERSION "v4"

/* Signed are the very bytes that go out; LINE Pay wants the query without its
 * question mark. */
kuji_pay_end_e kuji_pay__line_ask(json_t **info, kuji_pay_task_t *task,
                                  const kuji_pay_ask_t *ask)
{
    const kuji_pay_account_t *account = task->account;
    apr_pool_t *pool = task->pool;
    const char *version = account->driver == KUJI_PAY_LINE_OFFLINE
                              ? OFFLINE_VERSION
                              : account->version;
    const char *path =
        apr_pstrcat(pool, "/", version, "/payments", ask->path, NULL);
    const char *signed_text = ask->body    ? ask->body
                              : ask->query ? ask->query
                                           : "";
    const char *headers[6] = {"Content-Type: application/json",
                              "Accept: application/json"};
    char nonce[APR_UUID_FORMATTED_LENGTH + 1];
    const kuji_http_reply_t *reply;
    kuji_pay_end_e end;
    apr_uuid_t uuid;
    const kuji_http_call_t call = {
        .method = ask->body ? "POST" : "GET",
        .url = apr_pstrcat(pool, account->base, path, ask->query ? "?" : "",
                           ask->query ? ask->query : "", NULL),
        .headers = headers,
        .body = ask->body,
        .len = ask->body ? strlen(ask->body) : 0,
        .patience = apr_time_from_sec(ask->seconds),
        .repeatable = 0};

    apr_uuid_get(&uuid);
    apr_uuid_format(nonce, &uuid);
    headers[2] = apr_pstrcat(pool, "X-LINE-ChannelId: ", account->key, NULL);
    headers[3] = apr_pstrcat(pool, "X-LINE-Authorization-Nonce: ", nonce, NULL);
    headers[4] = apr_pstrcat(
        pool, "X-LINE-Authorization: ",
        kuji_paysign_line(account->secret, path, signed_text, nonce, pool),
        NULL);
    *info = NULL;
    end = kuji_pay__call(&reply, task, &call, ask->act == KUJI_PAY_ACT_READ);
    if (end != KUJI_PAY_DONE) {
        return end;
    }
    if (reply->status < 200 || reply->status > 299) {
        return by_status(task, ask, reply->status);
    }
    return kuji_pay_line_read(info, task->result, ask->act, reply->body,
                              reply->len, pool);
}

/* "amount":100,"currency":"TWD" */
const char *kuji_pay__line_money(const kuji_pay_order_t *order,
                                 apr_pool_t *pool)
{
    return apr_pstrcat(pool, "\"amount\":",
                       kuji_money_write(order->amount, order->currency, pool),
                       ",\"currency\":\"", order->currency, "\"", NULL);
}

int kuji_pay__line_is_transaction(const char *text)
{
    size_t len = text ? strlen(text) : 0;

    return len >= 1 && len <= 32 && strspn(text, "0123456789") == len;
}

/* What an answer says that a payment was made, but not which: nobody knows. */
kuji_pay_end_e kuji_pay__line_paid(kuji_pay_task_t *task, const json_t *info,
                                   int captured)
{
    if (kuji_pay_line_paid(task->result, info, task->order, captured,
                           task->pool) != APR_SUCCESS) {
        return kuji_pay_end(task->result, KUJI_PAY_UNKNOWN,
                            "the answer speaks of another order");
    }
    return KUJI_PAY_DONE;
}

/* The path of an order's action: offline by our id, online by LINE's; NULL: it
 * is not known. */
static const char *path_of(const kuji_pay_task_t *task, const char *room,
                           const char *action)
{
    if (task->account->driver == KUJI_PAY_LINE_OFFLINE) {
        return apr_pstrcat(task->pool, "/orders/", task->order->id, action,
                           NULL);
    }
    return kuji_pay__line_is_transaction(task->order->transaction)
               ? apr_pstrcat(task->pool, room, task->order->transaction, action,
                             NULL)
               : NULL;
}

static kuji_pay_end_e act(json_t **info, kuji_pay_task_t *task,
                          const kuji_pay_ask_t *ask)
{
    if (!ask->path) {
        return kuji_pay_end(task->result, KUJI_PAY_REFUSED,
                            "the transaction is not known");
    }
    return kuji_pay__line_ask(info, task, ask);
}

static kuji_pay_end_e confirm(kuji_pay_task_t *task)
{
    const kuji_pay_ask_t ask = {
        .act = KUJI_PAY_ACT_CHARGE,
        .path = path_of(task, "/", "/confirm"),
        .body = apr_pstrcat(task->pool, "{",
                            kuji_pay__line_money(task->order, task->pool), "}",
                            NULL),
        .seconds = WAIT_PAY};
    kuji_pay_end_e end;
    json_t *info;

    end = act(&info, task, &ask);
    return end == KUJI_PAY_DONE
               ? kuji_pay__line_paid(task, info, task->order->capture)
               : end;
}

static kuji_pay_end_e capture(kuji_pay_task_t *task)
{
    const kuji_pay_ask_t ask = {
        .act = KUJI_PAY_ACT_CAPTURE,
        .path = path_of(task, "/authorizations/", "/capture"),
        .body = apr_pstrcat(task->pool, "{",
                            kuji_pay__line_money(task->order, task->pool), "}",
                            NULL),
        .seconds = WAIT_CAPTURE};
    kuji_pay_end_e end;
    json_t *info;

    end = act(&info, task, &ask);
    return end == KUJI_PAY_DONE ? kuji_pay__line_paid(task, info, 1) : end;
}

static kuji_pay_end_e release(kuji_pay_task_t *task)
{
    const kuji_pay_ask_t ask = {.act = KUJI_PAY_ACT_VOID,
                                .path =
                                    path_of(task, "/authorizations/", "/void"),
                                .body = "{}",
                                .seconds = WAIT_OTHER};
    kuji_pay_end_e end;
    json_t *info;

    end = act(&info, task, &ask);
    if (end == KUJI_PAY_DONE) {
        task->result->state = KUJI_PAY_IS_VOIDED;
    }
    return end;
}

static kuji_pay_end_e refund(kuji_pay_task_t *task)
{
    const kuji_pay_order_t *order = task->order;
    const kuji_pay_ask_t ask = {
        .act = KUJI_PAY_ACT_REFUND,
        .path = path_of(task, "/", "/refund"),
        .body = apr_pstrcat(
            task->pool, "{\"refundAmount\":",
            kuji_money_write(task->amount, order->currency, task->pool), "}",
            NULL),
        .seconds = WAIT_OTHER};
    kuji_pay_end_e end;
    json_t *info;

    end = act(&info, task, &ask);
    if (end == KUJI_PAY_DONE) {
        /* 1165: all of it was refunded before. */
        kuji_pay__refunded(task, strcmp(task->result->code, "1165") == 0
                                     ? order->captured
                                     : order->refunded + task->amount);
    }
    return end;
}

const kuji_pay_ops_t kuji_pay__line_offline = {.begin = kuji_pay__line_pay,
                                               .check =
                                                   kuji_pay__line_check_order,
                                               .capture = capture,
                                               .release = release,
                                               .refund = refund,
                                               .list = kuji_pay__line_details};

const kuji_pay_ops_t kuji_pay__line_online = {.begin = kuji_pay__line_request,
                                              .check =
                                                  kuji_pay__line_check_request,
                                              .confirm = confirm,
                                              .capture = capture,
                                              .release = release,
                                              .refund = refund,
                                              .list = kuji_pay__line_details};
