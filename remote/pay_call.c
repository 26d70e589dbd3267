/* One call of a provider's server, and what its driver says with.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/pay_int.h"

#include "core/canon.h"
#include "core/utf8.h"

#include <string.h>

kuji_pay_end_e kuji_pay__call(const kuji_http_reply_t **reply,
                              kuji_pay_task_t *task,
                              const kuji_http_call_t *call, int reads)
{
    apr_interval_time_t most = task->account->patience;
    kuji_http_call_t own = *call;
    const char *why = NULL;
    apr_status_t rv;

    if (most > 0 && most < own.patience) {
        own.patience = most;
    }
    own.silence = own.patience;
    own.repeatable = reads;
    rv = kuji_http_call(reply, &why, task->http, &own, task->pool);
    if (rv == APR_SUCCESS) {
        return KUJI_PAY_DONE;
    }
    return kuji_pay_end(task->result,
                        reads || rv == KUJI_EBUSY ? KUJI_PAY_AWAY
                                                  : KUJI_PAY_UNKNOWN,
                        why ? why : "no memory for a call");
}

/* The bytes of text that fit, in whole characters. */
static apr_size_t whole(const char *text, apr_size_t most)
{
    apr_size_t len = strlen(text), at = 0, n;
    uint32_t c;

    while (at < len) {
        n = kuji_utf8_next(&c, (const unsigned char *)text + at, len - at);
        if (n == 0 || at + n > most) {
            break;
        }
        at += n;
    }
    return at;
}

const char *kuji_pay__quote(const char *text, apr_size_t most, apr_pool_t *pool)
{
    apr_size_t len = whole(text, most);
    char *out = apr_palloc(pool, 6 * len + 3);

    out[kuji_canon_string(out, text, len)] = '\0';
    return out;
}

void kuji_pay__refunded(kuji_pay_task_t *task, int64_t refunded)
{
    task->result->captured = task->order->captured;
    task->result->refunded = refunded;
    task->result->state = refunded < task->order->captured
                              ? KUJI_PAY_IS_PARTLY_REFUNDED
                              : KUJI_PAY_IS_REFUNDED;
}
