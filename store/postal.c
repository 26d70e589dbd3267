/* SPDX-License-Identifier: Apache-2.0 */
#include "store/postal.h"

#include <apr_strings.h>
#include <apr_tables.h>
#include <string.h>

/** Places of one statement. */
#define CHUNK 2000
/** A whole list takes longer than the usual patience. */
#define LONGEST apr_time_from_sec(300)

enum { COLUMNS = 4 }; /* code, prefecture, city, town */

typedef struct import_t {
    apr_array_header_t *columns[COLUMNS];
    int sample;
    apr_pool_t *pool;
    const char *prefecture, *city; /* of the place before: names repeat */
} import_t;

static const char *repeated(const char **before, const char *text,
                            apr_pool_t *pool)
{
    if (!*before || strcmp(*before, text) != 0) {
        *before = apr_pstrdup(pool, text);
    }
    return *before;
}

static apr_status_t keep(void *baton, const kuji_postal_place_t *place)
{
    import_t *m = baton;

    APR_ARRAY_PUSH(m->columns[0], const char *) =
        apr_pstrdup(m->pool, place->code);
    APR_ARRAY_PUSH(m->columns[1], const char *) =
        repeated(&m->prefecture, place->prefecture, m->pool);
    APR_ARRAY_PUSH(m->columns[2], const char *) =
        repeated(&m->city, place->city, m->pool);
    APR_ARRAY_PUSH(m->columns[3], const char *) =
        apr_pstrdup(m->pool, place->town);
    return APR_SUCCESS;
}

static apr_status_t write_chunk(const import_t *m, kuji_conn_t *conn, int at,
                                int count, apr_pool_t *pool)
{
    kuji_args_t args;
    int i;

    kuji_args_init(&args, pool);
    kuji_args_bool(&args, m->sample);
    for (i = 0; i < COLUMNS; i++) {
        kuji_args_text_array(
            &args, (const char *const *)m->columns[i]->elts + at, count);
    }
    return kuji_pg_query(NULL, conn, KUJI_Q_POSTAL_ADD, &args, pool);
}

static apr_status_t write_list(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    const import_t *m = baton;
    int count = m->columns[0]->nelts, at;
    kuji_args_t args;
    apr_pool_t *chunk;
    apr_status_t rv = apr_pool_create(&chunk, pool);

    kuji_conn_patience(conn, LONGEST);
    kuji_args_init(&args, pool);
    if (rv == APR_SUCCESS) {
        rv = kuji_pg_query(NULL, conn, KUJI_Q_POSTAL_CLEAR, &args, pool);
    }
    for (at = 0; rv == APR_SUCCESS && at < count; at += CHUNK) {
        rv = write_chunk(m, conn, at, count - at < CHUNK ? count - at : CHUNK,
                         chunk);
        apr_pool_clear(chunk);
    }
    return rv;
}

apr_status_t kuji_postal_import(int64_t *count, int64_t *line, const char **why,
                                kuji_pg_t *pg, const char *bytes,
                                apr_size_t len, int sample, apr_pool_t *pool)
{
    import_t m = {.sample = sample, .pool = pool};
    int i;
    apr_status_t rv;

    for (i = 0; i < COLUMNS; i++) {
        m.columns[i] = apr_array_make(pool, CHUNK, sizeof(const char *));
    }
    rv = kuji_postal_read(line, why, bytes, len, keep, &m, pool);
    *count = m.columns[0]->nelts;
    if (rv == APR_SUCCESS && *count == 0) {
        *why = "the file holds no postal code";
        rv = KUJI_EINVAL;
    }
    return rv == APR_SUCCESS ? kuji_pg_transact(pg, NULL, write_list, &m, pool)
                             : rv;
}

typedef struct find_t {
    const char *code;
    PGresult *res;
} find_t;

static apr_status_t find(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    find_t *f = baton;
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_text(&args, f->code);
    kuji_args_int(&args, KUJI_POSTAL_PLACES_MAX);
    return kuji_pg_query(&f->res, conn, KUJI_Q_POSTAL_FIND, &args, pool);
}

/* A column that is the same in all rows. */
static const char *common(const PGresult *res, int col)
{
    const char *first = kuji_pg_text(res, 0, col);
    int i;

    for (i = 1; i < PQntuples(res); i++) {
        if (strcmp(first, kuji_pg_text(res, i, col)) != 0) {
            return "";
        }
    }
    return first;
}

apr_status_t kuji_postal_find(kuji_postal_found_t *found, kuji_pg_t *pg,
                              const char *code, apr_pool_t *pool)
{
    find_t f = {code, NULL};
    apr_status_t rv = kuji_pg_transact(pg, NULL, find, &f, pool);

    memset(found, 0, sizeof *found);
    found->prefecture = found->city = found->town = "";
    if (rv != APR_SUCCESS || PQntuples(f.res) == 0) {
        return rv;
    }
    found->found = PQntuples(f.res);
    found->prefecture = common(f.res, 0);
    found->city = *found->prefecture ? common(f.res, 1) : "";
    found->town = *found->city ? common(f.res, 2) : "";
    return APR_SUCCESS;
}
