/* kujictl pay: looking at payments that are not decided, and comparing the
 * ledger with the provider's.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "core/money.h"
#include "job/payment.h"
#include "tools/ctl.h"

#include <apr_strings.h>
#include <curl/curl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define ROWS 100
#define DAY_MS INT64_C(86400000)

/* One call at a time: a command is in no hurry. */
static int open_payer(ctl_t *ctl, kuji_payer_t *payer, const char *tenant)
{
    const kuji_http_config_t config = {.most = 1,
                                       .connect = apr_time_from_sec(5)};
    apr_status_t rv;
    int code = ctl_open_tenant(ctl, tenant);

    if (code != CTL_OK) {
        return code;
    }
    curl_global_init(CURL_GLOBAL_DEFAULT);
    ctl->act.actor = "kujictl";
    payer->act = &ctl->act;
    rv = kuji_http_create(&payer->http, &config, ctl->pool);
    return rv == APR_SUCCESS ? CTL_OK : ctl_failed(ctl, rv, "no HTTP client");
}

/* A day (UTC) as ms; CTL_USAGE after a complaint. */
static int read_day(ctl_t *ctl, int64_t *ms, const char *name, const char *text)
{
    struct tm tm;
    const char *end;

    if (!text) {
        return CTL_OK;
    }
    memset(&tm, 0, sizeof(tm));
    end = strptime(text, "%Y-%m-%d", &tm);
    if (!end || *end) {
        return ctl_usage(ctl, "%s must be a day, as 2026-11-25", name);
    }
    *ms = (int64_t)timegm(&tm) * 1000;
    return CTL_OK;
}

/* -- check ----------------------------------------------------------------- */

static void say(const kuji_payment_row_t *row)
{
    const kuji_payment_facts_t *f = &row->facts;

    printf("%s %s%s%s\n", row->order_id, kuji_pay_state_name(f->state),
           f->asked ? " not known: " : "",
           f->asked ? kuji_pay_call_name(f->asked) : "");
}

static int check_one(ctl_t *ctl, const kuji_payer_t *payer, const char *order)
{
    const kuji_payment_row_t *row;
    const char *why = NULL;
    apr_status_t rv = kuji_payer_check(&row, &why, payer, order, ctl->pool);

    if (rv != APR_SUCCESS) {
        return ctl_failed(ctl, rv, why);
    }
    say(row);
    return CTL_OK;
}

static int check_all(ctl_t *ctl, const kuji_payer_t *payer)
{
    const kuji_payment_filter_t open = {.open = 1};
    const kuji_payment_row_t *rows;
    int64_t before = 0;
    int count = ROWS, i, code = CTL_OK;

    while (count == ROWS && code == CTL_OK) {
        apr_status_t rv = kuji_payment_list(&rows, &count, payer->act, &open,
                                            before, ROWS, ctl->pool);

        if (rv != APR_SUCCESS) {
            return ctl_failed(ctl, rv, NULL);
        }
        for (i = 0; i < count && code == CTL_OK; i++) {
            code = check_one(ctl, payer, rows[i].order_id);
            before = rows[i].id;
        }
    }
    return code;
}

static int check(ctl_t *ctl, int argc, const char **argv)
{
    kuji_payer_t payer;
    int one = argc > 1;
    int code = ctl_parse(ctl, argc, argv, one ? 2 : 1, NULL);

    if (code == CTL_OK) {
        code = open_payer(ctl, &payer, argv[0]);
    }
    if (code != CTL_OK) {
        return code;
    }
    return one ? check_one(ctl, &payer, argv[1]) : check_all(ctl, &payer);
}

/* -- reconcile ------------------------------------------------------------- */

typedef struct books_t {
    ctl_t *ctl;
    const kuji_payer_t *payer;
    int64_t compared, differences;
} books_t;

static const char *sum(const books_t *b, int64_t amount, const char *currency)
{
    const char *text = kuji_money_write(amount, currency, b->ctl->pool);

    return text ? text : "?";
}

/* What is not decided here, and not there either, agrees. */
static int agrees(const kuji_payment_row_t *row, const kuji_pay_result_t *r)
{
    const kuji_payment_facts_t *f = &row->facts;
    int paid = kuji_payment_is_paid(r->state);

    if (f->asked != KUJI_PAY_CALL_NONE || f->state == KUJI_PAY_IS_UNKNOWN) {
        return 0;
    }
    if (paid || kuji_payment_is_paid(f->state)) {
        return r->state == f->state && r->captured == f->captured &&
               r->refunded == f->refunded;
    }
    return (r->state == KUJI_PAY_IS_AUTHORIZED) ==
           (f->state == KUJI_PAY_IS_AUTHORIZED);
}

static void compare(books_t *b, const kuji_payment_row_t *row,
                    const kuji_pay_result_t *r)
{
    const kuji_payment_facts_t *f = &row->facts;

    b->compared++;
    if (agrees(row, r)) {
        return;
    }
    b->differences++;
    printf("%s: ours %s%s%s %s/%s %s, the provider's %s %s/%s\n", row->order_id,
           kuji_pay_state_name(f->state), f->asked ? ", not known: " : "",
           f->asked ? kuji_pay_call_name(f->asked) : "",
           sum(b, f->captured, row->currency),
           sum(b, f->refunded, row->currency), row->currency,
           kuji_pay_state_name(r->state), sum(b, r->captured, row->currency),
           sum(b, r->refunded, row->currency));
}

/* Those of one driver among the rows. */
static int compare_driver(books_t *b, const kuji_payment_row_t *rows, int count,
                          kuji_pay_driver_e driver)
{
    kuji_payment_row_t *some =
        apr_pcalloc(b->ctl->pool, (apr_size_t)(count + 1) * sizeof(*some));
    const kuji_pay_result_t *results;
    const char *why = NULL;
    apr_status_t rv;
    int n = 0, i;

    for (i = 0; i < count; i++) {
        if (rows[i].facts.driver == driver) {
            some[n++] = rows[i];
        }
    }
    if (n == 0) {
        return CTL_OK;
    }
    rv = kuji_payer_compare(&results, &why, b->payer, some, n, b->ctl->pool);
    if (rv != APR_SUCCESS) {
        return ctl_failed(b->ctl, rv, why);
    }
    for (i = 0; i < n; i++) {
        compare(b, &some[i], &results[i]);
    }
    return CTL_OK;
}

static int walk(books_t *b, const kuji_payment_filter_t *filter)
{
    const kuji_payment_row_t *rows;
    int64_t before = 0;
    int count = ROWS, driver, code = CTL_OK;

    while (count == ROWS && code == CTL_OK) {
        apr_status_t rv = kuji_payment_list(&rows, &count, b->payer->act,
                                            filter, before, ROWS, b->ctl->pool);

        if (rv != APR_SUCCESS) {
            return ctl_failed(b->ctl, rv, NULL);
        }
        for (driver = KUJI_PAY_LINE_OFFLINE;
             driver <= KUJI_PAY_PAYPAY && code == CTL_OK; driver++) {
            code = compare_driver(b, rows, count, (kuji_pay_driver_e)driver);
        }
        before = count ? rows[count - 1].id : 0;
    }
    return code;
}

static int reconcile(ctl_t *ctl, int argc, const char **argv)
{
    const char *from = NULL, *to = NULL;
    const ctl_option_t options[] = {
        {"from", &from, NULL}, {"to", &to, NULL}, {NULL, NULL, NULL}};
    kuji_payment_filter_t filter = {0};
    kuji_payer_t payer;
    books_t books = {ctl, &payer, 0, 0};
    int code = ctl_parse(ctl, argc, argv, 1, options);

    if (code == CTL_OK) {
        code = read_day(ctl, &filter.from, "--from", from);
    }
    if (code == CTL_OK) {
        code = read_day(ctl, &filter.to, "--to", to);
        filter.to += filter.to ? DAY_MS : 0; /* that day too */
    }
    if (code == CTL_OK) {
        code = open_payer(ctl, &payer, argv[0]);
    }
    if (code == CTL_OK) {
        code = walk(&books, &filter);
    }
    if (code != CTL_OK) {
        return code;
    }
    printf("%" APR_INT64_T_FMT " payments, %" APR_INT64_T_FMT " differences\n",
           (apr_int64_t)books.compared, (apr_int64_t)books.differences);
    return books.differences ? CTL_FAILED : CTL_OK;
}

const ctl_command_t ctl_pay_commands[] = {
    {"pay", "check", "TENANT [ORDER]", check},
    {"pay", "reconcile", "TENANT [--from DAY] [--to DAY]", reconcile},
    {NULL, NULL, NULL, NULL},
};
