/* SPDX-License-Identifier: Apache-2.0 */
#include "store/image.h"

#include "core/sha256.h"
#include "store/audit.h"
#include "store/rows.h"

#include <apr_strings.h>

typedef struct add_t {
    const kuji_act_t *act;
    kuji_image_t image;
    unsigned char hash[KUJI_IMAGE_HASH_LEN];
    const char *name;
    const char **why;
} add_t;

static apr_status_t ask_bool(int *answer, kuji_conn_t *conn, kuji_query_e query,
                             const kuji_args_t *args, apr_pool_t *pool)
{
    PGresult *res;
    apr_status_t rv = kuji_pg_query(&res, conn, query, args, pool);

    if (rv == APR_SUCCESS) {
        *answer = kuji_pg_bool(res, 0, 0);
    }
    return rv;
}

/* Whether it is there already, and whether there is room. */
static apr_status_t look(int *there, add_t *a, kuji_conn_t *conn,
                         apr_pool_t *pool)
{
    kuji_args_t args;
    int full = 0;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, a->act->tenant);
    kuji_args_bytes(&args, a->hash, sizeof(a->hash));
    rv = ask_bool(there, conn, KUJI_Q_IMAGE_HAS, &args, pool);
    if (rv != APR_SUCCESS || *there) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, a->act->tenant);
    kuji_args_int(&args, KUJI_IMAGES_MAX);
    rv = ask_bool(&full, conn, KUJI_Q_IMAGE_FULL, &args, pool);
    if (rv == APR_SUCCESS && full) {
        *a->why = "there are 1,000 images already";
        rv = KUJI_ESTATE;
    }
    return rv;
}

static apr_status_t add(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    add_t *a = baton;
    kuji_args_t args;
    PGresult *res;
    int there = 0;
    apr_status_t rv = look(&there, a, conn, pool);

    if (rv != APR_SUCCESS || there) {
        return rv;
    }
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, a->act->tenant);
    kuji_args_bytes(&args, a->hash, sizeof(a->hash));
    kuji_args_text(&args, kuji_image_ext(a->image.type));
    kuji_args_int(&args, a->image.width);
    kuji_args_int(&args, a->image.height);
    kuji_args_bytes(&args, a->image.bytes, a->image.len);
    rv = kuji_pg_query(&res, conn, KUJI_Q_IMAGE_ADD, &args, pool);
    if (rv != APR_SUCCESS || kuji_pg_changed(res) != 1) {
        return rv; /* somebody else has added it just now */
    }
    return kuji_audit_add(
        a->act, conn, "image.add", apr_pstrcat(pool, "image:", a->name, NULL),
        json_pack("{s:I, s:i, s:i}", "bytes", (json_int_t)a->image.len, "width",
                  a->image.width, "height", a->image.height),
        pool);
}

apr_status_t kuji_image_add(const char **name, const char **why,
                            const kuji_act_t *act, const void *bytes,
                            apr_size_t len, apr_pool_t *pool)
{
    add_t a = {.act = act, .why = why};
    char *text = apr_palloc(pool, KUJI_IMAGE_NAME_MAX + 1);
    apr_status_t rv = kuji_image_clean(&a.image, why, bytes, len, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_sha256(a.hash, a.image.bytes, a.image.len);
    kuji_image_name(text, a.hash, a.image.type);
    *name = a.name = text;
    return kuji_pg_transact(act->pg, act->tenant, add, &a, pool);
}

typedef struct get_t {
    const kuji_act_t *act;
    unsigned char hash[KUJI_IMAGE_HASH_LEN];
    kuji_image_type_e type;
    const char *bytes;
    apr_size_t len;
} get_t;

static apr_status_t get(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    get_t *g = baton;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    args.binary_result = 1; /* as text it would be twice as long */
    kuji_args_uuid(&args, g->act->tenant);
    kuji_args_bytes(&args, g->hash, sizeof(g->hash));
    kuji_args_text(&args, kuji_image_ext(g->type));
    rv = kuji_pg_query(&res, conn, KUJI_Q_IMAGE_BYTES, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        return KUJI_ENOTFOUND;
    }
    g->bytes = PQgetvalue(res, 0, 0);
    g->len = (apr_size_t)PQgetlength(res, 0, 0);
    return APR_SUCCESS;
}

apr_status_t kuji_image_get(const char **bytes, apr_size_t *len,
                            const kuji_act_t *act, const char *name,
                            apr_pool_t *pool)
{
    get_t g = {.act = act};
    apr_status_t rv;

    if (!kuji_image_name_read(g.hash, &g.type, name, strlen(name))) {
        return KUJI_ENOTFOUND;
    }
    rv = kuji_pg_transact(act->pg, act->tenant, get, &g, pool);
    *bytes = g.bytes;
    *len = g.len;
    return rv;
}

static apr_status_t read_row(void *item, const PGresult *res, int i,
                             apr_pool_t *pool)
{
    kuji_image_row_t *row = item;

    (void)pool;
    row->name = kuji_pg_text(res, i, 0);
    row->width = (int)kuji_pg_int(res, i, 1);
    row->height = (int)kuji_pg_int(res, i, 2);
    row->len = kuji_pg_int(res, i, 3);
    row->at = kuji_pg_int(res, i, 4);
    return APR_SUCCESS;
}

apr_status_t kuji_image_list(const kuji_image_row_t **rows, int *count,
                             const kuji_act_t *act, int skip, int limit,
                             apr_pool_t *pool)
{
    kuji_rows_t found = KUJI_ROWS(kuji_image_row_t, read_row);
    kuji_args_t args;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_int(&args, limit);
    kuji_args_int(&args, skip);
    rv = kuji_rows_list(&found, act, KUJI_Q_IMAGE_LIST, &args, pool);
    *rows = found.items;
    *count = found.count;
    return rv;
}

apr_status_t kuji_image_missing(const char **name, const kuji_act_t *act,
                                kuji_conn_t *conn, const char *const *names,
                                int count, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_text_array(&args, names, count);
    rv = kuji_pg_query(&res, conn, KUJI_Q_IMAGE_MISSING, &args, pool);
    if (rv == APR_SUCCESS) {
        *name = PQntuples(res) ? kuji_pg_text(res, 0, 0) : NULL;
    }
    return rv;
}
