/* kuji-remote-pay DRIVER BASE VERSION KEY SECRET MERCHANT [MS]: payments, told
 * what to do by lines on its input, of tab-separated words:
 *
 *   begin|check|confirm|capture|void|refund|list NAME=VALUE …
 *
 * A line is answered by one: how it ended, then NAME=VALUE of the result; of a
 * list ID=state:captured:refunded. MS: longest wait of the account.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "remote/pay.h"

#include <apr_general.h>
#include <apr_strings.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WORDS 20

typedef struct words_t {
    const char *name[WORDS], *value[WORDS];
    int count;
} words_t;

static kuji_http_t *http;
static kuji_pay_account_t account;

static const char *word(const words_t *words, const char *name)
{
    int i;

    for (i = 1; i < words->count; i++) {
        if (strcmp(words->name[i], name) == 0) {
            return words->value[i];
        }
    }
    return NULL;
}

static int64_t number(const words_t *words, const char *name)
{
    const char *text = word(words, name);

    return text ? apr_atoi64(text) : 0;
}

static words_t split(char *text)
{
    words_t words = {.count = 0};
    char *state = NULL, *at = apr_strtok(text, "\t\n", &state), *equals;

    for (; at && words.count < WORDS; at = apr_strtok(NULL, "\t\n", &state)) {
        equals = strchr(at, '=');
        if (equals) {
            *equals = '\0';
        }
        words.name[words.count] = at;
        words.value[words.count++] = equals ? equals + 1 : "";
    }
    return words;
}

static kuji_pay_order_t order_of(const words_t *words)
{
    const char *capture = word(words, "capture");
    const kuji_pay_order_t order = {.id = word(words, "id"),
                                    .amount = number(words, "amount"),
                                    .currency = word(words, "currency"),
                                    .product = word(words, "product"),
                                    .one_time_key = word(words, "key"),
                                    .capture = !capture || *capture == '1',
                                    .confirm_url = word(words, "confirm"),
                                    .cancel_url = word(words, "cancel"),
                                    .locale = word(words, "locale"),
                                    .transaction = word(words, "transaction"),
                                    .captured = number(words, "captured"),
                                    .refunded = number(words, "refunded")};

    return order;
}

static kuji_pay_end_e run(kuji_pay_result_t *result, const words_t *words,
                          apr_pool_t *pool)
{
    static const struct {
        const char *name;
        kuji_pay_end_e (*call)(kuji_pay_result_t *, kuji_http_t *,
                               const kuji_pay_account_t *,
                               const kuji_pay_order_t *, apr_pool_t *);
    } calls[] = {{"begin", kuji_pay_begin},
                 {"check", kuji_pay_check},
                 {"confirm", kuji_pay_confirm},
                 {"capture", kuji_pay_capture},
                 {"void", kuji_pay_void}};
    const kuji_pay_order_t order = order_of(words);

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (strcmp(words->name[0], calls[i].name) == 0) {
            return calls[i].call(result, http, &account, &order, pool);
        }
    }
    if (strcmp(words->name[0], "refund") != 0) {
        exit(2);
    }
    return kuji_pay_refund(result, http, &account, &order,
                           word(words, "refund"), number(words, "sum"), pool);
}

static const char *end_name(kuji_pay_end_e end)
{
    static const char *const ends[] = {"done", "refused", "unknown", "away"};

    return ends[end];
}

static void tell(kuji_pay_end_e end, const kuji_pay_result_t *r)
{
    printf("%s\tstate=%s\ttransaction=%s\tcaptured=%" APR_INT64_T_FMT
           "\trefunded=%" APR_INT64_T_FMT "\tmismatch=%d\turl=%s\tapp=%s"
           "\texpires=%" APR_INT64_T_FMT "\tcode=%s\treason=%s\n",
           end_name(end), kuji_pay_state_name(r->state), r->transaction,
           r->captured, r->refunded, r->mismatch, r->url, r->app, r->expires,
           r->code, r->reason);
}

/* ids=a,b,c of one amount, currency and capture. */
static void do_list(const words_t *words, apr_pool_t *pool)
{
    kuji_pay_order_t *orders =
        apr_pcalloc(pool, 200 * sizeof(kuji_pay_order_t));
    kuji_pay_result_t *results =
        apr_pcalloc(pool, 200 * sizeof(kuji_pay_result_t));
    char *ids = apr_pstrdup(pool, word(words, "ids")), *state = NULL, *id;
    kuji_pay_end_e end;
    int n = 0, i;

    for (id = apr_strtok(ids, ",", &state); id && n < 200;
         id = apr_strtok(NULL, ",", &state)) {
        orders[n] = order_of(words);
        orders[n++].id = id;
    }
    end = kuji_pay_list(results, http, &account, orders, n, pool);
    printf("%s\tcode=%s\treason=%s", end_name(end),
           results[0].code ? results[0].code : "",
           results[0].reason ? results[0].reason : "");
    for (i = 0; i < n && end == KUJI_PAY_DONE; i++) {
        printf("\t%s=%s:%" APR_INT64_T_FMT ":%" APR_INT64_T_FMT, orders[i].id,
               kuji_pay_state_name(results[i].state), results[i].captured,
               results[i].refunded);
    }
    printf("\n");
}

static void obey(char *text, apr_pool_t *pool)
{
    kuji_pay_result_t result;
    words_t words = split(text);
    kuji_pay_end_e end;

    if (words.count == 0) {
        exit(2);
    }
    if (strcmp(words.name[0], "list") == 0) {
        do_list(&words, pool);
    }
    else {
        end = run(&result, &words, pool);
        tell(end, &result);
    }
    fflush(stdout);
}

int main(int argc, char **argv)
{
    const kuji_http_config_t config = {.most = 4,
                                       .connect = apr_time_from_sec(2)};
    static char text[65536];
    apr_pool_t *pool, *one;

    if (argc < 7) {
        return 2;
    }
    apr_initialize();
    apr_pool_create(&pool, NULL);
    apr_pool_create(&one, NULL);
    account.driver = (kuji_pay_driver_e)kuji_pay_driver_read(argv[1]);
    account.base = argv[2];
    account.version = argv[3];
    account.key = argv[4];
    account.secret = argv[5];
    account.merchant = argv[6];
    account.patience = argc > 7 ? atoi(argv[7]) * (apr_time_t)1000 : 0;
    if (kuji_http_create(&http, &config, pool) != APR_SUCCESS) {
        return 1;
    }
    while (fgets(text, sizeof(text), stdin)) {
        obey(text, one);
        apr_pool_clear(one);
    }
    apr_pool_destroy(one);
    apr_pool_destroy(pool);
    return 0;
}
