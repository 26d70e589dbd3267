/* GET /k/{slug}/ledger.jsonl: the size is fixed at the start, leaves come in
 * pages, and no connection is held while a slow client reads one.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/proof.h"
#include "web/public/public.h"
#include "web/request.h"
#include "web/response.h"
#include "web/stream.h"

#include <apr_strings.h>
#include <http_protocol.h>

/** Downloads of one process at once: each holds a thread. */
#define STREAMS_MAX 16

static int streams; /* of this process; atomic */

typedef struct range_t {
    uint64_t from, to; /* leaves from .. to - 1 */
    int is_complete;   /* all of what was asked for exists: never changes */
} range_t;

/* One page into the output; *next is the first leaf not yet sent. */
static apr_status_t send_page(kuji_web_t *web, const kuji_act_t *act,
                              apr_bucket_brigade *bb, uint64_t *next,
                              uint64_t to, apr_pool_t *pool)
{
    const kuji_proof_leaf_t *leaves;
    int count, i;
    apr_status_t rv = kuji_proof_leaves(&leaves, &count, act, web->campaign->id,
                                        *next, to, pool);

    if (rv) {
        return rv;
    }
    if (!count) {
        return KUJI_EDATABASE; /* the size was promised */
    }
    for (i = 0; i < count && !rv; i++) {
        rv = apr_brigade_write(bb, NULL, NULL, leaves[i].bytes, leaves[i].len);
        if (!rv) {
            rv = apr_brigade_putc(bb, NULL, NULL, '\n');
        }
    }
    *next += (uint64_t)count;
    return rv;
}

static void stream(kuji_web_t *web, const range_t *range)
{
    request_rec *r = web->r;
    apr_bucket_brigade *bb =
        apr_brigade_create(r->pool, r->connection->bucket_alloc);
    uint64_t next = range->from;
    apr_status_t rv = APR_SUCCESS;
    apr_pool_t *page;
    kuji_act_t act;

    kuji_public_act(&act, web);
    apr_pool_create(&page, r->pool);
    while (next < range->to && !rv) {
        if ((rv = send_page(web, &act, bb, &next, range->to, page))) {
            kuji_stream_break(web, bb, rv, "streaming a ledger");
        }
        else if (ap_pass_brigade(r->output_filters, bb)) {
            return; /* the client is gone */
        }
        else {
            apr_brigade_cleanup(bb);
        }
        apr_pool_clear(page);
    }
    kuji_stream_end(web, bb);
}

static apr_status_t read_range(range_t *range, kuji_web_t *web)
{
    unsigned char root[KUJI_HASH_LEN];
    int64_t from = kuji_query_int(web, "from", 0);
    int64_t to = kuji_query_int(web, "to", KUJI_INT_MAX);
    uint64_t size;
    kuji_act_t act;
    apr_status_t rv;

    if (from < 0 || to < from) {
        return KUJI_EINVAL;
    }
    kuji_public_act(&act, web);
    rv = kuji_proof_head(&size, root, &act, web->campaign->id, web->r->pool);
    if (rv) {
        return rv;
    }
    range->is_complete = (uint64_t)to <= size;
    range->to = range->is_complete ? (uint64_t)to : size;
    range->from = (uint64_t)from < range->to ? (uint64_t)from : range->to;
    return APR_SUCCESS;
}

static int answer(kuji_web_t *web)
{
    kuji_caching_e caching;
    const char *etag;
    range_t range;
    apr_status_t rv = read_range(&range, web);
    int done;

    if (rv == KUJI_EINVAL) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST,
                            "from and to are leaf numbers, from <= to");
    }
    if (rv) {
        return kuji_failure(web, rv, "reading a ledger");
    }
    caching = range.is_complete ? KUJI_CACHE_LONG : KUJI_CACHE_SHORT;
    etag = apr_psprintf(
        web->r->pool, "\"%s-%" APR_UINT64_T_FMT "-%" APR_UINT64_T_FMT "\"",
        web->campaign->uuid, (apr_uint64_t)range.from, (apr_uint64_t)range.to);
    kuji_headers_caching(web, caching);
    if ((done = kuji_is_fresh(web, etag, 0))) {
        return done;
    }
    if (range.from == range.to) {
        return kuji_send(web, HTTP_OK, "application/jsonl", caching, "", 0);
    }
    kuji_headers(web, 0);
    ap_set_content_type(web->r, "application/jsonl");
    if (!web->r->header_only) {
        stream(web, &range);
    }
    return OK;
}

int kuji_public_ledger(kuji_web_t *web)
{
    int done;

    if (__atomic_add_fetch(&streams, 1, __ATOMIC_RELAXED) > STREAMS_MAX) {
        done = kuji_problem(web, KUJI_PROBLEM_BUSY,
                            "too many ledgers are being read");
    }
    else {
        done = answer(web);
    }
    __atomic_sub_fetch(&streams, 1, __ATOMIC_RELAXED);
    return done;
}
