/* Marking parcels as shipped by a list: lines are gathered, decided with their
 * claims locked, and done in one statement a step.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/claim_int.h"

#include "store/audit.h"
#include "store/lines.h"

#include <apr_strings.h>
#include <string.h>

#define CHUNK 1000

typedef struct line_t {
    int64_t line, n;
    char tracking[KUJI_TRACKING_MAX + 1];
    kuji_ship_e outcome;
} line_t;

typedef struct ship_t {
    const kuji_act_t *act;
    const char **why, *slug;
    kuji_ship_report_t *report;
    kuji_ship_line_t *refused;
    apr_pool_t *chunk_pool; /* cleared after each chunk */
    int records;
    int count;
    line_t lines[CHUNK];
} ship_t;

static void tell(ship_t *s, int64_t line, int64_t n, kuji_ship_e outcome)
{
    kuji_ship_report_t *r = s->report;

    r->counts[outcome]++;
    if (outcome > KUJI_SHIP_UPDATED && r->nlines < KUJI_SHIP_LINES_MAX) {
        s->refused[r->nlines].line = line;
        s->refused[r->nlines].n = (uint64_t)n;
        s->refused[r->nlines++].outcome = outcome;
    }
}

static kuji_ship_e decide_one(const kuji_claim_lock_t *lock)
{
    if (lock->kind != KUJI_KIND_PARCEL) {
        return KUJI_SHIP_KIND;
    }
    if (lock->is_erased) {
        return KUJI_SHIP_STATE;
    }
    if (lock->state == KUJI_CLAIM_SHIPPED) {
        return KUJI_SHIP_UPDATED;
    }
    return kuji_claim_may(lock->kind, lock->state, KUJI_CLAIM_SHIPPED,
                          KUJI_BY_OWNER)
               ? KUJI_SHIP_DONE
               : KUJI_SHIP_STATE;
}

/* locks are in the order of n, lines in that of the file. */
static const kuji_claim_lock_t *find(const kuji_claim_lock_t *locks, int count,
                                     int64_t n)
{
    int low = 0, high = count, middle;

    while (low < high) {
        middle = (low + high) / 2;
        if ((int64_t)locks[middle].n < n) {
            low = middle + 1;
        }
        else {
            high = middle;
        }
    }
    return low < count && (int64_t)locks[low].n == n ? &locks[low] : NULL;
}

static apr_status_t decide(ship_t *s, const kuji_claims_t *c)
{
    int64_t numbers[CHUNK];
    const kuji_claim_lock_t *locks, *lock;
    char *taken;
    int count, i;
    apr_status_t rv;

    for (i = 0; i < s->count; i++) {
        numbers[i] = s->lines[i].n;
    }
    rv = kuji_claims__lock(&locks, &count, c, numbers, s->count, c->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    taken = apr_pcalloc(c->pool, (apr_size_t)count + 1);
    for (i = 0; i < s->count; i++) {
        lock = find(locks, count, s->lines[i].n);
        if (!lock) {
            s->lines[i].outcome = KUJI_SHIP_UNKNOWN;
        }
        else if (taken[lock - locks]) {
            s->lines[i].outcome = KUJI_SHIP_TWICE;
        }
        else {
            s->lines[i].outcome = decide_one(lock);
            taken[lock - locks] = 1;
        }
    }
    return APR_SUCCESS;
}

static apr_status_t write_tracking(ship_t *s, const kuji_claims_t *c)
{
    const unsigned char *blobs[CHUNK];
    apr_size_t lens[CHUNK];
    int64_t numbers[CHUNK];
    kuji_vault_t *vault;
    kuji_args_t args;
    int i, count = 0;
    apr_status_t rv = kuji_vault_open(&vault, c->act, c->conn, c->pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    for (i = 0; i < s->count; i++) {
        const line_t *line = &s->lines[i];

        if (line->outcome <= KUJI_SHIP_UPDATED && *line->tracking) {
            kuji_vault_seal(
                &blobs[count], &lens[count], vault,
                kuji_vault_purpose("tracking", c->uuid, line->n, c->pool),
                line->tracking, strlen(line->tracking), c->pool);
            numbers[count++] = line->n;
        }
    }
    kuji_vault_close(vault);
    if (count == 0) {
        return APR_SUCCESS;
    }
    kuji_args_init(&args, c->pool);
    kuji_args_int(&args, c->id);
    kuji_args_uuid(&args, c->act->tenant);
    kuji_args_int_array(&args, numbers, count);
    kuji_args_bytes_array(&args, blobs, lens, 0, count);
    return kuji_pg_query(NULL, c->conn, KUJI_Q_CLAIM_TRACKING, &args, c->pool);
}

/* The draws of one outcome, for the statement and for the audit row. */
static int numbers_of(int64_t *numbers, json_t *list, const ship_t *s,
                      kuji_ship_e outcome)
{
    int i, count = 0;

    for (i = 0; i < s->count; i++) {
        if (s->lines[i].outcome == outcome) {
            numbers[count++] = s->lines[i].n;
            json_array_append_new(list,
                                  json_integer((json_int_t)s->lines[i].n));
        }
    }
    return count;
}

static apr_status_t ship_chunk(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    ship_t *s = baton;
    int64_t shipped[CHUNK], updated[CHUNK];
    json_t *done = json_array(), *again = json_array();
    int ndone = 0, nagain = 0;
    kuji_claims_t c;
    apr_status_t rv =
        kuji_claims__open(&c, s->why, s->act, conn, s->slug, pool);

    if (rv == APR_SUCCESS) {
        rv = decide(s, &c);
    }
    if (rv == APR_SUCCESS) {
        ndone = numbers_of(shipped, done, s, KUJI_SHIP_DONE);
        nagain = numbers_of(updated, again, s, KUJI_SHIP_UPDATED);
        rv = write_tracking(s, &c);
    }
    if (rv == APR_SUCCESS && ndone) {
        rv = kuji_claims__set(&c, shipped, ndone, KUJI_CLAIM_SHIPPED, pool);
    }
    if (rv != APR_SUCCESS || ndone + nagain == 0) {
        json_decref(done);
        json_decref(again);
        return rv;
    }
    return kuji_audit_add(
        s->act, conn, "claim.shipped", kuji_claims__object(&c),
        json_pack("{s:o, s:o}", "n", done, "again", again), pool);
}

static apr_status_t flush(ship_t *s)
{
    apr_status_t rv;
    int i;

    if (s->count == 0) {
        return APR_SUCCESS;
    }
    rv = kuji_pg_transact(s->act->pg, s->act->tenant, ship_chunk, s,
                          s->chunk_pool);
    apr_pool_clear(s->chunk_pool);
    for (i = 0; rv == APR_SUCCESS && i < s->count; i++) {
        tell(s, s->lines[i].line, s->lines[i].n, s->lines[i].outcome);
    }
    s->count = 0;
    return rv;
}

/* A draw's number: 1 .. 2^53 - 1; 0 for what is none. */
static int64_t number(const char *text)
{
    apr_size_t len = strlen(text);

    return len >= 1 && len <= 15 && strspn(text, "0123456789") == len
               ? apr_atoi64(text)
               : 0;
}

static apr_status_t on_record(void *baton, const kuji_csv_record_t *record,
                              apr_pool_t *pool)
{
    ship_t *s = baton;
    line_t *line = &s->lines[s->count];
    int is_first = s->records++ == 0;

    line->line = record->line;
    line->n = number(record->cells[0]);
    line->tracking[0] = '\0';
    if (line->n == 0) {
        if (!is_first) {
            tell(s, line->line, 0, KUJI_SHIP_MALFORMED);
        }
        return APR_SUCCESS;
    }
    if (record->count > 1 && *record->cells[1] &&
        kuji_person_tracking(line->tracking, record->cells[1],
                             strlen(record->cells[1])) != APR_SUCCESS) {
        tell(s, line->line, line->n, KUJI_SHIP_MALFORMED);
        return APR_SUCCESS;
    }
    return ++s->count == CHUNK ? flush(s) : APR_SUCCESS;
}

apr_status_t kuji_claim_ship(kuji_ship_report_t *report, const char **why,
                             const kuji_act_t *act, const char *slug,
                             const char *csv, apr_size_t len, apr_pool_t *pool)
{
    ship_t *s = apr_pcalloc(pool, sizeof(*s));
    apr_status_t rv = apr_pool_create(&s->chunk_pool, pool);

    memset(report, 0, sizeof(*report));
    s->act = act;
    s->why = why;
    s->slug = slug;
    s->report = report;
    s->refused = apr_palloc(pool, sizeof(*s->refused) * KUJI_SHIP_LINES_MAX);
    report->lines = s->refused;
    if (rv == APR_SUCCESS) {
        rv = kuji_lines_read(why, csv, len, on_record, s, pool);
    }
    return rv == APR_SUCCESS ? flush(s) : rv;
}
