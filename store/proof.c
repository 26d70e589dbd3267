/* SPDX-License-Identifier: Apache-2.0 */
#include "store/proof.h"

#include <string.h>

/** Leaves below one stored node. */
#define BLOCK ((uint64_t)1 << KUJI_TREE_STORED_LEVEL)
/** A proof reaches into its leaf's block and the last one's; a consistency
 * proof into those of both ends. */
#define BLOCKS 2

typedef struct block_t {
    uint64_t first; /* leaf */
    int count;      /* leaves read; 0: unused */
    unsigned char hashes[BLOCK][KUJI_HASH_LEN];
} block_t;

typedef struct reader_t {
    const kuji_act_t *act;
    int64_t id;
    uint64_t leaf, size; /* or from, to */
    unsigned char (*hashes)[KUJI_HASH_LEN];
    int count;
    kuji_conn_t *conn;
    apr_pool_t *pool;
    block_t *blocks;
    int next_block;
} reader_t;

static apr_status_t read_leaves(PGresult **res, kuji_conn_t *conn, int64_t id,
                                uint64_t from, uint64_t to, apr_pool_t *pool)
{
    kuji_args_t args;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, id);
    kuji_args_int(&args, (int64_t)from);
    kuji_args_int(&args, (int64_t)to);
    return kuji_pg_query(res, conn, KUJI_Q_PROOF_LEAVES, &args, pool);
}

typedef struct page_t {
    int64_t id;
    uint64_t from, to;
    kuji_proof_leaf_t *leaves;
    int count;
} page_t;

static apr_status_t read_page(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    page_t *p = baton;
    PGresult *res;
    int i;
    apr_status_t rv = read_leaves(&res, conn, p->id, p->from, p->to, pool);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    p->count = PQntuples(res);
    p->leaves =
        apr_palloc(pool, sizeof(*p->leaves) * ((apr_size_t)p->count + 1));
    for (i = 0; i < p->count; i++) {
        p->leaves[i].bytes = PQgetvalue(res, i, 0);
        p->leaves[i].len = (apr_size_t)PQgetlength(res, i, 0);
    }
    return APR_SUCCESS;
}

apr_status_t kuji_proof_leaves(const kuji_proof_leaf_t **leaves, int *count,
                               const kuji_act_t *act, int64_t campaign_id,
                               uint64_t from, uint64_t to, apr_pool_t *pool)
{
    page_t p = {campaign_id, from, to, NULL, 0};
    apr_status_t rv = APR_SUCCESS;

    if (to > from && to - from > KUJI_PROOF_PAGE) {
        p.to = from + KUJI_PROOF_PAGE;
    }
    if (p.to > from && p.to <= (uint64_t)KUJI_INT_MAX) {
        rv = kuji_pg_show(act->pg, act->tenant, read_page, &p, pool);
    }
    *leaves = p.leaves;
    *count = p.count;
    return rv;
}

static apr_status_t read_tree(kuji_tree_t *tree, kuji_conn_t *conn, int64_t id,
                              apr_pool_t *pool)
{
    const unsigned char *edge;
    apr_size_t len;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    kuji_args_init(&args, pool);
    kuji_args_int(&args, id);
    rv = kuji_pg_query(&res, conn, KUJI_Q_PROOF_HEAD, &args, pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    if (PQntuples(res) != 1 || kuji_pg_int(res, 0, 0) == 0) {
        return KUJI_ENOTFOUND;
    }
    rv = kuji_pg_bytes(&edge, &len, res, 0, 1, pool);
    return rv == APR_SUCCESS
               ? kuji_tree_unpack(tree, (uint64_t)kuji_pg_int(res, 0, 0), edge,
                                  len)
               : rv;
}

typedef struct head_t {
    int64_t id;
    kuji_tree_t tree;
} head_t;

static apr_status_t read_head(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    head_t *h = baton;

    return read_tree(&h->tree, conn, h->id, pool);
}

apr_status_t kuji_proof_head(uint64_t *size, unsigned char root[KUJI_HASH_LEN],
                             const kuji_act_t *act, int64_t campaign_id,
                             apr_pool_t *pool)
{
    head_t h = {.id = campaign_id};
    apr_status_t rv = kuji_pg_show(act->pg, act->tenant, read_head, &h, pool);

    if (rv == APR_SUCCESS) {
        *size = h.tree.size;
        kuji_tree_root(&h.tree, root);
    }
    return rv;
}

/* The block that leaf is in, with the hashes of its leaves below size. */
static apr_status_t block_of(const block_t **out, reader_t *r, uint64_t leaf)
{
    uint64_t first = leaf & ~(BLOCK - 1);
    block_t *block;
    PGresult *res;
    apr_status_t rv;
    int i;

    for (i = 0; i < BLOCKS; i++) {
        if (r->blocks[i].count && r->blocks[i].first == first) {
            *out = &r->blocks[i];
            return APR_SUCCESS;
        }
    }
    block = &r->blocks[r->next_block++ % BLOCKS];
    rv =
        read_leaves(&res, r->conn, r->id, first,
                    first + BLOCK < r->size ? first + BLOCK : r->size, r->pool);
    if (rv != APR_SUCCESS) {
        return rv;
    }
    block->first = first;
    block->count = PQntuples(res);
    for (i = 0; i < block->count; i++) {
        kuji_tree_leaf_hash(block->hashes[i], PQgetvalue(res, i, 0),
                            (apr_size_t)PQgetlength(res, i, 0));
    }
    *out = block;
    return APR_SUCCESS;
}

/* A full subtree below the stored ones, from its leaves. */
static apr_status_t small_node(reader_t *r, unsigned level, uint64_t index,
                               unsigned char hash[KUJI_HASH_LEN])
{
    uint64_t first = index << level, count = (uint64_t)1 << level, i;
    const block_t *block;
    kuji_tree_t tree;
    apr_status_t rv = block_of(&block, r, first);

    if (rv != APR_SUCCESS) {
        return rv;
    }
    first -= block->first;
    if (first + count > (uint64_t)block->count) {
        return KUJI_EDATABASE; /* leaves are missing */
    }
    kuji_tree_init(&tree);
    for (i = 0; i < count; i++) {
        kuji_tree_append(&tree, block->hashes[first + i], NULL, NULL);
    }
    kuji_tree_root(&tree, hash);
    return APR_SUCCESS;
}

static apr_status_t read_node(void *baton, unsigned level, uint64_t index,
                              unsigned char hash[KUJI_HASH_LEN])
{
    reader_t *r = baton;
    const unsigned char *bytes;
    apr_size_t len;
    kuji_args_t args;
    PGresult *res;
    apr_status_t rv;

    if (level < KUJI_TREE_STORED_LEVEL) {
        return small_node(r, level, index, hash);
    }
    kuji_args_init(&args, r->pool);
    kuji_args_int(&args, r->id);
    kuji_args_int(&args, level);
    kuji_args_int(&args, (int64_t)index);
    rv = kuji_pg_query(&res, r->conn, KUJI_Q_PROOF_NODE, &args, r->pool);
    if (rv != APR_SUCCESS || PQntuples(res) != 1) {
        return rv == APR_SUCCESS ? KUJI_EDATABASE : rv;
    }
    rv = kuji_pg_bytes(&bytes, &len, res, 0, 0, r->pool);
    if (rv == APR_SUCCESS) {
        memcpy(hash, bytes, KUJI_HASH_LEN);
    }
    return rv;
}

/* Ready to read a tree of r->size leaves. */
static apr_status_t begin(reader_t *r, kuji_conn_t *conn, apr_pool_t *pool)
{
    kuji_tree_t tree;
    apr_status_t rv = read_tree(&tree, conn, r->id, pool);

    if (rv == APR_SUCCESS && r->size > tree.size) {
        rv = KUJI_EINVAL;
    }
    r->conn = conn;
    r->pool = pool;
    r->blocks = apr_pcalloc(pool, sizeof(*r->blocks) * BLOCKS);
    return rv;
}

static apr_status_t inclusion(void *baton, kuji_conn_t *conn, apr_pool_t *pool)
{
    reader_t *r = baton;
    apr_status_t rv = begin(r, conn, pool);

    return rv == APR_SUCCESS
               ? kuji_tree_inclusion(r->hashes, &r->count, r->leaf, r->size,
                                     read_node, r)
               : rv;
}

apr_status_t kuji_proof_inclusion(unsigned char (*hashes)[KUJI_HASH_LEN],
                                  int *count, const kuji_act_t *act,
                                  int64_t campaign_id, uint64_t leaf,
                                  uint64_t size, apr_pool_t *pool)
{
    reader_t r = {.act = act,
                  .id = campaign_id,
                  .leaf = leaf,
                  .size = size,
                  .hashes = hashes};
    apr_status_t rv = kuji_pg_show(act->pg, act->tenant, inclusion, &r, pool);

    *count = r.count;
    return rv;
}

static apr_status_t consistency(void *baton, kuji_conn_t *conn,
                                apr_pool_t *pool)
{
    reader_t *r = baton;
    apr_status_t rv = begin(r, conn, pool);

    return rv == APR_SUCCESS
               ? kuji_tree_consistency(r->hashes, &r->count, r->leaf, r->size,
                                       read_node, r)
               : rv;
}

apr_status_t kuji_proof_consistency(unsigned char (*hashes)[KUJI_HASH_LEN],
                                    int *count, const kuji_act_t *act,
                                    int64_t campaign_id, uint64_t from,
                                    uint64_t to, apr_pool_t *pool)
{
    reader_t r = {.act = act,
                  .id = campaign_id,
                  .leaf = from,
                  .size = to,
                  .hashes = hashes};
    apr_status_t rv = kuji_pg_show(act->pg, act->tenant, consistency, &r, pool);

    *count = r.count;
    return rv;
}
