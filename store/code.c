/* SPDX-License-Identifier: Apache-2.0 */
#include "store/code.h"

#include "core/seal.h"
#include "store/audit.h"
#include "store/secret.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

#define USES_MAX 1000000
#define SYMBOLS_MIN 8
#define SYMBOLS_MAX 32
#define NAME_MAX_BYTES 200

struct kuji_code_batch_t {
    const kuji_act_t *act;
    apr_pool_t *pool;
    apr_pool_t *chunk_pool; /* cleared after each chunk */
    kuji_secret_t *secret;  /* digest_key only */
    int64_t campaign_id, uses;
    int64_t id; /* 0: nothing is stored yet, its row neither */
    int made;   /* by us: with a check symbol */
    const char *uuid, *name;
    kuji_code_counts_t counts;
    /* the chunk */
    int count;
    unsigned char digests[KUJI_CODE_CHUNK][KUJI_DIGEST_LEN];
    int64_t lines[KUJI_CODE_CHUNK]; /* an import's */
    char skipped[KUJI_CODE_CHUNK];  /* set by store_chunk */
    int nskipped;
    kuji_code_report_fn *report; /* or NULL */
    void *report_baton;
};

typedef struct open_t {
    kuji_code_batch_t *batch;
    const char *slug;
    const char **why;
} open_t;

static apr_status_t find_campaign(open_t *o, kuji_conn_t *conn,
                                  apr_pool_t *pool)
{
    kuji_code_batch_t *b = o->batch;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, b->act->tenant);
    kuji_args_text(&args, o->slug);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CODE_CAMPAIGN, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        *o->why = "there is no such campaign";
        return KUJI_ENOTFOUND;
    }
    if (strcmp(kuji_pg_text(res, 0, 2), "closed") == 0) {
        *o->why = "the campaign is closed";
        return KUJI_ESTATE;
    }
    b->campaign_id = kuji_pg_int(res, 0, 0);
    b->uuid = apr_pstrdup(b->pool, kuji_pg_text(res, 0, 1));
    return APR_SUCCESS;
}

static apr_status_t open_batch(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    open_t *o = baton;
    kuji_code_batch_t *b = o->batch;
    apr_status_t rv = find_campaign(o, conn, pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_secret_tenant(b->secret, b->act, conn, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_secret_digest_key(b->secret, b->uuid);
        sodium_memzero(b->secret->data_key, sizeof(b->secret->data_key));
    }
    return rv;
}

apr_status_t kuji_code_batch_open(kuji_code_batch_t **batch, const char **why,
                                  const kuji_act_t *act, const char *slug,
                                  const char *name, int64_t uses,
                                  apr_pool_t *pool)
{
    kuji_code_batch_t *b = apr_pcalloc(pool, sizeof(*b));
    open_t o = {b, slug, why};
    apr_status_t rv;

    if (uses < 1 || uses > USES_MAX) {
        *why = "uses must be 1 to 1000000";
        return KUJI_EINVAL;
    }
    if (!*name || strlen(name) > NAME_MAX_BYTES) {
        *why = "the batch's name must be 1 to 200 bytes";
        return KUJI_EINVAL;
    }
    b->act = act;
    b->pool = pool;
    b->name = apr_pstrdup(pool, name);
    b->uses = uses;
    rv = apr_pool_create(&b->chunk_pool, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_secret_create(&b->secret, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_pg_transact(act->pg, act->tenant, open_batch, &o,
                              b->chunk_pool);
        apr_pool_clear(b->chunk_pool);
    }
    *batch = b;
    return rv;
}

int64_t kuji_code_batch_id(const kuji_code_batch_t *batch)
{
    return batch->id;
}

static apr_status_t insert_batch(kuji_code_batch_t *b, kuji_conn_t *conn,
                                 apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, b->campaign_id);
    kuji_args_uuid(&args, b->act->tenant);
    kuji_args_text(&args, b->name);
    kuji_args_int(&args, b->uses);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CODE_BATCH_INSERT, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    b->id = kuji_pg_int(res, 0, 0);
    return kuji_audit_add(b->act, conn, "codes.begin",
                          apr_pstrcat(pool, "campaign:", b->uuid, NULL),
                          json_pack("{s:I, s:I}", "batch", (json_int_t)b->id,
                                    "uses", (json_int_t)b->uses),
                          pool);
}

static apr_status_t insert_chunk(kuji_code_batch_t *b, kuji_conn_t *conn,
                                 apr_pool_t *pool)
{
    const unsigned char **digests =
        apr_palloc(pool, sizeof(*digests) * KUJI_CODE_CHUNK);
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    for (i = 0; i < b->count; i++) {
        digests[i] = b->digests[i];
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, b->campaign_id);
    kuji_args_int(&args, b->id);
    kuji_args_uuid(&args, b->act->tenant);
    kuji_args_int(&args, b->uses);
    kuji_args_bytes_array(&args, digests, NULL, KUJI_DIGEST_LEN, b->count);
    rv = kuji_pg_query(&res, conn, KUJI_Q_CODE_CHUNK, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    memset(b->skipped, 0, sizeof(b->skipped));
    b->nskipped = PQntuples(res);
    for (i = 0; i < b->nskipped; i++) {
        b->skipped[kuji_pg_int(res, i, 0)] = 1;
    }
    return APR_SUCCESS;
}

typedef struct chunk_t {
    kuji_code_batch_t *batch;
    int64_t id;  /* the batch's before; 0: this is its first chunk */
    int is_vain; /* nothing in it is new */
} chunk_t;

/* The batch's row comes with its first codes. Where none of them is new
 * it is rolled back again: a batch without codes could not be removed, and
 * would be nothing but a riddle in the list. */
static apr_status_t chunk_work(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    chunk_t *c = baton;
    kuji_code_batch_t *b = c->batch;
    kuji_args_t args;
    apr_status_t rv;

    b->id = c->id; /* also where this is the second try */
    rv = b->id ? APR_SUCCESS : insert_batch(b, conn, pool);
    if (rv == APR_SUCCESS) {
        rv = insert_chunk(b, conn, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    c->is_vain = !c->id && b->nskipped == b->count;
    if (c->is_vain) {
        return KUJI_ESTATE;
    }
    kuji_args_init(&args, pool);
    kuji_args_int(&args, b->id);
    kuji_args_int(&args, b->count - b->nskipped);
    kuji_args_bool(&args, b->made);
    return kuji_pg_query(NULL, conn, KUJI_Q_CODE_BATCH_SIZE, &args, pool);
}

/* Stores the chunk; skipped says afterwards what was not new. */
static apr_status_t store_chunk(kuji_code_batch_t *b)
{
    chunk_t c = {b, b->id, 0};
    apr_status_t rv;

    if (b->count == 0) {
        return APR_SUCCESS;
    }
    rv = kuji_pg_transact(b->act->pg, b->act->tenant, chunk_work, &c,
                          b->chunk_pool);
    apr_pool_clear(b->chunk_pool);
    if (c.is_vain && rv == KUJI_ESTATE) {
        rv = APR_SUCCESS;
        b->id = c.id;
    }
    else if (rv != APR_SUCCESS && rv != KUJI_EUNKNOWN) {
        b->id = c.id;
    }
    if (rv == APR_SUCCESS) {
        b->counts.stored += b->count - b->nskipped;
        b->counts.duplicate += b->nskipped;
    }
    return rv;
}

static apr_status_t add(kuji_code_batch_t *b, const char *normalised)
{
    kuji_seal_digest(b->digests[b->count], b->secret->digest_key, "code",
                     normalised, strlen(normalised));
    b->count++;
    return APR_SUCCESS;
}

/* The codes themselves, while a chunk of them is on its way. */
typedef char code_text_t[SYMBOLS_MAX + 2];

static apr_status_t make_chunk(kuji_code_batch_t *b, code_text_t *codes,
                               int count, int symbols)
{
    unsigned char random[SYMBOLS_MAX];
    char normalised[KUJI_CODE_MAX + 1];
    apr_status_t rv = APR_SUCCESS;
    int i;

    b->count = 0;
    for (i = 0; i < count && rv == APR_SUCCESS; i++) {
        randombytes_buf(random, (size_t)symbols);
        kuji_code_make(codes[i], random, symbols);
        rv = kuji_code_normalise(normalised, codes[i], strlen(codes[i]));
        if (rv == APR_SUCCESS) {
            rv = add(b, normalised);
        }
    }
    sodium_memzero(random, sizeof(random));
    sodium_memzero(normalised, sizeof(normalised));
    return rv;
}

static apr_status_t tell(kuji_code_batch_t *b, code_text_t *codes,
                         kuji_code_out_fn *out, void *baton)
{
    apr_status_t rv = APR_SUCCESS;
    int i;

    for (i = 0; i < b->count && rv == APR_SUCCESS; i++) {
        if (!b->skipped[i]) {
            rv = out(baton, codes[i]);
        }
    }
    return rv;
}

apr_status_t kuji_code_generate(kuji_code_batch_t *b, int64_t count,
                                int symbols, kuji_code_out_fn *out, void *baton)
{
    int64_t end = b->counts.stored + count;
    code_text_t *codes;
    apr_status_t rv = APR_SUCCESS;

    if (count < 0 || symbols < SYMBOLS_MIN || symbols > SYMBOLS_MAX ||
        b->count) {
        return KUJI_EINVAL;
    }
    codes = apr_palloc(b->pool, sizeof(*codes) * KUJI_CODE_CHUNK);
    b->made = 1;
    while (b->counts.stored < end && rv == APR_SUCCESS) {
        int64_t left = end - b->counts.stored;

        rv = make_chunk(b, codes,
                        left < KUJI_CODE_CHUNK ? (int)left : KUJI_CODE_CHUNK,
                        symbols);
        if (rv == APR_SUCCESS) {
            rv = store_chunk(b);
        }
        if (rv == APR_SUCCESS) {
            rv = tell(b, codes, out, baton);
        }
    }
    b->count = 0;
    sodium_memzero(codes, sizeof(*codes) * KUJI_CODE_CHUNK);
    return rv;
}

void kuji_code_report(kuji_code_batch_t *b, kuji_code_report_fn *report,
                      void *baton)
{
    b->report = report;
    b->report_baton = baton;
}

/* Stores what was imported since the last time. */
static apr_status_t store_lines(kuji_code_batch_t *b)
{
    apr_status_t rv = store_chunk(b);
    int i;

    for (i = 0; rv == APR_SUCCESS && b->report && i < b->count; i++) {
        if (b->skipped[i]) {
            b->report(b->report_baton, b->lines[i], KUJI_CODE_DUPLICATE);
        }
    }
    b->count = 0;
    return rv;
}

apr_status_t kuji_code_import(kuji_code_batch_t *b, int64_t line,
                              const char *text, apr_size_t len)
{
    char normalised[KUJI_CODE_MAX + 1];
    apr_status_t rv;

    b->made = 0;
    if (kuji_code_normalise(normalised, text, len) != APR_SUCCESS) {
        b->counts.malformed++;
        if (b->report) {
            b->report(b->report_baton, line, KUJI_CODE_MALFORMED);
        }
        return APR_SUCCESS;
    }
    b->lines[b->count] = line;
    rv = add(b, normalised);
    return rv == APR_SUCCESS && b->count == KUJI_CODE_CHUNK ? store_lines(b)
                                                            : rv;
}

static apr_status_t finish(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const kuji_code_batch_t *b = baton;

    return kuji_audit_add(
        b->act, conn, "codes.finish",
        apr_pstrcat(pool, "campaign:", b->uuid, NULL),
        json_pack("{s:I, s:I, s:I, s:I}", "batch", (json_int_t)b->id, "stored",
                  (json_int_t)b->counts.stored, "duplicate",
                  (json_int_t)b->counts.duplicate, "malformed",
                  (json_int_t)b->counts.malformed),
        pool);
}

apr_status_t kuji_code_batch_finish(kuji_code_batch_t *b,
                                    kuji_code_counts_t *counts)
{
    apr_status_t rv = store_lines(b);

    if (rv == APR_SUCCESS && b->id) {
        rv = kuji_pg_transact(b->act->pg, b->act->tenant, finish, b,
                              b->chunk_pool);
    }
    if (counts) {
        *counts = b->counts;
    }
    kuji_secret_wipe(b->secret);
    return rv;
}
