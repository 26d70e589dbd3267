/* Filling a pool of gift codes.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/gift_int.h"

#include "store/audit.h"
#include "store/lines.h"

#include <apr_strings.h>
#include <sodium.h>
#include <string.h>

typedef struct import_t {
    const kuji_act_t *act;
    const char **why, *slug, *prize;
    kuji_gift_report_t *report;
    kuji_gift_line_t *refused;
    apr_pool_t *chunk_pool; /* holds the chunk's codes; cleared after it */
    int records, count;
    int64_t lines[KUJI_GIFT_CHUNK];
    const char *codes[KUJI_GIFT_CHUNK];
    char known[KUJI_GIFT_CHUNK]; /* set by the transaction */
} import_t;

static void tell(import_t *m, int64_t line, kuji_gift_line_e outcome)
{
    kuji_gift_report_t *r = m->report;

    r->counts[outcome]++;
    if (outcome != KUJI_GIFT_STORED && r->nlines < KUJI_GIFT_LINES_MAX) {
        m->refused[r->nlines].line = line;
        m->refused[r->nlines++].outcome = outcome;
    }
}

static apr_status_t seal_all(import_t *m, kuji_args_t *args,
                             const kuji_gift_place_t *place, kuji_conn_t *conn,
                             apr_pool_t *pool)
{
    unsigned char(*digests)[KUJI_DIGEST_LEN] =
        apr_palloc(pool, KUJI_DIGEST_LEN * (apr_size_t)m->count);
    const unsigned char **list =
        apr_palloc(pool, sizeof(*list) * (apr_size_t)m->count);
    const unsigned char **blobs =
        apr_palloc(pool, sizeof(*blobs) * (apr_size_t)m->count);
    apr_size_t *lens = apr_palloc(pool, sizeof(*lens) * (apr_size_t)m->count);
    kuji_vault_t *vault;
    int i;
    apr_status_t rv = kuji_vault_open(&vault, m->act, conn, pool);

    for (i = 0; rv == APR_SUCCESS && i < m->count; i++) {
        apr_size_t len = strlen(m->codes[i]);

        kuji_vault_gift(digests[i], vault, place->id, m->codes[i], len);
        list[i] = digests[i];
        kuji_vault_seal(&blobs[i], &lens[i], vault,
                        kuji_vault_gift_purpose(place->id, digests[i], pool),
                        m->codes[i], len, pool);
    }
    kuji_vault_close(vault);
    kuji_args_init(args, pool);
    kuji_args_int(args, place->id);
    kuji_args_int(args, place->campaign_id);
    kuji_args_uuid(args, m->act->tenant);
    kuji_args_bytes_array(args, list, NULL, KUJI_DIGEST_LEN, m->count);
    kuji_args_bytes_array(args, blobs, lens, 0, m->count);
    return rv;
}

static apr_status_t store_chunk(void *baton, kuji_conn_t *conn,
                                apr_pool_t *pool)
{
    import_t *m = baton;
    kuji_gift_place_t place;
    kuji_args_t args;
    PGresult *res;
    int i;
    apr_status_t rv =
        kuji_gift__pool(&place, m->why, m->act, conn, m->slug, m->prize, pool);

    if (rv == APR_SUCCESS) {
        rv = seal_all(m, &args, &place, conn, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_pg_query(&res, conn, KUJI_Q_GIFT_CHUNK, &args, pool);
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    memset(m->known, 0, sizeof(m->known));
    for (i = 0; i < PQntuples(res); i++) {
        m->known[kuji_pg_int(res, i, 0)] = 1;
    }
    return kuji_audit_add(m->act, conn, "gift.import", place.object,
                          json_pack("{s:s, s:I, s:I}", "prize", m->prize,
                                    "stored",
                                    (json_int_t)(m->count - PQntuples(res)),
                                    "known", (json_int_t)PQntuples(res)),
                          pool);
}

static apr_status_t flush(import_t *m)
{
    apr_status_t rv;
    int i;

    if (m->count == 0) {
        return APR_SUCCESS;
    }
    rv = kuji_pg_transact(m->act->pg, m->act->tenant, store_chunk, m,
                          m->chunk_pool);
    for (i = 0; i < m->count; i++) {
        if (rv == APR_SUCCESS) {
            tell(m, m->lines[i],
                 m->known[i] ? KUJI_GIFT_KNOWN : KUJI_GIFT_STORED);
        }
        sodium_memzero((char *)m->codes[i], strlen(m->codes[i]));
    }
    apr_pool_clear(m->chunk_pool);
    m->count = 0;
    return rv;
}

/* The code without the blanks around it; NULL: none can be like that. */
static const char *clean(const char *text, apr_pool_t *pool)
{
    const char *c;
    apr_size_t len;

    while (*text == ' ' || *text == '\t') {
        text++;
    }
    len = strlen(text);
    while (len && (text[len - 1] == ' ' || text[len - 1] == '\t')) {
        len--;
    }
    for (c = text; c < text + len; c++) {
        if ((unsigned char)*c < 0x20 || *c == 0x7f) {
            return NULL;
        }
    }
    return len && len <= KUJI_GIFT_CODE_MAX ? apr_pstrmemdup(pool, text, len)
                                            : NULL;
}

static apr_status_t on_record(void *baton, const kuji_csv_record_t *record,
                              apr_pool_t *pool)
{
    import_t *m = baton;
    const char *code = clean(record->cells[0], m->chunk_pool);

    if (m->records++ == 0 && code &&
        (strcmp(code, "code") == 0 || strcmp(code, "コード") == 0)) {
        return APR_SUCCESS;
    }
    if (!code) {
        tell(m, record->line, KUJI_GIFT_MALFORMED);
        return APR_SUCCESS;
    }
    m->lines[m->count] = record->line;
    m->codes[m->count++] = code;
    return m->count == KUJI_GIFT_CHUNK ? flush(m) : APR_SUCCESS;
}

typedef struct check_t {
    const kuji_act_t *act;
    const char **why, *slug, *prize;
} check_t;

/* Before anything is read: a list for nobody is refused as a whole. */
static apr_status_t check(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    check_t *k = baton;
    kuji_gift_place_t place;

    return kuji_gift__pool(&place, k->why, k->act, conn, k->slug, k->prize,
                           pool);
}

apr_status_t kuji_gift_import(kuji_gift_report_t *report, const char **why,
                              const kuji_act_t *act, const char *slug,
                              const char *prize, const char *csv,
                              apr_size_t len, apr_pool_t *pool)
{
    import_t *m = apr_pcalloc(pool, sizeof(*m));
    check_t k = {act, why, slug, prize};
    apr_status_t rv = apr_pool_create(&m->chunk_pool, pool);

    memset(report, 0, sizeof(*report));
    m->act = act;
    m->why = why;
    m->slug = slug;
    m->prize = prize;
    m->report = report;
    m->refused = apr_palloc(pool, sizeof(*m->refused) * KUJI_GIFT_LINES_MAX);
    report->lines = m->refused;
    if (rv == APR_SUCCESS) {
        rv = kuji_pg_transact(act->pg, act->tenant, check, &k, m->chunk_pool);
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_lines_read(why, csv, len, on_record, m, pool);
    }
    if (rv == APR_SUCCESS) {
        rv = flush(m);
    }
    return rv == APR_SUCCESS && report->counts[KUJI_GIFT_STORED]
               ? kuji_gift__serve(&report->served, act, slug, prize, NULL, pool)
               : rv;
}
