/* POST …/codes: makes a batch of serial codes, or takes the organiser's own.
 * Made codes are told once, here; only their digests are kept.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/code.h"
#include "web/api/api.h"
#include "web/request.h"

#define MAKE_MAX 10000 /* more by kujictl, which streams them */
#define SYMBOLS_DEFAULT 12

typedef struct request_t {
    const char *name;
    json_int_t count, uses, symbols;
    json_t *codes;
} request_t;

static apr_status_t collect(void *baton, const char *code)
{
    return json_array_append_new(baton, json_string(code)) ? APR_ENOMEM
                                                           : APR_SUCCESS;
}

static apr_status_t import_all(kuji_code_batch_t *batch, const json_t *codes)
{
    apr_size_t i;
    apr_status_t rv = APR_SUCCESS;

    for (i = 0; i < json_array_size(codes) && !rv; i++) {
        const json_t *code = json_array_get(codes, i);

        rv = kuji_code_import(batch, (int64_t)i + 1, json_string_value(code),
                              json_string_length(code));
    }
    return rv;
}

/* Either count, or codes that are all strings. */
static const char *check(const request_t *q)
{
    apr_size_t i;

    if (!q->codes == !q->count) {
        return "give either count or codes";
    }
    if (q->codes && !json_is_array(q->codes)) {
        return "codes is a list";
    }
    for (i = 0; q->codes && i < json_array_size(q->codes); i++) {
        if (!json_is_string(json_array_get(q->codes, i))) {
            return "codes is a list of strings";
        }
    }
    if (!q->codes && (q->count < 1 || q->count > MAKE_MAX)) {
        return "count is a number of 1 to 10000";
    }
    if (q->symbols < 8 || q->symbols > 32) {
        return "symbols is a number of 8 to 32";
    }
    return NULL;
}

static int run(kuji_web_t *web, const request_t *q, json_t *made)
{
    kuji_code_batch_t *batch;
    kuji_code_counts_t counts;
    const char *why = NULL;
    kuji_act_t act;
    apr_status_t rv;

    kuji_api_act(&act, web);
    rv = kuji_code_batch_open(&batch, &why, &act, web->slug, q->name, q->uses,
                              web->r->pool);
    if (rv) {
        return kuji_api_failure(web, rv, why, "opening a batch of codes");
    }
    rv = q->codes ? import_all(batch, q->codes)
                  : kuji_code_generate(batch, q->count, (int)q->symbols,
                                       collect, made);
    if (!rv) {
        rv = kuji_code_batch_finish(batch, &counts);
    }
    if (rv) {
        return kuji_failure(web, rv, "storing codes");
    }
    return kuji_send_json(
        web, counts.stored ? HTTP_CREATED : HTTP_OK, KUJI_CACHE_NO_STORE,
        json_pack("{s:s, s:o, s:I, s:I, s:I, s:O}", "campaign", web->slug,
                  "batch",
                  counts.stored ? json_integer(kuji_code_batch_id(batch))
                                : json_null(),
                  "stored", (json_int_t)counts.stored, "duplicate",
                  (json_int_t)counts.duplicate, "malformed",
                  (json_int_t)counts.malformed, "codes", made));
}

int kuji_api_codes(kuji_web_t *web)
{
    request_t q = {.uses = 1, .symbols = SYMBOLS_DEFAULT};
    const char *why;
    json_t *made;
    int done;

    done = kuji_api_unpack(web, "{s:s, s?I, s?I, s?I, s?o}", "name", &q.name,
                           "count", &q.count, "uses", &q.uses, "symbols",
                           &q.symbols, "codes", &q.codes);
    if (done != DECLINED) {
        return done;
    }
    if ((why = check(&q))) {
        return kuji_problem(web, KUJI_PROBLEM_BAD_REQUEST, why);
    }
    made = json_array();
    done = run(web, &q, made);
    json_decref(made);
    return done;
}
