/* Payments: making one, asking for a call, keeping how it ended.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/payment_int.h"

#include "store/audit.h"
#include "store/link.h"

#include <apr_strings.h>
#include <string.h>

typedef struct work_t {
    const kuji_act_t *act;
    const char *order_id;
    kuji_payment_row_t *row;
    apr_pool_t *out; /* outlives the transaction's */
    /* a call */
    kuji_pay_call_e call;
    int64_t amount, asked_at;
    const char *note, **why;
    int by_admin;
    /* its end */
    kuji_pay_end_e end;
    const kuji_pay_result_t *result;
    /* a new one */
    const kuji_payment_new_t *order;
    int is_new;
    /* the right */
    char *token;
} work_t;

static const char *object_of(const kuji_payment_row_t *row, apr_pool_t *pool)
{
    return apr_pstrcat(pool, "payment:", row->order_id, NULL);
}

static apr_status_t run(work_t *w, const kuji_payment_row_t **row,
                        kuji_pg_work_fn *work, apr_pool_t *pool)
{
    apr_pool_t *scratch;
    apr_status_t rv;

    w->out = pool;
    w->row = apr_pcalloc(pool, sizeof(*w->row));
    apr_pool_create(&scratch, pool);
    rv = kuji_pg_transact(w->act->pg, w->act->tenant, work, w, scratch);
    apr_pool_destroy(scratch);
    if (row) {
        *row = w->row;
    }
    return rv;
}

/* As it stands after the change. */
static apr_status_t read_again(work_t *w, kuji_conn_t *conn, apr_pool_t *pool)
{
    int64_t now;

    return kuji_payment__lock(w->row, &now, conn, w->order_id, w->out, pool);
}

/* -- making one ------------------------------------------------------------ */

static void next_of(kuji_payment_next_t *next, const kuji_payment_row_t *row)
{
    const kuji_payment_facts_t *f = &row->facts;

    memset(next, 0, sizeof(*next));
    next->state = f->state;
    next->asked = f->asked;
    next->captured = f->captured;
    next->refunded = f->refunded;
    next->mismatch = f->mismatch;
    next->tries = f->tries;
    next->next_check_at = row->next_check_at;
    next->expires_at = f->expires_at;
}

static apr_status_t insert(work_t *w, kuji_conn_t *conn, apr_pool_t *pool)
{
    const kuji_payment_new_t *o = w->order;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, o->campaign_id);
    kuji_args_uuid(&args, w->act->tenant);
    kuji_args_text(&args, o->order_id);
    kuji_args_text(&args, kuji_pay_driver_name(o->driver));
    kuji_args_int(&args, o->amount);
    kuji_args_text(&args, o->currency);
    kuji_args_text(&args, o->goods);
    kuji_args_int(&args, o->draws);
    kuji_args_bool(&args, o->capture);
    kuji_args_bytes(&args, o->participant, KUJI_DIGEST_LEN);
    kuji_args_int(&args, KUJI_PAYMENT_LEASE_MS);
    kuji_args_text(&args, o->seller);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PAYMENT_ADD, &args, pool);
    w->is_new = rv == APR_SUCCESS && PQntuples(res) == 1;
    return rv;
}

static apr_status_t note_new(work_t *w, kuji_conn_t *conn, apr_pool_t *pool)
{
    const kuji_payment__note_t note = {
        w->order->amount,
        apr_pstrcat(pool, kuji_pay_call_name(KUJI_PAY_CALL_BEGIN), ".asked",
                    NULL),
        "", ""};
    kuji_payment_next_t next;
    apr_status_t rv;

    next_of(&next, w->row);
    rv = kuji_payment__change(w->row, &next, w->row->facts.asked_at, 0, "", "",
                              NULL, &note, w->act, conn, pool);
    if (rv == APR_SUCCESS && *w->order->seller) {
        rv = kuji_audit_add(
            w->act, conn, "payment.begin", object_of(w->row, pool),
            json_pack("{s:I, s:s, s:s}", "amount", (json_int_t)w->order->amount,
                      "currency", w->order->currency, "campaign", w->row->uuid),
            pool);
    }
    return rv;
}

/* What the buyer began before and may still pay is what they go on with: two
 * orders that can both be paid are one too many. */
static apr_status_t find_open(work_t *w, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, w->order->campaign_id);
    kuji_args_bytes(&args, w->order->participant, KUJI_DIGEST_LEN);
    rv = kuji_pg_query(NULL, conn, KUJI_Q_PAYMENT_BUYER_LOCK, &args, pool);
    if (rv == APR_SUCCESS) {
        kuji_args_text(&args, w->order->order_id);
        rv = kuji_pg_query(&res, conn, KUJI_Q_PAYMENT_OF_BUYER, &args, pool);
    }
    if (rv == APR_SUCCESS && PQntuples(res) == 1) {
        w->order_id = apr_pstrdup(pool, kuji_pg_text(res, 0, 0));
    }
    return rv;
}

static apr_status_t create(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    apr_status_t rv = APR_SUCCESS;

    w->order_id = w->order->order_id;
    w->is_new = 0;
    if (w->order->participant) {
        rv = find_open(w, conn, pool);
    }
    if (rv == APR_SUCCESS && strcmp(w->order_id, w->order->order_id) == 0) {
        rv = insert(w, conn, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = read_again(w, conn, pool);
    }
    if (rv == KUJI_ENOTFOUND ||
        (rv == APR_SUCCESS && w->row->campaign_id != w->order->campaign_id)) {
        return KUJI_ECONFLICT; /* another tenant's, or campaign's */
    }
    return rv == APR_SUCCESS && w->is_new ? note_new(w, conn, pool) : rv;
}

apr_status_t kuji_payment_create(const kuji_payment_row_t **row, int *is_new,
                                 const kuji_act_t *act,
                                 const kuji_payment_new_t *order,
                                 apr_pool_t *pool)
{
    work_t w = {.act = act, .order = order};
    apr_status_t rv = run(&w, row, create, pool);

    *is_new = w.is_new;
    return rv;
}

/* -- asking for a call ----------------------------------------------------- */

static apr_status_t audit_call(const work_t *w, kuji_conn_t *conn,
                               apr_pool_t *pool)
{
    return kuji_audit_add(
        w->act, conn,
        apr_pstrcat(pool, "payment.", kuji_pay_call_name(w->call), NULL),
        object_of(w->row, pool),
        json_pack("{s:I, s:s, s:s}", "amount", (json_int_t)w->amount,
                  "currency", w->row->currency, "reason", w->note),
        pool);
}

static int is_whole(const work_t *w)
{
    const kuji_payment_facts_t *f = &w->row->facts;

    return w->call == KUJI_PAY_CALL_REFUND &&
           w->amount >= f->captured - f->refunded;
}

/* What may be asked for; a refund's amount is made a number. */
static apr_status_t allowed(work_t *w)
{
    const kuji_payment_facts_t *f = &w->row->facts;

    if ((*w->why = kuji_payment_refuses(f, w->call))) {
        return KUJI_ESTATE;
    }
    if (w->call != KUJI_PAY_CALL_REFUND) {
        w->amount = f->amount;
        return APR_SUCCESS;
    }
    if (w->amount == 0) {
        w->amount = f->captured - f->refunded;
    }
    if (w->amount < 0 || w->amount > f->captured - f->refunded) {
        *w->why = "more than is left cannot be paid back";
        return KUJI_EINVAL;
    }
    return APR_SUCCESS;
}

static apr_status_t write_call(work_t *w, int64_t now, kuji_conn_t *conn,
                               apr_pool_t *pool)
{
    const kuji_payment__note_t note = {
        w->amount,
        apr_pstrcat(pool, kuji_pay_call_name(w->call), ".asked", NULL), "",
        w->note};
    kuji_payment_next_t next;

    next_of(&next, w->row);
    next.asked = w->call;
    next.next_check_at = now + KUJI_PAYMENT_LEASE_MS;
    return kuji_payment__change(
        w->row, &next, now, w->call == KUJI_PAY_CALL_REFUND ? w->amount : 0, "",
        w->row->url, NULL, &note, w->act, conn, pool);
}

static apr_status_t ask(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    int64_t now, wanted = w->amount;
    apr_status_t rv =
        kuji_payment__lock(w->row, &now, conn, w->order_id, w->out, pool);

    if (rv == APR_SUCCESS) {
        rv = allowed(w);
    }
    if (rv == APR_SUCCESS && is_whole(w) && w->row->has_entry) {
        rv = kuji_payment__take_back(w->row, 1, conn, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = write_call(w, now, conn, pool);
    }
    if (rv == APR_SUCCESS && w->by_admin) {
        rv = audit_call(w, conn, pool);
    }
    w->amount = wanted; /* the work may be done once more */
    return rv == APR_SUCCESS ? read_again(w, conn, pool) : rv;
}

apr_status_t kuji_payment_ask(const kuji_payment_row_t **row, const char **why,
                              const kuji_act_t *act, const char *order_id,
                              kuji_pay_call_e call, int64_t amount,
                              const char *note, int by_admin, apr_pool_t *pool)
{
    work_t w = {.act = act,
                .order_id = order_id,
                .call = call,
                .amount = amount,
                .note = note,
                .why = why,
                .by_admin = by_admin};

    return run(&w, row, ask, pool);
}

/* -- how it ended ---------------------------------------------------------- */

static const char *end_name(kuji_pay_end_e end)
{
    static const char *const names[] = {[KUJI_PAY_DONE] = "done",
                                        [KUJI_PAY_REFUSED] = "refused",
                                        [KUJI_PAY_UNKNOWN] = "unknown",
                                        [KUJI_PAY_AWAY] = "away"};

    return names[end];
}

/* A look that found nothing new is no event. */
static int is_event(const work_t *w, const kuji_payment_next_t *n)
{
    const kuji_payment_facts_t *f = &w->row->facts;

    return w->call != KUJI_PAY_CALL_CHECK || n->state != f->state ||
           n->asked != f->asked || n->captured != f->captured ||
           n->refunded != f->refunded || n->mismatch != f->mismatch;
}

/* The right follows the money, in the money's transaction. */
static apr_status_t move_right(const work_t *w, const kuji_payment_next_t *n,
                               unsigned char *entry, int *gives,
                               kuji_conn_t *conn, apr_pool_t *pool)
{
    const kuji_payment_row_t *row = w->row;
    int ended = n->state == KUJI_PAY_IS_REFUNDED &&
                row->facts.state != KUJI_PAY_IS_REFUNDED;
    apr_status_t rv = APR_SUCCESS;
    kuji_payment_row_t with = *row;

    *gives = !row->has_entry && n->captured > 0 && !n->mismatch;
    if (*gives) {
        rv = kuji_payment__give(entry, row, w->act, conn, pool);
        memcpy(with.entry, entry, sizeof(with.entry));
        with.has_entry = 1;
    }
    if (rv == APR_SUCCESS && with.has_entry && (ended || n->give_back)) {
        rv = kuji_payment__take_back(&with, ended, conn, pool);
    }
    return rv == APR_SUCCESS && with.has_entry && ended
               ? kuji_payment__flag(&with, conn, pool)
               : rv;
}

static apr_status_t keep(work_t *w, const kuji_payment_next_t *n,
                         kuji_conn_t *conn, apr_pool_t *pool)
{
    const kuji_pay_result_t *r = w->result;
    const kuji_payment__note_t note = {
        w->call == KUJI_PAY_CALL_CHECK ? 0 : w->row->facts.amount,
        apr_pstrcat(pool, kuji_pay_call_name(w->call), ".", end_name(w->end),
                    NULL),
        r->code, ""};
    unsigned char entry[KUJI_DIGEST_LEN];
    const char *url = *r->url ? r->url : w->row->url;
    int gives, going = n->asked != KUJI_PAY_CALL_NONE;
    apr_status_t rv = move_right(w, n, entry, &gives, conn, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    return kuji_payment__change(
        w->row, n, going ? w->row->facts.asked_at : 0,
        going ? w->row->facts.asked_amount : 0, r->transaction,
        kuji_payment_is_over(n->state) ? "" : url, gives ? entry : NULL,
        is_event(w, n) ? &note : NULL, w->act, conn, pool);
}

static apr_status_t finish(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    kuji_payment_next_t next;
    int64_t now;
    apr_status_t rv =
        kuji_payment__lock(w->row, &now, conn, w->order_id, w->out, pool);

    if (rv == APR_SUCCESS) {
        kuji_payment_judge(&next, &w->row->facts, w->call, w->asked_at, w->end,
                           w->result, now);
        rv = keep(w, &next, conn, pool);
    }
    return rv == APR_SUCCESS ? read_again(w, conn, pool) : rv;
}

apr_status_t kuji_payment_end(const kuji_payment_row_t **row,
                              const kuji_act_t *act, const char *order_id,
                              kuji_pay_call_e call, int64_t asked_at,
                              kuji_pay_end_e end,
                              const kuji_pay_result_t *result, apr_pool_t *pool)
{
    work_t w = {.act = act,
                .order_id = order_id,
                .call = call,
                .asked_at = asked_at,
                .end = end,
                .result = result};

    return run(&w, row, finish, pool);
}

/* -- its right ------------------------------------------------------------- */

static apr_status_t tell(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    work_t *w = baton;
    unsigned char digest[KUJI_DIGEST_LEN];
    apr_status_t rv = read_again(w, conn, pool);

    if (rv == APR_SUCCESS && !w->row->has_entry) {
        rv = KUJI_ESTATE;
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_payment__token(w->token, digest, w->row, w->act, conn, pool);
    }
    return rv == APR_SUCCESS && w->by_admin
               ? kuji_audit_add(w->act, conn, "payment.right",
                                object_of(w->row, pool), NULL, pool)
               : rv;
}

apr_status_t kuji_payment_token(const char **token, const kuji_act_t *act,
                                const char *order_id, int by_admin,
                                apr_pool_t *pool)
{
    work_t w = {.act = act,
                .order_id = order_id,
                .by_admin = by_admin,
                .token = apr_pcalloc(pool, KUJI_LINK_TOKEN_LEN + 1)};

    *token = w.token;
    return run(&w, NULL, tell, pool);
}
