/* SPDX-License-Identifier: Apache-2.0 */
#include "store/append.h"

#include "store/mark.h"

#include <string.h>

/* One leaf waiting to be stored. */
typedef struct leaf_t {
    const char *bytes;
} leaf_t;

static void read_row(kuji_append_t *a, const PGresult *res)
{
    a->id = kuji_pg_int(res, 0, 0);
    a->uuid = kuji_pg_text(res, 0, 1);
    a->slug = kuji_pg_text(res, 0, 2);
    a->status = kuji_pg_text(res, 0, 3);
    a->method = (kuji_method_e)kuji_method_parse(kuji_pg_text(res, 0, 4));
    a->opens_at = kuji_pg_int(res, 0, 5);
    a->closes_at = kuji_pg_int(res, 0, 6);
    a->version = (int)kuji_pg_int(res, 0, 7);
    a->next_n = kuji_pg_int(res, 0, 8);
    a->blanks_left = kuji_pg_int(res, 0, 9);
    a->raffled_at = kuji_pg_int(res, 0, 10);
}

static apr_status_t read_tree(kuji_append_t *a, const PGresult *res)
{
    const unsigned char *edge;
    apr_size_t len;
    apr_status_t rv = kuji_pg_bytes(&edge, &len, res, 0, 13, a->pool);

    if (rv == APR_SUCCESS) {
        rv = kuji_tree_unpack(&a->tree, (uint64_t)kuji_pg_int(res, 0, 12), edge,
                              len);
    }
    a->first = a->tree.size;
    return rv;
}

/* A second statement: the first one's own clock would be read before it waited
 * for the lock. */
static apr_status_t read_clock(kuji_append_t *a, int64_t last_t)
{
    PGresult *res;
    apr_status_t rv =
        kuji_pg_query(&res, a->conn, KUJI_Q_APPEND_NOW, NULL, a->pool);

    if (rv == APR_SUCCESS) {
        a->t = kuji_pg_int(res, 0, 0);
        a->t = a->t < last_t ? last_t : a->t;
    }
    return rv;
}

/* Before anything is awarded or taken back. */
static apr_status_t mark(kuji_append_t *a, int64_t last_t)
{
    kuji_args_t args;

    if (!kuji_mark_is_due(last_t, a->t)) {
        return APR_SUCCESS;
    }
    kuji_mark_args(&args, a->id, a->t, a->pool);
    return kuji_pg_query(NULL, a->conn, KUJI_Q_FIGURES_MARK, &args, a->pool);
}

apr_status_t kuji_append_lock(kuji_append_t *a, const char **why,
                              const kuji_act_t *act, kuji_conn_t *conn,
                              const char *slug, apr_pool_t *pool)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    memset(a, 0, sizeof(*a));
    a->act = act;
    a->conn = conn;
    a->pool = pool;
    a->leaves = apr_array_make(pool, 2, sizeof(leaf_t));
    a->nodes = apr_array_make(pool, 2, sizeof(kuji_append_node_t));
    kuji_args_init(&args, pool);
    kuji_args_uuid(&args, act->tenant);
    kuji_args_text(&args, slug);
    rv = kuji_pg_query(&res, conn, KUJI_Q_APPEND_LOCK, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        *why = "there is no such campaign";
        return KUJI_ENOTFOUND;
    }
    read_row(a, res);
    rv = read_tree(a, res);
    if (rv == APR_SUCCESS) {
        rv = read_clock(a, kuji_pg_int(res, 0, 11));
    }
    return rv == APR_SUCCESS ? mark(a, kuji_pg_int(res, 0, 11)) : rv;
}

void kuji_append_on_node(void *baton, unsigned level, uint64_t index,
                         const unsigned char hash[KUJI_HASH_LEN])
{
    kuji_append_node_t *node;

    if (level >= KUJI_TREE_STORED_LEVEL) {
        node = apr_array_push(baton);
        node->level = level;
        node->index = (int64_t)index;
        memcpy(node->hash, hash, KUJI_HASH_LEN);
    }
}

void kuji_append_bytes(kuji_append_t *a, const char *leaf, apr_size_t len)
{
    leaf_t *slot = apr_array_push(a->leaves);
    unsigned char hash[KUJI_HASH_LEN];

    slot->bytes = leaf;
    kuji_tree_leaf_hash(hash, leaf, len);
    kuji_tree_append(&a->tree, hash, kuji_append_on_node, a->nodes);
}

apr_status_t kuji_append_leaf(kuji_append_t *a, kuji_leaf_t *leaf,
                              const char **bytes)
{
    const char *text;
    apr_size_t len;
    apr_status_t rv;

    leaf->i = a->tree.size;
    leaf->t = a->t;
    rv = kuji_ledger_write(&text, &len, leaf, a->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_append_bytes(a, text, len);
    if (bytes) {
        *bytes = text;
    }
    return APR_SUCCESS;
}

static apr_status_t store_nodes(kuji_append_t *a)
{
    int count = a->nodes->nelts, i;
    const kuji_append_node_t *node = (const kuji_append_node_t *)a->nodes->elts;
    int64_t *levels = apr_palloc(a->pool, sizeof(*levels) * (count + 1));
    int64_t *indexes = apr_palloc(a->pool, sizeof(*indexes) * (count + 1));
    const unsigned char **hashes =
        apr_palloc(a->pool, sizeof(*hashes) * (count + 1));
    kuji_args_t args;

    if (count == 0) {
        return APR_SUCCESS;
    }
    for (i = 0; i < count; i++) {
        levels[i] = node[i].level;
        indexes[i] = node[i].index;
        hashes[i] = node[i].hash;
    }
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_uuid(&args, a->act->tenant);
    kuji_args_int_array(&args, levels, count);
    kuji_args_int_array(&args, indexes, count);
    kuji_args_bytes_array(&args, hashes, NULL, KUJI_HASH_LEN, count);
    return kuji_pg_query(NULL, a->conn, KUJI_Q_APPEND_NODES, &args, a->pool);
}

static apr_status_t store_edge(kuji_append_t *a)
{
    unsigned char *edge =
        apr_palloc(a->pool, KUJI_TREE_EDGE_MAX * KUJI_HASH_LEN);
    kuji_args_t args;

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_int(&args, (int64_t)a->tree.size);
    kuji_args_bytes(&args, edge, kuji_tree_pack(&a->tree, edge));
    kuji_args_int(&args, a->t);
    return kuji_pg_query(NULL, a->conn, KUJI_Q_APPEND_EDGE, &args, a->pool);
}

/* Leaves last: a close leaf holds the seed, which should reach PostgreSQL when
 * everything else has succeeded. */
apr_status_t kuji_append_flush(kuji_append_t *a)
{
    int count = a->leaves->nelts, i;
    const leaf_t *leaf = (const leaf_t *)a->leaves->elts;
    const char **texts = apr_palloc(a->pool, sizeof(*texts) * (count + 1));
    kuji_args_t args;
    apr_status_t rv = store_edge(a);

    if (rv == APR_SUCCESS) {
        rv = store_nodes(a);
    }
    if (rv != APR_SUCCESS || count == 0) {
        return rv;
    }
    for (i = 0; i < count; i++) {
        texts[i] = leaf[i].bytes;
    }
    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    kuji_args_uuid(&args, a->act->tenant);
    kuji_args_int(&args, (int64_t)a->first);
    kuji_args_text_array(&args, texts, count);
    return kuji_pg_query(NULL, a->conn, KUJI_Q_APPEND_LEAVES, &args, a->pool);
}

apr_status_t kuji_append_manifest(const kuji_manifest_t **m, const char **why,
                                  kuji_append_t *a)
{
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    rv = kuji_pg_query(&res, a->conn, KUJI_Q_APPEND_MANIFEST, &args, a->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1) {
        *why = "the campaign is a draft";
        return KUJI_ESTATE;
    }
    return kuji_manifest_parse(m, why, PQgetvalue(res, 0, 0),
                               (apr_size_t)PQgetlength(res, 0, 0), a->pool);
}

apr_status_t kuji_append_prizes(const kuji_append_prize_t **prizes, int *count,
                                kuji_append_t *a)
{
    kuji_append_prize_t *list;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;
    int i;

    kuji_args_init(&args, a->pool);
    kuji_args_int(&args, a->id);
    rv = kuji_pg_query(&res, a->conn, KUJI_Q_APPEND_PRIZES, &args, a->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    *count = PQntuples(res);
    list = apr_palloc(a->pool, sizeof(*list) * ((apr_size_t)*count + 1));
    for (i = 0; i < *count; i++) {
        list[i].declared = kuji_pg_int(res, i, 0);
        list[i].added = kuji_pg_int(res, i, 1);
        list[i].left = kuji_pg_int(res, i, 2);
        list[i].awarded = kuji_pg_int(res, i, 3);
    }
    *prizes = list;
    return APR_SUCCESS;
}
