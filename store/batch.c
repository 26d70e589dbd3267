/* One transaction of many draws: lock and read, decide, write and commit; two
 * round trips in libpq's pipeline mode.
 *
 * SPDX-License-Identifier: Apache-2.0 */
#include "store/batch_int.h"

#include <string.h>

static apr_status_t prepare_all(kuji_conn_t *conn)
{
    static const kuji_query_e queries[] = {
        KUJI_Q_TX_BEGIN,
        KUJI_Q_TX_COMMIT,
        KUJI_Q_TX_ROLLBACK,
        KUJI_Q_DRAW_BEGIN,
        KUJI_Q_DRAW_LOCK,
        KUJI_Q_DRAW_FACTS,
        KUJI_Q_DRAW_KEYS,
        KUJI_Q_DRAW_PARTICIPANTS,
        KUJI_Q_DRAW_CODES,
        KUJI_Q_DRAW_STORED,
        KUJI_Q_DRAW_ADD_LEAVES,
        KUJI_Q_DRAW_ADD,
        KUJI_Q_DRAW_AWARD,
        KUJI_Q_DRAW_ADD_PARTICIPANTS,
        KUJI_Q_DRAW_USE_CODES,
        KUJI_Q_DRAW_CHANGE_PARTICIPANTS,
        KUJI_Q_DRAW_ADD_CLAIMS,
        KUJI_Q_DRAW_ADD_NODES,
        KUJI_Q_DRAW_UPDATE,
        KUJI_Q_FIGURES_MARK,
        KUJI_Q_DRAW_SPEND_CODES,
        KUJI_Q_CONSENT_ADD,
        KUJI_Q_CONSENT_ADD_NEW,
        KUJI_Q_DRAW_LINKS,
        KUJI_Q_DRAW_USE_LINKS,
        KUJI_Q_DRAW_ADD_LINK_DRAWS,
        KUJI_Q_DRAW_ADD_CLAIMS_MAILED,
        KUJI_Q_DRAW_ADD_CLAIMS_TOLD,
    };
    apr_status_t rv = APR_SUCCESS;
    unsigned i;

    for (i = 0; i < sizeof(queries) / sizeof(queries[0]) && !rv; i++) {
        rv = kuji_conn__prepare(conn, queries[i]);
    }
    return rv;
}

/* Leaves the connection idle, or closed where that cannot be had. */
static void abandon(kuji_batch_t *b)
{
    PGresult *res = NULL;

    if (!b->conn->native) {
        return;
    }
    b->conn->deadline = apr_time_now() + b->patience;
    if (!PQexitPipelineMode(b->conn->native) ||
        (PQtransactionStatus(b->conn->native) != PQTRANS_IDLE &&
         kuji_conn__run(&res, b->conn, KUJI_Q_TX_ROLLBACK, NULL) !=
             APR_SUCCESS)) {
        kuji_conn__close(b->conn);
    }
    PQclear(res);
}

/* The checkpoint is signed while PostgreSQL commits; it is handed out only
 * after that. */
static void sign(kuji_batch_t *b, const kuji_signer_t *signer)
{
    unsigned char root[KUJI_HASH_LEN];
    char note[KUJI_NOTE_MAX];
    apr_size_t len;
    int i;

    kuji_tree_root(&b->tree, root);
    len = kuji_note_sign(note, signer, b->campaign->manifest->origin,
                         b->tree.size, root);
    for (i = 0; i < b->count; i++) {
        if (b->items[i]->answer.outcome <= KUJI_REPEATED) {
            memcpy(b->items[i]->answer.checkpoint, note, len + 1);
        }
    }
}

static apr_status_t send_commit(kuji_batch_t *b, int *sent)
{
    apr_status_t rv = APR_SUCCESS;

    *sent = 0;
    if (b->nrows) {
        rv = kuji_batch__write(b, sent);
    }
    if (rv == APR_SUCCESS && b->nrepeated) {
        rv = kuji_batch__ask_stored(b);
        ++*sent;
    }
    if (rv == APR_SUCCESS) {
        rv = kuji_conn__send(b->conn, KUJI_Q_TX_COMMIT, NULL);
    }
    if (rv == APR_SUCCESS && !PQpipelineSync(b->conn->native)) {
        rv = KUJI_EBUSY;
    }
    return rv == APR_SUCCESS ? kuji_conn__flush(b->conn) : rv;
}

static apr_status_t unknown(kuji_batch_t *b)
{
    __atomic_fetch_add(&b->conn->pg->unknown_commits, 1, __ATOMIC_RELAXED);
    return KUJI_EUNKNOWN;
}

/* Reads the writes' results, then COMMIT's, then the sync. */
static apr_status_t finish(kuji_batch_t *b, int sent)
{
    PGresult *res = NULL;
    apr_status_t rv, first = APR_SUCCESS;
    int i;

    for (i = 0; i < sent + 2 && b->conn->native; i++) {
        rv = kuji_batch__next(&res, b);
        if (!b->conn->native && first == APR_SUCCESS && i <= sent) {
            rv = unknown(b); /* no error was seen: it may have committed */
        }
        else if (rv == APR_SUCCESS && first == APR_SUCCESS && b->nrepeated &&
                 i == sent - 1) {
            rv = kuji_batch__take_stored(b, res);
        }
        else if (rv == APR_SUCCESS && first == APR_SUCCESS && i == sent) {
            rv = kuji_conn__committed(b->conn, res);
        }
        else if (!b->conn->native) {
            rv = APR_SUCCESS; /* lost after COMMIT was answered */
        }
        PQclear(res);
        res = NULL;
        first = first == APR_SUCCESS ? rv : first;
    }
    return first;
}

static apr_status_t commit(kuji_batch_t *b, const kuji_signer_t *signer)
{
    int sent;
    apr_status_t rv;

    b->conn->warned = 0;
    b->conn->deadline = apr_time_now() + b->patience;
    rv = send_commit(b, &sent);
    if (rv != APR_SUCCESS) {
        return unknown(b); /* part of it may have left */
    }
    sign(b, signer);
    return finish(b, sent);
}

apr_status_t kuji_batch_run(kuji_conn_t *conn, kuji_batch_item_t **items,
                            int count, const kuji_signer_t *signer,
                            apr_interval_time_t patience, apr_pool_t *pool)
{
    kuji_batch_t *b = apr_pcalloc(pool, sizeof(*b));
    apr_status_t rv;

    b->conn = conn;
    b->campaign = items[0]->ask.campaign;
    b->items = items;
    b->count = count;
    b->patience = patience;
    b->pool = pool;
    conn->deadline = apr_time_now() + patience;
    conn->locked = 0;
    rv = prepare_all(conn);
    if (rv == APR_SUCCESS && !PQenterPipelineMode(conn->native)) {
        rv = KUJI_EBUSY;
    }
    if (rv != APR_SUCCESS) {
        return rv;
    }
    kuji_batch__gather(b);
    rv = kuji_batch__read(b);
    if (rv == APR_SUCCESS) {
        kuji_batch__decide(b);
        rv = commit(b, signer);
    }
    if (rv == KUJI_EBUSY && conn->locked) {
        rv = KUJI_ELOCKED;
    }
    abandon(b);
    return rv;
}
